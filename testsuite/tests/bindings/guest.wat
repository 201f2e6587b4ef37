;; What the C and the Rust host call. Every export has the type that its name says.
(module $guest
  (import "env" "now" (func $now (result i64)))
  (import "env" "dirty" (func $dirty (param i32) (result i32)))
  (import "env" "register" (func $register (param i32) (result i64)))
  (import "env" "mix"
    (func $mix (param i32 i64 f32 f64 i32 i64 f32 f64 i32 i32 i32 i32 i32 i64 i32) (result f64)))
  (import "env" "reenter" (func $reenter (param i32) (result i32)))
  (import "env" "pair" (func $pair (param i32) (result i32 i64)))
  (import "env" "keep" (func $keep (param externref) (result externref)))
  (import "" "*/ odd\00\"name\"" (func $odd))

  (memory (export "memory") 1 2)
  (data (i32.const 16) "\78\56\34\12")
  (global $counter (export "counter") (mut i32) (i32.const -7))
  (global (export "scale") f64 (f64.const 2.5))
  (table (export "table") 2 funcref)

  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "sub64") (param i64 i64) (result i64) (i64.sub (local.get 0) (local.get 1)))
  (func (export "scale32") (param f32) (result f32) (f32.mul (local.get 0) (f32.const 0.5)))
  (func (export "scale64") (param f64) (result f64) (f64.mul (local.get 0) (global.get 1)))
  (func (export "now") (result i64) (call $now))
  (func (export "nothing") (nop))

  ;; Several results, of every kind.
  (func (export "spread") (param i32) (result i32 i64 f32 f64)
    (local.get 0)
    (i64.extend_i32_s (local.get 0))
    (f32.convert_i32_s (local.get 0))
    (f64.convert_i32_s (local.get 0)))

  ;; What lies above the low half of an i32 that comes from outside must not matter.
  (func (export "widen_signed") (param i32) (result i64) (i64.extend_i32_s (local.get 0)))
  (func (export "widen_unsigned") (param i32) (result i64) (i64.extend_i32_u (local.get 0)))
  (func (export "dirty_signed") (param i32) (result i64) (i64.extend_i32_s (call $dirty (local.get 0))))
  (func (export "dirty_unsigned") (param i32) (result i64) (i64.extend_i32_u (call $dirty (local.get 0))))
  (func (export "dirty_compare") (param i32) (result i32) (i32.eq (call $dirty (local.get 0)) (local.get 0)))
  (func (export "dirty_load") (param i32) (result i32) (i32.load (call $dirty (local.get 0))))
  (func (export "dirty_index") (param i32) (result i32) (i32.load offset=1 (i32.sub (call $dirty (local.get 0)) (i32.const 1))))
  ;; A host sees the whole register of an i32 argument; here its upper half was something else before.
  (func (export "register_of") (param i64) (result i64) (call $register (i32.wrap_i64 (local.get 0))))
  (func (export "register_of_sum") (param i32 i32) (result i64) (call $register (i32.add (local.get 0) (local.get 1))))

  (func (export "mix") (param i32) (result f64)
    (call $mix
      (local.get 0) (i64.const -2) (f32.const 3) (f64.const 4) (i32.const -5) (i64.const 6) (f32.const -7) (f64.const 8)
      (i32.const 9) (i32.const -10) (i32.const 11) (i32.const 12) (i32.const -13) (i64.const 14) (i32.const -15)))
  (func (export "reenter") (param i32) (result i32) (i32.add (call $reenter (local.get 0)) (i32.const 1)))
  (func (export "pair") (param i32) (result i64)
    (local i64)
    (local.set 1 (call $pair (local.get 0)))
    (i64.add (i64.extend_i32_s) (local.get 1)))
  (func (export "keep") (param externref) (result externref) (call $keep (local.get 0)))
  (func (export "*/ odd\00\"name\"") (call $odd))
  (func (export "while") (param i32) (result i32) (local.get 0))
  (func (export "add.") (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
  (func (export "") (result i32) (i32.const 42))

  (func (export "bump") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "unreachable") (unreachable))
  (func $recurse (export "recurse") (param i32) (result i32) (i32.add (call $recurse (local.get 0)) (i32.const 1))))
