;; Everything that can go on for ever, and some that does not. `$n` counts rounds.
(module
  (import "host" "tick" (func $tick))
  (import "host" "enter" (func $enter (param i32) (result i32)))
  (import "second" "quick" (func $second_quick (result i32)))
  (import "second" "spin" (func $second_spin))
  (import "second" "ticking" (func $second_ticking))
  (type $plain (func))
  (type $steps (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table 8 funcref)
  (elem (i32.const 0) $round $round_back $leaf $step)
  (global $n (mut i64) (i64.const 0))
  (global $code (mut i32) (i32.const 0))

  (func (export "rounds") (result i64) (global.get $n))
  (func (export "code") (result i32) (global.get $code))
  (func $leaf)
  (func $count (global.set $n (i64.add (global.get $n) (i64.const 1))))

  ;; Loops that end with a timer alone. What they do is as little as possible, so that nothing keeps a check in its place but that
  ;; it belongs there.
  (func (export "spin_bare") (loop (br 0)))
  (func (export "spin_register") (local i64)
    (loop (local.set 0 (i64.add (local.get 0) (i64.const 1))) (br 0)))
  (func (export "spin_condition") (local i64)
    (loop (br_if 0 (i64.ne (local.tee 0 (i64.mul (i64.add (local.get 0) (i64.const 2)) (i64.const 2))) (i64.const 7)))))
  (func (export "spin_load") (loop (br_if 0 (i32.eqz (i32.load (i32.const 64))))))
  (func (export "spin_store")
    (loop (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1))) (br 0)))
  (func (export "spin_global") (loop (global.set $n (i64.add (global.get $n) (i64.const 1))) (br 0)))
  (func (export "spin_nested") (local i32)
    (loop $outer
      (local.set 0 (i32.const 9))
      (loop $inner (br_if $inner (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (br $outer)))
  (func (export "spin_inner") (loop $outer (loop $inner (br $inner)) (br $outer)))
  (func (export "spin_arms") (local i32)
    (loop
      (if (i32.and (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1)) (then (br 1)) (else (br 1)))))
  (func (export "spin_switch") (local i32)
    (loop $a
      (block $b
        (loop $c
          (local.set 0 (i32.add (local.get 0) (i32.const 1)))
          (br_table $a $b $c $c $a (i32.rem_u (local.get 0) (i32.const 5)))))
      (br $a)))
  (func (export "spin_value") (result i32)
    (i32.const 5) (loop (param i32) (result i32) (i32.const 3) i32.mul (br 0)))
  (func (export "spin_calls") (loop (call $leaf) (br 0)))
  (func (export "spin_indirect") (loop (call_indirect (type $plain) (i32.const 2)) (br 0)))
  (func (export "spin_grow") (loop (drop (memory.grow (i32.const 0))) (br 0)))
  (func (export "spin_fill") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 40)) (br 0)))

  ;; Tail calls that go round for ever.
  (func $tail (export "spin_tail") (return_call $tail))
  (func $ping (export "spin_tails") (return_call $pong (i32.const 1) (i64.const 2)))
  (func $pong (param i32 i64) (return_call $ping))
  (func $round (export "spin_tail_table") (return_call_indirect (type $plain) (i32.const 1)))
  (func $round_back (return_call_indirect (type $plain) (i32.const 0)))
  (func $wide (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (return_call $wide (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7) (local.get 8)
      (local.get 9) (local.get 10) (local.get 11) (local.get 0)))
  (func (export "spin_tail_wide")
    (return_call $wide (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8)
      (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12)))
  (func $step (param i32) (result i32) (return_call_indirect (type $steps) (local.get 0) (i32.const 3)))
  (func (export "spin_tail_value") (result i32) (return_call $step (i32.const 4)))

  ;; The same with a host function that sets the flag in the round that it was told: that round is the last.
  (func (export "ticks_loop") (loop (call $count) (call $tick) (br 0)))
  (func (export "ticks_while") (loop (call $count) (call $tick) (br_if 0 (i64.lt_u (global.get $n) (i64.const 1000000)))))
  (func (export "ticks_inner")
    (loop $outer (loop $inner (call $count) (call $tick) (br_if $outer (i32.const 0)) (br $inner))))
  (func (export "ticks_switch") (loop (call $count) (call $tick) (br_table 0 0 (i32.wrap_i64 (global.get $n)))))
  (func $ticks_tail (export "ticks_tail") (call $count) (call $tick) (return_call $ticks_tail))
  (func $ticks_down (export "ticks_down") (call $count) (call $tick) (call $ticks_down))

  ;; What ends by itself.
  (func $finite (export "finite") (result i32) (local i32)
    (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100)))) (local.get 0))
  (func (export "inner") (param i32) (result i32) (loop (call $count) (call $tick) (br_if 0 (local.get 0))) (i32.const 1))
  ;; Goes into the host, which comes back with `inner`; keeps the code with which that ended, and then has a loop.
  (func (export "outer") (result i32) (global.set $code (call $enter (i32.const 1))) (call $finite))
  (func (export "outer_ticks") (result i32) (call $tick) (global.set $code (call $enter (i32.const 1))) (call $finite))
  (func (export "outer_straight") (result i32) (global.set $code (call $enter (i32.const 1))) (i32.const 5))

  ;; Into the other domain.
  (func (export "to_quick") (result i32) (call $second_quick))
  (func (export "ticks_to_quick") (result i32) (call $tick) (call $second_quick))
  (func (export "to_spin") (call $second_spin))
  (func (export "to_ticking") (result i32) (call $second_ticking) (call $finite)))
