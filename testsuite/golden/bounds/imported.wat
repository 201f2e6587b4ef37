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
;;   movq 8(%r8), %r10
;;   movl %edi, %r9d
;;   leaq 4(%r9), %r11
;;   cmpq %r10, %r11
;;   jnbe    label3; j label1
;; block1:
;;   movq (%r8), %r10
;;   movl (%r10, %r9), %eax
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
;;   load_ext_name_near x8, User(sg__slots__g)+0
;;   ldr x8, [x8]
;;   ldr x9, [x8, #8]
;;   mov w10, w2
;;   add x10, x10, #4
;;   subs xzr, x10, x9
;;   b.hi #trap=user2
;;   ldr x10, [x8]
;;   ldr w2, [x10, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a1,sg__slots__g+0
;;   ld a3,0(a1)
;;   ld a1,8(a3)
;;   slli a0,a0,32
;;   srli a2,a0,32
;;   addi a0,a2,4
;;   trap_if user2##(a0 ugt a1)
;;   ld a1,0(a3)
;;   add a1,a1,a2
;;   lw a0,0(a1)
;;   j label1
;; block1:
;;   ret
