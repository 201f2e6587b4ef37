//! What a guest may use of the host's stack, measured by painting it, for the shapes that use much.

use saggar_abi::trap::Code;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Artifact, Options, Provider, compile};
use saggar_testsuite::target::link::{LinkInput, LinkOptions, link};
use saggar_testsuite::target::runner::{Call, Outcome, Runner, RunnerOptions};
use saggar_testsuite::vector_rows;

/// What every module here is promised.
const STACK_BYTES: u32 = 64 * 1024;
/// The least headroom that there is, so that little hides in it.
const HEADROOM_BYTES: u32 = 2048;
/// What the runner gives, so that whoever goes too far is measured rather than killed.
const GIVEN_BYTES: u32 = 512 * 1024;
/// What the call into the guest takes before the host's own entry begins to count.
const ENTRY_BYTES: u64 = 512;

fn fire(target: Target, text: &str, name: &str, provider: Provider) -> Artifact {
    let mut options = Options::new(target, name);
    options.stack_bytes = STACK_BYTES;
    options.headroom_bytes = HEADROOM_BYTES;
    options.default_provider = provider;
    compile(&wat::parse_str(text).expect("the module is well formed"), &options).expect("the module compiles")
}

/// Instantiates the modules in order, calls a function of the last one, and gives its code and the stack that was used.
fn used(target: Target, modules: &[(&str, &Artifact)], entry: &str) -> (Option<Code>, u64) {
    let arch = target.arch();
    let inputs: Vec<LinkInput> = modules.iter().map(|(name, artifact)| LinkInput { name, bytes: &artifact.object }).collect();
    let image = link(arch, &inputs, &LinkOptions::default()).expect("the modules link");
    let mut runner = Runner::start(arch, RunnerOptions::for_target(target)).expect("the runner starts");
    runner.load(&image).expect("the image loads");
    let mut call = |symbol: &str| {
        let address = image.symbol(symbol).unwrap_or_else(|| panic!("{symbol} is in the image"));
        let call = Call { address, slots: vec![0; 8], slot_count: 8, stack_bytes: GIVEN_BYTES };
        match runner.call_measured(&call).expect("the runner answers") {
            (Outcome::Completed { code, .. }, used) => (Code::from_number(code), used),
            (other, _) => panic!("{arch:?} {symbol}: {other:?}"),
        }
    };
    for (name, _) in modules {
        let (code, used) = call(&format!("sg__instantiate__{name}"));
        if code != Some(Code::Ok) {
            return (code, used);
        }
    }
    call(entry)
}

fn assert_within(target: Target, what: &str, (code, used): (Option<Code>, u64)) {
    let row = target.cpu().name;
    assert_eq!(code, Some(Code::StackOverflow), "{row} {what}");
    let promised = u64::from(STACK_BYTES) + ENTRY_BYTES;
    assert!(used <= promised, "{row} {what}: {used} bytes of {promised} were used");
    assert!(used > 8 * 1024, "{row} {what}: only {used} bytes were used; the test shows nothing");
}

#[test]
fn recursion_with_large_frames_stays_within_the_promise() {
    let (params, args) = ("i64 ".repeat(400), "(local.get 0)".repeat(400));
    let wide = format!(
        r#"(module (func $f (param {params}) (result i64) (i64.add (call $f {args}) (local.get 399)))
          (func (export "f") (result i64) (call $f {})))"#,
        "(i64.const 5)".repeat(400)
    );
    let tail = format!(
        r#"(module (func $g (param {params}) (result i64) (call $f (local.get 7)))
          (func $f (param i64) (result i64) (return_call $g {args}))
          (func (export "f") (result i64) (call $f (i64.const 1))))"#
    );
    for arch in Arch::ALL {
        for (what, text) in [("many parameters", &wide), ("tail calls with many arguments", &tail)] {
            let artifact = fire(Target::new(arch), text, "m", Provider::Host);
            assert_within(Target::new(arch), what, used(Target::new(arch), &[("m", &artifact)], "sg__entry__m__f__FRl"));
        }
    }
}

/// As vectors take more of a frame, as arguments and where they are spilled, and on the way to hosts.
#[test]
fn recursion_with_vectors_stays_within_the_promise() {
    let (params, args) = ("v128 ".repeat(150), "(local.get 0)".repeat(150));
    let wide = format!(
        r#"(module (func $f (param {params}) (result v128) (i64x2.add (call $f {args}) (local.get 149)))
          (func (export "f") (result i64) (i64x2.extract_lane 0 (call $f {}))))"#,
        "(v128.const i64x2 5 6)".repeat(150)
    );
    let results = "v128 ".repeat(60);
    let many_results = format!(
        r#"(module (func $f (param v128) (result {results}) (call $f (i64x2.add (local.get 0) (local.get 0))) (i64x2.add (local.get 0)))
          (func (export "f") (result i64) (call $f (v128.const i64x2 5 6)) {} (i64x2.extract_lane 0)))"#,
        "(i64x2.add)".repeat(59)
    );
    let sums: String = (0..120).map(|index| format!("(i32x4.add (local.get 0) (i32x4.splat (i32.const {index})))")).collect();
    let spills = format!(
        r#"(module (func $f (param v128) (result v128) {sums} (call $f (local.get 0)) {})
          (func (export "f") (result i64) (i64x2.extract_lane 0 (call $f (v128.const i64x2 5 6)))))"#,
        "(i32x4.mul)".repeat(120)
    );
    let tail = format!(
        r#"(module (func $g (param {params}) (result v128) (call $f (local.get 7)))
          (func $f (param v128) (result v128) (return_call $g {args}))
          (func (export "f") (result i64) (i64x2.extract_lane 0 (call $f (v128.const i64x2 5 6)))))"#
    );
    for target in vector_rows() {
        for (what, text) in
            [("many parameters", &wide), ("many results", &many_results), ("many spills", &spills), ("tail calls", &tail)]
        {
            let artifact = fire(target, text, "m", Provider::Host);
            assert_within(target, what, used(target, &[("m", &artifact)], "sg__entry__m__f__FRl"));
        }
    }
}

