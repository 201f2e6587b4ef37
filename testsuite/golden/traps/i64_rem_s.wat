;; i64.rem_s: what it guards.
(module (func (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   testq %rsi, %rsi
;;   jnz     label2; j label1
;; block2:
;;   movq %rdi, %rax
;;   cqto  ;; implicit: %rdx, %rax
;;   checked_srem_seq %rax, %rdx, %rsi, %rax, %rdx
;;   jmp     label3
;; block3:
;;   movq %rdx, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block1:
;;   call    User(userextname0)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   cbz x3, #trap=int_divz
;;   sdiv x4, x2, x3
;;   msub x2, x4, x3, x2
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   trap_if user7##(a1 eq zero)
;;   trap_if int_divz##(a1 eq zero)
;;   rem a0,a0,a1
;;   j label1
;; block1:
;;   ret
