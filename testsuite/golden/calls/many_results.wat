;; More results than registers.
(module
  (func $f (result i32 i64 f32 f64 i32 i64 i32 i64 i32 i64 i32 i64)
    (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5) (i64.const 6) (i32.const 7) (i64.const 8)
    (i32.const 9) (i64.const 10) (i32.const 11) (i64.const 12))
  (func (result i64)
    (local i64) (call $f) (local.set 0)
    drop drop drop drop drop drop drop drop drop drop drop (local.get 0)))

;; ==> x86_64
;; ; sg__func__g__0__f
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x10, %rsp
;;   movq %rbx, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p3i }
;;   movq %r12, 8(%rsp)
;;   unwind SaveReg { clobber_offset: 8, reg: p12i }
;; block0:
;;   movq %rdi, %r12
;;   jmp     label1
;; block1:
;;   movl $0x1, %eax
;;   movl $0x2, %ecx
;;   movl $0x40400000, %edx
;;   movd %edx, %xmm0
;;   movabsq $0x4010000000000000, %rdx
;;   movq %rdx, %xmm1
;;   movl $0x5, %edx
;;   movl $0x6, %esi
;;   movl $0x7, %edi
;;   movl $0x8, %r8d
;;   movl $0x9, %r9d
;;   movl $0xa, %r10d
;;   movl $0xb, %r11d
;;   movl $0xc, %ebx
;;   movl %r11d, (%r12)
;;   movq %rbx, 8(%r12)
;;   movq (%rsp), %rbx
;;   movq 8(%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x20, %rsp
;;   movq %r12, 0x10(%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;;   movq %r13, 0x18(%rsp)
;;   unwind SaveReg { clobber_offset: 8, reg: p13i }
;; block0:
;;   movq    %rsp, %rax
;;   load_ext_name sg__domain__g+0, %rcx
;;   movq 0x10(%rcx), %rcx
;;   cmpq %rcx, %rax
;;   jb      label3; j label1
;; block1:
;;   leaq (%rsp), %rdi
;;   call    User(sg__func__g__0__f)
;;   jmp     label2
;; block2:
;;   movq %r13, %rax
;;   movq 0x10(%rsp), %r12
;;   movq 0x18(%rsp), %r13
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__f
;; block0:
;;   b label1
;; block1:
;;   movz w2, #1
;;   movz x3, #2
;;   fmov s0, #3
;;   fmov d1, #4
;;   movz w4, #5
;;   movz x5, #6
;;   movz w6, #7
;;   movz x7, #8
;;   movz w14, #9
;;   movz x15, #10
;;   movz w0, #11
;;   movz x1, #12
;;   str w14, [x8]
;;   str x15, [x8, #8]
;;   str w0, [x8, #16]
;;   str x1, [x8, #24]
;;   ret
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   stp x21, x22, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p21i }
;;   unwind SaveReg { clobber_offset: 24, reg: p22i }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;;   sub sp, sp, #32
;;   unwind StackAlloc { size: 32 }
;; block0:
;;   mov x15, sp
;;   load_ext_name_near x0, User(sg__domain__g)+0
;;   ldr x0, [x0, #16]
;;   subs xzr, x15, x0
;;   b.lo #trap=user10
;;   mov x8, sp
;;   bl 0
;;   b label1
;; block1:
;;   mov x2, x22
;;   add sp, sp, #32
;;   ldp x19, x20, [sp], #16
;;   ldp x21, x22, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__f
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   addi sp,sp,-32
;;   sd s2,24(sp)
;;   unwind SaveReg { clobber_offset: 24, reg: p18i }
;;   sd s3,16(sp)
;;   unwind SaveReg { clobber_offset: 16, reg: p19i }
;;   sd s4,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;;   sd s5,0(sp)
;;   unwind SaveReg { clobber_offset: 0, reg: p21i }
;; block0:
;;   j label1
;; block1:
;;   li a2,1
;;   li a1,2
;;   lui a3,263168
;;   fmv.w.x fa0,a3
;;   lui a5,1025
;;   slli a3,a5,40
;;   fmv.d.x fa1,a3
;;   li a3,5
;;   li a4,6
;;   li a5,7
;;   li a7,8
;;   li s2,9
;;   li s3,10
;;   li s4,11
;;   li s5,12
;;   sw a3,0(a0)
;;   sd a4,8(a0)
;;   sw a5,16(a0)
;;   sd a7,24(a0)
;;   sw s2,32(a0)
;;   sd s3,40(a0)
;;   sw s4,48(a0)
;;   sd s5,56(a0)
;;   mv a0,a2
;;   ld s2,24(sp)
;;   ld s3,16(sp)
;;   ld s4,8(sp)
;;   ld s5,0(sp)
;;   addi sp,sp,32
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; ; sg__func__g__1__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 64 }
;;   addi sp,sp,-128
;;   sd s1,120(sp)
;;   unwind SaveReg { clobber_offset: 56, reg: p9i }
;;   sd s2,112(sp)
;;   unwind SaveReg { clobber_offset: 48, reg: p18i }
;;   sd s3,104(sp)
;;   unwind SaveReg { clobber_offset: 40, reg: p19i }
;;   sd s4,96(sp)
;;   unwind SaveReg { clobber_offset: 32, reg: p20i }
;;   sd s5,88(sp)
;;   unwind SaveReg { clobber_offset: 24, reg: p21i }
;;   sd s6,80(sp)
;;   unwind SaveReg { clobber_offset: 16, reg: p22i }
;;   sd s7,72(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p23i }
;;   sd s8,64(sp)
;;   unwind SaveReg { clobber_offset: 0, reg: p24i }
;; block0:
;;   mv a5,sp
;;   load_ext_name_near a0,sg__domain__g+0
;;   ld a0,16(a0)
;;   bltu a5,a0,taken(label3),not_taken(label1)
;; block1:
;;   load_addr a0,0(sp)
;;   call sg__func__g__0__f
;;   j label2
;; block2:
;;   mv a0,s8
;;   ld s1,120(sp)
;;   ld s2,112(sp)
;;   ld s3,104(sp)
;;   ld s4,96(sp)
;;   ld s5,88(sp)
;;   ld s6,80(sp)
;;   ld s7,72(sp)
;;   ld s8,64(sp)
;;   addi sp,sp,128
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user10
