;; A host function is called in the C convention; riscv64 wants narrow integers extended.
(module (import "env" "f" (func $f (param i32 i64 f32) (result i32)))
  (func (param i32) (result i32) (call $f (local.get 0) (i64.const 2) (f32.const 1))))

;; ==> x86_64
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %rsp, %r8
;;   load_ext_name sg__domain__g+0, %r9
;;   movq 0x10(%r9), %r9
;;   cmpq %r9, %r8
;;   jb      label3; j label1
;; block1:
;;   movl $0x2, %esi
;;   movl $0x3f800000, %r9d
;;   movd %r9d, %xmm0
;;   call    User(sg__host__env__f__FilfRi)
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__1__Z
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x7, sp
;;   load_ext_name_near x8, User(sg__domain__g)+0
;;   ldr x8, [x8, #16]
;;   subs xzr, x7, x8
;;   b.lo #trap=user10
;;   movz x1, #2
;;   fmov s0, #1
;;   mov x0, x2
;;   bl 0
;;   b label1
;; block1:
;;   mov x2, x0
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
;;   mv a1,sp
;;   load_ext_name_near a2,sg__domain__g+0
;;   ld a2,16(a2)
;;   bltu a1,a2,taken(label3),not_taken(label1)
;; block1:
;;   li a1,2
;;   lui a2,260096
;;   fmv.w.x fa0,a2
;;   slli a0,a0,32; srai a0,a0,32
;;   call sg__host__env__f__FilfRi
;;   j label2
;; block2:
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user10
