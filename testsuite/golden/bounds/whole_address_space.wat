;; All of 4 GiB is out of reach for the code model, so this declares what is allowed and no more.
;;! memory-reserve = 1048576
(module (memory (export "m") 1 65536)
  (func (param i32) (result i32) (i32.load8_u (local.get 0))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__memory_record__g__0+0, %r8
;;   movq 8(%r8), %r8
;;   leal -1(%r8), %r8d
;;   cmpl %r8d, %edi
;;   jnbe    label3; j label1
;; block1:
;;   load_ext_name sg__memory__g__0+0, %r10
;;   movl %edi, %r11d
;;   movzbq (%r10, %r11), %r10
;;   jmp     label2
;; block2:
;;   movzbl %r10b, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   call    User(userextname2)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near x7, User(sg__memory_record__g__0)+0
;;   ldr x7, [x7, #8]
;;   sub w7, w7, #1
;;   subs wzr, w2, w7
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(sg__memory__g__0)+0
;;   ldrb w9, [x9, w2, UXTW]
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
;;   mv a3,a0
;;   load_ext_name_near a0,sg__memory_record__g__0+0
;;   ld a0,8(a0)
;;   slli a1,a3,32
;;   srli a1,a1,32
;;   addi a0,a0,-1
;;   bgtu a1,a0,taken(label3),not_taken(label1)
;; block1:
;;   load_ext_name_near a2,sg__memory__g__0+0
;;   add a1,a2,a1
;;   lb a1,0(a1)
;;   j label2
;; block2:
;;   andi a0,a1,255
;;   ld ra,8(sp)
;;   ld fp,0(sp)
;;   addi sp,sp,16
;;   ret
;; block3:
;;   call userextname2
;;   udf##trap_code=user2
