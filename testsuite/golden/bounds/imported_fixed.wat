;; An imported memory whose type leaves one size: a constant limit.
;;! import a = domain
(module (memory (import "a" "m") 2 2)
  (func (param i32) (result i32) (i32.load (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0x1fffc, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__slots__g+0, %r8
;;   movq (%r8), %r8
;;   movq (%r8), %r8
;;   movl %edi, %r9d
;;   movl (%r8, %r9), %eax
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
;;   orr w6, wzr, #131068
;;   subs wzr, w2, w6
;;   b.hi #trap=user2
;;   load_ext_name_near x8, User(sg__slots__g)+0
;;   ldr x8, [x8]
;;   ldr x8, [x8]
;;   ldr w2, [x8, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   slli a0,a0,32
;;   srli a1,a0,32
;;   lui a0,32
;;   addi a2,a0,-4
;;   trap_if user2##(a1 ugt a2)
;;   load_ext_name_near a2,sg__slots__g+0
;;   ld a2,0(a2)
;;   ld a2,0(a2)
;;   add a1,a2,a1
;;   lw a0,0(a1)
;;   j label1
;; block1:
;;   ret
