//! Modules that must be refused, and what must not happen on the way.

use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{ErrorKind, Options, compile};

fn refuse(arch: Arch, wasm: &[u8]) -> ErrorKind {
    let mut options = Options::new(Target::new(arch), "refused");
    options.threads = 1;
    compile(wasm, &options).expect_err("the module must be refused").kind()
}

/// A body that fails to validate leaves a function half built; the bodies after it are compiled by the same thread.
#[test]
fn a_bad_body_does_not_spoil_the_next() {
    let mut text = String::from(
        "(module (func (result i32) (block (loop (if (i32.const 1) (then (i64.const 1) (drop) (br 2))))) (i32.const 7))",
    );
    for _ in 0..12 {
        text.push_str("(func (param i32) (result i32) (block (loop (br_if 1 (local.get 0)))) (local.get 0))");
    }
    text.push(')');
    let mut wasm = wat::parse_str(&text).expect("the module is well formed");
    // The constant of the first body becomes one of another type: `i32.const 7` → `i64.const 7`.
    let place = wasm.windows(2).position(|pair| pair == [0x41, 0x07]).expect("the constant is there");
    wasm[place] = 0x42;
    for arch in Arch::ALL {
        assert_eq!(refuse(arch, &wasm), ErrorKind::Invalid);
    }
}

/// A few bytes of calls ask for millions of values.
#[test]
fn values_have_a_limit() {
    let results = "i64 ".repeat(1000);
    let body: String = (0..2000).map(|_| format!("(call $many) {}", "(drop)".repeat(1000))).collect();
    let text = format!("(module (import \"e\" \"m\" (func $many (result {results}))) (func {body}))");
    let wasm = wat::parse_str(&text).expect("the module is well formed");
    let mut options = Options::new(Target::new(Arch::Aarch64), "values");
    options.limits.function_operators = usize::MAX;
    options.limits.function_bytes = usize::MAX;
    let error = compile(&wasm, &options).expect_err("the module must be refused");
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    assert!(error.message().contains("values"), "{error}");
}

/// Many checks in one long block: the time grows with their number, not with its square. Counted in work, not in seconds: a
/// quadratic rewriting of this many would not end.
#[test]
fn many_checks_in_one_block_compile() {
    let loads = "(i32.load)".repeat(60_000);
    let text = format!("(module (memory 1) (func (param i32) (result i32) (local.get 0) {loads}))");
    let wasm = wat::parse_str(&text).expect("the module is well formed");
    for arch in Arch::ALL {
        compile(&wasm, &Options::new(Target::new(arch), "checks")).expect("the module compiles");
    }
}
