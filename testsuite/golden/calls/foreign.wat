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
;;   call    User(sg__entry__a__f__FiRi)
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
;;   movq %r12, 0x10(%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;; block0:
;;   movq %rdi, %rax
;;   movq    %rsp, %r8
;;   load_ext_name sg__domain__g+0, %r9
;;   movq 0x10(%r9), %r10
;;   movq %r9, %r12
;;   cmpq %r10, %r8
;;   jb      label4; j label1
;; block1:
;;   leaq <offset:1>+(%rsp), %rdi
;;   movl %eax, <offset:1>+(%rsp)
;;   call    User(sg__entry__a__f__FiRi)
;;   testq %rax, %rax
;;   movq %rax, %rsi
;;   jnz     label3; j label2
;; block2:
;;   movl <offset:1>+(%rsp), %eax
;;   movq 0x10(%rsp), %r12
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   movq %r12, %rdi
;;   call    User(sg_raise)
;;   call    User(userextname4)
;;   ud2
;; block4:
;;   call    User(userextname3)
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
;;   mov x8, sp
;;   load_ext_name_near x0, User(sg__domain__g)+0
;;   ldr x9, [x0, #16]
;;   mov x19, x0
;;   subs xzr, x8, x9
;;   b.lo #trap=user10
;;   mov x0, sp
;;   str w2, [sp]
;;   bl 0
;;   mov x2, x1
;;   cbnz x0, label2 ; b label1
;; block1:
;;   ldr w2, [sp]
;;   add sp, sp, #16
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   mov x1, x0
;;   mov x0, x19
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
;;   call sg__entry__a__f__FiRi
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
;;   sd s2,24(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p18i }
;; block0:
;;   mv a4,a0
;;   mv a1,sp
;;   load_ext_name_near a0,sg__domain__g+0
;;   ld a2,16(a0)
;;   mv s2,a0
;;   bltu a1,a2,taken(label4),not_taken(label1)
;; block1:
;;   load_addr a0,0(slot)
;;   sw a4,0(slot)
;;   call sg__entry__a__f__FiRi
;;   mv a2,a1
;;   bne a0,zero,taken(label3),not_taken(label2)
;; block2:
;;   lw a0,0(slot)
;;   ld s2,24(sp)
;;   addi sp,sp,32
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   mv a1,a0
;;   mv a0,s2
;;   call sg_raise
;;   call userextname4
;;   udf##trap_code=user1
;; block4:
;;   call userextname3
;;   udf##trap_code=user10
