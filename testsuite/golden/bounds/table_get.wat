;; A table of fixed size.
(module (table 4 4 externref)
  (func (param i32) (result externref) (table.get (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movl %edi, %esi
;;   cmpq $0x4, %rsi
;;   jnb     label3; j label1
;; block1:
;;   load_ext_name sg__table__g__0+0, %rdi
;;   movq (%rdi, %rsi, 8), %rax
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
;;   mov w4, w2
;;   subs xzr, x4, #4
;;   b.hs #trap=user3
;;   load_ext_name_near x6, User(sg__table__g__0)+0
;;   ldr x2, [x6, w2, UXTW #3]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   li a1,4
;;   bgeu a0,a1,taken(label3),not_taken(label1)
;; block1:
;;   load_ext_name_near a1,sg__table__g__0+0
;;   slli a0,a0,3
;;   add a0,a1,a0
;;   ld a0,0(a0)
;;   j label2
;; block2:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname1
;;   udf##trap_code=user3
