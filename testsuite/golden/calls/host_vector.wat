;; A host gets the address of a vector, 16-byte aligned, and writes one to an array of slots that is zero before.
(module
  (import "h" "f" (func $f (param v128) (result v128)))
  (func (param v128) (result v128) (call $f (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %rsp, %rsi
;;   load_ext_name sg__domain__g+0, %rdi
;;   movq 0x10(%rdi), %rdi
;;   cmpq %rdi, %rsi
;;   jb      label3; j label1
;; block1:
;;   call    User(sg__host__h__f__FvRv)
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2
;; ; sg__func__g__0__f
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;;   subq $0x20, %rsp
;; block0:
;;   movq    %rsp, %rdi
;;   load_ext_name sg__domain__g+0, %r8
;;   movq 0x10(%r8), %r8
;;   cmpq %r8, %rdi
;;   jb      label2; j label1
;; block1:
;;   leaq <offset:1>+(%rsp), %rdi
;;   movdqu %xmm0, <offset:1>+(%rsp)
;;   leaq <offset:1>+0x10(%rsp), %rsi
;;   movq $0x0, <offset:1>+0x10(%rsp)
;;   movq $0x0, <offset:1>+0x18(%rsp)
;;   call    User(sg__host__h__f__FvRv)
;;   movdqu <offset:1>+0x10(%rsp), %xmm0
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x5, sp
;;   load_ext_name_near x6, User(sg__domain__g)+0
;;   ldr x6, [x6, #16]
;;   subs xzr, x5, x6
;;   b.lo #trap=user10
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;; ; sg__func__g__0__f
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;;   sub sp, sp, #32
;;   unwind StackAlloc { size: 32 }
;; block0:
;;   mov x8, sp
;;   load_ext_name_near x9, User(sg__domain__g)+0
;;   ldr x9, [x9, #16]
;;   subs xzr, x8, x9
;;   b.lo #trap=user10
;;   mov x0, sp
;;   str q0, [sp]
;;   movz x11, #0
;;   add x1, sp, #16
;;   str x11, [sp, #16]
;;   str x11, [sp, #24]
;;   bl 0
;;   ldr q0, [sp, #16]
;;   add sp, sp, #32
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__1__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mv a2,sp
;;   load_ext_name_near a3,sg__domain__g+0
;;   ld a3,16(a3)
;;   bltu a2,a3,taken(label3),not_taken(label1)
;; block1:
;;   call sg__host__h__f__FvRv
;;   j label2
;; block2:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user10
;; ; sg__func__g__0__f
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;;   addi sp,sp,-32
;; block0:
;;   mv a5,a0
;;   mv a0,sp
;;   load_ext_name_near a2,sg__domain__g+0
;;   ld a2,16(a2)
;;   bltu a0,a2,taken(label2),not_taken(label1)
;; block1:
;;   load_addr a0,0(slot)
;;   sd a5,0(slot)
;;   sd a1,8(slot)
;;   load_addr a1,16(slot)
;;   sd zero,16(slot)
;;   sd zero,24(slot)
;;   call sg__host__h__f__FvRv
;;   ld a0,16(slot)
;;   ld a1,24(slot)
;;   addi sp,sp,32
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block2:
;;   call userextname2
;;   udf##trap_code=user10
