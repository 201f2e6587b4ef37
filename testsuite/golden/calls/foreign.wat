;; A function of another domain is called through an adapter.
;;! import a = foreign
(module (import "a" "f" (func $f (param i32) (result i32)))
  (func (param i32) (result i32) (call $f (local.get 0))))

;; ==> x86_64
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
;;   call    User(sg__thunk__a__f__FiRi)
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2
;; ; sg__func__g__0__f
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x20, %rsp
;;   movq %r13, 0x10(%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p13i }
;; block0:
;;   movq    %rsp, %rax
;;   load_ext_name sg__domain__g+0, %r13
;;   movq 0x10(%r13), %rcx
;;   cmpq %rcx, %rax
;;   jb      label10; j label1
;; block1:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movl %edi, <offset:1>+(%rsp)
;;   load_ext_name sg__module__a+0, %rdi
;;   load_ext_name sg__thunk__a__f__FiRi+0, %rsi
;;   movq %r13, %rcx
;;   call    User(sg_enter_within)
;;   movq %r13, %rdi
;;   testq %rax, %rax
;;   jnz     label3; j label2
;; block2:
;;   movl <offset:1>+(%rsp), %eax
;;   movq 0x10(%rsp), %r13
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   cmpq $0xc, %rax
;;   sete %sil
;;   testb %sil, %cl
;;   jnz     label8; j label5
;; block5:
;;   cmpq $0x20, %rax
;;   movq %rax, %rsi
;;   jnb     label7; j label6
;; block3:
;;   cmpq $0xa, %rax
;;   sete %sil
;;   testq %rdx, %rdx
;;   sete %cl
;;   testb %sil, %cl
;;   jnz     label9; j label4
;; block6:
;;   call    User(sg_raise)
;;   call    User(userextname5)
;;   ud2
;; block7:
;;   call    User(userextname6)
;;   ud2
;; block8:
;;   call    User(userextname7)
;;   ud2
;; block9:
;;   call    User(userextname8)
;;   ud2
;; block10:
;;   call    User(userextname8)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x5, sp
;;   load_ext_name_near x6, User(sg__domain__g)+0
;;   ldr x6, [x6, #16]
;;   subs xzr, x5, x6
;;   b.lo #trap=user10
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__func__g__0__f
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   str x19, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   sub sp, sp, #16
;;   unwind StackAlloc { size: 16 }
;; block0:
;;   mov x1, x2
;;   mov x15, sp
;;   load_ext_name_near x19, User(sg__domain__g)+0
;;   ldr x0, [x19, #16]
;;   subs xzr, x15, x0
;;   b.lo #trap=user10
;;   mov x2, sp
;;   mov x0, x1
;;   str w0, [sp]
;;   load_ext_name_near x0, User(sg__module__a)+0
;;   load_ext_name_near x1, User(sg__thunk__a__f__FiRi)+0
;;   mov x3, x19
;;   bl 0
;;   mov x4, x19
;;   cbnz x0, label2 ; b label1
;; block1:
;;   ldr w2, [sp]
;;   add sp, sp, #16
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   subs xzr, x0, #10
;;   cset x2, eq
;;   subs xzr, x1, #0
;;   mov x3, x1
;;   cset x1, eq
;;   and w2, w2, w1
;;   ands wzr, w2, #255
;;   b.ne #trap=user10
;;   subs xzr, x0, #12
;;   cset x2, eq
;;   and w1, w2, w1
;;   ands wzr, w1, #255
;;   b.ne #trap=user12
;;   subs xzr, x0, #32
;;   mov x1, x0
;;   b.hs #trap=user13
;;   mov x0, x4
;;   mov x2, x3
;;   bl 0
;;   udf #0xc11f

;; ==> riscv64
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
;;   call sg__thunk__a__f__FiRi
;;   j label2
;; block2:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user10
;; ; sg__func__g__0__f
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   addi sp,sp,-32
;;   sd s4,24(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   mv a2,sp
;;   load_ext_name_near s4,sg__domain__g+0
;;   ld a3,16(s4)
;;   bltu a2,a3,taken(label10),not_taken(label1)
;; block1:
;;   load_addr a2,0(slot)
;;   sw a0,0(slot)
;;   load_ext_name_near a0,sg__module__a+0
;;   load_ext_name_near a1,sg__thunk__a__f__FiRi+0
;;   mv a3,s4
;;   call sg_enter_within
;;   mv a3,a1
;;   mv a4,s4
;;   bne a0,zero,taken(label3),not_taken(label2)
;; block2:
;;   lw a0,0(slot)
;;   ld s4,24(sp)
;;   addi sp,sp,32
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block4:
;;   xori a2,a0,12
;;   seqz a2,a2
;;   and a1,a2,a1
;;   andi a1,a1,255
;;   bne a1,zero,taken(label8),not_taken(label5)
;; block5:
;;   li a1,32
;;   bgeu a0,a1,taken(label7),not_taken(label6)
;; block3:
;;   xori a1,a0,10
;;   seqz a2,a1
;;   seqz a1,a3
;;   and a2,a2,a1
;;   andi a2,a2,255
;;   bne a2,zero,taken(label9),not_taken(label4)
;; block6:
;;   mv a2,a3
;;   mv a1,a0
;;   mv a0,a4
;;   call sg_raise
;;   call userextname5
;;   udf##trap_code=user1
;; block7:
;;   call userextname6
;;   udf##trap_code=user13
;; block8:
;;   call userextname7
;;   udf##trap_code=user12
;; block9:
;;   call userextname8
;;   udf##trap_code=user10
;; block10:
;;   call userextname8
;;   udf##trap_code=user10
