;; br_table: to several depths, with a value, to a loop, out of the body; the ends to which it goes begin blocks.
;;! three 0 = 16
;;! three 1 = 11
;;! three 2 = 7
;;! three 99 = 7
;;! skips 0 = 13
;;! skips 1 = 8
;;! value 0 = 14
;;! value 1 = 10
;;! value 7 = 5
;;! again 3 = 31
;;! again 1 = 13
(module
  (global $g (mut i32) (i32.const 0))
  ;; 3 blocks, get, br_table: 5 | const, set, nop, nop, end: 5 | const, set, nop, end: 4 | nop, end: 2
  (func (export "three") (param i32)
    (block (block (block (br_table 0 1 2 (local.get 0)))
        (global.set $g (i32.const 1)) nop nop)
      (global.set $g (i32.const 2)) nop)
    nop)
  ;; Nothing goes to the block in the middle, so its end begins no block: 3 blocks, get, br_table | nop, end, nop, nop, end | …
  (func (export "skips") (param i32)
    (block (block (block (br_table 0 2 (local.get 0))) nop) nop nop) (global.set $g (i32.const 2)))
  ;; A value goes along; the default leaves the body. block, block, const, get, br_table | const, add, nop, end | set, get, get, mul, end
  (func (export "value") (param i32) (result i32)
    (block (result i32)
      (block (result i32) (br_table 0 1 2 (i32.const 4) (local.get 0)))
      (i32.add (i32.const 5)) nop)
    (global.set $g)
    (i32.mul (global.get $g) (local.get 0)))
  ;; Back to a loop as long as there is something: block, loop | 9 | nop, end
  (func (export "again") (param i32)
    (block
      (loop
        (global.set $g (local.get 0))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_table 0 1 (i32.eqz (local.get 0)))))
    nop))
