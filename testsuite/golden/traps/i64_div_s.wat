;; i64.div_s: what it guards.
(module (func (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1))))

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
;;   cmpq $0xffffffffffffffff, %rsi
;;   sete %al
;;   cmpq (%rip), %rdi
;;   movq %rdi, %r8
;;   sete %cl
;;   testb %al, %cl
;;   jnz     label5; j label3
;; block3:
;;   movq %r8, %rax
;;   cqto  ;; implicit: %rdx, %rax
;;   testq %rsi, %rsi
;;   jz #trap=int_divz
;;   idivq %rsi ;; implicit: %rax, %rdx, trap=252
;;   jmp     label4
;; block4:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block1:
;;   call    User(userextname1)
;;   ud2
;; block5:
;;   call    User(userextname0)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   cbz x3, #trap=int_divz
;;   adds xzr, x3, #1
;;   ccmp x2, #1, #nzcv, eq
;;   b.vs #trap=int_ovf
;;   sdiv x2, x2, x3
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   trap_if user7##(a1 eq zero)
;;   not a2,a1
;;   seqz a2,a2
;;   lui a3,1
;;   slli a3,a3,51
;;   xor a3,a0,a3
;;   seqz a3,a3
;;   and a2,a2,a3
;;   andi a2,a2,255
;;   trap_if user8##(a2 ne zero)
;;   trap_if int_divz##(a1 eq zero)
;;   lui a4,1
;;   slli a2,a4,51
;;   xor a2,a0,a2
;;   not a3,a1
;;   or a2,a2,a3
;;   trap_if int_ovf##(a2 eq zero)
;;   div a0,a0,a1
;;   j label1
;; block1:
;;   ret
