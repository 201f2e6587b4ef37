;; A memory that may grow, access beyond its minimum: the end is compared with the limit.
;;! memory-reserve = 1048576
(module (memory (export "m") 1)
  (func (param i32) (result i32) (i32.load offset=70000 (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r8
;;   movq 8(%r8), %r8
;;   movl %edi, %edi
;;   leaq 0x11174(%rdi), %r9
;;   cmpq %r8, %r9
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r9
;;   movl 0x11170(%r9, %rdi), %eax
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
;;   load_ext_name_near x11, User(sg__memory_record__g__0)+0
;;   ldr x11, [x11, #8]
;;   movz w12, #4468
;;   movk w12, w12, #1, LSL #16
;;   add x12, x12, x2, UXTW
;;   subs xzr, x12, x11
;;   b.hi #trap=user2
;;   load_ext_name_near x13, User(sg__memory__g__0)+0
;;   movz w11, #4464
;;   movk w11, w11, #1, LSL #16
;;   add x14, x13, x11
;;   ldr w2, [x14, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a1,sg__memory_record__g__0+0
;;   ld a1,8(a1)
;;   slli a0,a0,32
;;   srli a2,a0,32
;;   lui a0,17
;;   addi a3,a0,372
;;   add a3,a2,a3
;;   trap_if user2##(a3 ugt a1)
;;   load_ext_name_near a3,sg__memory__g__0+0
;;   add a2,a3,a2
;;   lw a0,70000(a2)
;;   j label1
;; block1:
;;   ret
