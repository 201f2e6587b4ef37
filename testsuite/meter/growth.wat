;; Growth that succeeds costs a 64th of what is gained, afterwards; growth that is refused costs nothing but its operator.
;;! memory 0 = 4
;;! memory 1 = 1028
;;! memory 2 = 2052
;;! memory 3 = 4
;;! memory 0xffffffff = 4
;;! table 0 = 5
;;! table 63 = 5
;;! table 64 = 6
;;! table 65 = 6
;;! table 100 = 5
;;! then_uses 1 traps = 1038
;;! then_uses 2 = 2066
;;! then_uses 9 traps = 14
;;! step_by_step 1 = 2092
(module
  (memory 1 3) (table 0 66 funcref)
  ;; What a table may grow to is decided by the largest.
  (table 200 externref)
  (global $g (mut i32) (i32.const 0))
  ;; get, grow, set, end
  (func (export "memory") (param i32) (global.set $g (memory.grow (local.get 0))))
  (func (export "table") (param i32) (global.set $g (table.grow (ref.null func) (local.get 0))))
  (func (export "then_uses") (param i32)
    (i32.store (i32.const 4) (i32.const 1))
    (global.set $g (memory.grow (local.get 0)))
    (i32.store (i32.const 65536) (i32.const 2))
    (memory.fill (i32.const 131000) (i32.const 1) (i32.const 256)))
  (func (export "step_by_step") (param i32)
    (loop (br_if 0 (i32.ne (memory.grow (local.get 0)) (i32.const -1))))
    (loop (br_if 0 (i32.ne (table.grow (ref.null func) (i32.const 20)) (i32.const -1))))))
