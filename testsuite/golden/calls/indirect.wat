;; Index, null, type: in this order.
(module (type $t (func (param i32) (result i32))) (table 4 4 funcref)
  (func (param i32 i32) (result i32) (call_indirect (type $t) (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %rsp, %rax
;;   load_ext_name sg__domain__g+0, %rcx
;;   movq 0x10(%rcx), %rcx
;;   cmpq %rcx, %rax
;;   jb      label9; j label1
;; block1:
;;   cmpl $0x4, %esi
;;   jnb     label8; j label2
;; block2:
;;   load_ext_name sg__table__g__0+0, %rax
;;   movl %esi, %ecx
;;   movq (%rax, %rcx, 8), %rax
;;   testq %rax, %rax
;;   jnz     label4; j label3
;; block4:
;;   movslq 4(%rax), %rcx
;;   leaq (%rax, %rcx), %rcx
;;   load_ext_name sg__type__FiRi+-4, %rdx
;;   cmpq %rdx, %rcx
;;   jnz     label7; j label5
;; block5:
;;   movslq (%rax), %rcx
;;   leaq (%rax, %rcx), %rax
;;   call    *%rax
;;   jmp     label6
;; block6:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname4)
;;   ud2
;; block7:
;;   call    User(userextname3)
;;   ud2
;; block8:
;;   call    User(userextname5)
;;   ud2
;; block9:
;;   call    User(userextname6)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x13, sp
;;   load_ext_name_near x14, User(sg__domain__g)+0
;;   ldr x14, [x14, #16]
;;   subs xzr, x13, x14
;;   b.lo #trap=user10
;;   subs wzr, w3, #4
;;   b.hs #trap=user4
;;   load_ext_name_near x0, User(sg__table__g__0)+0
;;   ldr x0, [x0, w3, UXTW #3]
;;   cbz x0, #trap=user5
;;   ldr w1, [x0, #4]
;;   add x1, x0, x1, SXTW
;;   load_ext_name_near x3, User(sg__type__FiRi)+-4
;;   subs xzr, x1, x3
;;   b.ne #trap=user6
;;   ldr w1, [x0]
;;   add x0, x0, x1, SXTW
;;   blr x0
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
;;   mv a2,sp
;;   load_ext_name_near a3,sg__domain__g+0
;;   ld a3,16(a3)
;;   bltu a2,a3,taken(label9),not_taken(label1)
;; block1:
;;   slli a1,a1,32
;;   srli a1,a1,32
;;   li a2,4
;;   bgeu a1,a2,taken(label8),not_taken(label2)
;; block2:
;;   load_ext_name_near a2,sg__table__g__0+0
;;   slli a1,a1,3
;;   add a1,a2,a1
;;   ld a1,0(a1)
;;   bne a1,zero,taken(label4),not_taken(label3)
;; block4:
;;   lw a2,4(a1)
;;   add a2,a1,a2
;;   load_ext_name_near a3,sg__type__FiRi-4
;;   bne a2,a3,taken(label7),not_taken(label5)
;; block5:
;;   lw a2,0(a1)
;;   add a1,a1,a2
;;   callind a1
;;   j label6
;; block6:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname4
;;   udf##trap_code=user5
;; block7:
;;   call userextname3
;;   udf##trap_code=user6
;; block8:
;;   call userextname5
;;   udf##trap_code=user4
;; block9:
;;   call userextname6
;;   udf##trap_code=user10
