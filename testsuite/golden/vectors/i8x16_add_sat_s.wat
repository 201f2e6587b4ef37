;; Saturating addition: one instruction, or all lanes of a half at once.
(module
  (func (param v128 v128) (result v128) (i8x16.add_sat_s (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   paddsb %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   b label1
;; block1:
;;   sqadd v0.16b, v0.16b, v1.16b
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   j label1
;; block1:
;;   ld a5,[const(1)]
;;   and a4,a0,a5
;;   and t0,a2,a5
;;   add a4,a4,t0
;;   xor t0,a0,a2
;;   ld a2,[const(0)]
;;   and t1,t0,a2
;;   xor a4,a4,t1
;;   and t1,a0,a2
;;   slli t2,t1,1
;;   srli t1,t1,7
;;   sub t1,t2,t1
;;   xor t1,t1,a5
;;   xor t1,t1,a4
;;   xor a0,a0,a4
;;   not t0,t0
;;   and a0,a0,t0
;;   and a0,a0,a2
;;   slli t0,a0,1
;;   srli a0,a0,7
;;   sub a0,t0,a0
;;   and a0,t1,a0
;;   xor a4,a4,a0
;;   and a0,a1,a5
;;   and t0,a3,a5
;;   add a0,a0,t0
;;   xor a3,a1,a3
;;   and t0,a3,a2
;;   xor a0,a0,t0
;;   and t0,a1,a2
;;   slli t1,t0,1
;;   srli t0,t0,7
;;   sub t0,t1,t0
;;   xor a5,t0,a5
;;   xor a5,a5,a0
;;   xor a1,a1,a0
;;   not a3,a3
;;   and a1,a1,a3
;;   and a1,a1,a2
;;   slli a2,a1,1
;;   srli a1,a1,7
;;   sub a1,a2,a1
;;   and a1,a5,a1
;;   xor a1,a0,a1
;;   mv a0,a4
;;   ret
