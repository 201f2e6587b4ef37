;; A direct call: the stack is checked on entry, where anything is called.
(module (func $f (param i32) (result i32) (local.get 0))
  (func (param i32) (result i32) (call $f (i32.add (local.get 0) (i32.const 1)))))

;; ==> x86_64
;; ; sg__func__g__0__f
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %rsp, %rsi
;;   load_ext_name sg__domain__g+0, %r8
;;   movq 0x10(%r8), %r8
;;   cmpq %r8, %rsi
;;   jb      label3; j label1
;; block1:
;;   leal 1(%rdi), %edi
;;   call    User(sg__func__g__0__f)
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__f
;; block0:
;;   b label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x6, sp
;;   load_ext_name_near x7, User(sg__domain__g)+0
;;   ldr x7, [x7, #16]
;;   subs xzr, x6, x7
;;   b.lo #trap=user10
;;   add w2, w2, #1
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__f
;; block0:
;;   j label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mv a1,sp
;;   load_ext_name_near a2,sg__domain__g+0
;;   ld a2,16(a2)
;;   bltu a1,a2,taken(label3),not_taken(label1)
;; block1:
;;   addiw a0,a0,1
;;   call sg__func__g__0__f
;;   j label2
;; block2:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user10
