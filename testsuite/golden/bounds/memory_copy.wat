;; Both ranges are checked before any byte moves.
(module (memory 1 1)
  (func (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movl %edi, %r11d
;;   movl %edx, %edx
;;   leaq (%r11, %rdx), %rax
;;   cmpq $0x10000, %rax
;;   jnbe    label5; j label1
;; block1:
;;   movl %esi, %eax
;;   leaq (%rax, %rdx), %rcx
;;   cmpq $0x10000, %rcx
;;   jnbe    label4; j label2
;; block2:
;;   load_ext_name sg__memory__g__0+0, %rcx
;;   leaq (%rcx, %r11), %rdi
;;   leaq (%rcx, %rax), %rsi
;;   call    User(sg_copy)
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   call    User(userextname2)
;;   ud2
;; block5:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x10, x2
;;   mov w2, w4
;;   mov x11, x10
;;   add x9, x2, x11, UXTW
;;   subs xzr, x9, #65536
;;   b.hi #trap=user2
;;   add x12, x2, x3, UXTW
;;   subs xzr, x12, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x13, User(sg__memory__g__0)+0
;;   add x0, x13, x11, UXTW
;;   add x1, x13, x3, UXTW
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
;;   slli a4,a0,32
;;   srli a0,a4,32
;;   slli a4,a2,32
;;   srli a2,a4,32
;;   add a3,a0,a2
;;   lui a5,16
;;   bgtu a3,a5,taken(label5),not_taken(label1)
;; block1:
;;   slli a1,a1,32
;;   srli a1,a1,32
;;   add a3,a1,a2
;;   bgtu a3,a5,taken(label4),not_taken(label2)
;; block2:
;;   load_ext_name_near a3,sg__memory__g__0+0
;;   add a0,a3,a0
;;   add a1,a3,a1
;;   call sg_copy
;;   j label3
;; block3:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block4:
;;   call userextname2
;;   udf##trap_code=user2
;; block5:
;;   call userextname2
;;   udf##trap_code=user2
