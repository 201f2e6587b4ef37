;; Code without branches is one block, calls and all.
;;! nothing = 1
;;! three = 3
;;! calls 5 = 16
;;! deeper 5 = 27
;;! values 7 = 8
;;! divides 6 3 = 11
;;! divides 6 0 traps = 11
;;! loads 65532 = 9
;;! loads 65533 traps = 9
(module
  (memory 1)
  (global $g (mut i64) (i64.const 0))
  (func $nothing (export "nothing"))
  (func $three (export "three") nop nop)
  ;; Its own block costs 14: what follows a call is paid for with what stands before it. The call of `nothing` takes 1, twice.
  (func $calls (export "calls") (param i32) (result i32)
    (global.set $g (i64.add (global.get $g) (i64.const 1)))
    call $nothing
    (global.set $g (i64.add (global.get $g) (i64.const 1)))
    call $nothing
    (i32.add (local.get 0) (i32.const 1)))
  (func (export "deeper") (param i32) (result i32)
    (call $calls (local.get 0)) (drop) (call $three) (call $nothing) (local.get 0))
  (func (export "values") (param i64) (result i64 i32)
    (i64.mul (local.tee 0 (i64.const 3)) (local.get 0))
    (i32.wrap_i64 (local.get 0))
    nop)
  ;; The division traps in the middle of a block that is paid for.
  (func (export "divides") (param i32 i32) (result i32)
    (global.set $g (i64.const 77))
    (i32.div_u (local.get 0) (local.get 1))
    (global.set $g (i64.const 78))
    nop nop nop)
  (func (export "loads") (param i32) (result i32)
    (i32.store8 (i32.const 9) (i32.const 1))
    (i32.load (local.get 0))
    nop nop nop))
