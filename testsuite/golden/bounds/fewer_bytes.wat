;; A memory of fewer bytes than declared is bounded by the bytes.
;;! memory-bytes = 1000
(module (memory 1 4)
  (func (param i32) (result i32) (i32.load offset=8 (local.get 0)))
  (func (param i32) (result i32) (memory.size)))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0x3dc, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %rsi
;;   movl %edi, %edi
;;   movl 8(%rsi, %rdi), %eax
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname1)
;;   ud2
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   subs wzr, w2, #988
;;   b.hi #trap=user2
;;   load_ext_name_near x6, User(sg__memory__g__0)+0
;;   add x6, x6, x2, UXTW
;;   ldr w2, [x6, #8]
;;   b label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;; block0:
;;   b label1
;; block1:
;;   movz w2, #0
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   li a1,988
;;   trap_if user2##(a0 ugt a1)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add a0,a1,a0
;;   lw a0,8(a0)
;;   j label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;; block0:
;;   j label1
;; block1:
;;   li a0,0
;;   ret
