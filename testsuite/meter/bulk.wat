;; Bulk operators on memory: a 64th of the length, rounded down, when the bounds are right and before anything is written.
;;! fill 0 0 = 7
;;! fill 0 63 = 7
;;! fill 0 64 = 8
;;! fill 0 127 = 8
;;! fill 1 128 = 9
;;! fill 0 4096 = 71
;;! fill 0 65536 = 1031
;;! fill 65536 0 = 7
;;! fill 1 65536 traps = 7
;;! fill 65537 0 traps = 7
;;! fill 0xffffffff 2 traps = 7
;;! fill 0 0xffffffff traps = 7
;;! copy 100 0 63 = 7
;;! copy 100 0 64 = 8
;;! copy 10 0 4096 = 71
;;! copy 0 10 4096 = 71
;;! copy 32768 0 32768 = 519
;;! copy 0 1 65536 traps = 7
;;! copy 1 0 65536 traps = 7
;;! copy 0 65536 0 = 7
;;! init 0 0 63 = 10
;;! init 0 0 64 = 11
;;! init 0 0 200 = 13
;;! init 0 1 200 traps = 10
;;! init 65500 0 100 traps = 10
;;! drops 0 = 12
;;! drops 1 traps = 12
;;! active 0 = 5
;;! active 1 traps = 5
;;! constants = 107
;;! in_a_loop 5 = 108
;;! reads_back 300 = 15
(module
  (memory (export "memory") 1)
  (data $d "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")
  (data $active (i32.const 7) "x")
  (global $g (mut i32) (i32.const 0))
  ;; get, const, get, fill, const, set, end
  (func (export "fill") (param i32 i32)
    (memory.fill (local.get 0) (i32.const 0xab) (local.get 1)) (global.set $g (i32.const 1)))
  ;; get, get, get, copy, const, set, end
  (func (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)) (global.set $g (i32.const 1)))
  (func (export "init") (param i32 i32 i32)
    (i32.store8 (i32.const 0) (i32.const 9))
    (memory.init $d (local.get 0) (local.get 1) (local.get 2)) (global.set $g (i32.const 1)))
  ;; drop, const, const, get, init, …: after the drop nothing but a length of zero is right
  (func (export "drops") (param i32)
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 64))
    (data.drop $d)
    (memory.init $d (i32.const 0) (i32.const 0) (local.get 0)) nop)
  (func (export "active") (param i32) (memory.init $active (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "constants")
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 63))
    (memory.fill (i32.const 0) (i32.const 2) (i32.const 64))
    (memory.fill (i32.const 0) (i32.const 3) (i32.const 65))
    (memory.fill (i32.const 0) (i32.const 4) (i32.const 4096))
    (memory.copy (i32.const 1) (i32.const 0) (i32.const 640))
    (memory.fill (i32.const 0) (i32.const 4) (i32.const 0))
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 128)))
  (func (export "in_a_loop") (param i32)
    (loop
      (memory.fill (i32.mul (local.get 0) (i32.const 640)) (local.get 0) (i32.const 640))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "reads_back") (param i32) (result i32)
    (memory.fill (i32.const 0) (i32.const 1) (local.get 0))
    (memory.copy (i32.const 1000) (i32.const 0) (i32.const 63))
    (i32.load (i32.const 1059))))
