;; A constant address one byte too far.
(module (memory 1 1)
  (func (result i32) (i32.load (i32.const 65533))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movl $0x1, %edx
;;   testb %dl, %dl
;;   jnz     label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %rsi
;;   movl 0xfffd(%rsi), %eax
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
;;   movz w3, #1
;;   ands wzr, w3, #255
;;   b.ne #trap=user2
;;   load_ext_name_near x5, User(sg__memory__g__0)+0
;;   movz x4, #65533
;;   ldr w2, [x5, x4]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   li a0,1
;;   andi a0,a0,255
;;   trap_if user2##(a0 ne zero)
;;   load_ext_name_near a0,sg__memory__g__0+0
;;   lw a0,65533(a0)
;;   j label1
;; block1:
;;   ret
