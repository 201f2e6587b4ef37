;; A loop is charged once an iteration, what is left stays in a register and goes back to the record at the end.
;;! meter = fuel
(module (memory 1)
  (func (param $p i32) (param $end i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $p) (local.get $end))))
    (local.get $sum)))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__domain__g+0, %rcx
;;   movq 0x20(%rcx), %r8
;;   subq $0x1, %r8
;;   testq %r8, %r8
;;   jl      label13; j label1
;; block1:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   load_ext_name sg__memory__g__0+0, %rdx
;;   jmp     label2
;; block2:
;;   movq %r8, %r9
;;   subq $0xd, %r9
;;   testq %r9, %r9
;;   jl      label12; j label3
;; block3:
;;   cmpl $0xfffc, %edi
;;   jnbe    label11; j label4
;; block4:
;;   movl %edi, %r10d
;;   movl (%rdx, %r10), %r10d
;;   leal 4(%rdi), %edi
;;   leal (%rax, %r10), %eax
;;   cmpl %esi, %edi
;;   jb      label5; j label6
;; block5:
;;   movq %r9, %r8
;;   jmp     label2
;; block6:
;;   movq %r8, %rdx
;;   subq $0x10, %rdx
;;   testq %rdx, %rdx
;;   jl      label10; j label7
;; block7:
;;   jmp     label8
;; block8:
;;   jmp     label9
;; block9:
;;   subq $0x10, %r8
;;   movq %r8, 0x20(%rcx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block10:
;;   call    User(userextname2)
;;   ud2
;; block11:
;;   call    User(userextname3)
;;   ud2
;; block12:
;;   call    User(userextname2)
;;   ud2
;; block13:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near x0, User(sg__domain__g)+0
;;   ldr x1, [x0, #32]
;;   sub x5, x1, #1
;;   subs xzr, x5, #0
;;   b.lt #trap=user11
;;   movz w9, #0
;;   mov x7, x9
;;   load_ext_name_near x1, User(sg__memory__g__0)+0
;;   b label1
;; block1:
;;   sub x4, x5, #13
;;   subs xzr, x4, #0
;;   b.lt #trap=user11
;;   movz w6, #65532
;;   subs wzr, w2, w6
;;   b.hi #trap=user2
;;   ldr w6, [x1, w2, UXTW]
;;   add w2, w2, #4
;;   add w7, w7, w6
;;   subs wzr, w2, w3
;;   b.lo label2 ; b label3
;; block2:
;;   mov x5, x4
;;   b label1
;; block3:
;;   sub x1, x5, #16
;;   subs xzr, x1, #0
;;   b.lt #trap=user11
;;   b label4
;; block4:
;;   b label5
;; block5:
;;   sub x1, x5, #16
;;   str x1, [x0, #32]
;;   mov x2, x7
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   addi sp,sp,-32
;;   sd s6,24(sp)
;;   unwind SaveReg { clobber_offset: 24, reg: p22i }
;;   sd s7,16(sp)
;;   unwind SaveReg { clobber_offset: 16, reg: p23i }
;;   sd s9,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p25i }
;; block0:
;;   mv s9,a0
;;   load_ext_name_near s6,sg__domain__g+0
;;   ld a0,32(s6)
;;   addi a2,a0,-1
;;   trap_if user11##(a2 slt zero)
;;   li a0,0
;;   mv s7,a0
;;   load_ext_name_near a3,sg__memory__g__0+0
;;   sext.w a4,a1
;;   j label1
;; block1:
;;   addi a5,a2,-13
;;   trap_if user11##(a5 slt zero)
;;   mv t0,s9
;;   slli a0,t0,32
;;   srli a0,a0,32
;;   lui a1,16
;;   addi a1,a1,-4
;;   trap_if user2##(a0 ugt a1)
;;   add a0,a3,a0
;;   lw a1,0(a0)
;;   addiw t0,t0,4
;;   mv a0,s7
;;   addw a0,a0,a1
;;   bltu t0,a4,taken(label2),not_taken(label3)
;; block2:
;;   mv a2,a5
;;   mv s7,a0
;;   mv s9,t0
;;   j label1
;; block3:
;;   addi a1,a2,-16
;;   trap_if user11##(a1 slt zero)
;;   j label4
;; block4:
;;   j label5
;; block5:
;;   addi a1,a2,-16
;;   sd a1,32(s6)
;;   ld s6,24(sp)
;;   ld s7,16(sp)
;;   ld s9,8(sp)
;;   addi sp,sp,32
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
