;; Imports that are modules of the same domain: their operators are paid for from the same fuel, at places of their own.
;;! calls 3
;;! through_table 0
;;! through_table 1
;;! tail 7
(module
  (import "other" "f" (func $f (param i32) (result i32)))
  (import "other" "g" (func $g (param i64 f32) (result i64 i32)))
  (import "other" "memory" (memory 1 4))
  (import "other" "table" (table 10 funcref))
  (import "other" "global" (global $global (mut i32)))
  (type $unary (func (param i32) (result i32)))
  (func (export "calls") (param i32) (result i32)
    (loop
      (i32.store (i32.const 64) (call $f (local.get 0)))
      (global.set $global (i32.add (global.get $global) (i32.load (i32.const 64))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (call $g (i64.const 5) (f32.const 1)) (drop) (drop)
    (drop (memory.grow (i32.const 1)))
    (memory.fill (i32.const 1000) (i32.const 3) (i32.const 700))
    (global.get $global))
  (func (export "through_table") (param i32) (result i32) (call_indirect (type $unary) (i32.const 3) (local.get 0)))
  (func (export "tail") (param i32) (result i32) (return_call $f (local.get 0))))
