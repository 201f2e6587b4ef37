//! The shortest way through everything: a module is compiled, linked, instantiated and called on each target.

use saggar_abi::trap::Code;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Options, compile};
use saggar_testsuite::target::link::{LinkInput, LinkOptions, link};
use saggar_testsuite::target::runner::{Outcome, Runner, RunnerOptions};

const MODULE: &str = r#"(module
  (memory (export "memory") 1)
  (data (i32.const 4) "\07\00\00\00\08\00\00\00")
  (func (export "sum") (param $p i32) (param $n i32) (result i32) (local $s i32)
    (block (loop
      (br_if 1 (i32.eqz (local.get $n)))
      (local.set $s (i32.add (local.get $s) (i32.load offset=4 (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br 0)))
    (local.get $s))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $forever (export "forever") (param i64) (result i64) (i64.add (i64.const 1) (call $forever (local.get 0)))))"#;

const STACK_BYTES: u32 = 256 * 1024;

#[test]
fn a_module_runs_on_every_target() {
    let wasm = wat::parse_str(MODULE).expect("the module is well formed");
    for arch in Arch::ALL {
        let artifact = compile(&wasm, &Options::new(Target::new(arch), "fire")).expect("the module compiles");
        let input = LinkInput { name: "fire", bytes: &artifact.object };
        let image = link(arch, &[input], &LinkOptions::default()).expect("the object links");
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        runner.load(&image).expect("the image loads");
        let address = |symbol: &str| image.symbol(symbol).unwrap_or_else(|| panic!("{symbol} is in the image"));
        let mut call =
            |symbol: &str, slots: &[u64]| runner.call(address(symbol), slots, 2, STACK_BYTES).expect("the runner answers");
        let entry = |name: &str, ty: &str| format!("sg__entry__fire__{name}__{ty}");

        let early = call(&entry("sum", "FiiRi"), &[0, 2]);
        assert!(matches!(early, Outcome::Completed { code, .. } if code == Code::NotInstantiated as u32), "{arch:?}: {early:?}");
        let instantiated = call("sg__instantiate__fire", &[]);
        assert!(matches!(instantiated, Outcome::Completed { code: 0, .. }), "{arch:?}: {instantiated:?}");
        let sum = call(&entry("sum", "FiiRi"), &[0, 2]);
        assert!(matches!(&sum, Outcome::Completed { code: 0, slots, .. } if slots[0] & 0xffff_ffff == 15), "{arch:?}: {sum:?}");

        for (name, ty, slots, expected) in [
            ("sum", "FiiRi", [65532, 1], Code::MemoryOutOfBounds),
            ("divide", "FiiRi", [7, 0], Code::IntegerDivisionByZero),
            ("divide", "FiiRi", [0x8000_0000, 0xffff_ffff], Code::IntegerOverflow),
            ("forever", "FlRl", [0, 0], Code::StackOverflow),
        ] {
            let outcome = call(&entry(name, ty), &slots);
            let Outcome::Completed { code, pc, .. } = outcome else { panic!("{arch:?} {name}: {outcome:?}") };
            assert_eq!(Code::from_number(code), Some(expected), "{arch:?} {name}");
            let text = address("sg__text__fire");
            let offset = u32::try_from(pc - text).expect("the pc is in the module");
            let place = artifact.code_map.locate_return_address(offset).expect("the pc has a place");
            assert_eq!(place.name.as_deref(), Some(name), "{arch:?}");
            assert!(place.wasm_offset.is_some());
        }
    }
}
