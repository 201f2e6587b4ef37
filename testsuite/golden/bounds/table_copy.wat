;; Both ranges are checked first.
(module (table 4 4 funcref) (table 4 4 funcref)
  (func (param i32 i32 i32) (table.copy 0 1 (local.get 0) (local.get 1) (local.get 2))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movl %edi, %eax
;;   movl %edx, %edx
;;   leaq (%rax, %rdx), %rcx
;;   cmpq $0x4, %rcx
;;   jnbe    label5; j label1
;; block1:
;;   movl %esi, %ecx
;;   leaq (%rcx, %rdx), %rsi
;;   cmpq $0x4, %rsi
;;   jnbe    label4; j label2
;; block2:
;;   load_ext_name sg__table__g__0+0, %rsi
;;   leaq (%rsi, %rax, 8), %rdi
;;   load_ext_name sg__table__g__1+0, %rax
;;   leaq (%rax, %rcx, 8), %rsi
;;   shlq $0x3, %rdx
;;   call    User(sg_copy)
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   call    User(userextname3)
;;   ud2
;; block5:
;;   call    User(userextname3)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov w14, w2
;;   mov w13, w4
;;   add x15, x13, x2, UXTW
;;   subs xzr, x15, #4
;;   b.hi #trap=user3
;;   mov w15, w3
;;   add x0, x13, x3, UXTW
;;   subs xzr, x0, #4
;;   b.hi #trap=user3
;;   load_ext_name_near x0, User(sg__table__g__0)+0
;;   add x0, x0, x14, LSL 3
;;   load_ext_name_near x1, User(sg__table__g__1)+0
;;   add x1, x1, x15, LSL 3
;;   lsl x2, x13, #3
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
;;   mv a5,a1
;;   slli a0,a0,32
;;   srli a1,a0,32
;;   slli a0,a2,32
;;   srli a4,a0,32
;;   add a0,a1,a4
;;   li a3,4
;;   bgtu a0,a3,taken(label5),not_taken(label1)
;; block1:
;;   mv a0,a5
;;   slli a0,a0,32
;;   srli a2,a0,32
;;   add a0,a2,a4
;;   bgtu a0,a3,taken(label4),not_taken(label2)
;; block2:
;;   load_ext_name_near a0,sg__table__g__0+0
;;   slli a1,a1,3
;;   add a0,a0,a1
;;   load_ext_name_near a1,sg__table__g__1+0
;;   slli a2,a2,3
;;   add a1,a1,a2
;;   slli a2,a4,3
;;   call sg_copy
;;   j label3
;; block3:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block4:
;;   call userextname3
;;   udf##trap_code=user3
;; block5:
;;   call userextname3
;;   udf##trap_code=user3
