;; A tail call is a jump.
(module (func $f (param i32) (result i32) (local.get 0))
  (func (param i32) (result i32) (return_call $f (local.get 0))))

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
;;   jb      label2; j label1
;; block1:
;;   return_call_known User(sg__func__g__0__f) (0) tmp=%r11 %rdi=%rdi
;; block2:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__f
;; block0:
;;   b label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;; block0:
;;   mov x4, sp
;;   load_ext_name_near x5, User(sg__domain__g)+0
;;   ldr x5, [x5, #16]
;;   subs xzr, x4, x5
;;   b.lo #trap=user10
;;   return_call User(sg__func__g__0__f) new_stack_arg_size:0 x2=x2

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
;;   bltu a1,a2,taken(label2),not_taken(label1)
;; block1:
;;   return_call User(sg__func__g__0__f) new_stack_arg_size:0 a0=a0
;; block2:
;;   call userextname2
;;   udf##trap_code=user10
