;; All of a range is checked before any of it is written.
(module (memory 1 1)
  (func (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movl %edi, %r8d
;;   movl %edx, %edx
;;   leaq (%r8, %rdx), %r9
;;   cmpq $0x10000, %r9
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r10
;;   leaq (%r10, %r8), %rdi
;;   call    User(sg_fill)
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x9, x2
;;   mov w2, w4
;;   mov x10, x9
;;   add x7, x2, x10, UXTW
;;   subs xzr, x7, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(sg__memory__g__0)+0
;;   add x0, x9, x10, UXTW
;;   mov x1, x3
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   slli a0,a0,32
;;   srli a3,a0,32
;;   slli a0,a2,32
;;   srli a2,a0,32
;;   add a4,a3,a2
;;   lui a5,16
;;   bgtu a4,a5,taken(label3),not_taken(label1)
;; block1:
;;   load_ext_name_near a4,sg__memory__g__0+0
;;   add a0,a4,a3
;;   call sg_fill
;;   j label2
;; block2:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user2
