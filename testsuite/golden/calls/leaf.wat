;; A leaf does not check the stack.
(module (func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   leal 1(%rdi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   b label1
;; block1:
;;   add w2, w2, #1
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   j label1
;; block1:
;;   addiw a0,a0,1
;;   ret
