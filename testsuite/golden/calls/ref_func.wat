;; A function reference is the address of its record.
(module (func $f) (elem declare func $f)
  (func (result funcref) (ref.func $f)))

;; ==> x86_64
;; ; sg__func__g__0__f
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; ; sg__func__g__1__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   jmp     label1
;; block1:
;;   load_ext_name sg__record__g__0__f+0, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__f
;; block0:
;;   b label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;; block0:
;;   b label1
;; block1:
;;   load_ext_name_near x2, User(sg__record__g__0__f)+0
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__f
;; block0:
;;   j label1
;; block1:
;;   ret
;; ; sg__func__g__1__Z
;; block0:
;;   j label1
;; block1:
;;   load_ext_name_near a0,sg__record__g__0__f+0
;;   ret
