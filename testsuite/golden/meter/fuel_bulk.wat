;; A 64th of the length is charged, after the bounds and before the work.
;;! meter = fuel
(module (memory 1)
  (func (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;;   movq %r13, 8(%rsp)
;;   unwind SaveReg { clobber_offset: 8, reg: p13i }
;; block0:
;;   load_ext_name sg__domain__g+0, %r13
;;   movq 0x20(%r13), %r12
;;   subq $0x5, %r12
;;   testq %r12, %r12
;;   jl      label7; j label1
;; block1:
;;   movl %edi, %eax
;;   movl %edx, %edx
;;   leaq (%rax, %rdx), %rcx
;;   cmpq $0x10000, %rcx
;;   jnbe    label6; j label2
;; block2:
;;   movq %rdx, %rcx
;;   shrq $0x6, %rcx
;;   subq %rcx, %r12
;;   testq %r12, %r12
;;   jl      label5; j label3
;; block3:
;;   load_ext_name sg__memory__g__0+0, %rcx
;;   leaq (%rcx, %rax), %rdi
;;   call    User(sg_fill)
;;   jmp     label4
;; block4:
;;   movq %r12, 0x20(%r13)
;;   movq (%rsp), %r12
;;   movq 8(%rsp), %r13
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block5:
;;   call    User(userextname3)
;;   ud2
;; block6:
;;   call    User(userextname4)
;;   ud2
;; block7:
;;   call    User(userextname3)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   mov x14, x2
;;   load_ext_name_near x19, User(sg__domain__g)+0
;;   ldr x12, [x19, #32]
;;   sub x12, x12, #5
;;   subs xzr, x12, #0
;;   b.lt #trap=user11
;;   mov w2, w4
;;   mov x0, x14
;;   add x14, x2, x0, UXTW
;;   subs xzr, x14, #65536
;;   b.hi #trap=user2
;;   lsr x1, x2, #6
;;   sub x20, x12, x1
;;   subs xzr, x20, #0
;;   b.lt #trap=user11
;;   load_ext_name_near x1, User(sg__memory__g__0)+0
;;   add x0, x1, x0, UXTW
;;   mov x1, x3
;;   bl 0
;;   b label1
;; block1:
;;   str x20, [x19, #32]
;;   ldp x19, x20, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   addi sp,sp,-16
;;   sd s2,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p18i }
;;   sd s3,0(sp)
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;; block0:
;;   load_ext_name_near s2,sg__domain__g+0
;;   ld a3,32(s2)
;;   addi a4,a3,-5
;;   blt a4,zero,taken(label7),not_taken(label1)
;; block1:
;;   slli a0,a0,32
;;   srli a3,a0,32
;;   slli a0,a2,32
;;   srli a2,a0,32
;;   add a0,a3,a2
;;   lui a5,16
;;   bgtu a0,a5,taken(label6),not_taken(label2)
;; block2:
;;   srli a0,a2,6
;;   sub s3,a4,a0
;;   blt s3,zero,taken(label5),not_taken(label3)
;; block3:
;;   load_ext_name_near a0,sg__memory__g__0+0
;;   add a0,a0,a3
;;   call sg_fill
;;   j label4
;; block4:
;;   sd s3,32(s2)
;;   ld s2,8(sp)
;;   ld s3,0(sp)
;;   addi sp,sp,16
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block5:
;;   call userextname3
;;   udf##trap_code=user11
;; block6:
;;   call userextname4
;;   udf##trap_code=user2
;; block7:
;;   call userextname3
;;   udf##trap_code=user11
