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
;;   call    User(userextname1)
;;   ud2
;; block6:
;;   call    User(userextname1)
;;   ud2
;; block7:
;;   call    User(userextname0)
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
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   feq.s a2,fa0,fa0
;;   feq.s a4,fa0,fa0
;;   and a0,a2,a4
;;   beq a0,zero,taken(label7),not_taken(label1)
;; block1:
;;   lui a4,391168
;;   fmv.w.x fa1,a4
;;   fle.s a5,fa1,fa0
;;   bne a5,zero,taken(label6),not_taken(label2)
;; block2:
;;   lui a5,-264192
;;   fmv.w.x fa1,a5
;;   fle.s a0,fa0,fa1
;;   bne a0,zero,taken(label5),not_taken(label3)
;; block3:
;;   j label4
;; block4:
;;   fcvt.lu.s a5,fa0,rtz
;;   feq.s a0,fa0,fa0
;;   sub a0,zero,a0
;;   and a0,a5,a0
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block5:
;;   call userextname1
;;   udf##trap_code=user8
;; block6:
;;   call userextname1
;;   udf##trap_code=user8
;; block7:
;;   call userextname0
;;   udf##trap_code=user9
