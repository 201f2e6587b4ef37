;; The largest offset that can still be right.
(module (memory 1 1)
  (func (param i32) (result i32) (i32.load8_u offset=65535 (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   testl %edi, %edi
;;   jnz     label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r8
;;   movl %edi, %edi
;;   movzbq 0xffff(%r8, %rdi), %rdi
;;   jmp     label2
;; block2:
;;   movzbl %dil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname1)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   cbnz w2, #trap=user2
;;   load_ext_name_near x7, User(sg__memory__g__0)+0
;;   movz x5, #65535
;;   add x7, x7, x5
;;   ldrb w9, [x7, w2, UXTW]
;;   b label1
;; block1:
;;   uxtb w2, w9
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
;;   sext.w a1,a0
;;   bne a1,zero,taken(label3),not_taken(label1)
;; block1:
;;   load_ext_name_near a1,sg__memory__g__0+0
;;   slli a0,a0,32
;;   srli a0,a0,32
;;   add a0,a1,a0
;;   lb a0,65535(a0)
;;   j label2
;; block2:
;;   andi a0,a0,255
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname1
;;   udf##trap_code=user2
