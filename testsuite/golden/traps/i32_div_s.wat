;; i32.div_s: what it guards.
(module (func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   testl %esi, %esi
;;   jnz     label2; j label1
;; block2:
;;   cmpl $0xffffffff, %esi
;;   sete %al
;;   cmpl $0x80000000, %edi
;;   movq %rdi, %r8
;;   sete %cl
;;   testb %al, %cl
;;   jnz     label5; j label3
;; block3:
;;   movq %r8, %rax
;;   cltd  ;; implicit: %edx, %eax
;;   testl %esi, %esi
;;   jz #trap=int_divz
;;   idivl %esi ;; implicit: %eax, %edx, trap=252
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
;;   cbz w3, #trap=int_divz
;;   adds wzr, w3, #1
;;   ccmp w2, #1, #nzcv, eq
;;   b.vs #trap=int_ovf
;;   sdiv w2, w2, w3
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   sext.w a2,a1
;;   trap_if user7##(a2 eq zero)
;;   sext.w a2,a1
;;   not a2,a2
;;   seqz a2,a2
;;   lui a3,-524288
;;   sext.w a4,a0
;;   sext.w a3,a3
;;   xor a3,a4,a3
;;   seqz a3,a3
;;   and a2,a2,a3
;;   andi a2,a2,255
;;   trap_if user8##(a2 ne zero)
;;   sext.w a0,a0
;;   sext.w a1,a1
;;   trap_if int_divz##(a1 eq zero)
;;   lui a2,-524288
;;   xor a2,a0,a2
;;   not a3,a1
;;   or a2,a2,a3
;;   trap_if int_ovf##(a2 eq zero)
;;   divw a0,a0,a1
;;   j label1
;; block1:
;;   ret
