;; A memory that may grow, access within its minimum: one comparison with limit − reach.
;;! memory-reserve = 1048576
(module (memory (export "m") 1)
  (func (param i32) (result i32) (i32.load offset=8 (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r8
;;   movq 8(%r8), %r8
;;   leal -0xc(%r8), %r8d
;;   cmpl %r8d, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r9
;;   movl %edi, %r10d
;;   movl 8(%r9, %r10), %eax
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
;;   sub w7, w7, #12
;;   subs wzr, w2, w7
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(sg__memory__g__0)+0
;;   add x9, x9, x2, UXTW
;;   ldr w2, [x9, #8]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a1,sg__memory_record__g__0+0
;;   ld a1,8(a1)
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   addi a1,a1,-12
;;   trap_if user2##(a0 ugt a1)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add a0,a1,a0
;;   lw a0,8(a0)
;;   j label1
;; block1:
;;   ret
