;; An imported memory or table must lie within the limits that the import declares: its size now, not when it was
;; declared, and its declared maximum. A refused module writes nothing.

(module $owner
  (memory (export "memory") 1 3)
  (table (export "table") 2 5 funcref)
  (table (export "endless") 2 externref)
  (func (export "first") (result i32) (i32.load8_u (i32.const 0)))
  (func (export "is null") (param i32) (result i32) (ref.is_null (table.get 0 (local.get 0))))
  (func (export "grow memory") (result i32) (memory.grow (i32.const 1)))
  (func (export "grow table") (result i32) (table.grow 0 (ref.null func) (i32.const 1))))
(register "owner")
(module $open (memory (export "memory") 2))
(register "open")

(module (import "owner" "memory" (memory 0)))
(module (import "owner" "memory" (memory 1)))
(module (import "owner" "memory" (memory 1 3)))
(module (import "owner" "memory" (memory 0 65536)))
(assert_unlinkable (module (import "owner" "memory" (memory 2))) "incompatible import type")
(assert_unlinkable (module (import "owner" "memory" (memory 2 3))) "incompatible import type")
(assert_unlinkable (module (import "owner" "memory" (memory 1 2))) "incompatible import type")
(assert_unlinkable (module (import "owner" "memory" (memory 1 1))) "incompatible import type")
(assert_unlinkable (module (import "owner" "memory" (memory 65536))) "incompatible import type")

(module (import "open" "memory" (memory 2)))
(assert_unlinkable (module (import "open" "memory" (memory 2 2))) "incompatible import type")
(assert_unlinkable (module (import "open" "memory" (memory 2 65536))) "incompatible import type")

(module (import "owner" "table" (table 0 funcref)))
(module (import "owner" "table" (table 2 5 funcref)))
(module (import "owner" "table" (table 1 0xffffffff funcref)))
(assert_unlinkable (module (import "owner" "table" (table 3 funcref))) "incompatible import type")
(assert_unlinkable (module (import "owner" "table" (table 2 4 funcref))) "incompatible import type")
(assert_unlinkable (module (import "owner" "table" (table 0xffffffff funcref))) "incompatible import type")
(module (import "owner" "endless" (table 2 externref)))
(assert_unlinkable (module (import "owner" "endless" (table 2 2 externref))) "incompatible import type")
(assert_unlinkable (module (import "owner" "endless" (table 2 0xffffffff externref))) "incompatible import type")

;; Limits are compared before anything is written, whatever the order of imports and segments.
(assert_unlinkable
  (module
    (import "owner" "memory" (memory 1))
    (import "owner" "table" (table 3 funcref))
    (data (i32.const 0) "\ff")
    (elem (i32.const 0) $f)
    (func $f))
  "incompatible import type")
(assert_unlinkable
  (module
    (import "owner" "table" (table 2 funcref))
    (import "owner" "memory" (memory 1 2))
    (data (i32.const 0) "\ff")
    (elem (i32.const 0) $f)
    (func $f))
  "incompatible import type")
(assert_return (invoke $owner "first") (i32.const 0))
(assert_return (invoke $owner "is null" (i32.const 0)) (i32.const 1))

;; What has grown is larger, and its maximum is the same.
(assert_return (invoke $owner "grow memory") (i32.const 1))
(assert_return (invoke $owner "grow table") (i32.const 2))
(module (import "owner" "memory" (memory 2)))
(module (import "owner" "memory" (memory 2 3)))
(assert_unlinkable (module (import "owner" "memory" (memory 3))) "incompatible import type")
(assert_unlinkable (module (import "owner" "memory" (memory 1 2))) "incompatible import type")
(module (import "owner" "table" (table 3 5 funcref)))
(assert_unlinkable (module (import "owner" "table" (table 4 funcref))) "incompatible import type")

;; Limits hold through a re-export as well.
(module
  (import "owner" "memory" (memory 1))
  (import "owner" "table" (table 1 funcref))
  (export "memory" (memory 0))
  (export "table" (table 0)))
(register "passer-on")
(module (import "passer-on" "memory" (memory 2 3)) (import "passer-on" "table" (table 3 5 funcref)))
(assert_unlinkable (module (import "passer-on" "memory" (memory 3))) "incompatible import type")
(assert_unlinkable (module (import "passer-on" "table" (table 3 4 funcref))) "incompatible import type")
