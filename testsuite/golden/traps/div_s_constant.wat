;; A constant divisor needs no guard.
(module (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 10))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   imull (%rip) ;; implicit: %eax, %edx
;;   sarl $0x2, %edx
;;   movq %rdx, %rsi
;;   shrl $0x1f, %esi
;;   leal (%rdx, %rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   b label1
;; block1:
;;   movz w11, #26215
;;   movk w11, w11, #26214, LSL #16
;;   sxtw x8, w2
;;   sxtw x10, w11
;;   madd x12, x8, x10, xzr
;;   asr x14, x12, #32
;;   asr w11, w14, #2
;;   lsr w12, w11, #31
;;   add w2, w11, w12
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   j label1
;; block1:
;;   lui a1,419430
;;   addi a2,a1,1639
;;   sext.w a0,a0
;;   sext.w a1,a2
;;   mul a2,a0,a1
;;   srli a4,a2,32
;;   sraiw a1,a4,2
;;   srliw a2,a1,31
;;   addw a0,a1,a2
;;   ret
