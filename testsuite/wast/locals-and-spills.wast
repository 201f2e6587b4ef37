;; More values alive at once than any target has registers, of every type, across calls, branches and traps; and many
;; locals. Each value must come back as it was.

(module
  (memory 1)
  (func $clobber (export "clobber") (param i32) (result i32)
    (local i64 i64 i64 f64 f64 f64)
    (local.set 1 (i64.extend_i32_s (local.get 0)))
    (local.set 4 (f64.convert_i32_s (local.get 0)))
    (i32.add (i32.wrap_i64 (i64.mul (local.get 1) (i64.const 3))) (i32.trunc_f64_s (f64.add (local.get 4) (f64.const 1)))))
  (func (export "i32 alive") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (i32.mul (local.get 0) (i32.const 1))
    (i32.mul (local.get 1) (i32.const 2))
    (i32.mul (local.get 2) (i32.const 3))
    (i32.mul (local.get 3) (i32.const 4))
    (i32.mul (local.get 4) (i32.const 5))
    (i32.mul (local.get 5) (i32.const 6))
    (i32.mul (local.get 6) (i32.const 7))
    (i32.mul (local.get 7) (i32.const 8))
    (i32.mul (local.get 8) (i32.const 9))
    (i32.mul (local.get 9) (i32.const 10))
    (i32.mul (local.get 10) (i32.const 11))
    (i32.mul (local.get 11) (i32.const 12))
    (i32.mul (local.get 12) (i32.const 13))
    (i32.mul (local.get 13) (i32.const 14))
    (i32.mul (local.get 14) (i32.const 15))
    (i32.mul (local.get 15) (i32.const 16))
    (i32.mul (local.get 16) (i32.const 17))
    (i32.mul (local.get 17) (i32.const 18))
    (i32.mul (local.get 18) (i32.const 19))
    (i32.mul (local.get 19) (i32.const 20))
    (i32.mul (local.get 20) (i32.const 21))
    (i32.mul (local.get 21) (i32.const 22))
    (i32.mul (local.get 22) (i32.const 23))
    (i32.mul (local.get 23) (i32.const 24))
    (i32.mul (local.get 24) (i32.const 25))
    (i32.mul (local.get 25) (i32.const 26))
    (i32.mul (local.get 26) (i32.const 27))
    (i32.mul (local.get 27) (i32.const 28))
    (i32.mul (local.get 28) (i32.const 29))
    (i32.mul (local.get 29) (i32.const 30))
    (i32.mul (local.get 30) (i32.const 31))
    (i32.mul (local.get 31) (i32.const 32))
    (i32.mul (local.get 32) (i32.const 33))
    (i32.mul (local.get 33) (i32.const 34))
    (i32.mul (local.get 34) (i32.const 35))
    (i32.mul (local.get 35) (i32.const 36))
    (i32.mul (local.get 36) (i32.const 37))
    (i32.mul (local.get 37) (i32.const 38))
    (i32.mul (local.get 38) (i32.const 39))
    (i32.mul (local.get 39) (i32.const 40))
    (i32.store (i32.const 0) (call $clobber (i32.const 5)))
    i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub i32.sub)
  (func (export "i64 alive") (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)
    (i64.mul (local.get 0) (i64.const 1))
    (i64.mul (local.get 1) (i64.const 2))
    (i64.mul (local.get 2) (i64.const 3))
    (i64.mul (local.get 3) (i64.const 4))
    (i64.mul (local.get 4) (i64.const 5))
    (i64.mul (local.get 5) (i64.const 6))
    (i64.mul (local.get 6) (i64.const 7))
    (i64.mul (local.get 7) (i64.const 8))
    (i64.mul (local.get 8) (i64.const 9))
    (i64.mul (local.get 9) (i64.const 10))
    (i64.mul (local.get 10) (i64.const 11))
    (i64.mul (local.get 11) (i64.const 12))
    (i64.mul (local.get 12) (i64.const 13))
    (i64.mul (local.get 13) (i64.const 14))
    (i64.mul (local.get 14) (i64.const 15))
    (i64.mul (local.get 15) (i64.const 16))
    (i64.mul (local.get 16) (i64.const 17))
    (i64.mul (local.get 17) (i64.const 18))
    (i64.mul (local.get 18) (i64.const 19))
    (i64.mul (local.get 19) (i64.const 20))
    (i64.mul (local.get 20) (i64.const 21))
    (i64.mul (local.get 21) (i64.const 22))
    (i64.mul (local.get 22) (i64.const 23))
    (i64.mul (local.get 23) (i64.const 24))
    (i64.mul (local.get 24) (i64.const 25))
    (i64.mul (local.get 25) (i64.const 26))
    (i64.mul (local.get 26) (i64.const 27))
    (i64.mul (local.get 27) (i64.const 28))
    (i64.mul (local.get 28) (i64.const 29))
    (i64.mul (local.get 29) (i64.const 30))
    (i64.mul (local.get 30) (i64.const 31))
    (i64.mul (local.get 31) (i64.const 32))
    (i64.mul (local.get 32) (i64.const 33))
    (i64.mul (local.get 33) (i64.const 34))
    (i64.mul (local.get 34) (i64.const 35))
    (i64.mul (local.get 35) (i64.const 36))
    (i64.mul (local.get 36) (i64.const 37))
    (i64.mul (local.get 37) (i64.const 38))
    (i64.mul (local.get 38) (i64.const 39))
    (i64.mul (local.get 39) (i64.const 40))
    (i32.store (i32.const 0) (call $clobber (i32.const 5)))
    i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub i64.sub)
  (func (export "f32 alive") (param f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32) (result f32)
    (f32.mul (local.get 0) (f32.const 1))
    (f32.mul (local.get 1) (f32.const 2))
    (f32.mul (local.get 2) (f32.const 3))
    (f32.mul (local.get 3) (f32.const 4))
    (f32.mul (local.get 4) (f32.const 5))
    (f32.mul (local.get 5) (f32.const 6))
    (f32.mul (local.get 6) (f32.const 7))
    (f32.mul (local.get 7) (f32.const 8))
    (f32.mul (local.get 8) (f32.const 9))
    (f32.mul (local.get 9) (f32.const 10))
    (f32.mul (local.get 10) (f32.const 11))
    (f32.mul (local.get 11) (f32.const 12))
    (f32.mul (local.get 12) (f32.const 13))
    (f32.mul (local.get 13) (f32.const 14))
    (f32.mul (local.get 14) (f32.const 15))
    (f32.mul (local.get 15) (f32.const 16))
    (f32.mul (local.get 16) (f32.const 17))
    (f32.mul (local.get 17) (f32.const 18))
    (f32.mul (local.get 18) (f32.const 19))
    (f32.mul (local.get 19) (f32.const 20))
    (f32.mul (local.get 20) (f32.const 21))
    (f32.mul (local.get 21) (f32.const 22))
    (f32.mul (local.get 22) (f32.const 23))
    (f32.mul (local.get 23) (f32.const 24))
    (f32.mul (local.get 24) (f32.const 25))
    (f32.mul (local.get 25) (f32.const 26))
    (f32.mul (local.get 26) (f32.const 27))
    (f32.mul (local.get 27) (f32.const 28))
    (f32.mul (local.get 28) (f32.const 29))
    (f32.mul (local.get 29) (f32.const 30))
    (f32.mul (local.get 30) (f32.const 31))
    (f32.mul (local.get 31) (f32.const 32))
    (f32.mul (local.get 32) (f32.const 33))
    (f32.mul (local.get 33) (f32.const 34))
    (f32.mul (local.get 34) (f32.const 35))
    (f32.mul (local.get 35) (f32.const 36))
    (f32.mul (local.get 36) (f32.const 37))
    (f32.mul (local.get 37) (f32.const 38))
    (f32.mul (local.get 38) (f32.const 39))
    (f32.mul (local.get 39) (f32.const 40))
    (i32.store (i32.const 0) (call $clobber (i32.const 5)))
    f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub f32.sub)
  (func (export "f64 alive") (param f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64) (result f64)
    (f64.mul (local.get 0) (f64.const 1))
    (f64.mul (local.get 1) (f64.const 2))
    (f64.mul (local.get 2) (f64.const 3))
    (f64.mul (local.get 3) (f64.const 4))
    (f64.mul (local.get 4) (f64.const 5))
    (f64.mul (local.get 5) (f64.const 6))
    (f64.mul (local.get 6) (f64.const 7))
    (f64.mul (local.get 7) (f64.const 8))
    (f64.mul (local.get 8) (f64.const 9))
    (f64.mul (local.get 9) (f64.const 10))
    (f64.mul (local.get 10) (f64.const 11))
    (f64.mul (local.get 11) (f64.const 12))
    (f64.mul (local.get 12) (f64.const 13))
    (f64.mul (local.get 13) (f64.const 14))
    (f64.mul (local.get 14) (f64.const 15))
    (f64.mul (local.get 15) (f64.const 16))
    (f64.mul (local.get 16) (f64.const 17))
    (f64.mul (local.get 17) (f64.const 18))
    (f64.mul (local.get 18) (f64.const 19))
    (f64.mul (local.get 19) (f64.const 20))
    (f64.mul (local.get 20) (f64.const 21))
    (f64.mul (local.get 21) (f64.const 22))
    (f64.mul (local.get 22) (f64.const 23))
    (f64.mul (local.get 23) (f64.const 24))
    (f64.mul (local.get 24) (f64.const 25))
    (f64.mul (local.get 25) (f64.const 26))
    (f64.mul (local.get 26) (f64.const 27))
    (f64.mul (local.get 27) (f64.const 28))
    (f64.mul (local.get 28) (f64.const 29))
    (f64.mul (local.get 29) (f64.const 30))
    (f64.mul (local.get 30) (f64.const 31))
    (f64.mul (local.get 31) (f64.const 32))
    (f64.mul (local.get 32) (f64.const 33))
    (f64.mul (local.get 33) (f64.const 34))
    (f64.mul (local.get 34) (f64.const 35))
    (f64.mul (local.get 35) (f64.const 36))
    (f64.mul (local.get 36) (f64.const 37))
    (f64.mul (local.get 37) (f64.const 38))
    (f64.mul (local.get 38) (f64.const 39))
    (f64.mul (local.get 39) (f64.const 40))
    (i32.store (i32.const 0) (call $clobber (i32.const 5)))
    f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub f64.sub)
  (func (export "results") (param i32) (result i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64)
    (i32.add (local.get 0) (i32.const 0)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 0))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 0))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 0)))
    (i32.add (local.get 0) (i32.const 1)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 1))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 1))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 100)))
    (i32.add (local.get 0) (i32.const 2)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 2))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 2))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 200)))
    (i32.add (local.get 0) (i32.const 3)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 3))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 3))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 300)))
    (i32.add (local.get 0) (i32.const 4)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 4))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 4))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 400)))
    (i32.add (local.get 0) (i32.const 5)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 5))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 5))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 500)))
    (i32.add (local.get 0) (i32.const 6)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 6))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 6))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 600)))
    (i32.add (local.get 0) (i32.const 7)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 7))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 7))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 700)))
    (i32.add (local.get 0) (i32.const 8)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 8))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 8))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 800)))
    (i32.add (local.get 0) (i32.const 9)) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 9))) (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 9))) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 900))))
  (func (export "many locals") (param i32) (result i64)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local $sum i64)
    (local.set 1 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1))))
    (local.set 62 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 62))))
    (local.set 123 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 123))))
    (local.set 184 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 184))))
    (local.set 245 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 245))))
    (local.set 306 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 306))))
    (local.set 367 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 367))))
    (local.set 428 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 428))))
    (local.set 489 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 489))))
    (local.set 550 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 550))))
    (local.set 611 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 611))))
    (local.set 672 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 672))))
    (local.set 733 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 733))))
    (local.set 794 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 794))))
    (local.set 855 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 855))))
    (local.set 916 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 916))))
    (local.set 977 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 977))))
    (local.set 1038 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1038))))
    (local.set 1099 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1099))))
    (local.set 1160 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1160))))
    (local.set 1221 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1221))))
    (local.set 1282 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1282))))
    (local.set 1343 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1343))))
    (local.set 1404 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1404))))
    (local.set 1465 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1465))))
    (local.set 1526 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1526))))
    (local.set 1587 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1587))))
    (local.set 1648 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1648))))
    (local.set 1709 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1709))))
    (local.set 1770 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1770))))
    (local.set 1831 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1831))))
    (local.set 1892 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1892))))
    (local.set 1953 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1953))))
    (local.set 2014 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2014))))
    (local.set 2075 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2075))))
    (local.set 2136 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2136))))
    (local.set 2197 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2197))))
    (local.set 2258 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2258))))
    (local.set 2319 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2319))))
    (local.set 2380 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2380))))
    (local.set 2441 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2441))))
    (local.set 2502 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2502))))
    (local.set 2563 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2563))))
    (local.set 2624 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2624))))
    (local.set 2685 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2685))))
    (local.set 2746 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2746))))
    (local.set 2807 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2807))))
    (local.set 2868 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2868))))
    (local.set 2929 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2929))))
    (local.set 2990 (i64.extend_i32_u (i32.add (local.get 0) (i32.const 2990))))
    (drop (call $clobber (local.get 0)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 62)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 123)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 184)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 245)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 306)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 367)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 428)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 489)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 550)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 611)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 672)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 733)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 794)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 855)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 916)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 977)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1038)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1099)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1160)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1221)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1282)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1343)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1404)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1465)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1526)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1587)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1648)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1709)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1770)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1831)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1892)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 1953)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2014)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2075)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2136)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2197)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2258)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2319)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2380)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2441)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2502)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2563)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2624)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2685)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2746)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2807)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2868)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2929)))
    (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (local.get 2990)))
    (local.get $sum))
  (func (export "zero locals") (result i64 f64 i32)
    (local i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32 i64 f64 i32 f32
      i64)
    (local.get 1276) (local.get 1277) (local.get 1278))
  (func (export "across a loop") (param i32) (result i64)
    (local $a i64) (local $b i64) (local $c f64) (local $d f32) (local $i i32)
    (local.set $a (i64.const 1)) (local.set $b (i64.const 2)) (local.set $c (f64.const 3)) (local.set $d (f32.const 4))
    (loop $next
      (local.set $a (i64.add (local.get $a) (local.get $b)))
      (local.set $b (i64.xor (local.get $a) (i64.extend_i32_u (call $clobber (local.get $i)))))
      (local.set $c (f64.add (local.get $c) (f64.convert_i64_s (i64.and (local.get $b) (i64.const 255)))))
      (local.set $d (f32.add (local.get $d) (f32.const 0.5)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get 0))))
    (i64.add (i64.add (local.get $a) (local.get $b)) (i64.add (i64.trunc_f64_s (local.get $c)) (i64.trunc_f32_s (local.get $d))))))

