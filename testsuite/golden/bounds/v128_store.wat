;; v128.store to a memory that may grow: the limit is loaded, and nothing is written before all 16 bytes are known to be inside.
;;! memory-reserve = 131072
(module (memory (export "m") 1)
  (func (param i32 v128) (v128.store offset=8 (local.get 0) (local.get 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r8
;;   movq 8(%r8), %r8
;;   leal -0x18(%r8), %r8d
;;   cmpl %r8d, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r9
;;   movl %edi, %r10d
;;   movdqu %xmm0, 8(%r9, %r10)
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
;;   sub w7, w7, #24
;;   subs wzr, w2, w7
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(sg__memory__g__0)+0
;;   add x9, x9, #8
;;   str q0, [x9, w2, UXTW]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   mv a3,a0
;;   load_ext_name_near a0,sg__memory_record__g__0+0
;;   ld a0,8(a0)
;;   slli a3,a3,32
;;   srli a3,a3,32
;;   addi a0,a0,-24
;;   trap_if user2##(a3 ugt a0)
;;   load_ext_name_near a4,sg__memory__g__0+0
;;   add a3,a4,a3
;;   sd a1,8(a3)
;;   sd a2,16(a3)
;;   j label1
;; block1:
;;   ret
