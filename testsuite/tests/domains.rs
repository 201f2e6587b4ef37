//! Modules that meet: imports from a module of the same domain, and from one of another domain, on each target.

use saggar_abi::trap::Code;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Artifact, ErrorKind, Options, Provider, compile};
use saggar_testsuite::target::image::Image;
use saggar_testsuite::target::link::{LinkError, LinkInput, LinkOptions, link};
use saggar_testsuite::target::runner::{Outcome, Runner, RunnerOptions};

const STACK_BYTES: u32 = 512 * 1024;

/// Divides, and counts its calls; calls itself too deep on request.
const CALLEE: &str = r#"(module
  (global $calls (export "calls") (mut i32) (i32.const 0))
  (func (export "divide") (param i32 i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.div_u (local.get 0) (local.get 1)))
  (func $deep (export "deep") (param i64 f32) (result f64 i64)
    (call $deep (local.get 0) (local.get 1)) (i64.add (i64.const 1))))"#;

const CALLER: &str = r#"(module
  (import "callee" "divide" (func $divide (param i32 i32) (result i32)))
  (import "callee" "deep" (func $deep (param i64 f32) (result f64 i64)))
  (table 1 funcref)
  (elem (i32.const 0) $divide)
  (type $binary (func (param i32 i32) (result i32)))
  (func (export "direct") (param i32 i32) (result i32) (call $divide (local.get 0) (local.get 1)))
  (func (export "indirect") (param i32 i32) (result i32)
    (call_indirect (type $binary) (local.get 0) (local.get 1) (i32.const 0)))
  (func (export "tail") (param i32 i32) (result i32) (return_call $divide (local.get 0) (local.get 1)))
  (func (export "deep") (param i32 i32) (result i32)
    (call $deep (i64.const 1) (f32.const 2)) (drop) (drop) (i32.const 0)))"#;

fn fire(arch: Arch, text: &str, name: &str, domain: Option<&str>, provider: Provider) -> Artifact {
    let mut options = Options::new(Target::new(arch), name);
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
    fn start(arch: Arch, image: Image) -> Running {
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        Running { runner, image }
    }

    /// Code, place and first slot.
    fn call(&mut self, symbol: &str, slots: &[u64]) -> (Option<Code>, u64, u64) {
        let address = self.image.symbol(symbol).unwrap_or_else(|| panic!("{symbol} is in the image"));
        match self.runner.call(address, slots, 2, STACK_BYTES).expect("the runner answers") {
            Outcome::Completed { code, pc, slots } => (Code::from_number(code), pc, slots[0] & 0xffff_ffff),
            other => panic!("{symbol}: {other:?}"),
        }
    }

    fn binary(&mut self, name: &str, slots: [u64; 2]) -> (Option<Code>, u64, u64) {
        self.call(&format!("sg__entry__caller__{name}__FiiRi"), &slots)
    }

    fn instantiate(&mut self, module: &str) -> Option<Code> {
        self.call(&format!("sg__instantiate__{module}"), &[]).0
    }
}

/// The function of the callee in which a trap's place lies.
fn function_at(running: &Running, callee: &Artifact, pc: u64) -> Option<String> {
    let text = running.image.symbol(&callee.interface.text_symbol)?;
    let place = callee.code_map.locate_return_address(u32::try_from(pc.checked_sub(text)?).ok()?)?;
    place.wasm_offset.and(place.name)
}

#[test]
fn a_trap_in_another_domain_becomes_the_callers() {
    for arch in Arch::ALL {
        let callee = fire(arch, CALLEE, "callee", None, Provider::Host);
        let caller = fire(arch, CALLER, "caller", None, Provider::Foreign);
        let mut running = Running::start(arch, image(arch, &[&callee, &caller]).expect("the modules link"));
        assert_eq!(running.instantiate("caller"), Some(Code::Ok));
        // Who is called is not instantiated: that too is the caller's to hear.
        let (code, pc, _) = running.binary("direct", [6, 3]);
        assert_eq!(code, Some(Code::ForeignRefused), "{arch:?}");
        assert_eq!(function_at(&running, &caller, pc).as_deref(), Some("divide"), "{arch:?}: the adapter of the import");

        assert_eq!(running.instantiate("callee"), Some(Code::Ok));
        for way in ["direct", "indirect", "tail"] {
            let (code, _, result) = running.binary(way, [42, 6]);
            assert_eq!((code, result), (Some(Code::Ok), 7), "{arch:?} {way}");
            let (code, pc, _) = running.binary(way, [1, 0]);
            assert_eq!(code, Some(Code::IntegerDivisionByZero), "{arch:?} {way}");
            assert_eq!(function_at(&running, &callee, pc).as_deref(), Some("divide"), "{arch:?} {way}");
        }
        let (code, pc, _) = running.binary("deep", [0, 0]);
        assert_eq!(code, Some(Code::StackOverflow), "{arch:?}");
        assert_eq!(function_at(&running, &callee, pc).as_deref(), Some("deep"), "{arch:?}");
        // Both domains are free again.
        assert_eq!(running.binary("direct", [42, 6]).2, 7, "{arch:?}");
    }
}

