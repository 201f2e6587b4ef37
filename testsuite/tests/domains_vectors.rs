//! Modules that exchange vectors: within a domain in registers or halves, as the row has it, and across domains in slots.

use saggar_abi::trap::Code;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Artifact, Options, Provider, compile};
use saggar_testsuite::target::image::Image;
use saggar_testsuite::target::link::{LinkError, LinkInput, LinkOptions, link};
use saggar_testsuite::target::runner::{Outcome, Runner, RunnerOptions};
use saggar_testsuite::vector_rows;

const STACK_BYTES: u32 = 128 * 1024;

/// Takes and gives vectors and what is not, more than fit in registers; traps on request.
const CALLEE: &str = r#"(module
  (type $many (func (param v128 i32 v128 f64 v128 v128 v128 v128 v128 v128 v128 v128 i64) (result v128 i64 v128)))
  (global $calls (export "calls") (mut v128) (v128.const i32x4 1 2 3 4))
  (global (export "fixed") v128 (v128.const i64x2 10 20))
  (func (export "many") (type $many)
    (global.set $calls (i32x4.add (global.get $calls) (v128.const i32x4 1 1 1 1)))
    (drop (i32.div_u (i32.const 1) (local.get 1)))
    (i64x2.sub (local.get 11) (local.get 0))
    (i64.add (local.get 12) (i64.trunc_f64_s (local.get 3)))
    (i64x2.add (local.get 2) (i64x2.add (local.get 4) (i64x2.add (local.get 5) (i64x2.add (local.get 6)
      (i64x2.add (local.get 7) (i64x2.add (local.get 8) (i64x2.add (local.get 9) (local.get 10)))))))))
  (func (export "vector") (param v128) (result v128) (v128.not (local.get 0)))
  (func (export "scalar") (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3))))"#;

/// What a caller of another domain and one of the same have in common.
const CALLS: &str = r#"
  (table funcref (elem $many $vector))
  (func $sum (param v128 i64 v128) (result i64)
    (i64.add (i64.add (i64x2.extract_lane 0 (local.get 0)) (i64.mul (i64.const 7) (i64x2.extract_lane 1 (local.get 0))))
      (i64.add (i64.mul (i64.const 31) (local.get 1))
        (i64.add (i64.mul (i64.const 100) (i64x2.extract_lane 0 (local.get 2)))
          (i64.mul (i64.const 10000) (i64x2.extract_lane 1 (local.get 2)))))))
  (func $arguments (param i64) (result v128 i32 v128 f64 v128 v128 v128 v128 v128 v128 v128 v128 i64)
    (v128.const i64x2 1 2) (i32.wrap_i64 (local.get 0)) (v128.const i64x2 3 4) (f64.const 5) (v128.const i64x2 6 7)
    (v128.const i64x2 8 9) (v128.const i64x2 10 11) (v128.const i64x2 12 13) (v128.const i64x2 14 15) (v128.const i64x2 16 17)
    (v128.const i64x2 18 19) (v128.const i64x2 20 21) (i64.const 22))
  (func (export "direct") (param i64) (result i64)
    (call $sum (call $many (call $arguments (local.get 0)))))
  (func (export "indirect") (param i64) (result i64)
    (call $sum (call_indirect (type $many) (call $arguments (local.get 0)) (i32.const 0))))
  (func $tail (param i64) (result v128 i64 v128) (return_call $many (call $arguments (local.get 0))))
  (func (export "tail") (param i64) (result i64) (call $sum (call $tail (local.get 0))))
  (func $tail_indirect (param i64) (result v128 i64 v128)
    (return_call_indirect (type $many) (call $arguments (local.get 0)) (i32.const 0)))
  (func (export "tail indirect") (param i64) (result i64) (call $sum (call $tail_indirect (local.get 0))))
  (func (export "one") (param i64) (result i64)
    (i64x2.extract_lane 0 (call $vector (i64x2.splat (local.get 0)))))"#;

/// What all ways to call give.
const SUM: i64 = (20 - 1)
    + 7 * (21 - 2)
    + 31 * (22 + 5)
    + 100 * (3 + 6 + 8 + 10 + 12 + 14 + 16 + 18)
    + 10_000 * (4 + 7 + 9 + 11 + 13 + 15 + 17 + 19);

fn caller(globals: &str) -> String {
    format!(
        r#"(module
  (type $many (func (param v128 i32 v128 f64 v128 v128 v128 v128 v128 v128 v128 v128 i64) (result v128 i64 v128)))
  (import "callee" "many" (func $many (type $many)))
  (import "callee" "vector" (func $vector (param v128) (result v128)))
  {globals} {CALLS})"#
    )
}

