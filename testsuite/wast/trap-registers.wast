;; Traps while every register holds a value: whoever called must find his own values in those that a callee keeps. The runner
;; compares them after each call.

(module
  (memory 1 1)
  ;; Forty numbers of either type, from 1 on.
  (func $fill (local i32)
    (loop $next
      (f64.store (i32.shl (local.get 0) (i32.const 3)) (f64.convert_i32_s (i32.add (local.get 0) (i32.const 1))))
      (i64.store offset=512 (i32.shl (local.get 0) (i32.const 3)) (i64.extend_i32_s (i32.add (local.get 0) (i32.const 1))))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get 0) (i32.const 40)))))
  (start $fill)

  ;; What is loaded before the trap is added up after it, where there is none.
  (func (export "integers") (param i32 i32) (result i64)
    (i64.load (i32.const 512)) (i64.load (i32.const 520)) (i64.load (i32.const 528)) (i64.load (i32.const 536)) (i64.load (i32.const 544))
    (i64.load (i32.const 552)) (i64.load (i32.const 560)) (i64.load (i32.const 568)) (i64.load (i32.const 576)) (i64.load (i32.const 584))
    (i64.load (i32.const 592)) (i64.load (i32.const 600)) (i64.load (i32.const 608)) (i64.load (i32.const 616)) (i64.load (i32.const 624))
    (i64.load (i32.const 632)) (i64.load (i32.const 640)) (i64.load (i32.const 648)) (i64.load (i32.const 656)) (i64.load (i32.const 664))
    (i64.load (i32.const 672)) (i64.load (i32.const 680)) (i64.load (i32.const 688)) (i64.load (i32.const 696)) (i64.load (i32.const 704))
    (i64.load (i32.const 712)) (i64.load (i32.const 720)) (i64.load (i32.const 728)) (i64.load (i32.const 736)) (i64.load (i32.const 744))
    (i64.load (i32.const 752)) (i64.load (i32.const 760)) (i64.load (i32.const 768)) (i64.load (i32.const 776)) (i64.load (i32.const 784))
    (i64.load (i32.const 792)) (i64.load (i32.const 800)) (i64.load (i32.const 808)) (i64.load (i32.const 816)) (i64.load (i32.const 824))
    (drop (i32.load (local.get 0)))
    (drop (i32.div_u (i32.const 1) (local.get 1)))
    i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add
    i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add
    i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add)

  (func (export "floats") (param i32 i32) (result f64)
    (f64.load (i32.const 0)) (f64.load (i32.const 8)) (f64.load (i32.const 16)) (f64.load (i32.const 24)) (f64.load (i32.const 32))
    (f64.load (i32.const 40)) (f64.load (i32.const 48)) (f64.load (i32.const 56)) (f64.load (i32.const 64)) (f64.load (i32.const 72))
    (f64.load (i32.const 80)) (f64.load (i32.const 88)) (f64.load (i32.const 96)) (f64.load (i32.const 104)) (f64.load (i32.const 112))
    (f64.load (i32.const 120)) (f64.load (i32.const 128)) (f64.load (i32.const 136)) (f64.load (i32.const 144)) (f64.load (i32.const 152))
    (f64.load (i32.const 160)) (f64.load (i32.const 168)) (f64.load (i32.const 176)) (f64.load (i32.const 184)) (f64.load (i32.const 192))
    (f64.load (i32.const 200)) (f64.load (i32.const 208)) (f64.load (i32.const 216)) (f64.load (i32.const 224)) (f64.load (i32.const 232))
    (f64.load (i32.const 240)) (f64.load (i32.const 248)) (f64.load (i32.const 256)) (f64.load (i32.const 264)) (f64.load (i32.const 272))
    (f64.load (i32.const 280)) (f64.load (i32.const 288)) (f64.load (i32.const 296)) (f64.load (i32.const 304)) (f64.load (i32.const 312))
    (drop (i32.load (local.get 0)))
    (drop (i32.div_u (i32.const 1) (local.get 1)))
    f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add
    f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add
    f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add f64.add))

(assert_return (invoke "integers" (i32.const 0) (i32.const 1)) (i64.const 820))
(assert_trap (invoke "integers" (i32.const -1) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "integers" (i32.const 0) (i32.const 0)) "integer divide by zero")
(assert_return (invoke "floats" (i32.const 0) (i32.const 1)) (f64.const 820))
(assert_trap (invoke "floats" (i32.const -1) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "floats" (i32.const 0) (i32.const 0)) "integer divide by zero")

