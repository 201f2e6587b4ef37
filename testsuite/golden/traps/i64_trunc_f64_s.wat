;; i64.trunc_f64_s: NaN, too high, too low.
(module (func (param f64) (result i64) (i64.trunc_f64_s (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ucomisd %xmm0, %xmm0
;;   jp      label7; j label1
;; block1:
;;   ucomisd (%rip), %xmm0
;;   jnb     label6; j label2
;; block2:
;;   movabsq $0xc3e0000000000000, %r9
;;   movq %r9, %xmm1
;;   ucomisd %xmm0, %xmm1
;;   jnbe    label5; j label3
;; block3:
;;   jmp     label4
;; block4:
;;   cvt_float64_to_sint64_sat_seq %xmm0, %r11, %rax, %xmm1
;;   movq %r11, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block5:
;;   call    User(userextname0)
;;   ud2
;; block6:
;;   call    User(userextname0)
;;   ud2
;; block7:
;;   call    User(userextname1)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   fcmp d0, d0
;;   b.vs #trap=user9
;;   movz x7, #17376, LSL #48
;;   fmov d16, x7
;;   fcmp d0, d16
;;   b.ge #trap=user8
;;   movz x9, #50144, LSL #48
;;   fmov d16, x9
;;   fcmp d0, d16
;;   b.mi #trap=user8
;;   b label1
;; block1:
;;   fcvtzs x2, d0
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   feq.d a4,fa0,fa0
;;   feq.d a0,fa0,fa0
;;   and a0,a4,a0
;;   trap_if user9##(a0 eq zero)
;;   lui a5,543
;;   slli a0,a5,41
;;   fmv.d.x fa1,a0
;;   fle.d a0,fa1,fa0
;;   trap_if user8##(a0 ne zero)
;;   lui a0,1567
;;   slli a0,a0,41
;;   fmv.d.x fa1,a0
;;   flt.d a0,fa0,fa1
;;   trap_if user8##(a0 ne zero)
;;   j label1
;; block1:
;;   fcvt.l.d a0,fa0,rtz
;;   feq.d a1,fa0,fa0
;;   sub a1,zero,a1
;;   and a0,a0,a1
;;   ret
