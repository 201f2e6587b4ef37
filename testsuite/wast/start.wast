;; Start functions: their order among segments, imports and callers, and what stays after one that traps.

(module $log
  (global $log (export "log") (mut i32) (i32.const 1))
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (func (export "note") (param i32)
    (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))
  (func (export "byte") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
(register "log")

;; Segments are in place when the start function runs.
(module $first
  (import "log" "note" (func $note (param i32)))
  (import "log" "memory" (memory 1))
  (data (i32.const 0) "\07")
  (start $main)
  (func $main (call $note (i32.load8_u (i32.const 0)))))
(assert_return (get $log "log") (i32.const 17))

;; The start function may be an import.
(module $counter
  (global (export "starts") (mut i32) (i32.const 0))
  (func (export "count") (global.set 0 (i32.add (global.get 0) (i32.const 1)))))
(register "counter")
(module (import "counter" "count" (func $count)) (start $count))
(module (import "counter" "count" (func $count)) (start $count))
(assert_return (get $counter "starts") (i32.const 2))

;; A start function that traps undoes nothing: memory, table and globals of others keep what was written.
(assert_trap
  (module
    (import "log" "note" (func $note (param i32)))
    (import "log" "memory" (memory 1))
    (import "log" "table" (table 4 funcref))
    (data (i32.const 16) "\55")
    (elem (i32.const 2) $answer)
    (func $answer (result i32) (i32.const 42))
    (func $main (call $note (i32.const 3)) (i32.store8 (i32.const 17) (i32.const 0x66)) (unreachable))
    (start $main))
  "unreachable")
(assert_return (get $log "log") (i32.const 173))
(assert_return (invoke $log "byte" (i32.const 16)) (i32.const 0x55))
(assert_return (invoke $log "byte" (i32.const 17)) (i32.const 0x66))
(assert_return (invoke $log "call" (i32.const 2)) (i32.const 42))

;; A segment out of bounds stops the instantiation there: those before it are written, the start function does not run.
(assert_trap
  (module
    (import "log" "note" (func $note (param i32)))
    (import "log" "memory" (memory 1))
    (data (i32.const 32) "\11\12")
    (data (i32.const 65535) "\13\14")
    (data (i32.const 34) "\15")
    (func $main (call $note (i32.const 9)))
    (start $main))
  "out of bounds memory access")
(assert_return (get $log "log") (i32.const 173))
(assert_return (invoke $log "byte" (i32.const 32)) (i32.const 0x11))
(assert_return (invoke $log "byte" (i32.const 33)) (i32.const 0x12))
(assert_return (invoke $log "byte" (i32.const 34)) (i32.const 0))
(assert_return (invoke $log "byte" (i32.const 65535)) (i32.const 0))

(assert_trap
  (module
    (import "log" "memory" (memory 1))
    (import "log" "table" (table 4 funcref))
    (elem (i32.const 3) $f)
    (elem (i32.const 3) $f $f)
    (data (i32.const 40) "\16")
    (func $f (result i32) (i32.const 43)))
  "out of bounds table access")
(assert_return (invoke $log "call" (i32.const 3)) (i32.const 43))
(assert_return (invoke $log "byte" (i32.const 40)) (i32.const 0))

;; A start function may use up the stack, divide by zero, and call indirectly.
(assert_trap (module (func $main (call $main)) (start $main)) "call stack exhausted")
(assert_trap (module (func $main (drop (i32.div_u (i32.const 1) (i32.const 0)))) (start $main)) "integer divide by zero")
(module
  (import "log" "note" (func $note (param i32)))
  (table funcref (elem $inner))
  (func $inner (call $note (i32.const 8)))
  (func $main (call_indirect (i32.const 0)))
  (start $main))
(assert_return (get $log "log") (i32.const 1738))
