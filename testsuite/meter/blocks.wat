;; Blocks with and without branches to their ends.
;;! untargeted = 9
;;! targeted 0 = 12
;;! targeted 1 = 9
;;! outer 0 = 14
;;! outer 1 = 8
;;! straight_out = 8
;;! falls_out = 8
;;! with_value 3 = 11
;;! with_value 0 = 8
;;! leaves 0 = 6
;;! leaves 1 = 2
(module
  (global $g (mut i32) (i32.const 0))
  ;; block, block, const, set, end, end | the same block goes on: const, set, end
  (func (export "untargeted")
    (block (block (global.set $g (i32.const 1)))) (global.set $g (i32.const 2)))
  ;; block, local.get, br_if | const, set, end | const, set, const, set, nop, end
  (func (export "targeted") (param i32)
    (block (br_if 0 (local.get 0)) (global.set $g (i32.const 1)))
    (global.set $g (i32.const 2)) (global.set $g (i32.const 3)) nop)
  ;; block, block, local.get, br_if | const, set, end, nop, nop, end | const, set, nop, end
  (func (export "outer") (param i32)
    (block (block (br_if 1 (local.get 0)) (global.set $g (i32.const 1))) nop nop)
    (global.set $g (i32.const 2)) nop)
  ;; block, const, set, br | const, set, nop, end; the end of the block is not executed, nor what stands before it
  (func (export "straight_out")
    (block (global.set $g (i32.const 1)) (br 0) (global.set $g (i32.const 5)))
    (global.set $g (i32.const 2)) nop)
  ;; block, block, const, set, br | const, set, end; the branch between the two ends cannot be reached
  (func (export "falls_out")
    (block (block (global.set $g (i32.const 1)) (br 1)) (br 0)) (global.set $g (i32.const 2)))
  ;; block, local.get, local.get, eqz, br_if | drop, const, end | set, local.get, end
  (func (export "with_value") (param i32) (result i32)
    (global.set $g (block (result i32) (br_if 0 (local.get 0) (i32.eqz (local.get 0))) drop (i32.const 7)))
    (local.get 0))
  ;; local.get, br_if to the body | const, set, nop, end
  (func (export "leaves") (param i32)
    (local.get 0) (br_if 0) (global.set $g (i32.const 1)) nop))
