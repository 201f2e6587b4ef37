;; Tail calls take no stack: a million of them in a row, with and without arguments on the stack, between functions of
;; different signatures, through tables and across modules of the domain.

(module $far
  (table (export "table") 4 funcref)
  (type $count (func (param i64 i64) (result i64)))
  (func (export "bounce") (type $count)
    (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $count)
      (i64.sub (local.get 0) (i64.const 1)) (i64.add (local.get 1) (i64.const 1)) (i32.const 0))))
(register "far")

(module
  (import "far" "table" (table $shared 4 funcref))
  (type $count (func (param i64 i64) (result i64)))
  (import "far" "bounce" (func $bounce (type $count)))
  (table $own funcref (elem $indirect $few $lots))
  (elem (table $shared) (i32.const 0) func $back)

  (func $self (export "self") (param i64 i64) (result i64)
    (if (result i64) (i64.eqz (local.get 0))
      (then (local.get 1))
      (else (return_call $self (i64.sub (local.get 0) (i64.const 1)) (i64.add (local.get 1) (i64.const 3))))))

  (func $even (export "even") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
    (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call $even (i32.sub (local.get 0) (i32.const 1))))

  (func $indirect (export "indirect") (param i64 i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect $own (type $count)
      (i64.sub (local.get 0) (i64.const 1)) (i64.add (local.get 1) (i64.const 2)) (i32.const 0)))

  ;; From few arguments to many and back: the frame of the arguments changes its size with every call.
  (func $few (export "few and many") (param i64) (result f64)
    (if (i64.le_s (local.get 0) (i64.const 0)) (then (return (f64.const -1))))
    (return_call $lots
      (i64.sub (local.get 0) (i64.const 1))
      (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8)
      (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12)
      (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6) (f64.const 7) (f64.const 8)
      (f64.const 9) (f64.const 10) (f64.const 11) (f64.const 12)))
  (func $lots
    (param $left i64)
    (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (param f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
    (result f64)
    (if (i64.eqz (local.get $left))
      (then
        (return
          (f64.add
            (f64.convert_i64_s (i64.add (i64.mul (local.get 11) (i64.const 100)) (local.get 12)))
            (f64.mul (local.get 24) (f64.const 10000))))))
    (return_call $few (i64.sub (local.get $left) (i64.const 1))))

  ;; Many results, which come back through memory of the caller's.
  (func $results (export "results") (param i32) (result i32 i64 f32 f64 i32 i64 f32 f64 i32 i64)
    (if (i32.eqz (local.get 0))
      (then (return (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5) (i64.const 6) (f32.const 7)
        (f64.const 8) (i32.const 9) (i64.const 10))))
    (return_call $results (i32.sub (local.get 0) (i32.const 1))))

  (func $back (type $count) (return_call $bounce (local.get 0) (local.get 1)))
  (func (export "across") (type $count) (return_call $bounce (local.get 0) (local.get 1)))

  ;; Locals and temporaries of the caller must not outlive the call, nor be mixed up with the arguments.
  (func $rotate (export "rotate") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (if (i32.eqz (local.get 0))
      (then (return (i32.add (i32.mul (local.get 1) (i32.const 1000)) (local.get 10)))))
    (return_call $rotate (i32.sub (local.get 0) (i32.const 1))
      (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6)
      (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 1))))

(assert_return (invoke "self" (i64.const 1000000) (i64.const 0)) (i64.const 3000000))
(assert_return (invoke "even" (i32.const 1000000)) (i32.const 1))
(assert_return (invoke "even" (i32.const 1000001)) (i32.const 0))
(assert_return (invoke "indirect" (i64.const 1000000) (i64.const 5)) (i64.const 2000005))
(assert_return (invoke "few and many" (i64.const 1)) (f64.const 121112))
(assert_return (invoke "few and many" (i64.const 2)) (f64.const -1))
(assert_return (invoke "few and many" (i64.const 1000001)) (f64.const 121112))
(assert_return (invoke "results" (i32.const 1000000))
  (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5) (i64.const 6) (f32.const 7) (f64.const 8)
  (i32.const 9) (i64.const 10))
(assert_return (invoke "across" (i64.const 1000000) (i64.const 1)) (i64.const 1000001))
(assert_return
  (invoke "rotate" (i32.const 1000003) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)
    (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9) (i32.const 10))
  (i32.const 4003))
