;; One check before the exported function covers all that it calls: no other function makes any, and calls from within go past it. What
;; calls itself is checked as ever, and what it calls.
;;! check-stack-at-entry = yes
(module
  (func $leaf (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func $inner (param i32) (result i32) (i32.add (call $leaf (local.get 0)) (i32.const 1)))
  (func $entry (export "entry") (param i32) (result i32) (i32.add (call $inner (local.get 0)) (call $inner (i32.const 7))))
  (func (export "outer") (param i32) (result i32) (i32.add (call $entry (local.get 0)) (i32.const 2)))
  (func $both (param i32) (result i32) (i32.add (call $leaf (local.get 0)) (i32.const 4)))
  (func $recursive (export "recursive") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $recursive (call $both (local.get 0))))
      (else (i32.const 0)))))

;; ==> x86_64
;; ; sg__func__g__0__leaf
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   imull $0x3, %edi, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__func__g__1__inner
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   call    User(sg__func__g__0__leaf)
;;   jmp     label1
;; block1:
;;   leal 1(%rax), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__body__g__2__entry
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;; block0:
;;   call    User(sg__func__g__1__inner)
;;   movq %rax, %r12
;;   movl $0x7, %edi
;;   call    User(sg__func__g__1__inner)
;;   jmp     label1
;; block1:
;;   movq %r12, %r10
;;   leal (%r10, %rax), %eax
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__body__g__3__outer
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   call    User(sg__body__g__2__entry)
;;   jmp     label1
;; block1:
;;   leal 2(%rax), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__func__g__4__both
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
;;   call    User(sg__func__g__0__leaf)
;;   jmp     label2
;; block2:
;;   leal 4(%rax), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2
;; ; sg__func__g__5__recursive
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %rsp, %r10
;;   load_ext_name sg__domain__g+0, %r11
;;   movq 0x10(%r11), %r11
;;   cmpq %r11, %r10
;;   jb      label6; j label1
;; block1:
;;   testl %edi, %edi
;;   jnz     label3; j label2
;; block2:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   jmp     label4
;; block3:
;;   call    User(sg__func__g__4__both)
;;   movq %rax, %rdi
;;   call    User(sg__func__g__5__recursive)
;;   jmp     label4
;; block4:
;;   jmp     label5
;; block5:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block6:
;;   call    User(userextname3)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__leaf
;; block0:
;;   b label1
;; block1:
;;   movz w4, #3
;;   madd w2, w2, w4, wzr
;;   ret
;; ; sg__func__g__1__inner
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   bl 0
;;   b label1
;; block1:
;;   add w2, w2, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__body__g__2__entry
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   str x19, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;; block0:
;;   bl 0
;;   mov x19, x2
;;   movz w2, #7
;;   bl 0
;;   b label1
;; block1:
;;   mov x10, x19
;;   add w2, w10, w2
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__body__g__3__outer
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   bl 0
;;   b label1
;; block1:
;;   add w2, w2, #2
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__func__g__4__both
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x6, sp
;;   load_ext_name_near x7, User(sg__domain__g)+0
;;   ldr x7, [x7, #16]
;;   subs xzr, x6, x7
;;   b.lo #trap=user10
;;   bl 0
;;   b label1
;; block1:
;;   add w2, w2, #4
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__func__g__5__recursive
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x9, sp
;;   load_ext_name_near x10, User(sg__domain__g)+0
;;   ldr x10, [x10, #16]
;;   subs xzr, x9, x10
;;   b.lo #trap=user10
;;   cbnz w2, label2 ; b label1
;; block1:
;;   movz w2, #0
;;   b label3
;; block2:
;;   bl 0
;;   bl 0
;;   b label3
;; block3:
;;   b label4
;; block4:
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__leaf
;; block0:
;;   j label1
;; block1:
;;   li a1,3
;;   mulw a0,a0,a1
;;   ret
;; ; sg__func__g__1__inner
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   call sg__func__g__0__leaf
;;   j label1
;; block1:
;;   addiw a0,a0,1
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; ; sg__body__g__2__entry
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   addi sp,sp,-16
;;   sd s1,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p9i }
;; block0:
;;   call sg__func__g__1__inner
;;   mv s1,a0
;;   li a0,7
;;   call sg__func__g__1__inner
;;   j label1
;; block1:
;;   mv a1,s1
;;   addw a0,a1,a0
;;   ld s1,8(sp)
;;   addi sp,sp,16
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; ; sg__body__g__3__outer
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   call sg__body__g__2__entry
;;   j label1
;; block1:
;;   addiw a0,a0,2
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; ; sg__func__g__4__both
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
;;   call sg__func__g__0__leaf
;;   j label2
;; block2:
;;   addiw a0,a0,4
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user10
;; ; sg__func__g__5__recursive
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
;;   bltu a1,a2,taken(label6),not_taken(label1)
;; block1:
;;   sext.w a1,a0
;;   bne a1,zero,taken(label3),not_taken(label2)
;; block2:
;;   li a0,0
;;   j label4
;; block3:
;;   call sg__func__g__4__both
;;   call sg__func__g__5__recursive
;;   j label4
;; block4:
;;   j label5
;; block5:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block6:
;;   call userextname3
;;   udf##trap_code=user10
