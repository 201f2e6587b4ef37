;; v128.store64_lane checks the 8 bytes of its lane.
(module (memory 1 1)
  (func (param i32 v128) (v128.store64_lane 1 (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0xfff8, %edi
;;   jnbe    label3; j label1
;; block1:
;;   pshufd $0xe, %xmm0, %xmm7
;;   movq %xmm7, %r9
;;   load_ext_name sg__memory__g__0+0, %r8
;;   movl %edi, %r10d
;;   movq %r9, (%r8, %r10)
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname1)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   movz w5, #65528
;;   subs wzr, w2, w5
;;   b.hi #trap=user2
;;   mov x7, v0.d[1]
;;   load_ext_name_near x8, User(sg__memory__g__0)+0
;;   str x7, [x8, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   lui a1,16
;;   addi a1,a1,-8
;;   trap_if user2##(a0 ugt a1)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add a0,a1,a0
;;   sd a2,0(a0)
;;   j label1
;; block1:
;;   ret
