;; A skill that keeps no promise. What it does wrong, `planted_fault` says; it is as good as any other once it is started anew.
;; The test that goes with it is speaker-app/app/src/skills/tests.rs.
(module
  (import "speaker" "say" (func $say (param i32 i32)))
  (import "speaker" "ask" (func $ask (param i32 i32)))
  (import "speaker" "log" (func $log (param i32 i32)))
  ;; Twice, which is no fault.
  (import "speaker" "log" (func $log_again (param i32 i32)))
  (import "speaker" "play" (func $play (param i32 i32) (result i32)))
  (import "speaker" "timer_set" (func $timer_set (param i64 i32 i32) (result i32)))
  (import "speaker" "timer_list" (func $timer_list (param i32 i32) (result i32)))
  (import "speaker" "kv_get" (func $kv_get (param i32 i32 i32 i32) (result i32)))
  (import "speaker" "kv_put" (func $kv_put (param i32 i32 i32 i32) (result i32)))
  (import "speaker" "http_fetch" (func $http_fetch (param i32 i32) (result i32)))
  (import "speaker" "home_call" (func $home_call (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (global $kind (mut i32) (i32.const 0))
  (global $taken (mut i32) (i32.const 0))
  (data (i32.const 100) "say=refused")
  (data (i32.const 120) "say=taken")
  (data (i32.const 140) "say=good")
  (data (i32.const 160) "value")
  (data (i32.const 65528) "say=edge")

  ;; Names that what is linked with it has, too.
  (func (export "STACK_BYTES") (export "take") (export "skill-init") (export "_memory") (param f64) (result f64) (local.get 0))
  (func (export "planted_fault") (param $kind i32) (global.set $kind (local.get $kind)))
  (func (export "skill_init") (result i32) (i32.const 0))
  (func (export "skill_close") (if (i32.eq (global.get $kind) (i32.const 50)) (then (unreachable))))

  ;; Where a message may be written.
  (func (export "skill_alloc") (param $n i32) (result i32)
    (if (i32.eq (global.get $kind) (i32.const 20)) (then (return (i32.const 0))))
    (if (i32.eq (global.get $kind) (i32.const 21)) (then (return (i32.const -1))))
    (if (i32.eq (global.get $kind) (i32.const 22)) (then (return (i32.const 65536))))
    (if (i32.eq (global.get $kind) (i32.const 23)) (then (return (i32.sub (i32.const 65537) (local.get $n)))))
    (if (i32.eq (global.get $kind) (i32.const 24)) (then (return (i32.sub (i32.const 65536) (local.get $n)))))
    (i32.const 1024))

  (func $reply (param $at i32) (param $len i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))

  ;; Counts what was not refused.
  (func $want_refused (param $result i32)
    (if (i32.ne (local.get $result) (i32.const -1))
      (then (global.set $taken (i32.add (global.get $taken) (i32.const 1))))))

  ;; Hands over a text that is not there to every function that takes one.
  (func $lie (param $at i32) (param $len i32)
    (call $say (local.get $at) (local.get $len))
    (call $ask (local.get $at) (local.get $len))
    (call $log (local.get $at) (local.get $len))
    (call $log_again (local.get $at) (local.get $len))
    (call $want_refused (call $play (local.get $at) (local.get $len)))
    (call $want_refused (call $timer_set (i64.const 1000) (local.get $at) (local.get $len)))
    (call $want_refused (call $kv_get (local.get $at) (local.get $len) (i32.const 200) (i32.const 10)))
    (call $want_refused (call $kv_put (local.get $at) (local.get $len) (i32.const 160) (i32.const 5)))
    (call $want_refused (call $kv_put (i32.const 160) (i32.const 1) (local.get $at) (local.get $len)))
    (call $want_refused (call $http_fetch (local.get $at) (local.get $len)))
    (call $want_refused (call $home_call (local.get $at) (local.get $len))))

  ;; What was taken of it all.
  (func $verdict (result i64)
    (if (result i64) (global.get $taken)
      (then (call $reply (i32.const 120) (i32.const 9)))
      (else (call $reply (i32.const 100) (i32.const 11)))))

  (func $deeper (param $n i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get $n) (i32.const 1))) (i32.const 1)))

  (func (export "skill_on_event") (param i32 i32) (result i64) (i64.const 0))

  (func (export "skill_on_intent") (param $at i32) (param $len i32) (result i64)
    (local $n i32)
    ;; Replies that are not within the memory, or too long.
    (if (i32.eq (global.get $kind) (i32.const 10)) (then (return (call $reply (i32.const 65536) (i32.const 1)))))
    (if (i32.eq (global.get $kind) (i32.const 11)) (then (return (call $reply (i32.const -1) (i32.const -1)))))
    (if (i32.eq (global.get $kind) (i32.const 12)) (then (return (call $reply (i32.const 0) (i32.const 4097)))))
    (if (i32.eq (global.get $kind) (i32.const 13)) (then (return (call $reply (i32.const 65535) (i32.const 2)))))
    (if (i32.eq (global.get $kind) (i32.const 14)) (then (return (call $reply (i32.const 4) (i32.const -4)))))
    ;; The last one that is.
    (if (i32.eq (global.get $kind) (i32.const 15)) (then (return (call $reply (i32.const 65528) (i32.const 8)))))
    ;; An empty one anywhere.
    (if (i32.eq (global.get $kind) (i32.const 16)) (then (return (call $reply (i32.const -1) (i32.const 0)))))
    ;; Texts that are not there, or too long.
    (if (i32.eq (global.get $kind) (i32.const 30)) (then
      (call $lie (i32.const -1) (i32.const 5))
      (call $lie (i32.const 0) (i32.const -1))
      (call $lie (i32.const 65530) (i32.const 100))
      (call $lie (i32.const 65536) (i32.const 1))
      (call $lie (i32.const 0) (i32.const 4097))
      (call $lie (i32.const 0x80000000) (i32.const 0x80000000))
      (return (call $verdict))))
    ;; Answers that have no room where they shall go.
    (if (i32.eq (global.get $kind) (i32.const 31)) (then
      ;; The key is `v`, its value `value`.
      (if (call $kv_put (i32.const 160) (i32.const 1) (i32.const 160) (i32.const 5)) (then (unreachable)))
      (call $want_refused (call $kv_get (i32.const 160) (i32.const 1) (i32.const 65533) (i32.const 100)))
      (call $want_refused (call $kv_get (i32.const 160) (i32.const 1) (i32.const -1) (i32.const 5)))
      (drop (call $timer_set (i64.const 100000) (i32.const 160) (i32.const 5)))
      (call $want_refused (call $timer_list (i32.const 65535) (i32.const 100)))
      ;; What fits is written, and its whole length told.
      (if (i32.ne (call $kv_get (i32.const 160) (i32.const 1) (i32.const 65533) (i32.const 3)) (i32.const 5)) (then (unreachable)))
      (if (i32.ne (i32.load8_u (i32.const 65535)) (i32.const 108)) (then (unreachable)))
      ;; More than is granted.
      (call $want_refused (call $kv_put (i32.const 160) (i32.const 1) (i32.const 300) (i32.const 101)))
      ;; A host and a device that are not.
      (call $want_refused (call $http_fetch (i32.const 160) (i32.const 5)))
      (call $want_refused (call $home_call (i32.const 160) (i32.const 5)))
      (return (call $verdict))))
    ;; A thousand sentences at once.
    (if (i32.eq (global.get $kind) (i32.const 32)) (then
      (local.set $n (i32.const 1000))
      (loop $again
        (call $say (i32.const 160) (i32.const 5))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (return (i64.const 0))))
    ;; Writes to the disk again and again, which costs it next to nothing.
    (if (i32.eq (global.get $kind) (i32.const 33)) (then
      (local.set $n (i32.const 1000))
      (loop $again
        (drop (call $kv_put (i32.const 160) (i32.const 1) (i32.const 160) (i32.and (local.get $n) (i32.const 15))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (return (i64.const 0))))
    ;; Lists that cost it next to nothing.
    (if (i32.eq (global.get $kind) (i32.const 34)) (then
      (local.set $n (i32.const 2000))
      (loop $again
        (drop (call $timer_list (i32.const 200) (i32.const 10)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (call $want_refused (call $timer_list (i32.const 200) (i32.const 10)))
      (return (call $verdict))))
    ;; Traps and an endless loop.
    (if (i32.eq (global.get $kind) (i32.const 40)) (then (unreachable)))
    (if (i32.eq (global.get $kind) (i32.const 41)) (then (loop $for_ever (br $for_ever))))
    (if (i32.eq (global.get $kind) (i32.const 42)) (then (drop (call $deeper (i32.const 0)))))
    (if (i32.eq (global.get $kind) (i32.const 43)) (then (drop (i32.load (i32.const 65533)))))
    (if (i32.eq (global.get $kind) (i32.const 44)) (then (drop (i32.div_s (i32.const 1) (i32.const 0)))))
    ;; More memory, which there is not.
    (if (i32.eq (global.get $kind) (i32.const 45)) (then
      (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))))
    (call $reply (i32.const 140) (i32.const 8))))
