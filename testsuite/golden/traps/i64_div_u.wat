;; i64.div_u: what it guards.
(module (func (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq %rdi, %rax
;;   testq %rsi, %rsi
;;   jnz     label2; j label1
;; block2:
;;   uninit  %rdx
;;   xorq %rdx, %rdx
;;   divq %rsi ;; implicit: %rax, %rdx, trap=254
;;   jmp     label3
;; block3:
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
;;   udiv x2, x2, x3
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   trap_if user7##(a1 eq zero)
;;   trap_if int_divz##(a1 eq zero)
;;   divu a0,a0,a1
;;   j label1
;; block1:
;;   ret
