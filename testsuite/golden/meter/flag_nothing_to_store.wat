;; Loops inside loops without a single store: each keeps a look of its own.
;;! meter = flag
(module
  (func (param i32)
    (loop $a (loop $b (br_if $b (local.get 0))) (br $a))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   sequence_point
;;   load_ext_name sg__domain__g+0, %rsi
;;   movzbq 0x18(%rsi), %r8
;;   testq %r8, %r8
;;   jnz     label11; j label1
;; block1:
;;   jmp     label2
;; block2:
;;   sequence_point
;;   movzbq 0x18(%rsi), %r10
;;   testq %r10, %r10
;;   jnz     label10; j label3
;; block3:
;;   jmp     label4
;; block4:
;;   sequence_point
;;   movzbq 0x18(%rsi), %rax
;;   testq %rax, %rax
;;   jnz     label9; j label5
;; block5:
;;   testl %edi, %edi
;;   jnz     label6; j label7
;; block6:
;;   jmp     label4
;; block7:
;;   jmp     label8
;; block8:
;;   jmp     label2
;; block9:
;;   call    User(userextname1)
;;   ud2
;; block10:
;;   call    User(userextname1)
;;   ud2
;; block11:
;;   call    User(userextname1)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   sequence_point
;;   load_ext_name_near x6, User(sg__domain__g)+0
;;   ldrb w7, [x6, #24]
;;   cbnz x7, #trap=user12
;;   b label1
;; block1:
;;   sequence_point
;;   ldrb w9, [x6, #24]
;;   cbnz x9, #trap=user12
;;   b label2
;; block2:
;;   sequence_point
;;   ldrb w12, [x6, #24]
;;   cbnz x12, #trap=user12
;;   cbnz w2, label3 ; b label4
;; block3:
;;   b label2
;; block4:
;;   b label5
;; block5:
;;   b label1

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   sequence_point
;;   load_ext_name_near a1,sg__domain__g+0
;;   lbu a2,24(a1)
;;   trap_if user12##(a2 ne zero)
;;   j label1
;; block1:
;;   sequence_point
;;   lbu a2,24(a1)
;;   trap_if user12##(a2 ne zero)
;;   j label2
;; block2:
;;   sequence_point
;;   lbu a3,24(a1)
;;   trap_if user12##(a3 ne zero)
;;   sext.w a4,a0
;;   bne a4,zero,taken(label3),not_taken(label4)
;; block3:
;;   j label2
;; block4:
;;   j label5
;; block5:
;;   j label1
