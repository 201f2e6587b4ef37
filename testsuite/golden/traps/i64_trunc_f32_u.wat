;; i64.trunc_f32_u: NaN, too high, too low.
(module (func (param f32) (result i64) (i64.trunc_f32_u (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ucomiss %xmm0, %xmm0
;;   jp      label7; j label1
;; block1:
;;   ucomiss (%rip), %xmm0
;;   jnb     label6; j label2
;; block2:
;;   movl $0xbf800000, %r10d
;;   movd %r10d, %xmm1
;;   ucomiss %xmm0, %xmm1
;;   jnb     label5; j label3
;; block3:
;;   jmp     label4
;; block4:
;;   cvt_float32_to_uint64_sat_seq %xmm0, %r11, %rax, %xmm2, %xmm1
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
;;   fcmp s0, s0
;;   b.vs #trap=user9
;;   movz w6, #24448, LSL #16
;;   fmov s16, w6
;;   fcmp s0, s16
;;   b.ge #trap=user8
;;   fmov s16, #-1
;;   fcmp s0, s16
;;   b.ls #trap=user8
;;   b label1
;; block1:
;;   fcvtzu x2, s0
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   feq.s a2,fa0,fa0
;;   feq.s a4,fa0,fa0
;;   and a0,a2,a4
;;   trap_if user9##(a0 eq zero)
;;   lui a4,391168
;;   fmv.w.x fa1,a4
;;   fle.s a5,fa1,fa0
;;   trap_if user8##(a5 ne zero)
;;   lui a5,-264192
;;   fmv.w.x fa1,a5
;;   fle.s a0,fa0,fa1
;;   trap_if user8##(a0 ne zero)
;;   j label1
;; block1:
;;   fcvt.lu.s a5,fa0,rtz
;;   feq.s a0,fa0,fa0
;;   sub a0,zero,a0
;;   and a0,a5,a0
;;   ret
