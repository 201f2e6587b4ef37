;; Using up the stack is a trap, whichever way it is used up, and afterwards everything works as before.

(module $recursive
  (memory 1)
  (global $depth (mut i32) (i32.const 0))
  (table $table funcref (elem $indirect $tail_then_call))
  (type $none (func))
  (func (export "depth") (result i32) (global.get $depth))
  (func $deeper (global.set $depth (i32.add (global.get $depth) (i32.const 1))))

  (func $direct (export "direct") (call $deeper) (call $direct))
  (func $value (export "value") (param i32) (result i32) (i32.add (call $value (local.get 0)) (i32.const 1)))
  (func $mutual_a (export "mutual") (call $mutual_b))
  (func $mutual_b (call $mutual_a))
  (func $indirect (export "indirect") (call_indirect (type $none) (i32.const 0)))
  (func $tail_then_call (export "tail then call") (call $through_tail))
  (func $through_tail (return_call_indirect (type $none) (i32.const 1)))
  (func $many (export "many") (param f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (call $many (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6)
      (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 11) (local.get 12) (local.get 13)
      (local.get 14) (local.get 15) (local.get 16) (local.get 17) (local.get 18) (local.get 19))
    (drop (f64.add (local.get 0) (local.get 9))))
  (func $results (export "results") (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (call $results))

  ;; A recursion that ends before the stack does.
  (func $sum (export "sum") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (local.get 0) (call $sum (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0)))))

(assert_return (invoke "sum" (i32.const 500)) (i32.const 125250))
(assert_exhaustion (invoke "direct") "call stack exhausted")
(assert_exhaustion (invoke "value" (i32.const 0)) "call stack exhausted")
(assert_exhaustion (invoke "mutual") "call stack exhausted")
(assert_exhaustion (invoke "indirect") "call stack exhausted")
(assert_exhaustion (invoke "tail then call") "call stack exhausted")
(assert_exhaustion (invoke "results") "call stack exhausted")
(assert_exhaustion
  (invoke "many"
    (f64.const 0) (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6) (f64.const 7)
    (f64.const 8) (f64.const 9) (i64.const 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
    (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9))
  "call stack exhausted")
(assert_return (invoke "sum" (i32.const 500)) (i32.const 125250))

;; State written before the trap stays.
(module $state
  (memory (export "memory") 1)
  (func $fill (export "fill") (param i32)
    (i32.store8 (local.get 0) (i32.const 1))
    (call $fill (i32.add (local.get 0) (i32.const 1))))
  (func (export "byte") (param i32) (result i32) (i32.load8_u (local.get 0))))
(assert_exhaustion (invoke "fill" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "byte" (i32.const 0)) (i32.const 1))
(assert_return (invoke "byte" (i32.const 50)) (i32.const 1))

;; Through another module of the domain.
(module $there
  (table (export "table") 1 funcref)
  (func (export "call") (call_indirect (i32.const 0))))
(register "there")
(module $here
  (import "there" "table" (table 1 funcref))
  (import "there" "call" (func $call))
  (elem (i32.const 0) $back)
  (func $back (export "back") (call $call)))
(assert_exhaustion (invoke $here "back") "call stack exhausted")
(assert_exhaustion (invoke $there "call") "call stack exhausted")
