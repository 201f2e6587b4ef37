;; The flag is looked at on entry and once an iteration, by a load that stays in the loop.
;;! meter = flag
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
;;   sequence_point
;;   load_ext_name sg__domain__g+0, %rcx
;;   movzbq 0x18(%rcx), %rax
;;   testq %rax, %rax
;;   jnz     label11; j label1
;; block1:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   load_ext_name sg__memory__g__0+0, %rdx
;;   jmp     label2
;; block2:
;;   sequence_point
;;   movzbq 0x18(%rcx), %r8
;;   testq %r8, %r8
;;   jnz     label10; j label3
;; block3:
;;   cmpl $0xfffc, %edi
;;   jnbe    label9; j label4
;; block4:
;;   movl %edi, %r8d
;;   movl (%rdx, %r8), %r8d
;;   leal 4(%rdi), %edi
;;   leal (%rax, %r8), %eax
;;   cmpl %esi, %edi
;;   jb      label5; j label6
;; block5:
;;   jmp     label2
;; block6:
;;   jmp     label7
;; block7:
;;   jmp     label8
;; block8:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block9:
;;   call    User(userextname2)
;;   ud2
;; block10:
;;   call    User(userextname3)
;;   ud2
;; block11:
;;   call    User(userextname3)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   mov x4, x2
;;   sequence_point
;;   load_ext_name_near x14, User(sg__domain__g)+0
;;   ldrb w15, [x14, #24]
;;   cbnz x15, #trap=user12
;;   movz w2, #0
;;   load_ext_name_near x15, User(sg__memory__g__0)+0
;;   b label1
;; block1:
;;   sequence_point
;;   ldrb w0, [x14, #24]
;;   cbnz x0, #trap=user12
;;   movz w1, #65532
;;   mov x0, x4
;;   subs wzr, w0, w1
;;   b.hi #trap=user2
;;   ldr w1, [x15, w0, UXTW]
;;   add w0, w0, #4
;;   add w2, w2, w1
;;   subs wzr, w0, w3
;;   b.lo label2 ; b label3
;; block2:
;;   mov x4, x0
;;   b label1
;; block3:
;;   b label4
;; block4:
;;   b label5
;; block5:
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
;;   sd s3,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p19i }
;; block0:
;;   mv a5,a0
;;   sequence_point
;;   load_ext_name_near a4,sg__domain__g+0
;;   lbu a0,24(a4)
;;   trap_if user12##(a0 ne zero)
;;   li a0,0
;;   mv s3,a0
;;   load_ext_name_near a2,sg__memory__g__0+0
;;   sext.w a3,a1
;;   j label1
;; block1:
;;   sequence_point
;;   lbu a0,24(a4)
;;   trap_if user12##(a0 ne zero)
;;   mv a1,a5
;;   slli a0,a1,32
;;   srli a0,a0,32
;;   lui a5,16
;;   addi a5,a5,-4
;;   trap_if user2##(a0 ugt a5)
;;   add a0,a2,a0
;;   lw a5,0(a0)
;;   addiw a1,a1,4
;;   mv a0,s3
;;   addw a0,a0,a5
;;   bltu a1,a3,taken(label2),not_taken(label3)
;; block2:
;;   mv a5,a1
;;   mv s3,a0
;;   j label1
;; block3:
;;   j label4
;; block4:
;;   j label5
;; block5:
;;   ld s3,8(sp)
;;   addi sp,sp,16
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
