;; The start function is paid for at instantiation; segments and initial values are not.
;;! value = 2
(module
  (memory 2) (table 100 funcref)
  (global $g (mut i32) (i32.add (i32.const 3) (i32.const 4)))
  (data (i32.const 100) "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")
  (elem (i32.const 10) $start $value $start $value)
  (func $start (local i32)
    (local.set 0 (i32.const 10))
    (loop
      (i32.store (i32.mul (local.get 0) (i32.const 8)) (local.get 0))
      (global.set $g (i32.add (global.get $g) (local.get 0)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (memory.fill (i32.const 1000) (i32.const 1) (i32.const 1000)))
  (start $start)
  (func $value (export "value") (result i32) (global.get $g)))