(assert_return (invoke "i32 alive"
  (i32.const -20) (i32.const -17) (i32.const -14) (i32.const -11) (i32.const -8) (i32.const -5) (i32.const -2) (i32.const 1) (i32.const 4) (i32.const 7) (i32.const 10) (i32.const 13) (i32.const 16) (i32.const 19) (i32.const 22) (i32.const 25) (i32.const 28) (i32.const 31) (i32.const 34) (i32.const 37) (i32.const 40) (i32.const 43) (i32.const 46) (i32.const 49) (i32.const 52) (i32.const 55) (i32.const 58) (i32.const 61) (i32.const 64) (i32.const 67) (i32.const 70) (i32.const 73) (i32.const 76) (i32.const 79) (i32.const 82) (i32.const 85) (i32.const 88) (i32.const 91) (i32.const 94) (i32.const 97))
  (i32.const -2000))
(assert_return (invoke "i64 alive"
  (i64.const -20) (i64.const -17) (i64.const -14) (i64.const -11) (i64.const -8) (i64.const -5) (i64.const -2) (i64.const 1) (i64.const 4) (i64.const 7) (i64.const 10) (i64.const 13) (i64.const 16) (i64.const 19) (i64.const 22) (i64.const 25) (i64.const 28) (i64.const 31) (i64.const 34) (i64.const 37) (i64.const 40) (i64.const 43) (i64.const 46) (i64.const 49) (i64.const 52) (i64.const 55) (i64.const 58) (i64.const 61) (i64.const 64) (i64.const 67) (i64.const 70) (i64.const 73) (i64.const 76) (i64.const 79) (i64.const 82) (i64.const 85) (i64.const 88) (i64.const 91) (i64.const 94) (i64.const 97))
  (i64.const -2000))
