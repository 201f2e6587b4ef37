;; The largest offset there is, on a memory that may grow: the sum is taken in 64 bits.
;;! memory-reserve = 1048576
(module (memory (export "m") 1)
  (func (param i32) (result i64) (i64.load offset=4294967295 (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r10
;;   movq 8(%r10), %r11
;;   movl %edi, %r10d
;;   movabsq $0x100000007, %rax
;;   leaq (%r10, %rax), %rax
;;   cmpq %r11, %rax
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %rax
;;   leaq (%rax, %r10), %rax
;;   movl $0xffffffff, %ecx
;;   movq (%rax, %rcx), %rax
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near x10, User(sg__memory_record__g__0)+0
;;   ldr x10, [x10, #8]
;;   movz x11, #7
;;   movk x11, x11, #1, LSL #32
;;   add x11, x11, x2, UXTW
;;   subs xzr, x11, x10
;;   b.hi #trap=user2
;;   load_ext_name_near x12, User(sg__memory__g__0)+0
;;   add x12, x12, x2, UXTW
;;   orr x13, xzr, #4294967295
;;   ldr x2, [x12, x13]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a2,sg__memory_record__g__0+0
;;   ld a2,8(a2)
;;   slli a1,a0,32
;;   srli a3,a1,32
;;   ld a4,[const(1)]
;;   add a4,a3,a4
;;   trap_if user2##(a4 ugt a2)
;;   load_ext_name_near a4,sg__memory__g__0+0
;;   add a3,a4,a3
;;   ld a4,[const(0)]
;;   add a3,a3,a4
;;   ld a0,0(a3)
;;   j label1
;; block1:
;;   ret
