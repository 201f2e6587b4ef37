;; The largest offset that can still be right.
(module (memory 1 1)
  (func (param i32) (result i32) (i32.load8_u offset=65535 (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   testl %edi, %edi
;;   jnz     label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %rsi
;;   movl %edi, %edi
;;   movzbq 0xffff(%rsi, %rdi), %rax
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
;;   cbnz w2, #trap=user2
;;   load_ext_name_near x6, User(sg__memory__g__0)+0
;;   movz x4, #65535
;;   add x6, x6, x4
;;   ldrb w2, [x6, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   sext.w a1,a0
;;   trap_if user2##(a1 ne zero)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   add a0,a1,a0
;;   lbu a0,65535(a0)
;;   j label1
;; block1:
;;   ret
