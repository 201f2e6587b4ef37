;; A chain of additions: in halves, lanes are taken apart once before and put together once after, and not in between.
(module
  (func (param v128 v128 v128) (result v128)
    (f32x4.add (f32x4.add (f32x4.add (local.get 0) (local.get 1)) (local.get 2)) (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movdqa %xmm0, %xmm7
;;   jmp     label1
;; block1:
;;   movdqa %xmm7, %xmm3
;;   movdqa %xmm3, %xmm0
;;   addps %xmm1, %xmm0
;;   addps %xmm2, %xmm0
;;   movdqa %xmm7, %xmm1
;;   addps %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   b label1
;; block1:
;;   fadd v7.4s, v0.4s, v1.4s
;;   fadd v7.4s, v7.4s, v2.4s
;;   fadd v0.4s, v7.4s, v0.4s
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   j label1
;; block1:
;;   fmv.w.x fa0,a0
;;   fmv.w.x fa1,a2
;;   fadd.s fa1,fa0,fa1,rne
;;   fmv.w.x fa2,a4
;;   fadd.s fa1,fa1,fa2,rne
;;   fadd.s fa0,fa1,fa0,rne
;;   fmv.x.w t0,fa0
;;   slli t0,t0,32
;;   srli t0,t0,32
;;   srli a0,a0,32
;;   fmv.w.x fa0,a0
;;   srli a0,a2,32
;;   fmv.w.x fa1,a0
;;   fadd.s fa1,fa0,fa1,rne
;;   srli a0,a4,32
;;   fmv.w.x fa2,a0
;;   fadd.s fa1,fa1,fa2,rne
;;   fadd.s fa0,fa1,fa0,rne
;;   fmv.x.w a0,fa0
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   slli a0,a0,32
;;   or a0,t0,a0
;;   fmv.w.x fa0,a1
;;   fmv.w.x fa1,a3
;;   fadd.s fa1,fa0,fa1,rne
;;   fmv.w.x fa2,a5
;;   fadd.s fa1,fa1,fa2,rne
;;   fadd.s fa0,fa1,fa0,rne
;;   fmv.x.w a2,fa0
;;   slli a2,a2,32
;;   srli a2,a2,32
;;   srli a1,a1,32
;;   fmv.w.x fa0,a1
;;   srli a1,a3,32
;;   fmv.w.x fa1,a1
;;   fadd.s fa1,fa0,fa1,rne
;;   srli a1,a5,32
;;   fmv.w.x fa2,a1
;;   fadd.s fa1,fa1,fa2,rne
;;   fadd.s fa0,fa1,fa0,rne
;;   fmv.x.w a1,fa0
;;   slli a1,a1,32
;;   srli a1,a1,32
;;   slli a1,a1,32
;;   or a1,a2,a1
;;   ret
