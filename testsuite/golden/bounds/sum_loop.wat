;; A loop over an array.
(module (memory 1 1)
  (func (param $p i32) (param $n i32) (result i32) (local $s i32)
    (loop $again
      (local.set $s (i32.add (local.get $s) (i32.load (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s)))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   load_ext_name sg__memory__g__0+0, %rcx
;;   jmp     label1
;; block1:
;;   cmpl $0xfffc, %edi
;;   jnbe    label7; j label2
;; block2:
;;   movl %edi, %edx
;;   movl (%rcx, %rdx), %edx
;;   subl $0x1, %esi
;;   leal (%rax, %rdx), %eax
;;   leal 4(%rdi), %edi
;;   testl %esi, %esi
;;   jnz     label3; j label4
;; block3:
;;   jmp     label1
;; block4:
;;   jmp     label5
;; block5:
;;   jmp     label6
;; block6:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block7:
;;   call    User(userextname1)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   mov x15, x2
;;   movz w2, #0
;;   load_ext_name_near x12, User(sg__memory__g__0)+0
;;   b label1
;; block1:
;;   movz w13, #65532
;;   mov x0, x15
;;   subs wzr, w0, w13
;;   b.hi #trap=user2
;;   ldr w15, [x12, w0, UXTW]
;;   sub w3, w3, #1
;;   add w2, w2, w15
;;   add w0, w0, #4
;;   cbnz w3, label2 ; b label3
;; block2:
;;   mov x15, x0
;;   b label1
;; block3:
;;   b label4
;; block4:
;;   b label5
;; block5:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   mv a3,a0
;;   li a0,0
;;   mv a5,a0
;;   load_ext_name_near a2,sg__memory__g__0+0
;;   j label1
;; block1:
;;   slli a0,a3,32
;;   srli a0,a0,32
;;   lui a4,16
;;   addi a4,a4,-4
;;   trap_if user2##(a0 ugt a4)
;;   add a0,a2,a0
;;   lw a4,0(a0)
;;   addiw a1,a1,-1
;;   mv a0,a5
;;   addw a0,a0,a4
;;   addiw a3,a3,4
;;   bne a1,zero,taken(label2),not_taken(label3)
;; block2:
;;   mv a5,a0
;;   j label1
;; block3:
;;   j label4
;; block4:
;;   j label5
;; block5:
;;   ret
