;; Own globals are absolute places; a constant one is its value.
(module (global $m (mut i32) (i32.const 1)) (global $c i32 (i32.const 5))
  (func (result i32) (global.set $m (i32.add (global.get $m) (global.get $c))) (global.get $m)))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__globals__g+0, %rdi
;;   movl (%rdi), %esi
;;   leal 5(%rsi), %r8d
;;   movl %r8d, (%rdi)
;;   jmp     label1
;; block1:
;;   leal 5(%rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near x4, User(sg__globals__g)+0
;;   ldr w3, [x4]
;;   add w5, w3, #5
;;   str w5, [x4]
;;   b label1
;; block1:
;;   add w2, w3, #5
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a1,sg__globals__g+0
;;   lw a0,0(a1)
;;   addiw a2,a0,5
;;   sw a2,0(a1)
;;   j label1
;; block1:
;;   addiw a0,a0,5
;;   ret