fn riscv(cpu: &str) -> Target {
    Target::find("riscv64", Some(cpu)).expect("the row exists")
}

fn fire(target: Target, text: &str, name: &str, domain: Option<&str>, provider: Provider) -> Artifact {
    let mut options = Options::new(target, name);
    options.domain = domain.map(str::to_string);
    options.default_provider = provider;
    options.verify = true;
    compile(&wat::parse_str(text).expect("the module is well formed"), &options).expect("the module compiles")
}

fn image(arch: Arch, artifacts: &[&Artifact]) -> Result<Image, LinkError> {
    let inputs: Vec<LinkInput> =
        artifacts.iter().map(|artifact| LinkInput { name: &artifact.interface.module, bytes: &artifact.object }).collect();
    link(arch, &inputs, &LinkOptions::default())
}

struct Running {
    runner: Runner,
    image: Image,
}

impl Running {
    /// On a machine that has what the row declares.
    fn start(target: Target, image: Image) -> Running {
        let mut runner = Runner::start(target.arch(), RunnerOptions::for_target(target)).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        Running { runner, image }
    }

    fn call(&mut self, symbol: &str, slots: &[u64]) -> (Option<Code>, Vec<u64>) {
        let address = self.image.symbol(symbol).unwrap_or_else(|| panic!("{symbol} is in the image"));
        match self.runner.call(address, slots, 4, STACK_BYTES).expect("the runner answers") {
            Outcome::Completed { code, slots, .. } => (Code::from_number(code), slots),
            other => panic!("{symbol}: {other:?}"),
        }
    }

    fn number(&mut self, name: &str, argument: i64) -> (Option<Code>, i64) {
        let (code, slots) = self.call(&format!("sg__entry__caller__{name}__FlRl"), &[argument.cast_unsigned()]);
        (code, slots[0].cast_signed())
    }

    fn instantiate(&mut self, modules: &[&str]) {
        for module in modules {
            assert_eq!(self.call(&format!("sg__instantiate__{module}"), &[]).0, Some(Code::Ok), "{module}");
        }
    }

    fn every_way(&mut self, what: &str) {
        for way in ["direct", "indirect", "tail", "tailZ20indirect"] {
            assert_eq!(self.number(way, 1), (Some(Code::Ok), SUM), "{what} {way}");
            assert_eq!(self.number(way, 0).0, Some(Code::IntegerDivisionByZero), "{what} {way}");
        }
        assert_eq!(self.number("one", 41), (Some(Code::Ok), !41), "{what}");
    }
}

#[test]
fn modules_of_one_domain_exchange_vectors() {
    let globals = r#"
      (import "callee" "calls" (global $calls (mut v128)))
      (import "callee" "fixed" (global $fixed v128))
      (export "calls again" (global $calls)) (export "many again" (func $many))
      (global $copy v128 (global.get $fixed))
      (func (export "calls") (param v128) (result v128 v128)
        (global.get $calls) (global.set $calls (local.get 0))
        (i64x2.add (global.get $copy) (global.get $fixed)))"#;
    let last = r#"(module
      (import "caller" "calls again" (global $calls (mut v128)))
      (func (export "calls") (result v128) (global.get $calls)))"#;
    for target in vector_rows() {
        let (arch, cpu) = (target.arch(), target.cpu().name);
        let callee = fire(target, CALLEE, "callee", Some("d"), Provider::Host);
        let caller = fire(target, &caller(globals), "caller", Some("d"), Provider::Domain);
        let last = fire(target, last, "last", Some("d"), Provider::Domain);
        let image = image(arch, &[&callee, &caller, &last]).expect("the modules link");
        let mut running = Running::start(target, image);
        running.instantiate(&["callee", "caller", "last"]);
        running.every_way(cpu);
        // Eight calls were counted; what the one sets the others see.
        let counted = |n: u64| [(n + 2) << 32 | (n + 1), (n + 4) << 32 | (n + 3)];
        let (code, slots) = running.call("sg__entry__caller__calls__FvRvv", &[5, 6]);
        assert_eq!((code, &slots[..2], &slots[2..]), (Some(Code::Ok), &counted(8)[..], &[20, 40][..]), "{cpu}");
        assert_eq!(running.call("sg__entry__last__calls__FRv", &[]).1[..2], [5, 6], "{cpu}");
    }
}

#[test]
fn domains_exchange_vectors() {
    for target in vector_rows() {
        let (arch, cpu) = (target.arch(), target.cpu().name);
        let callee = fire(target, CALLEE, "callee", None, Provider::Host);
        let caller = fire(target, &caller(""), "caller", None, Provider::Foreign);
        let mut running = Running::start(target, image(arch, &[&callee, &caller]).expect("the modules link"));
        running.instantiate(&["callee", "caller"]);
        running.every_way(cpu);
    }
}

