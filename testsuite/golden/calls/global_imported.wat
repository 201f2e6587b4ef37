;; An imported global is reached through its slot.
;;! import a = domain
(module (import "a" "g" (global $g (mut i32)))
  (func (global.set $g (i32.add (global.get $g) (i32.const 1)))))

;; ==> x86_64
;; ; sg__func__g__0__Z
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   load_ext_name sg__slots__g+0, %rcx
;;   movq (%rcx), %rcx
;;   addl $0x1, (%rcx)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;; ==> aarch64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near x3, User(sg__slots__g)+0
;;   ldr x3, [x3]
;;   ldr w4, [x3]
;;   add w4, w4, #1
;;   str w4, [x3]
;;   b label1
;; block1:
;;   ret

;; ==> riscv64
;; ; sg__func__g__0__Z
;; block0:
;;   load_ext_name_near a0,sg__slots__g+0
;;   ld a0,0(a0)
;;   lw a1,0(a0)
;;   addiw a1,a1,1
;;   sw a1,0(a0)
;;   j label1
;; block1:
;;   ret
