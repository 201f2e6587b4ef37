;; A shifted index is checked after the shift, in 32 bits.
(module (memory 1 1)
  (func (param i32) (result i32) (i32.load (i32.shl (local.get 0) (i32.const 2)))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   shll $0x2, %edi
;;   cmpl $0xfffc, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %rsi
;;   movl (%rsi, %rdi), %eax
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
;;   lsl w5, w2, #2
;;   movz w6, #65532
;;   subs wzr, w5, w6
;;   b.hi #trap=user2
;;   load_ext_name_near x7, User(sg__memory__g__0)+0
;;   ldr w2, [x7, w5, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   slliw a0,a0,2
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   lui a1,16
;;   addi a1,a1,-4
;;   trap_if user2##(a0 ugt a1)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add a0,a1,a0
;;   lw a0,0(a0)
;;   j label1
;; block1:
;;   ret
