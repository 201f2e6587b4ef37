;; All of 4 GiB is out of reach for the code model, so this declares what is allowed and no more.
;;! memory-reserve = 1048576
(module (memory (export "m") 1 65536)
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
;;   leal -1(%r8), %r8d
;;   cmpl %r8d, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r9
;;   movl %edi, %r10d
;;   movzbq (%r9, %r10), %rax
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
;;   load_ext_name_near x6, User(sg__memory_record__g__0)+0
;;   ldr x6, [x6, #8]
;;   sub w6, w6, #1
;;   subs wzr, w2, w6
;;   b.hi #trap=user2
;;   load_ext_name_near x8, User(sg__memory__g__0)+0
;;   ldrb w2, [x8, w2, UXTW]
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
;;   addi a1,a1,-1
;;   trap_if user2##(a0 ugt a1)
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   add a0,a1,a0
;;   lbu a0,0(a0)
;;   j label1
;; block1:
;;   ret