(assert_return (invoke "f32 alive"
  (f32.const -20) (f32.const -17) (f32.const -14) (f32.const -11) (f32.const -8) (f32.const -5) (f32.const -2) (f32.const 1) (f32.const 4) (f32.const 7) (f32.const 10) (f32.const 13) (f32.const 16) (f32.const 19) (f32.const 22) (f32.const 25) (f32.const 28) (f32.const 31) (f32.const 34) (f32.const 37) (f32.const 40) (f32.const 43) (f32.const 46) (f32.const 49) (f32.const 52) (f32.const 55) (f32.const 58) (f32.const 61) (f32.const 64) (f32.const 67) (f32.const 70) (f32.const 73) (f32.const 76) (f32.const 79) (f32.const 82) (f32.const 85) (f32.const 88) (f32.const 91) (f32.const 94) (f32.const 97))
  (f32.const -2000))
(assert_return (invoke "f64 alive"
  (f64.const -20) (f64.const -17) (f64.const -14) (f64.const -11) (f64.const -8) (f64.const -5) (f64.const -2) (f64.const 1) (f64.const 4) (f64.const 7) (f64.const 10) (f64.const 13) (f64.const 16) (f64.const 19) (f64.const 22) (f64.const 25) (f64.const 28) (f64.const 31) (f64.const 34) (f64.const 37) (f64.const 40) (f64.const 43) (f64.const 46) (f64.const 49) (f64.const 52) (f64.const 55) (f64.const 58) (f64.const 61) (f64.const 64) (f64.const 67) (f64.const 70) (f64.const 73) (f64.const 76) (f64.const 79) (f64.const 82) (f64.const 85) (f64.const 88) (f64.const 91) (f64.const 94) (f64.const 97))
  (f64.const -2000))
