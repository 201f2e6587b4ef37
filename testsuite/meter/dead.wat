;; Code that cannot be reached costs nothing, whatever stands in it.
;;! after_return 1 = 3
;;! after_br = 4
;;! after_trap traps = 2
;;! after_table 0 = 5
;;! after_tail = 3
;;! dead_loop = 2
;;! revived 0 = 10
;;! revived 1 = 9
;;! bulk = 2
(module
  (memory 1) (table 5 funcref) (data $d "abc") (elem $e func $nothing)
  (global $g (mut i32) (i32.const 0))
  (func $nothing (export "nothing"))
  (func (export "after_return") (param i32) (result i32)
    nop (return (local.get 0))
    (global.set $g (i32.const 4)) (block (loop (br_if 1 (i32.const 1)) (br 0))) (i32.const 3))
  ;; block, br | nop, end
  (func (export "after_br") (block (br 0) (if (i32.const 1) (then nop) (else (br 0)))) nop)
  (func (export "after_trap") nop unreachable (loop (br 0)) nop)
  ;; block, get, br_table | nop, end
  (func (export "after_table") (param i32)
    (block (br_table 0 0 (local.get 0)) (call $nothing) (drop (memory.grow (i32.const 1)))) nop)
  ;; nop, return_call, and the callee's end
  (func (export "after_tail") nop (return_call $nothing) (call $nothing) (call_indirect (i32.const 0)))
  (func (export "dead_loop") nop return (loop (br 0)))
  ;; The arm's code after `br` is dead, the code behind the outer block is not: block, block, get, if | br | nop, br | nop, end, nop, end
  (func (export "revived") (param i32)
    (block (block (if (local.get 0) (then (br 1) nop nop)) nop (br 0) nop) nop) nop)
  ;; Bulk operators among it, too.
  (func (export "bulk")
    nop return
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 100000)) (memory.copy (i32.const 0) (i32.const 1) (i32.const 100000))
    (memory.init $d (i32.const 0) (i32.const 1) (i32.const 100000)) (data.drop $d)
    (table.init $e (i32.const 0) (i32.const 1) (i32.const 100000)) (elem.drop $e)
    (table.copy (i32.const 0) (i32.const 1) (i32.const 100000)) (table.fill (i32.const 0) (ref.null func) (i32.const 100000))
    (drop (table.grow (ref.null func) (i32.const 1000)))))
