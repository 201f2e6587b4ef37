;; i32.load8_s from a memory whose size never changes: one comparison with a constant.
(module (memory 1 1)
  (func (param i32) (result i32) (i32.load8_s (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   cmpl $0xffff, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r8
;;   movl %edi, %edi
;;   movzbq (%r8, %rdi), %rdi
;;   jmp     label2
;; block2:
;;   movsbl %dil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname1)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   movz w5, #65535
;;   subs wzr, w2, w5
;;   b.hi #trap=user2
;;   load_ext_name_near x7, User(sg__memory__g__0)+0
;;   ldrb w7, [x7, w2, UXTW]
;;   b label1
;; block1:
;;   sxtb w2, w7
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
;;   srli a1,a0,32
;;   lui a0,16
;;   addi a2,a0,-1
;;   bgtu a1,a2,taken(label3),not_taken(label1)
;; block1:
;;   load_ext_name_near a2,sg__memory__g__0+0
;;   add a1,a2,a1
;;   lb a1,0(a1)
;;   j label2
;; block2:
;;   slli a1,a1,56
;;   srai a0,a1,56
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname1
;;   udf##trap_code=user2
