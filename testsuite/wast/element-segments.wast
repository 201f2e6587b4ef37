;; Element segments of all eight binary forms: active with and without a table index, passive, declared; with function
;; indices and with expressions. And what becomes of them.

(module (global (export "four") i32 (i32.const 4)))
(register "offset")

(module
  (type $number (func (result i32)))
  (import "offset" "four" (global $offset i32))
  (table $t0 10 funcref)
  (table $t1 12 funcref)
  (table $hosts 4 externref)
  ;; 0: active, table 0, indices
  (elem (i32.const 1) $f1 $f2)
  ;; 1: passive, indices
  (elem $passive func $f3 $f4 $f5)
  ;; 2: active, table index, indices
  (elem (table $t1) (i32.const 2) func $f1 $f3)
  ;; 3: declared, indices
  (elem $declared declare func $f6)
  ;; 4: active, table 0, expressions
  (elem (global.get $offset) funcref (ref.func $f4) (ref.null func) (item ref.func $f5))
  ;; 5: passive, expressions
  (elem $expressions funcref (ref.null func) (ref.func $f2))
  ;; 6: active, table index, expressions
  (elem (table $t1) (i32.const 8) funcref (ref.func $f5) (ref.null func))
  ;; 7: declared, expressions
  (elem declare funcref (ref.func $f6))
  ;; of the other type
  (elem $nulls externref (ref.null extern) (ref.null extern))
  ;; empty, at the very end
  (elem (table $t0) (i32.const 10) func)

  (func $f1 (result i32) (i32.const 1))
  (func $f2 (result i32) (i32.const 2))
  (func $f3 (result i32) (i32.const 3))
  (func $f4 (result i32) (i32.const 4))
  (func $f5 (result i32) (i32.const 5))
  (func $f6 (result i32) (i32.const 6))

  (func (export "call 0") (param i32) (result i32) (call_indirect $t0 (type $number) (local.get 0)))
  (func (export "call 1") (param i32) (result i32) (call_indirect $t1 (type $number) (local.get 0)))
  (func (export "init passive") (param i32 i32 i32) (table.init $t0 $passive (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init expressions") (param i32 i32 i32)
    (table.init $t1 $expressions (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init declared") (param i32 i32 i32) (table.init $t0 $declared (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init nulls") (param i32 i32 i32) (table.init $hosts $nulls (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop passive") (elem.drop $passive))
  (func (export "drop expressions") (elem.drop $expressions))
  (func (export "declared") (result i32)
    (table.set $t0 (i32.const 9) (ref.func $f6))
    (call_indirect $t0 (type $number) (i32.const 9)))
  (func (export "host") (param i32) (result externref) (table.get $hosts (local.get 0)))
  (func (export "set host") (param i32 externref) (table.set $hosts (local.get 0) (local.get 1)))
  (func (export "copy 0 to 1") (param i32 i32 i32) (table.copy $t1 $t0 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy 0 to 0") (param i32 i32 i32) (table.copy $t0 $t0 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill 0") (param i32 i32) (table.fill $t0 (local.get 0) (ref.func $f1) (local.get 1))))

;; What instantiation wrote.
(assert_trap (invoke "call 0" (i32.const 0)) "uninitialized element")
(assert_return (invoke "call 0" (i32.const 1)) (i32.const 1))
(assert_return (invoke "call 0" (i32.const 2)) (i32.const 2))
(assert_trap (invoke "call 0" (i32.const 3)) "uninitialized element")
(assert_return (invoke "call 0" (i32.const 4)) (i32.const 4))
(assert_trap (invoke "call 0" (i32.const 5)) "uninitialized element")
(assert_return (invoke "call 0" (i32.const 6)) (i32.const 5))
(assert_trap (invoke "call 0" (i32.const 7)) "uninitialized element")
(assert_return (invoke "call 1" (i32.const 2)) (i32.const 1))
(assert_return (invoke "call 1" (i32.const 3)) (i32.const 3))
(assert_return (invoke "call 1" (i32.const 8)) (i32.const 5))
(assert_trap (invoke "call 1" (i32.const 9)) "uninitialized element")
(assert_trap (invoke "call 1" (i32.const 12)) "undefined element")
(assert_return (invoke "declared") (i32.const 6))

;; Active and declared segments are dropped by then: only nothing can be taken from them.
(assert_return (invoke "init declared" (i32.const 0) (i32.const 0) (i32.const 0)))
(assert_trap (invoke "init declared" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init declared" (i32.const 0) (i32.const 1) (i32.const 0)) "out of bounds table access")

;; Passive ones last until dropped.
(assert_return (invoke "init passive" (i32.const 7) (i32.const 1) (i32.const 2)))
(assert_return (invoke "call 0" (i32.const 7)) (i32.const 4))
(assert_return (invoke "call 0" (i32.const 8)) (i32.const 5))
(assert_return (invoke "init passive" (i32.const 10) (i32.const 3) (i32.const 0)))
(assert_trap (invoke "init passive" (i32.const 11) (i32.const 3) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "init passive" (i32.const 10) (i32.const 4) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "init passive" (i32.const 8) (i32.const 0) (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "init passive" (i32.const 0) (i32.const 1) (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "init passive" (i32.const 0) (i32.const 0xffffffff) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init passive" (i32.const 0xffffffff) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init passive" (i32.const 0) (i32.const 0) (i32.const 0xffffffff)) "out of bounds table access")
(assert_trap (invoke "call 0" (i32.const 0)) "uninitialized element")
(assert_return (invoke "call 0" (i32.const 8)) (i32.const 5))
(assert_return (invoke "init expressions" (i32.const 0) (i32.const 0) (i32.const 2)))
(assert_trap (invoke "call 1" (i32.const 0)) "uninitialized element")
(assert_return (invoke "call 1" (i32.const 1)) (i32.const 2))
(assert_return (invoke "drop passive"))
(assert_return (invoke "drop passive"))
(assert_return (invoke "init passive" (i32.const 0) (i32.const 0) (i32.const 0)))
(assert_trap (invoke "init passive" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_return (invoke "init expressions" (i32.const 10) (i32.const 1) (i32.const 1)))
(assert_return (invoke "call 1" (i32.const 10)) (i32.const 2))
(assert_return (invoke "drop expressions"))
(assert_trap (invoke "init expressions" (i32.const 10) (i32.const 1) (i32.const 1)) "out of bounds table access")

(assert_return (invoke "set host" (i32.const 3) (ref.extern 7)))
(assert_return (invoke "host" (i32.const 3)) (ref.extern 7))
(assert_return (invoke "init nulls" (i32.const 2) (i32.const 0) (i32.const 2)))
(assert_return (invoke "host" (i32.const 3)) (ref.null extern))
(assert_trap (invoke "host" (i32.const 4)) "out of bounds table access")
(assert_trap (invoke "set host" (i32.const 4) (ref.extern 7)) "out of bounds table access")
(assert_trap (invoke "host" (i32.const 0x80000000)) "out of bounds table access")

;; Copies overlap in both directions; those that do not fit write nothing.
(assert_return (invoke "copy 0 to 0" (i32.const 2) (i32.const 1) (i32.const 3)))
(assert_return (invoke "call 0" (i32.const 2)) (i32.const 1))
(assert_return (invoke "call 0" (i32.const 3)) (i32.const 2))
(assert_trap (invoke "call 0" (i32.const 4)) "uninitialized element")
(assert_return (invoke "copy 0 to 0" (i32.const 0) (i32.const 2) (i32.const 2)))
(assert_return (invoke "call 0" (i32.const 0)) (i32.const 1))
(assert_return (invoke "call 0" (i32.const 1)) (i32.const 2))
(assert_return (invoke "copy 0 to 1" (i32.const 4) (i32.const 6) (i32.const 4)))
(assert_return (invoke "call 1" (i32.const 4)) (i32.const 5))
(assert_return (invoke "call 1" (i32.const 5)) (i32.const 4))
(assert_return (invoke "call 1" (i32.const 7)) (i32.const 6))
(assert_trap (invoke "copy 0 to 1" (i32.const 0) (i32.const 7) (i32.const 4)) "out of bounds table access")
(assert_trap (invoke "call 1" (i32.const 0)) "uninitialized element")
(assert_trap (invoke "copy 0 to 1" (i32.const 9) (i32.const 0) (i32.const 4)) "out of bounds table access")
(assert_trap (invoke "fill 0" (i32.const 5) (i32.const 6)) "out of bounds table access")
(assert_trap (invoke "call 0" (i32.const 5)) "uninitialized element")
(assert_return (invoke "fill 0" (i32.const 5) (i32.const 5)))
(assert_return (invoke "call 0" (i32.const 5)) (i32.const 1))
(assert_return (invoke "call 0" (i32.const 9)) (i32.const 1))

;; A segment may take its offset and its references from imported globals, and refer to imported functions.
(module $provider
  (global (export "at") i32 (i32.const 1))
  (global (export "ref") funcref (ref.func $f))
  (func $f (export "f") (result i32) (i32.const 31)))
(register "provider")
(module
  (import "provider" "at" (global $at i32))
  (import "provider" "ref" (global $ref funcref))
  (import "provider" "f" (func $f (result i32)))
  (table 4 funcref)
  (elem (global.get $at) funcref (global.get $ref) (ref.func $f))
  (elem (i32.add (global.get $at) (i32.const 2)) func $f)
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
(assert_trap (invoke "call" (i32.const 0)) "uninitialized element")
(assert_return (invoke "call" (i32.const 1)) (i32.const 31))
(assert_return (invoke "call" (i32.const 2)) (i32.const 31))
(assert_return (invoke "call" (i32.const 3)) (i32.const 31))

;; Offsets at the edge.
(assert_trap (module (table 3 funcref) (elem (i32.const 3) $f) (func $f)) "out of bounds table access")
(assert_trap (module (table 3 funcref) (elem (i32.const -1) $f) (func $f)) "out of bounds table access")
(assert_trap (module (table 3 funcref) (elem (i32.const 4) func)) "out of bounds table access")
(assert_trap (module (table 0 funcref) (elem (i32.const 0x20000000) $f) (func $f)) "out of bounds table access")
(module (table 3 funcref) (elem (i32.const 3) func))
