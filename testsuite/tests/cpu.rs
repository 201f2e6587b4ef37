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

/// Rotation is one instruction of Zbb, and so only in code for the row that declares it.
#[test]
fn an_undeclared_extension_dies_on_riscv64() {
    let wasm =
        wat::parse_str(r#"(module (func (export "f") (param i64 i64) (result i64) (i64.rotl (local.get 0) (local.get 1))))"#)
            .expect("the module is well formed");
    for (cpu, dies) in [("rv64gc", false), ("rv64gc-zb", true)] {
        let target = Target::find("riscv64", Some(cpu)).expect("the row exists");
        let artifact = compile(&wasm, &Options::new(target, "cpu")).expect("the module compiles");
        let input = LinkInput { name: "cpu", bytes: &artifact.object };
        let image = link(Arch::Riscv64, &[input], &LinkOptions::default()).expect("the object links");
        let mut runner = runner(Arch::Riscv64, "sifive-u54");
        runner.load(&image).expect("the image loads");
        let mut call = |symbol: &str| {
            let address = image.symbol(symbol).expect("the symbol is in the image");
            runner.call(address, &[1, 4], 2, STACK_BYTES).expect("the runner answers")
        };
        assert!(matches!(call("sg__instantiate__cpu"), Outcome::Completed { code: 0, .. }));
        let outcome = call("sg__entry__cpu__f__FllRl");
        let died = matches!(outcome, Outcome::Signal { number: SIGILL, .. });
        assert_eq!(died, dies, "{cpu}: {outcome:?}");
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
