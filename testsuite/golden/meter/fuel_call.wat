;; Fuel goes to the record before a call, and comes back after it; what follows the call was charged with what comes before.
;;! meter = fuel
(module
  (func $f (import "e" "f") (param i32))
  (func (param i32) (call $f (local.get 0)) (call $f (i32.const 1))))

;; ==> x86_64
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;;   unwind SaveReg { clobber_offset: 0, reg: p12i }
;; block0:
;;   movq    %rsp, %r9
;;   load_ext_name sg__domain__g+0, %r12
;;   movq 0x10(%r12), %r10
;;   cmpq %r10, %r9
;;   jb      label5; j label1
;; block1:
;;   movq 0x20(%r12), %r10
;;   subq $0x5, %r10
;;   testq %r10, %r10
;;   jl      label4; j label2
;; block2:
;;   movq %r10, 0x20(%r12)
;;   call    User(sg__host__e__f__FiR)
;;   movq 0x20(%r12), %rax
;;   movl $0x1, %edi
;;   call    User(sg__host__e__f__FiR)
;;   movq 0x20(%r12), %rax
;;   jmp     label3
;; block3:
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   call    User(userextname2)
;;   ud2
;; block5:
;;   call    User(userextname3)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   str x19, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;; block0:
;;   mov x9, sp
;;   load_ext_name_near x19, User(sg__domain__g)+0
;;   ldr x10, [x19, #16]
;;   subs xzr, x9, x10
;;   b.lo #trap=user10
;;   ldr x11, [x19, #32]
;;   sub x11, x11, #5
;;   subs xzr, x11, #0
;;   b.lt #trap=user11
;;   str x11, [x19, #32]
;;   mov x0, x2
;;   bl 0
;;   ldr x15, [x19, #32]
;;   movz w0, #1
;;   bl 0
;;   ldr x0, [x19, #32]
;;   b label1
;; block1:
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret

;; ==> riscv64
;; ; sg__func__g__1__Z
;;   addi sp,sp,-16
;;   sd ra,8(sp)
;;   sd fp,0(sp)
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mv fp,sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   addi sp,sp,-16
;;   sd s2,8(sp)
;;   unwind SaveReg { clobber_offset: 8, reg: p18i }
;; block0:
;;   mv a1,sp
;;   load_ext_name_near s2,sg__domain__g+0
;;   ld a2,16(s2)
;;   bltu a1,a2,taken(label5),not_taken(label1)
;; block1:
;;   ld a2,32(s2)
;;   addi a2,a2,-5
;;   blt a2,zero,taken(label4),not_taken(label2)
;; block2:
;;   sd a2,32(s2)
;;   slli a0,a0,32; srai a0,a0,32
;;   call sg__host__e__f__FiR
;;   ld a5,32(s2)
;;   li a5,1
;;   slli a0,a5,32; srai a0,a0,32
;;   call sg__host__e__f__FiR
;;   ld a0,32(s2)
;;   j label3
;; block3:
;;   ld s2,8(sp)
;;   addi sp,sp,16
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block4:
;;   call userextname2
;;   udf##trap_code=user11
;; block5:
;;   call userextname3
;;   udf##trap_code=user10
