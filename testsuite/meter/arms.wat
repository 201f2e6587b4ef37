;; Both arms, one arm, arms that leave, and arms that give values.
;;! one 0 = 5
;;! one 1 = 8
;;! both 0 = 8
;;! both 1 = 7
;;! value 5 = 8
;;! value 0 = 8
;;! then_leaves 1 = 3
;;! then_leaves 0 = 7
;;! else_leaves 0 = 3
;;! else_leaves 1 = 7
;;! both_leave 1 = 3
;;! both_leave 0 = 4
;;! empty 0 = 4
;;! empty 1 = 4
;;! to_the_end 0 = 5
;;! to_the_end 1 = 9
;;! to_the_end 2 = 12
;;! chain 0 = 8
;;! chain 1 = 13
;;! chain 2 = 18
;;! chain 3 = 18
;;! traps 0 = 4
;;! traps 1 traps = 3
(module
  (global $g (mut i32) (i32.const 0))
  ;; get, if | const, set, end | nop, nop, end
  (func (export "one") (param i32) (if (local.get 0) (then (global.set $g (i32.const 1)))) nop nop)
  ;; get, if | const, set, else | const, set, nop, end | nop, end
  (func (export "both") (param i32)
    (if (local.get 0)
      (then (global.set $g (i32.const 1)))
      (else (global.set $g (i32.const 2)) nop))
    nop)
  ;; get, if | get, const, add, else | const, set, const, end | nop, end
  (func (export "value") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (local.get 0) (i32.const 1)))
      (else (global.set $g (i32.const 2)) (i32.const 4)))
    nop)
  ;; get, if | return (else) | const, set, end | nop, end
  (func (export "then_leaves") (param i32)
    (if (local.get 0) (then return) (else (global.set $g (i32.const 2)))) nop)
  (func (export "else_leaves") (param i32)
    (if (local.get 0) (then (global.set $g (i32.const 2))) (else return)) nop)
  ;; What stands behind both cannot be reached.
  (func (export "both_leave") (param i32)
    (if (local.get 0) (then return) (else nop return)) nop nop (global.set $g (i32.const 9)))
  ;; get, if | else or end | end
  (func (export "empty") (param i32) (if (local.get 0) (then) (else)))
  ;; get, if | get, const, eq, br_if | const, set, end | nop, nop, end
  (func (export "to_the_end") (param i32)
    (if (local.get 0)
      (then (br_if 0 (i32.eq (local.get 0) (i32.const 1))) (global.set $g (i32.const 3))))
    nop nop)
  ;; get, eqz, if | const, else | get, const, eq, if | const, else | …; behind each inner `if` one `end`; const, set, end
  (func (export "chain") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 10))
      (else
        (if (result i32) (i32.eq (local.get 0) (i32.const 1))
          (then (i32.const 20))
          (else
            (if (result i32) (i32.eq (local.get 0) (i32.const 2))
              (then (i32.const 30))
              (else (i32.const 40)))))))
    (global.set $g (i32.const 1)))
  (func (export "traps") (param i32) (if (local.get 0) (then unreachable)) nop))
