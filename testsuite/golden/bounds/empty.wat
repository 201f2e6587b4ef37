;; A memory that has no bytes and never will.
(module (memory 0 0)
  (func (param i32) (result i32) (i32.load8_u (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movl $0x1, %esi
;;   testb %sil, %sil
;;   jnz     label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r8
;;   movl %edi, %edi
;;   movzbq (%r8, %rdi), %rax
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
;;   movz w4, #1
;;   ands wzr, w4, #255
;;   b.ne #trap=user2
;;   load_ext_name_near x6, User(sg__memory__g__0)+0
;;   ldrb w2, [x6, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   li a1,1
;;   andi a1,a1,255
;;   trap_if user2##(a1 ne zero)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   add a0,a1,a0
;;   lbu a0,0(a0)
;;   j label1
;; block1:
;;   ret
