;; The segment counts as empty once it is dropped.
(module (memory 1 1) (data "abc")
  (func (param i32 i32 i32) (memory.init 0 (local.get 0) (local.get 1) (local.get 2))))

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
;;   cmpq $0x10000, %rcx
;;   jnbe    label5; j label1
;; block1:
;;   load_ext_name sg__state__g+0, %rcx
;;   movzbq 4(%rcx), %rdi
;;   movl %esi, %ecx
;;   leaq (%rcx, %rdx), %rsi
;;   movl $0x3, %r8d
;;   testb %dil, %dil
;;   cmovneq (%rip), %r8
;;   cmpq %r8, %rsi
;;   jnbe    label4; j label2
;; block2:
;;   load_ext_name sg__memory__g__0+0, %rsi
;;   leaq (%rsi, %rax), %rdi
;;   load_ext_name sg__data__g__0+0, %rax
;;   leaq (%rax, %rcx), %rsi
;;   call    User(sg_copy)
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   call    User(userextname4)
;;   ud2
;; block5:
;;   call    User(userextname4)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x0, x2
;;   mov w2, w4
;;   add x15, x2, x0, UXTW
;;   subs xzr, x15, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x1, User(sg__state__g)+0
;;   ldrb w4, [x1, #4]
;;   add x1, x2, x3, UXTW
;;   movz x5, #0
;;   movz x6, #3
;;   ands wzr, w4, #255
;;   csel x4, x5, x6, ne
;;   subs xzr, x1, x4
;;   b.hi #trap=user2
;;   load_ext_name_near x1, User(sg__memory__g__0)+0
;;   add x0, x1, x0, UXTW
;;   load_ext_name_near x1, User(sg__data__g__0)+0
;;   add x1, x1, x3, UXTW
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
;;   srli a0,a0,32
;;   slli a2,a2,32
;;   srli a2,a2,32
;;   add a3,a0,a2
;;   lui a4,16
;;   bgtu a3,a4,taken(label5),not_taken(label1)
;; block1:
;;   load_ext_name_near a3,sg__state__g+0
;;   lb a3,4(a3)
;;   slli a1,a1,32
;;   srli a1,a1,32
;;   add a4,a1,a2
;;   li a5,3
;;   andi a3,a3,255
;;   select a5,zero,a5##condition=(a3 ne zero)
;;   bgtu a4,a5,taken(label4),not_taken(label2)
;; block2:
;;   load_ext_name_near a3,sg__memory__g__0+0
;;   add a0,a3,a0
;;   load_ext_name_near a3,sg__data__g__0+0
;;   add a1,a3,a1
;;   call sg_copy
;;   j label3
;; block3:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block4:
;;   call userextname4
;;   udf##trap_code=user2
;; block5:
;;   call userextname4
;;   udf##trap_code=user2
