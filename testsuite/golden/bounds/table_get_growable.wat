;; A table that may grow: the size is loaded.
;;! table-reserve = 100
(module (table (export "t") 4 externref)
  (func (param i32) (result externref) (table.get (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__table_record__g__0+0, %rsi
;;   movq 8(%rsi), %r8
;;   movl %edi, %esi
;;   cmpq %r8, %rsi
;;   jnb     label3; j label1
;; block1:
;;   load_ext_name sg__table__g__0+0, %r8
;;   movq (%r8, %rsi, 8), %rax
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
;;   load_ext_name_near x6, User(sg__table_record__g__0)+0
;;   ldr x6, [x6, #8]
;;   mov w7, w2
;;   subs xzr, x7, x6
;;   b.hs #trap=user3
;;   load_ext_name_near x8, User(sg__table__g__0)+0
;;   ldr x2, [x8, w2, UXTW #3]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   mv a2,a0
;;   load_ext_name_near a0,sg__table_record__g__0+0
;;   ld a0,8(a0)
;;   slli a1,a2,32
;;   srli a1,a1,32
;;   trap_if user3##(a1 uge a0)
;;   load_ext_name_near a0,sg__table__g__0+0
;;   slli a1,a1,3
;;   add a0,a0,a1
;;   ld a0,0(a0)
;;   j label1
;; block1:
;;   ret
