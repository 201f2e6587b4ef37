;; The work is done by the function that looks at the flag in between.
;;! meter = flag
(module (memory 1)
  (func (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   sequence_point
;;   load_ext_name sg__domain__g+0, %rcx
;;   movzbq 0x18(%rcx), %rax
;;   testq %rax, %rax
;;   jnz     label7; j label1
;; block1:
;;   movl %edi, %eax
;;   movl %edx, %edx
;;   leaq (%rax, %rdx), %rdi
;;   cmpq $0x10000, %rdi
;;   jnbe    label6; j label2
;; block2:
;;   load_ext_name sg__memory__g__0+0, %rdi
;;   leaq (%rdi, %rax), %rdi
;;   call    User(sg_fill_polled)
;;   testq %rax, %rax
;;   jnz     label5; j label3
;; block3:
;;   jmp     label4
;; block4:
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
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x1, x3
;;   mov x14, x2
;;   sequence_point
;;   load_ext_name_near x3, User(sg__domain__g)+0
;;   ldrb w11, [x3, #24]
;;   cbnz x11, #trap=user12
;;   mov w2, w4
;;   mov x0, x14
;;   add x12, x2, x0, UXTW
;;   subs xzr, x12, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x14, User(sg__memory__g__0)+0
;;   add x0, x14, x0, UXTW
;;   bl 0
;;   cbnz x0, #trap=user12
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
;;   sequence_point
;;   load_ext_name_near a3,sg__domain__g+0
;;   lbu a5,24(a3)
;;   bne a5,zero,taken(label7),not_taken(label1)
;; block1:
;;   slli a5,a0,32
;;   srli a0,a5,32
;;   slli a5,a2,32
;;   srli a2,a5,32
;;   add a4,a0,a2
;;   lui a5,16
;;   bgtu a4,a5,taken(label6),not_taken(label2)
;; block2:
;;   load_ext_name_near a4,sg__memory__g__0+0
;;   add a0,a4,a0
;;   call sg_fill_polled
;;   bne a0,zero,taken(label5),not_taken(label3)
;; block3:
;;   j label4
;; block4:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block5:
;;   call userextname3
;;   udf##trap_code=user12
;; block6:
;;   call userextname4
;;   udf##trap_code=user2
;; block7:
;;   call userextname3
;;   udf##trap_code=user12
