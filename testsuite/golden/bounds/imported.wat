;; An imported memory is reached through its slot.
;;! import a = domain
(module (memory (import "a" "m") 1)
  (func (param i32) (result i32) (i32.load (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__slots__g+0, %r8
;;   movq (%r8), %r8
;;   movq 8(%r8), %r9
;;   leal -4(%r9), %r9d
;;   cmpl %r9d, %edi
;;   jnbe    label3; j label1
;; block1:
;;   movq (%r8), %r10
;;   movl %edi, %r11d
;;   movl (%r10, %r11), %eax
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
;;   load_ext_name_near x7, User(sg__slots__g)+0
;;   ldr x7, [x7]
;;   ldr x8, [x7, #8]
;;   sub w8, w8, #4
;;   subs wzr, w2, w8
;;   b.hi #trap=user2
;;   ldr x9, [x7]
;;   ldr w2, [x9, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a1,sg__slots__g+0
;;   ld a2,0(a1)
;;   ld a3,8(a2)
;;   slli a0,a0,32
;;   srli a1,a0,32
;;   addi a0,a3,-4
;;   trap_if user2##(a1 ugt a0)
;;   ld a2,0(a2)
;;   add a1,a2,a1
;;   lw a0,0(a1)
;;   j label1
;; block1:
;;   ret