;; Vectors: whoever called finds in the halves that a callee keeps (v8 to v15 of aarch64) what was there, also when another function
;; between him and the trap uses all registers, and when the trap is in a function of its own.
(module
  (memory 1 1)
  (func $fill (local i32)
    (loop $next
      (v128.store (i32.shl (local.get 0) (i32.const 4))
        (i32x4.add (i32x4.splat (i32.add (local.get 0) (i32.const 1))) (v128.const i32x4 0 100 200 300)))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get 0) (i32.const 40)))))
  (start $fill)

  (func $vectors (export "vectors") (param i32 i32) (result v128)
    (v128.load (i32.const 0)) (v128.load (i32.const 16)) (v128.load (i32.const 32))
    (v128.load (i32.const 48)) (v128.load (i32.const 64)) (v128.load (i32.const 80))
    (v128.load (i32.const 96)) (v128.load (i32.const 112)) (v128.load (i32.const 128))
    (v128.load (i32.const 144)) (v128.load (i32.const 160)) (v128.load (i32.const 176))
    (v128.load (i32.const 192)) (v128.load (i32.const 208)) (v128.load (i32.const 224))
    (v128.load (i32.const 240)) (v128.load (i32.const 256)) (v128.load (i32.const 272))
    (v128.load (i32.const 288)) (v128.load (i32.const 304)) (v128.load (i32.const 320))
    (v128.load (i32.const 336)) (v128.load (i32.const 352)) (v128.load (i32.const 368))
    (v128.load (i32.const 384)) (v128.load (i32.const 400)) (v128.load (i32.const 416))
    (v128.load (i32.const 432)) (v128.load (i32.const 448)) (v128.load (i32.const 464))
    (v128.load (i32.const 480)) (v128.load (i32.const 496)) (v128.load (i32.const 512))
    (v128.load (i32.const 528)) (v128.load (i32.const 544)) (v128.load (i32.const 560))
    (v128.load (i32.const 576)) (v128.load (i32.const 592)) (v128.load (i32.const 608))
    (v128.load (i32.const 624))
    (drop (v128.load (local.get 0)))
    (drop (i32.div_u (i32.const 1) (local.get 1)))
    i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add
    i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add
    i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add i32x4.add)

  (func $far (export "far") (param i32 i32) (result v128)
    (v128.load (i32.const 0)) (v128.load (i32.const 16)) (v128.load (i32.const 32))
    (v128.load (i32.const 48)) (v128.load (i32.const 64)) (v128.load (i32.const 80))
    (v128.load (i32.const 96)) (v128.load (i32.const 112)) (v128.load (i32.const 128))
    (v128.load (i32.const 144)) (v128.load (i32.const 160)) (v128.load (i32.const 176))
    (v128.load (i32.const 192)) (v128.load (i32.const 208)) (v128.load (i32.const 224))
    (v128.load (i32.const 240)) (v128.load (i32.const 256)) (v128.load (i32.const 272))
    (v128.load (i32.const 288)) (v128.load (i32.const 304)) (v128.load (i32.const 320))
    (v128.load (i32.const 336)) (v128.load (i32.const 352)) (v128.load (i32.const 368))
    (v128.load (i32.const 384)) (v128.load (i32.const 400)) (v128.load (i32.const 416))
    (v128.load (i32.const 432)) (v128.load (i32.const 448)) (v128.load (i32.const 464))
    (v128.load (i32.const 480)) (v128.load (i32.const 496)) (v128.load (i32.const 512))
    (v128.load (i32.const 528)) (v128.load (i32.const 544)) (v128.load (i32.const 560))
    (v128.load (i32.const 576)) (v128.load (i32.const 592)) (v128.load (i32.const 608))
    (v128.load (i32.const 624))
    (drop (call $vectors (local.get 0) (local.get 1)))
    f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max
    f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max
    f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max f64x2.max
    (v128.const i64x2 0 0)
    (v128.and)
    (call $vectors (local.get 0) (local.get 1))
    (i32x4.add))

  (func (export "scalar between") (param f64 i32 i32) (result f64)
    (f64.add (local.get 0) (f64.convert_i32_s (i32x4.extract_lane 3 (call $far (local.get 1) (local.get 2)))))))

(assert_return (invoke "vectors" (i32.const 0) (i32.const 1)) (v128.const i32x4 820 4820 8820 12820))
(assert_trap (invoke "vectors" (i32.const -1) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "vectors" (i32.const 65521) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "vectors" (i32.const 0) (i32.const 0)) "integer divide by zero")
(assert_return (invoke "far" (i32.const 0) (i32.const 1)) (v128.const i32x4 820 4820 8820 12820))
(assert_trap (invoke "far" (i32.const -1) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "far" (i32.const 65521) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "far" (i32.const 0) (i32.const 0)) "integer divide by zero")
(assert_return (invoke "scalar between" (f64.const 0.5) (i32.const 0) (i32.const 1)) (f64.const 12820.5))
(assert_trap (invoke "scalar between" (f64.const 0.5) (i32.const -1) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "scalar between" (f64.const 0.5) (i32.const 0) (i32.const 0)) "integer divide by zero")
