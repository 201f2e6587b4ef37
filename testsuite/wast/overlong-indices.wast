;; Indices in overlong LEB128, as linkers leave room for them: compilers for Rust, C and Zig emit table indices of
;; `call_indirect` in five bytes. They mean what they would mean in one.

(module binary
  "\00\61\73\6d\01\00\00\00"
  "\01\0a\02\60\01\7f\01\7f\60\00\01\7f" ;; types
  "\03\04\03\00\01\01" ;; functions
  "\04\07\02\70\00\02\70\00\02" ;; two tables
  "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
  "\09\0f\02\00\41\00\0b\01\01\02\01\41\00\0b\00\01\02" ;; one element for each table
  "\0a\1b\03\0f\00\20\00\11\81\80\80\80\00\80\80\80\80\00\0b\04\00\41\0b\0b\04\00\41\16\0b" ;; call_indirect of type 1 through table 0, both in five bytes
)
(assert_return (invoke "call" (i32.const 0)) (i32.const 11))
(assert_trap (invoke "call" (i32.const 1)) "uninitialized element")
(assert_trap (invoke "call" (i32.const 2)) "undefined element")

(module binary
  "\00\61\73\6d\01\00\00\00"
  "\01\0a\02\60\01\7f\01\7f\60\00\01\7f" ;; types
  "\03\04\03\00\01\01" ;; functions
  "\04\07\02\70\00\02\70\00\02" ;; two tables
  "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
  "\09\0f\02\00\41\00\0b\01\01\02\01\41\00\0b\00\01\02" ;; one element for each table
  "\0a\1b\03\0f\00\20\00\11\81\80\80\80\00\81\80\80\80\00\0b\04\00\41\0b\0b\04\00\41\16\0b" ;; call_indirect of type 1 through table 1, both in five bytes
)
(assert_return (invoke "call" (i32.const 0)) (i32.const 22))
(assert_trap (invoke "call" (i32.const 1)) "uninitialized element")
(assert_trap (invoke "call" (i32.const 2)) "undefined element")

(module binary
  "\00\61\73\6d\01\00\00\00"
  "\01\0a\02\60\01\7f\01\7f\60\00\01\7f" ;; types
  "\03\04\03\00\01\01" ;; functions
  "\04\07\02\70\00\02\70\00\02" ;; two tables
  "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
  "\09\0f\02\00\41\00\0b\01\01\02\01\41\00\0b\00\01\02" ;; one element for each table
  "\0a\1b\03\0f\00\20\00\13\81\80\80\80\00\81\80\80\80\00\0b\04\00\41\0b\0b\04\00\41\16\0b" ;; return_call_indirect likewise
)
(assert_return (invoke "call" (i32.const 0)) (i32.const 22))

(module binary
  "\00\61\73\6d\01\00\00\00"
  "\01\06\01\60\01\7f\01\7f" ;; type
  "\03\03\02\00\00" ;; functions
  "\05\04\01\01\01\01" ;; memory
  "\06\06\01\7f\01\41\05\0b" ;; a global, 5
  "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
  "\0a\37\02\15\00\20\80\80\80\80\00\10\81\80\80\80\00\23\80\80\80\80\00\6a\0b\1f\00\41\90\80\80\80\00\20\00\36\82\80\80\80\00\80\80\80\80\00\41\00\28\82\00\90\80\80\80\00\0b" ;; local.get, call, global.get; i32.const, i32.store, i32.load with alignment and offset
)
(assert_return (invoke "call" (i32.const 37)) (i32.const 42))

(module binary
  "\00\61\73\6d\01\00\00\00"
  "\01\06\01\60\01\7f\01\7f" ;; type
  "\03\02\01\00" ;; function
  "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
  "\0a\21\01\1f\00\02\40\02\40\20\00\0e\81\80\80\80\00\80\80\80\80\00\81\80\80\80\00\0b\41\07\0f\0b\41\09\0b" ;; br_table with its count and its labels in five bytes
)
(assert_return (invoke "call" (i32.const 0)) (i32.const 7))
(assert_return (invoke "call" (i32.const 1)) (i32.const 9))

(assert_malformed
  (module binary
    "\00\61\73\6d\01\00\00\00"
    "\01\0a\02\60\01\7f\01\7f\60\00\01\7f" ;; types
    "\03\04\03\00\01\01" ;; functions
    "\04\07\02\70\00\02\70\00\02" ;; two tables
    "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
    "\09\0f\02\00\41\00\0b\01\01\02\01\41\00\0b\00\01\02" ;; elements
    "\0a\18\03\0c\00\20\00\11\01\80\80\80\80\80\00\0b\04\00\41\0b\0b\04\00\41\16\0b" ;; a table index in six bytes
  )
  "integer representation too long")
(assert_malformed
  (module binary
    "\00\61\73\6d\01\00\00\00"
    "\01\0a\02\60\01\7f\01\7f\60\00\01\7f" ;; types
    "\03\04\03\00\01\01" ;; functions
    "\04\07\02\70\00\02\70\00\02" ;; two tables
    "\07\08\01\04\63\61\6c\6c\00\00" ;; export "call"
    "\09\0f\02\00\41\00\0b\01\01\02\01\41\00\0b\00\01\02" ;; elements
    "\0a\17\03\0b\00\20\00\11\01\80\80\80\80\10\0b\04\00\41\0b\0b\04\00\41\16\0b" ;; a table index with bits beyond 32
  )
  "integer too large")
