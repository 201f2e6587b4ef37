//! The smallest CPU that a row claims dies of what the row does not declare: the control for running the suite on it.

use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, compile};
use saggar_testsuite::target::link::{LinkInput, LinkOptions, link};
use saggar_testsuite::target::runner::{Outcome, Runner, RunnerOptions};
use saggar_testsuite::target::toolchain::rust_object;

const SIGILL: u32 = 4;
const STACK_BYTES: u32 = 64 * 1024;

fn runner(arch: Arch, cpu: &str) -> Runner {
    let options = RunnerOptions { cpu: Some(cpu.to_string()), ..RunnerOptions::default() };
    Runner::start(arch, options).expect("the runner starts")
}

/// Whether a function `f` of two numbers, compiled for a row, dies of an instruction that a CPU of the emulator does not have.
fn dies(row: &str, cpu: &str, body: &str) -> bool {
    let text = format!(r#"(module (func (export "f") (param i64 i64) (result i64) {body}))"#);
    let wasm = wat::parse_str(text).expect("the module is well formed");
    let target = Target::find("riscv64", Some(row)).expect("the row exists");
    let artifact = compile(&wasm, &Options::new(target, "cpu")).expect("the module compiles");
    let input = LinkInput { name: "cpu", bytes: &artifact.object };
    let image = link(Arch::Riscv64, &[input], &LinkOptions::default()).expect("the object links");
    let mut runner = runner(Arch::Riscv64, cpu);
    runner.load(&image).expect("the image loads");
    let mut call = |symbol: &str| {
        let address = image.symbol(symbol).expect("the symbol is in the image");
        runner.call(address, &[1, 4], 2, STACK_BYTES).expect("the runner answers")
    };
    assert!(matches!(call("sg__instantiate__cpu"), Outcome::Completed { code: 0, .. }));
    match call("sg__entry__cpu__f__FllRl") {
        Outcome::Completed { code: 0, .. } => false,
        Outcome::Signal { number: SIGILL, .. } => true,
        other => panic!("{row} on {cpu}: {other:?}"),
    }
}

/// Rotation is one instruction of Zbb, and so only in code for the rows that declare it; likewise vectors.
#[test]
fn an_undeclared_extension_dies_on_riscv64() {
    let rotation = "(i64.rotl (local.get 0) (local.get 1))";
    let vector = "(i64x2.extract_lane 1 (i64x2.add (i64x2.splat (local.get 0)) (i64x2.splat (local.get 1))))";
    let with_vectors = "rv64,v=true,vlen=128,vext_spec=v1.0";
    for (row, cpu, body, expected) in [
        ("rv64gc", "sifive-u54", rotation, false),
        ("rv64gc-zb", "sifive-u54", rotation, true),
        ("rv64gcv", "sifive-u54", rotation, false),
        ("rv64gc", "sifive-u54", vector, false),
        ("rv64gcv", "sifive-u54", vector, true),
        ("rv64gcv", with_vectors, vector, false),
        ("rv64gcv-zb", with_vectors, vector, false),
        // The other way round: a row with vectors does not take Zbb along.
        ("rv64gcv", "rv64,v=true,vlen=128,vext_spec=v1.0,zba=false,zbb=false,zbc=false,zbs=false", rotation, false),
        ("rv64gcv-zb", "rv64,v=true,vlen=128,vext_spec=v1.0,zba=false,zbb=false,zbc=false,zbs=false", rotation, true),
    ] {
        assert_eq!(dies(row, cpu, body), expected, "{row} on {cpu}: {body}");
    }
}

/// No supported operator has an instruction of ARMv8.1's own, so the control is written by hand: `ldadd w0, w0, [sp]`.
#[test]
fn an_undeclared_extension_dies_on_aarch64() {
    let source = r#"#![no_std]
        core::arch::global_asm!(".globl control", "control: sub sp, sp, 16", ".inst 0xb82003e0", "add sp, sp, 16", "mov x0, 0", "mov x1, 0", "ret");
    "#;
    let object = rust_object(Arch::Aarch64, source).expect("the control is built");
    let input = LinkInput { name: "control", bytes: &object };
    let options = LinkOptions { keep: vec!["control".to_string()], ..LinkOptions::default() };
    let image = link(Arch::Aarch64, &[input], &options).expect("the control links");
    for (cpu, dies) in [("cortex-a53", true), ("max", false)] {
        let mut runner = runner(Arch::Aarch64, cpu);
        runner.load(&image).expect("the image loads");
        let address = image.symbol("control").expect("the symbol is in the image");
        let outcome = runner.call(address, &[], 1, STACK_BYTES).expect("the runner answers");
        let died = matches!(outcome, Outcome::Signal { number: SIGILL, .. });
        assert_eq!(died, dies, "{cpu}: {outcome:?}");
    }
}
