;; A memory of no pages that may grow.
;;! memory-reserve = 1048576
(module (memory (export "m") 0)
  (func (param i32) (result i32) (i32.load8_u (local.get 0))))

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
;;   leaq 1(%rdi), %r9
;;   cmpq %r8, %r9
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r9
;;   movzbq (%r9, %rdi), %rax
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
;;   load_ext_name_near x7, User(sg__memory_record__g__0)+0
;;   ldr x7, [x7, #8]
;;   mov w8, w2
;;   add x8, x8, #1
;;   subs xzr, x8, x7
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(sg__memory__g__0)+0
;;   ldrb w2, [x9, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a1,sg__memory_record__g__0+0
;;   ld a2,8(a1)
;;   slli a0,a0,32
;;   srli a1,a0,32
;;   addi a0,a1,1
;;   trap_if user2##(a0 ugt a2)
;;   load_ext_name_near a0,sg__memory__g__0+0
;;   add a0,a0,a1
;;   lbu a0,0(a0)
;;   j label1
;; block1:
;;   ret
