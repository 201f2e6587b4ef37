;; Calls of every kind. A callee's blocks come on top of what the caller has paid.
;;! fib 0 = 6
;;! fib 1 = 6
;;! fib 2 = 26
;;! fib 3 = 46
;;! even 0 = 6
;;! even 1 = 15
;;! even 2 = 24
;;! indirect 0 = 6
;;! indirect 1 = 8
;;! indirect 2 traps = 4
;;! indirect 3 traps = 4
;;! indirect 99 traps = 4
;;! tail_down 0 = 5
;;! tail_down 3 = 32
;;! tail_both 4 = 39
;;! tail_table 0 = 5
;;! tail_table 2 traps = 3
;;! wide = 41
;;! forever
;;! forever_table
;;! forever_both 0
;;! recurse within 3000
(module
  (type $unary (func (param i32) (result i32)))
  (type $plain (func))
  (global $g (mut i32) (i32.const 0))
  (table 6 6 funcref)
  (elem (i32.const 0) $same $next)
  (elem (i32.const 3) $plain $ping $pong)
  (func $same (param i32) (result i32) (local.get 0))
  (func $next (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $plain)
  ;; get, const, lt_u, if | get, return | get, const, sub, call, get, const, sub, call, add, end
  (func $fib (export "fib") (param i32) (result i32)
    (if (i32.lt_u (local.get 0) (i32.const 2)) (then (return (local.get 0))))
    (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))
  ;; get, eqz, if | const, else | get, const, sub, call, end | end: 3 + 2 + 1 for zero, 3 + 5 + 1 else, but for what the callee takes
  (func $even (export "even") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
  (func $odd (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0)) (else (call $even (i32.sub (local.get 0) (i32.const 1))))))
  ;; const, get, call_indirect, end
  (func (export "indirect") (param i32) (result i32) (call_indirect (type $unary) (i32.const 7) (local.get 0)))
  ;; get, eqz, if | get, return | get, set, get, const, sub, return_call
  (func $tail_down (export "tail_down") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (local.get 0))))
    (global.set $g (local.get 0))
    (return_call $tail_down (i32.sub (local.get 0) (i32.const 1))))
  (func $tail_both (export "tail_both") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (local.get 0))))
    (return_call $tail_wide (i32.sub (local.get 0) (i32.const 1)) (i64.const 1) (f64.const 2) (i32.const 3)))
  (func $tail_wide (param i32 i64 f64 i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (local.get 3))))
    (return_call $tail_both (i32.sub (local.get 0) (i32.const 1))))
  (func (export "tail_table") (param i32) (result i32)
    (return_call_indirect (type $unary) (local.get 0) (local.get 0)))
  (func (export "wide") (result i64)
    (call $twelve (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8)
      (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12))
    i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add)
  (func $twelve (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.get 11) (local.get 10) (local.get 9) (local.get 8) (local.get 7) (local.get 6)
    (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0)
    (i64.store (i32.const 0) (i64.const 5)))
  (memory 1)
  (func $forever (export "forever") (global.set $g (i32.add (global.get $g) (i32.const 1))) (return_call $forever))
  (func $ping (export "forever_table")
    (global.set $g (i32.add (global.get $g) (i32.const 1))) (return_call_indirect (type $plain) (i32.const 5)))
  (func $pong (global.set $g (i32.mul (global.get $g) (i32.const 3))) (return_call_indirect (type $plain) (i32.const 4)))
  (func $a (export "forever_both") (param i32) (global.set $g (local.get 0)) (return_call $b (i64.const 1) (local.get 0)))
  (func $b (param i64 i32) (return_call $a (i32.add (local.get 1) (i32.const 1))))
  ;; Deep enough for every amount that is tried, and the stack allows it.
  (func $recurse (export "recurse") (result i32)
    (global.set $g (i32.add (global.get $g) (i32.const 1))) (i32.add (call $recurse) (i32.const 1))))
