;; Bulk operators on tables: a 64th of the number of elements.
;;! fill 0 0 = 5
;;! fill 0 63 = 5
;;! fill 0 64 = 6
;;! fill 0 65 = 6
;;! fill 904 4096 = 69
;;! fill 905 4096 traps = 5
;;! fill_host 10 7 traps = 5
;;! fill_host 0 10 = 5
;;! copy 100 0 64 = 6
;;! copy 0 100 4096 = 69
;;! copy 4999 0 2 traps = 5
;;! copy 0 4999 2 traps = 5
;;! across 0 0 10 = 5
;;! across 100 3 8 traps = 5
;;! init 0 0 63 = 5
;;! init 0 0 70 = 6
;;! init 4990 0 11 traps = 5
;;! init 0 1 70 traps = 5
;;! drops 0 = 10
;;! drops 1 traps = 10
;;! declared 1 traps = 5
(module
  (table $t 5000 funcref) (table $h 10 externref) (table $u 10 funcref)
  (elem $e func $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f
    $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f $f)
  (elem $declared declare func $f)
  (func $f)
  (func (export "fill") (param i32 i32) (table.fill $t (local.get 0) (ref.func $f) (local.get 1)))
  (func (export "fill_host") (param i32 i32) (table.fill $h (local.get 0) (ref.null extern) (local.get 1)))
  (func (export "copy") (param i32 i32 i32) (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "across") (param i32 i32 i32) (table.copy $t $u (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (table.init $t $e (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drops") (param i32)
    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 60))
    (elem.drop $e)
    (table.init $t $e (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "declared") (param i32) (table.init $t $declared (i32.const 0) (i32.const 0) (local.get 0))))
