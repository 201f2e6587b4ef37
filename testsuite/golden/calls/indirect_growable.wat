;; The size of a table that may grow is loaded.
;;! table-reserve = 100
(module (type $t (func)) (table (export "t") 4 funcref)
  (func (param i32) (call_indirect (type $t) (local.get 0))))

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
;;   load_ext_name sg__table_record__g__0+0, %rax
;;   movq 8(%rax), %rcx
;;   movl %edi, %eax
;;   cmpq %rcx, %rax
;;   jnb     label8; j label2
;; block2:
;;   load_ext_name sg__table__g__0+0, %rcx
;;   movq (%rcx, %rax, 8), %rax
;;   testq %rax, %rax
;;   jnz     label4; j label3
;; block4:
;;   movslq 4(%rax), %rcx
;;   leaq (%rax, %rcx), %rcx
;;   load_ext_name sg__type__FR+-4, %rdx
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
;;   call    User(userextname5)
;;   ud2
;; block7:
;;   call    User(userextname4)
;;   ud2
;; block8:
;;   call    User(userextname6)
;;   ud2
;; block9:
;;   call    User(userextname7)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x14, sp
;;   load_ext_name_near x15, User(sg__domain__g)+0
;;   ldr x15, [x15, #16]
;;   subs xzr, x14, x15
;;   b.lo #trap=user10
;;   load_ext_name_near x0, User(sg__table_record__g__0)+0
;;   ldr x0, [x0, #8]
;;   mov w1, w2
;;   subs xzr, x1, x0
;;   b.hs #trap=user4
;;   load_ext_name_near x0, User(sg__table__g__0)+0
;;   ldr x0, [x0, w2, UXTW #3]
;;   cbz x0, #trap=user5
;;   ldr w1, [x0, #4]
;;   add x1, x0, x1, SXTW
;;   load_ext_name_near x2, User(sg__type__FR)+-4
;;   subs xzr, x1, x2
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
;;   mv a1,sp
;;   load_ext_name_near a2,sg__domain__g+0
;;   ld a2,16(a2)
;;   bltu a1,a2,taken(label9),not_taken(label1)
;; block1:
;;   load_ext_name_near a1,sg__table_record__g__0+0
;;   ld a1,8(a1)
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   bgeu a0,a1,taken(label8),not_taken(label2)
;; block2:
;;   load_ext_name_near a1,sg__table__g__0+0
;;   slli a0,a0,3
;;   add a0,a1,a0
;;   ld a0,0(a0)
;;   bne a0,zero,taken(label4),not_taken(label3)
;; block4:
;;   lw a1,4(a0)
;;   add a1,a0,a1
;;   load_ext_name_near a2,sg__type__FR-4
;;   bne a1,a2,taken(label7),not_taken(label5)
;; block5:
;;   lw a1,0(a0)
;;   add a0,a0,a1
;;   callind a0
;;   j label6
;; block6:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname5
;;   udf##trap_code=user5
;; block7:
;;   call userextname4
;;   udf##trap_code=user6
;; block8:
;;   call userextname6
;;   udf##trap_code=user4
;; block9:
;;   call userextname7
;;   udf##trap_code=user10
