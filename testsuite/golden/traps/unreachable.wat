;; unreachable is a trap of its own.
(module (func unreachable))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   sequence_point
;;   call    User(userextname0)
;;   ud2

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   sequence_point
;;   udf #0xc11f

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   sequence_point
;;   udf##trap_code=user1
