;; The limit is loaded again after a call.
;;! memory-reserve = 1048576
(module (memory (export "m") 1)
  (func $f (drop (memory.grow (i32.const 1))))
  (func (param i32) (result i32)
    (i32.store (local.get 0) (i32.const 1))
    (call $f)
    (i32.load (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__f
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r12
;;   movq 8(%r12), %rsi
;;   movl $0x1, %esi
;;   movq %r12, %rdi
;;   call    User(sg_memory_grow)
;;   movq 8(%r12), %rsi
;;   jmp     label1
;; block1:
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   subq $0x20, %rsp
;;   movq %rbx, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p3i }
;;   movq %r12, 8(%rsp)
;;   unwind SaveReg { clobber_offset: 8, reg: p12i }
;;   movq %r13, 0x10(%rsp)
;;   unwind SaveReg { clobber_offset: 16, reg: p13i }
;;   movq %r14, 0x18(%rsp)
;;   unwind SaveReg { clobber_offset: 24, reg: p14i }
;; block0:
;;   movq    %rsp, %rax
;;   load_ext_name sg__domain__g+0, %rcx
;;   movq 0x10(%rcx), %rcx
;;   cmpq %rcx, %rax
;;   jb      label7; j label1
;; block1:
;;   load_ext_name sg__memory_record__g__0+0, %r14
;;   movq 8(%r14), %rax
;;   leal -4(%rax), %eax
;;   cmpl %eax, %edi
;;   jnbe    label6; j label2
;; block2:
;;   load_ext_name sg__memory__g__0+0, %rbx
;;   movl %edi, %r12d
;;   movq %rdi, %r13
;;   movl $0x1, (%rbx, %r12)
;;   call    User(sg__func__g__0__f)
;;   movq 8(%r14), %rax
;;   leal -4(%rax), %eax
;;   movq %r13, %rdi
;;   cmpl %eax, %edi
;;   jnbe    label5; j label3
;; block3:
;;   movl (%rbx, %r12), %eax
;;   jmp     label4
;; block4:
;;   movq (%rsp), %rbx
;;   movq 8(%rsp), %r12
;;   movq 0x10(%rsp), %r13
;;   movq 0x18(%rsp), %r14
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block5:
;;   call    User(userextname4)
;;   ud2
;; block6:
;;   call    User(userextname4)
;;   ud2
;; block7:
;;   call    User(userextname5)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__f
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   str x19, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;; block0:
;;   load_ext_name_near x19, User(sg__memory_record__g__0)+0
;;   ldr x4, [x19, #8]
;;   movz x1, #1
;;   mov x0, x19
;;   bl 0
;;   ldr x4, [x19, #8]
;;   b label1
;; block1:
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   str x21, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p21i }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   mov x12, sp
;;   load_ext_name_near x13, User(sg__domain__g)+0
;;   ldr x13, [x13, #16]
;;   subs xzr, x12, x13
;;   b.lo #trap=user10
;;   load_ext_name_near x19, User(sg__memory_record__g__0)+0
;;   ldr x14, [x19, #8]
;;   sub w14, w14, #4
;;   subs wzr, w2, w14
;;   b.hi #trap=user2
;;   movz w0, #1
;;   load_ext_name_near x20, User(sg__memory__g__0)+0
;;   str w0, [x20, w2, UXTW]
;;   mov x21, x2
;;   bl 0
;;   ldr x0, [x19, #8]
;;   sub w0, w0, #4
;;   mov x2, x21
;;   subs wzr, w2, w0
;;   b.hi #trap=user2
;;   ldr w2, [x20, w2, UXTW]
;;   b label1
;; block1:
;;   ldp x19, x20, [sp], #16
;;   ldr x21, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__f
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
;;   load_ext_name_near s1,sg__memory_record__g__0+0
;;   ld a0,8(s1)
;;   li a1,1
;;   mv a0,s1
;;   call sg_memory_grow
;;   ld a0,8(s1)
;;   j label1
;; block1:
;;   ld s1,8(sp)
;;   addi sp,sp,16
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
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   addi sp,sp,-32
;;   sd s2,24(sp)
;;   unwind SaveReg { clobber_offset: 24, reg: p18i }
;;   sd s3,16(sp)
;;   unwind SaveReg { clobber_offset: 16, reg: p19i }
;;   sd s4,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   mv a5,sp
;;   load_ext_name_near a1,sg__domain__g+0
;;   ld a1,16(a1)
;;   bltu a5,a1,taken(label7),not_taken(label1)
;; block1:
;;   load_ext_name_near s2,sg__memory_record__g__0+0
;;   ld a1,8(s2)
;;   slli a5,a0,32
;;   srli s3,a5,32
;;   addi a0,a1,-4
;;   bgtu s3,a0,taken(label6),not_taken(label2)
;; block2:
;;   li a0,1
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add s4,a1,s3
;;   sw a0,0(s4)
;;   call sg__func__g__0__f
;;   ld a0,8(s2)
;;   addi a0,a0,-4
;;   bgtu s3,a0,taken(label5),not_taken(label3)
;; block3:
;;   lw a0,0(s4)
;;   j label4
;; block4:
;;   ld s2,24(sp)
;;   ld s3,16(sp)
;;   ld s4,8(sp)
;;   addi sp,sp,32
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block5:
;;   call userextname4
;;   udf##trap_code=user2
;; block6:
;;   call userextname4
;;   udf##trap_code=user2
;; block7:
;;   call userextname5
;;   udf##trap_code=user10
