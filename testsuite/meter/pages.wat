;; Several memories, and pages of one byte: lengths and gains count in bytes everywhere.
;;! fill_small 0 64 = 6
;;! fill_small 37 64 traps = 5
;;! fill_small 36 64 = 6
;;! across 0 0 100 = 6
;;! across 0 1 100 traps = 5
;;! grow_small 63 = 3
;;! grow_small 64 = 4
;;! grow_small 156 = 5
;;! grow_small 157 = 3
(module
  (memory $large 1) (memory $small 100 256 (pagesize 1))
  (func (export "fill_small") (param i32 i32) (memory.fill $small (local.get 0) (i32.const 7) (local.get 1)))
  (func (export "across") (param i32 i32 i32) (memory.copy $large $small (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow_small") (param i32) (result i32) (memory.grow $small (local.get 0))))
