;; A constant address inside the minimum needs no check.
(module (memory 1 1)
  (func (result i32) (i32.load (i32.const 65532))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__memory__g__0+0, %rcx
;;   movl 0xfffc(%rcx), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near x2, User(sg__memory__g__0)+0
;;   movz x1, #65532
;;   ldr w2, [x2, x1]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a0,sg__memory__g__0+0
;;   lw a0,65532(a0)
;;   j label1
;; block1:
;;   ret
