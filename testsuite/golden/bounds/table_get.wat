;; A table of fixed size.
(module (table 4 4 externref)
  (func (param i32) (result externref) (table.get (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0x4, %edi
;;   jnb     label3; j label1
;; block1:
;;   load_ext_name sg__table__g__0+0, %rsi
;;   movl %edi, %edi
;;   movq (%rsi, %rdi, 8), %rax
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
;;   subs wzr, w2, #4
;;   b.hs #trap=user3
;;   load_ext_name_near x5, User(sg__table__g__0)+0
;;   ldr x2, [x5, w2, UXTW #3]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   li a1,4
;;   trap_if user3##(a0 uge a1)
;;   load_ext_name_near a1,sg__table__g__0+0
;;   slli a0,a0,3
;;   add a0,a1,a0
;;   ld a0,0(a0)
;;   j label1
;; block1:
;;   ret
