;; A module of another domain.
(module
  (import "host" "tick" (func $tick))
  (global $n (mut i64) (i64.const 0))
  (func (export "rounds") (result i64) (global.get $n))
  (func (export "quick") (result i32) (local i32)
    (global.set $n (i64.add (global.get $n) (i64.const 1)))
    (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 70)))) (local.get 0))
  (func (export "spin") (loop (br 0)))
  ;; A hundred rounds.
  (func (export "ticking")
    (loop
      (global.set $n (i64.add (global.get $n) (i64.const 1))) (call $tick)
      (br_if 0 (i64.lt_u (global.get $n) (i64.const 100)))))
  ;; As long as the host has not ticked a hundred times, it starts.
  (func $start (loop (global.set $n (i64.add (global.get $n) (i64.const 1))) (call $tick)
    (br_if 0 (i64.lt_u (global.get $n) (i64.const 3)))) (global.set $n (i64.const 0)))
  (start $start))
