;; A tail call whose arguments need more stack than the caller's.
(module
  (func $many (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64) (local.get 11))
  (func (param i64) (result i64)
    (return_call $many (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
      (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (i64.const 7))))

;; ==> x86_64
;; ; sg__func__g__0__many
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq <offset:0>+-8(%rbp), %rax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq $0x30
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   subq $0x30, %rsp
;;   movq %rsp, %rbp
;;   movq 0x30(%rsp), %r11
;;   movq %r11, (%rsp)
;;   movq 0x38(%rsp), %r11
;;   movq %r11, 8(%rsp)
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 64, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %rsp, %rsi
;;   load_ext_name sg__domain__g+0, %r8
;;   movq 0x10(%r8), %r8
;;   cmpq %r8, %rsi
;;   jb      label2; j label1
;; block1:
;;   movl $0x7, %r8d
;;   movq %rdi, <offset:0>+-0x30(%rbp)
;;   movq %rdi, <offset:0>+-0x28(%rbp)
;;   movq %rdi, <offset:0>+-0x20(%rbp)
;;   movq %rdi, <offset:0>+-0x18(%rbp)
;;   movq %rdi, <offset:0>+-0x10(%rbp)
;;   movq %r8, <offset:0>+-8(%rbp)
;;   movq %rdi, %r9
;;   movq %r9, %rcx
;;   movq %r9, %rdx
;;   movq %r9, %rsi
;;   movq %r9, %r8
;;   return_call_known User(sg__func__g__0__many) (48) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8 %r9=%r9
;; block2:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__many
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x2, [sp, #56]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   add sp, sp, #48
;;   ret
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   sub sp, sp, #48
;;   unwind StackAlloc { size: 48 }
;;   ldr fp, [sp, #48]
;;   stp fp, lr, [sp]
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x5, sp
;;   load_ext_name_near x6, User(sg__domain__g)+0
;;   ldr x6, [x6, #16]
;;   subs xzr, x5, x6
;;   b.lo #trap=user10
;;   movz x7, #7
;;   str x2, [sp, #16]
;;   str x2, [sp, #24]
;;   str x2, [sp, #32]
;;   str x2, [sp, #40]
;;   str x2, [sp, #48]
;;   str x7, [sp, #56]
;;   mov x7, x2
;;   mov x3, x7
;;   mov x4, x7
;;   mov x5, x7
;;   mov x6, x7
;;   return_call User(sg__func__g__0__many) new_stack_arg_size:48 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6 x7=x7

;; ==> riscv64
;; ; sg__func__g__0__many
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ld a0,-8(incoming_arg)
;;   j label1
;; block1:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   addi sp,sp,32
;;   ret
;; ; sg__func__g__1__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   addi sp,sp,-32
;;   sd ra,8(sp)
;;   ld fp,32(sp)
;;   sd fp,0(sp)
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mv a1,sp
;;   load_ext_name_near a2,sg__domain__g+0
;;   ld a2,16(a2)
;;   bltu a1,a2,taken(label2),not_taken(label1)
;; block1:
;;   li a1,7
;;   sd a0,-32(incoming_arg)
;;   sd a0,-24(incoming_arg)
;;   sd a0,-16(incoming_arg)
;;   sd a1,-8(incoming_arg)
;;   mv a7,a0
;;   mv a1,a7
;;   mv a2,a7
;;   mv a3,a7
;;   mv a4,a7
;;   mv a5,a7
;;   mv a6,a7
;;   return_call User(sg__func__g__0__many) new_stack_arg_size:32 a0=a0 a1=a1 a2=a2 a3=a3 a4=a4 a5=a5 a6=a6 a7=a7
;; block2:
;;   call userextname2
;;   udf##trap_code=user10
