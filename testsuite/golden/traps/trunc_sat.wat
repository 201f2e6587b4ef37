;; The saturating conversion never traps.
(module (func (param f64) (result i32) (i32.trunc_sat_f64_s (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   cvt_float64_to_sint32_sat_seq %xmm0, %eax, %rsi, %xmm4
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   b label1
;; block1:
;;   fcvtzs w2, d0
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   j label1
;; block1:
;;   fcvt.w.d a0,fa0,rtz
;;   feq.d a1,fa0,fa0
;;   sub a1,zero,a1
;;   and a0,a0,a1
;;   ret
