;; v128.load from a memory whose size never changes: one comparison with a constant for all 16 bytes, also where they are two loads.
(module (memory 1 1)
  (func (param i32) (result v128) (v128.load (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0xfff0, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %rsi
;;   movl %edi, %edi
;;   movdqu (%rsi, %rdi), %xmm0
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
;;   movz w4, #65520
;;   subs wzr, w2, w4
;;   b.hi #trap=user2
;;   load_ext_name_near x6, User(sg__memory__g__0)+0
;;   ldr q0, [x6, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   lui a1,16
;;   addi a1,a1,-16
;;   trap_if user2##(a0 ugt a1)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add a1,a1,a0
;;   ld a0,0(a1)
;;   ld a1,8(a1)
;;   j label1
;; block1:
;;   ret