(assert_return (invoke "results" (i32.const 1000))
  (i32.const 1000) (i64.const 0) (f32.const 1000) (f64.const 1000)
  (i32.const 1001) (i64.const 1000) (f32.const 999) (f64.const 1100)
  (i32.const 1002) (i64.const 2000) (f32.const 998) (f64.const 1200)
  (i32.const 1003) (i64.const 3000) (f32.const 997) (f64.const 1300)
  (i32.const 1004) (i64.const 4000) (f32.const 996) (f64.const 1400)
  (i32.const 1005) (i64.const 5000) (f32.const 995) (f64.const 1500)
  (i32.const 1006) (i64.const 6000) (f32.const 994) (f64.const 1600)
  (i32.const 1007) (i64.const 7000) (f32.const 993) (f64.const 1700)
  (i32.const 1008) (i64.const 8000) (f32.const 992) (f64.const 1800)
  (i32.const 1009) (i64.const 9000) (f32.const 991) (f64.const 1900))
(assert_return (invoke "many locals" (i32.const 7)) (i64.const 0xab86ae873fc7351d))
(assert_return (invoke "zero locals") (i64.const 0) (f64.const 0) (i32.const 0))
(assert_return (invoke "across a loop" (i32.const 1000)) (i64.const 0x3c5b2))
