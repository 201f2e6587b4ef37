;; A divisor of −1 can overflow.
(module (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const -1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0x80000000, %edi
;;   movq %rdi, %r8
;;   jz      label3; j label1
;; block1:
;;   movl $0xffffffff, %edi
;;   movq %r8, %rax
;;   cltd  ;; implicit: %edx, %eax
;;   testl %edi, %edi
;;   jz #trap=int_divz
;;   idivl %edi ;; implicit: %eax, %edx, trap=252
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname0)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   movn w3, #0
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
;;   lui a2,-524288
;;   sext.w a1,a0
;;   sext.w a3,a2
;;   trap_if user8##(a1 eq a3)
;;   li a3,-1
;;   sext.w a0,a0
;;   sext.w a1,a3
;;   trap_if int_divz##(a1 eq zero)
;;   lui a2,-524288
;;   xor a4,a0,a2
;;   not a2,a1
;;   or a2,a4,a2
;;   trap_if int_ovf##(a2 eq zero)
;;   divw a0,a0,a1
;;   j label1
;; block1:
;;   ret