/// Across domains vectors are in slots, which are the same for every row; so there rows mix.
#[test]
fn domains_of_different_rows_exchange_vectors() {
    for (first, second) in [("rv64gc", "rv64gcv"), ("rv64gcv", "rv64gc")] {
        let callee = fire(riscv(first), CALLEE, "callee", None, Provider::Host);
        let caller = fire(riscv(second), &caller(""), "caller", None, Provider::Foreign);
        let image = image(Arch::Riscv64, &[&callee, &caller]).expect("the modules link");
        let mut running = Running::start(riscv("rv64gcv"), image);
        running.instantiate(&["callee", "caller"]);
        running.every_way(first);
    }
}

/// Within a domain a vector is in a register on the one and in two on the other: such modules must not be joined by it.
#[test]
fn modules_of_different_rows_link_without_vectors_only() {
    let vector = r#"(module (import "callee" "vector" (func $f (param v128) (result v128)))
      (func (export "f") (param i64) (result i64) (i64x2.extract_lane 0 (call $f (i64x2.splat (local.get 0))))))"#;
    let scalar = r#"(module (import "callee" "scalar" (func $f (param i64) (result i64)))
      (import "callee" "fixed" (global $fixed v128))
      (func (export "f") (param i64) (result i64)
        (i64.add (call $f (local.get 0)) (i64x2.extract_lane 1 (global.get $fixed)))))"#;
    for (first, second) in [("rv64gc", "rv64gcv"), ("rv64gcv", "rv64gc")] {
        let fire = |cpu: &str, text: &str, name: &str, provider: Provider| fire(riscv(cpu), text, name, Some("d"), provider);
        let callee = fire(first, CALLEE, "callee", Provider::Host);
        let error = image(Arch::Riscv64, &[&callee, &fire(second, vector, "caller", Provider::Domain)])
            .expect_err("a vector is not two integers");
        let LinkError::Undefined { symbols } = error else { panic!("{error}") };
        assert!(symbols.iter().any(|symbol| symbol.contains("vector")), "{symbols:?}");
        let image = image(Arch::Riscv64, &[&callee, &fire(second, scalar, "caller", Provider::Domain)])
            .expect("scalars, and vectors in memory, are the same");
        let mut running = Running::start(riscv("rv64gcv"), image);
        running.instantiate(&["callee", "caller"]);
        assert_eq!(running.number("f", 5), (Some(Code::Ok), 35), "{first} {second}");
    }
}

/// Where no symbol joins them, a table may: the type that an indirect call looks for tells the two apart too.
#[test]
fn tables_tell_vectors_from_halves() {
    let provider = r#"(module
      (table (export "t") 3 funcref)
      (elem (i32.const 0) $vector $scalar $halves)
      (func $vector (param v128) (result v128) (local.get 0))
      (func $scalar (param i64) (result i64) (local.get 0))
      (func $halves (param i64 i64) (result i64 i64) (local.get 0) (local.get 1)))"#;
    let user = r#"(module (import "callee" "t" (table 3 funcref))
      (type $vector (func (param v128) (result v128)))
      (type $scalar (func (param i64) (result i64)))
      (func (export "vector") (param i64) (result i64)
        (i64x2.extract_lane 0 (call_indirect (type $vector) (v128.const i64x2 6 7) (i32.wrap_i64 (local.get 0)))))
      (func (export "scalar") (param i64) (result i64) (call_indirect (type $scalar) (i64.const 8) (i32.wrap_i64 (local.get 0)))))"#;
    for (first, second) in [("rv64gc", "rv64gcv"), ("rv64gcv", "rv64gc"), ("rv64gc", "rv64gc"), ("rv64gcv", "rv64gcv")] {
        let callee = fire(riscv(first), provider, "callee", Some("d"), Provider::Host);
        let caller = fire(riscv(second), user, "caller", Some("d"), Provider::Domain);
        let image = image(Arch::Riscv64, &[&callee, &caller]).expect("the modules link");
        let mut running = Running::start(riscv("rv64gcv"), image);
        running.instantiate(&["callee", "caller"]);
        let mismatch = Some(Code::BadSignature);
        let vector = running.number("vector", 0);
        assert_eq!(vector.0, if first == second { Some(Code::Ok) } else { mismatch }, "{first} {second}");
        assert!(first != second || vector.1 == 6);
        assert_eq!(running.number("vector", 1).0, mismatch, "{first} {second}");
        assert_eq!(running.number("vector", 2).0, mismatch, "{first} {second}");
        assert_eq!(running.number("scalar", 1), (Some(Code::Ok), 8), "{first} {second}");
    }
}
