;; A conditional unreachable.
(module (func (param i32) (if (local.get 0) (then unreachable))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   testl %edi, %edi
;;   jnz     label4; j label1
;; block1:
;;   jmp     label2
;; block2:
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   sequence_point
;;   call    User(userextname0)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   cbnz w2, label4 ; b label1
;; block1:
;;   b label2
;; block2:
;;   b label3
;; block3:
;;   ret
;; block4:
;;   sequence_point
;;   udf #0xc11f

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   sext.w a0,a0
;;   bne a0,zero,taken(label4),not_taken(label1)
;; block1:
;;   j label2
;; block2:
;;   j label3
;; block3:
;;   ret
;; block4:
;;   sequence_point
;;   udf##trap_code=user1
