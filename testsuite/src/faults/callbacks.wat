;; A guest that calls the host, which calls it back.
(module
  (import "host" "descend" (func $host_descend (param i32) (result i32)))
  (import "host" "deepen" (func $host_deepen (result i32)))
  (import "host" "instantiate" (func $host_instantiate (result i32)))
  (memory 1)
  ;; The codes of the inner activations, six bits each, the innermost first.
  (global $codes (mut i64) (i64.const 0))
  (global $depth (mut i32) (i32.const 0))
  (global $refusal (mut i32) (i32.const 0))

  (func (export "codes") (result i64) (global.get $codes))

  ;; The innermost activation ends with `unreachable`. Around it every other one divides by zero, after it has heard how
  ;; the one within ended.
  (func (export "descend") (param $levels i32) (result i64)
    (local $code i64)
    (if (i32.eqz (local.get $levels)) (then (unreachable)))
    (local.set $code (i64.extend_i32_u (call $host_descend (i32.sub (local.get $levels) (i32.const 1)))))
    (global.set $codes (i64.or (i64.shl (global.get $codes) (i64.const 6)) (local.get $code)))
    (if (i32.and (local.get $levels) (i32.const 1))
      (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))
    (global.get $codes))

  ;; Down through the host until an activation is refused; how many there were, and the code of the refusal.
  (func (export "deepen") (result i32 i32)
    (local $code i32)
    (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
    (local.set $code (call $host_deepen))
    (if (local.get $code) (then (global.set $refusal (local.get $code))))
    (global.get $depth) (global.get $refusal))

  ;; Asks the host to instantiate this module while it runs; how that ended.
  (func (export "instantiate") (result i32) (call $host_instantiate)))
