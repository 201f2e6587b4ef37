;; Loops: once around, many times, nested, left in the middle, never ending.
;;! falls_through = 8
;;! counts 1 = 15
;;! counts 2 = 24
;;! counts 100 = 906
;;! nested 2 3 = 87
;;! leaves 3 = 45
;;! leaves 0 = 9
;;! from_within 4 = 36
;;! endless
;;! endless_store
;;! endless_nested
(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  ;; loop | nop, nop, end, const, set, nop, end
  (func (export "falls_through") (loop nop nop) (global.set $g (i32.const 1)) nop)
  ;; nop, loop | get, const, add, set, get, const, sub, tee, br_if | end, nop, get, end
  (func (export "counts") (param i32) (result i32)
    nop
    (loop
      (global.set $g (i32.add (global.get $g) (i32.const 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    nop
    (global.get $g))
  ;; loop | get, set, loop | 11 | end, get, const, sub, tee, br_if | end, end
  (func (export "nested") (param i32 i32) (local i32)
    (loop
      (local.set 2 (local.get 1))
      (loop
        (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
        (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  ;; Left by a branch at the head: block, loop | get, eqz, br_if | 9 | nop, nop, nop, end
  (func (export "leaves") (param i32)
    (block
      (loop
        (br_if 1 (i32.eqz (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (global.set $g (i32.add (global.get $g) (i32.const 1)))
        (br 0)))
    nop nop nop)
  ;; To the outer loop from an arm within the inner one: loop | get, const, sub, set, loop | get, if | br | nop, end, end, end
  (func (export "from_within") (param i32)
    (loop $outer
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (loop
        (if (local.get 0) (then (br $outer)))
        nop)))
  (func (export "endless") (loop (br 0)))
  (func (export "endless_store")
    (loop (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))) (br 0)))
  (func (export "endless_nested") (local i32)
    (loop $outer
      (local.set 0 (i32.const 5))
      (loop $inner
        (global.set $g (i32.add (global.get $g) (i32.const 1)))
        (br_if $inner (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))
        (br $outer)))))
