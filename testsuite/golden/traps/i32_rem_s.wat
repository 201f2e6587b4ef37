;; i32.rem_s: what it guards.
(module (func (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1))))

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
;;   movq %rdi, %rax
;;   cltd  ;; implicit: %edx, %eax
;;   checked_srem_seq %eax, %edx, %esi, %eax, %edx
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
;;   cbz w3, #trap=int_divz
;;   sdiv w4, w2, w3
;;   msub w2, w4, w3, w2
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   sext.w a2,a1
;;   trap_if user7##(a2 eq zero)
;;   sext.w a1,a1
;;   trap_if int_divz##(a1 eq zero)
;;   remw a0,a0,a1
;;   j label1
;; block1:
;;   ret