#[test]
fn a_chain_of_domains_uses_no_more_than_the_first_was_given() {
    let last = r#"(module (func $deep (param i64) (result i64) (i64.add (call $deep (local.get 0)) (i64.const 1)))
      (func (export "f") (result i64) (call $deep (i64.const 1))))"#;
    let first = r#"(module (import "b" "f" (func $b (result i64)))
      (func $deep (param i32) (result i64)
        (if (result i64) (local.get 0)
          (then (i64.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i64.const 1)))
          (else (call $b))))
      (func (export "f") (result i64) (call $deep (i32.const 900))))"#;
    for arch in Arch::ALL {
        let target = Target::new(arch);
        let (b, a) = (fire(target, last, "b", Provider::Host), fire(target, first, "a", Provider::Foreign));
        assert_within(target, "two domains", used(target, &[("b", &b), ("a", &a)], "sg__entry__a__f__FRl"));
    }
}

/// The end of the stack is the host's promise to the module that it entered, not what another of the domain makes of it.
#[test]
fn headrooms_of_one_domain_do_not_mix() {
    let last = r#"(module (func $deep (param i64) (result i64) (i64.add (call $deep (local.get 0)) (i64.const 1)))
      (func (export "f") (result i64) (call $deep (i64.const 1))))"#;
    let middle = r#"(module (import "c" "f" (func $c (result i64))) (func (export "f") (result i64) (call $c)))"#;
    let first = r#"(module (import "b" "f" (func $b (result i64))) (func (export "f") (result i64) (call $b)))"#;
    for arch in Arch::ALL {
        let fire = |text: &str, name: &str, domain: &str, provider: Provider, stack: u32, headroom: u32| {
            let mut options = Options::new(Target::new(arch), name);
            (options.stack_bytes, options.headroom_bytes) = (stack, headroom);
            options.domain = Some(domain.to_string());
            options.default_provider = provider;
            compile(&wat::parse_str(text).expect("the module is well formed"), &options).expect("the module compiles")
        };
        let c = fire(last, "c", "far", Provider::Host, 1 << 20, HEADROOM_BYTES);
        let b = fire(middle, "b", "near", Provider::Foreign, STACK_BYTES, 32 * 1024);
        let a = fire(first, "a", "near", Provider::Domain, STACK_BYTES, HEADROOM_BYTES);
        assert_within(
            Target::new(arch),
            "two headrooms",
            used(Target::new(arch), &[("c", &c), ("b", &b), ("a", &a)], "sg__entry__a__f__FRl"),
        );
    }
}

/// Instantiation that keeps the addresses of very many elements alive needs a frame larger than all of the stack.
fn instantiation_is_checked_as_functions_are(arch: Arch) {
    let names: Vec<String> = (0..12_000).map(|index| format!("(ref.func $f{index})")).collect();
    let functions: String = (0..12_000).map(|index| format!("(func $f{index})")).collect();
    let reversed: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    let text = format!(
        "(module (global $g funcref (ref.func $f0)) (import \"\" \"g\" (global $i funcref)) {functions} (elem funcref (global.get $i) {}) (elem funcref (global.get $i) {}))",
        names.join(" "),
        reversed.join(" ")
    );
    // An imported global must stand before what is defined.
    let import = r#"(import "" "g" (global $i funcref))"#;
    let text = text.replace(import, "").replacen("(module", &format!("(module {import}"), 1);
    let provider = r#"(module (global (export "g") funcref (ref.null func)) (func (export "f")))"#;
    let mut options = Options::new(Target::new(arch), "");
    options.domain = Some("d".to_string());
    let given = compile(&wat::parse_str(provider).expect("well formed"), &options).expect("the provider compiles");
    let mut options = Options::new(Target::new(arch), "m");
    options.domain = Some("d".to_string());
    options.default_provider = Provider::Domain;
    options.headroom_bytes = HEADROOM_BYTES;
    let large = compile(&wat::parse_str(&text).expect("well formed"), &options).expect("the module compiles");
    let (code, used) = used(Target::new(arch), &[("Z", &given), ("m", &large)], "sg__entry__Z__f__FR");
    assert_eq!(code, Some(Code::StackOverflow), "{arch:?}");
    assert!(used <= u64::from(STACK_BYTES), "{arch:?}: {used} bytes were used");
}

// A test for each, since such a frame takes the register allocator long.

#[test]
fn instantiation_is_checked_on_x86_64() {
    instantiation_is_checked_as_functions_are(Arch::X86_64);
}

#[test]
fn instantiation_is_checked_on_aarch64() {
    instantiation_is_checked_as_functions_are(Arch::Aarch64);
}

#[test]
fn instantiation_is_checked_on_riscv64() {
    instantiation_is_checked_as_functions_are(Arch::Riscv64);
}