#[test]
fn modules_of_one_domain_call_each_other_directly() {
    for arch in Arch::ALL {
        let callee = fire(arch, CALLEE, "callee", Some("both"), Provider::Host);
        let caller = fire(arch, CALLER, "caller", Some("both"), Provider::Domain);
        let mut running = Running::start(arch, image(arch, &[&callee, &caller]).expect("the modules link"));
        assert_eq!(running.instantiate("caller"), Some(Code::NotInstantiated), "what it imports from comes first");
        assert_eq!(running.instantiate("callee"), Some(Code::Ok));
        assert_eq!(running.instantiate("caller"), Some(Code::Ok));
        for way in ["direct", "indirect", "tail"] {
            assert_eq!(running.binary(way, [42, 6]).2, 7, "{arch:?} {way}");
            let (code, pc, _) = running.binary(way, [1, 0]);
            assert_eq!(code, Some(Code::IntegerDivisionByZero), "{arch:?} {way}");
            assert_eq!(function_at(&running, &callee, pc).as_deref(), Some("divide"), "{arch:?} {way}");
        }
        assert_eq!(running.binary("deep", [0, 0]).0, Some(Code::StackOverflow), "{arch:?}");
    }
}

#[test]
fn another_domain_is_not_reached_as_ones_own() {
    let callee = fire(Arch::Aarch64, CALLEE, "callee", Some("one"), Provider::Host);
    let caller = fire(Arch::Aarch64, CALLER, "caller", Some("two"), Provider::Domain);
    let error = image(Arch::Aarch64, &[&callee, &caller]).expect_err("the domains differ");
    let LinkError::Undefined { symbols } = error else { panic!("{error}") };
    assert!(symbols.iter().any(|symbol| symbol.contains("divide")), "{symbols:?}");
}

#[test]
fn what_cannot_cross_domains_is_refused_with_help() {
    for (text, provider) in [
        (r#"(module (import "a" "m" (memory 1)))"#, Provider::Foreign),
        (r#"(module (import "a" "m" (memory 1)))"#, Provider::Host),
        (r#"(module (import "a" "g" (global i32)))"#, Provider::Host),
        (r#"(module (import "a" "f" (func (param funcref))))"#, Provider::Foreign),
    ] {
        let mut options = Options::new(Target::new(Arch::Riscv64), "refused");
        options.default_provider = provider;
        let wasm = wat::parse_str(text).expect("the module is well formed");
        let error = compile(&wasm, &options).expect_err("the import cannot have this provider");
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{text}: {error}");
        assert!(error.help_text().is_some() && error.wasm_offset().is_some(), "{text}: {error}");
    }
}

/// An exporter that is instantiated again shrinks the memory that others import, after they found it large enough.
#[test]
fn an_imported_memory_that_shrinks_is_still_checked() {
    let exporter = r#"(module (memory (export "m") 1)
      (func (export "grow") (param i32 i32) (result i32) (memory.grow (local.get 0))))"#;
    let importer = r#"(module (import "a" "m" (memory 2))
      (func (export "load") (param i32 i32) (result i32) (i32.load offset=65536 (local.get 0)))
      (func (export "known") (param i32 i32) (result i32) (i32.load (i32.const 65536)))
      (func (export "copy") (param i32 i32) (result i32)
        (memory.copy (local.get 0) (local.get 1) (i32.const 4)) (i32.const 0)))"#;
    for arch in Arch::ALL {
        let mut options = Options::new(Target::new(arch), "a");
        options.domain = Some("d".to_string());
        options.memory_reserve_bytes = Some(4 * 65536);
        let a = compile(&wat::parse_str(exporter).expect("well formed"), &options).expect("the exporter compiles");
        let b = fire(arch, importer, "b", Some("d"), Provider::Domain);
        let mut running = Running::start(arch, image(arch, &[&a, &b]).expect("the modules link"));
        let entry = |module: &str, name: &str| format!("sg__entry__{module}__{name}__FiiRi");
        assert_eq!(running.instantiate("a"), Some(Code::Ok));
        assert_eq!(running.instantiate("b"), Some(Code::Unlinkable), "{arch:?}: the memory is too small");
        assert_eq!(running.call(&entry("a", "grow"), &[1, 0]).2, 1);
        assert_eq!(running.instantiate("b"), Some(Code::Ok));
        assert_eq!(running.call(&entry("b", "load"), &[65532, 0]).0, Some(Code::Ok));
        assert_eq!(running.call(&entry("b", "known"), &[0, 0]).0, Some(Code::Ok));
        assert_eq!(running.instantiate("a"), Some(Code::Ok));
        for index in [0, 1, 65532, 65536, 1 << 20, 1 << 31, 0xffff_0000, 0xffff_ffff] {
            assert_eq!(running.call(&entry("b", "load"), &[index, 0]).0, Some(Code::MemoryOutOfBounds), "{arch:?} {index:#x}");
        }
        assert_eq!(running.call(&entry("b", "known"), &[0, 0]).0, Some(Code::MemoryOutOfBounds), "{arch:?}");
        assert_eq!(running.call(&entry("b", "copy"), &[0, 65533]).0, Some(Code::MemoryOutOfBounds), "{arch:?}");
    }
}
