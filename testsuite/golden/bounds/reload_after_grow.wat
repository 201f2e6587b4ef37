;; The limit is loaded again after memory.grow.
;;! memory-reserve = 1048576
(module (memory (export "m") 1)
  (func (param i32) (result i32)
    (drop (memory.grow (local.get 0)))
    (i32.load (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   subq $0x20, %rsp
;;   movq %r12, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;;   movq %r13, 8(%rsp)
;;   unwind SaveReg { clobber_offset: 8, reg: p13i }
;;   movq %r14, 0x10(%rsp)
;;   unwind SaveReg { clobber_offset: 16, reg: p14i }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r12
;;   movq 8(%r12), %r9
;;   movl %edi, %r13d
;;   movq %rdi, %r14
;;   movq %r13, %rsi
;;   movq %r12, %rdi
;;   call    User(sg_memory_grow)
;;   movq 8(%r12), %r9
;;   leal -4(%r9), %r9d
;;   movq %r14, %rdi
;;   cmpl %r9d, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r11
;;   movl (%r11, %r13), %eax
;;   jmp     label2
;; block2:
;;   movq (%rsp), %r12
;;   movq 8(%rsp), %r13
;;   movq 0x10(%rsp), %r14
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
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
;;   load_ext_name_near x19, User(sg__memory_record__g__0)+0
;;   ldr x9, [x19, #8]
;;   mov w1, w2
;;   mov x20, x2
;;   mov x0, x19
;;   bl 0
;;   ldr x9, [x19, #8]
;;   sub w9, w9, #4
;;   mov x2, x20
;;   subs wzr, w2, w9
;;   b.hi #trap=user2
;;   load_ext_name_near x11, User(sg__memory__g__0)+0
;;   ldr w2, [x11, w2, UXTW]
;;   b label1
;; block1:
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
;;   load_ext_name_near s3,sg__memory_record__g__0+0
;;   ld a1,8(s3)
;;   slli a0,a0,32
;;   srli s2,a0,32
;;   mv a0,s3
;;   mv a1,s2
;;   call sg_memory_grow
;;   ld a1,8(s3)
;;   addi a1,a1,-4
;;   bgtu s2,a1,taken(label3),not_taken(label1)
;; block1:
;;   load_ext_name_near a2,sg__memory__g__0+0
;;   add a2,a2,s2
;;   lw a0,0(a2)
;;   j label2
;; block2:
;;   ld s2,8(sp)
;;   ld s3,0(sp)
;;   addi sp,sp,16
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname3
;;   udf##trap_code=user2
