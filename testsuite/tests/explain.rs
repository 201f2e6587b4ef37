//! `explain` on objects and images, held against the code map and against traps that were raised.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "debug/common.rs"]
mod common;

use common::{compiled, rust_guest};
use saggar_abi::trap::Code;
use saggar_compiler::explain::{ExplainError, Kind, Query, explain};
use saggar_compiler::target::Arch;
use saggar_compiler::{Artifact, Options, compile};
use saggar_testsuite::target::{Image, LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link::link_elf};

/// Traps of every kind that an operator can raise, in functions with and without a frame.
const TRAPS: &str = r#"(module
  (memory 1) (table 3 funcref) (elem (i32.const 0) $nothing $other)
  (type $nothing (func)) (type $other (func (param f64)))
  (func $nothing (type $nothing)) (func $other (type $other))
  (func (export "unreachable") (unreachable))
  (func (export "divide") (drop (i32.div_s (i32.const 1) (i32.load (i32.const 0)))))
  (func (export "overflow") (drop (i64.div_s (i64.const 0x8000000000000000) (i64.sub (i64.load (i32.const 0)) (i64.const 1)))))
  (func (export "convert") (drop (i32.trunc_f32_s (f32.div (f32.const 0) (f32.load (i32.const 0))))))
  (func (export "load") (drop (i32.load8_u (i32.const 65536))))
  (func (export "store") (call $nothing) (f64.store offset=8 (i32.const -1) (f64.const 1)))
  (func (export "fill") (memory.fill (i32.const 1) (i32.const 2) (i32.const 65536)))
  (func (export "null") (call_indirect (type $nothing) (i32.const 2)))
  (func (export "type") (call_indirect (type $nothing) (i32.const 1)))
  (func (export "index") (call_indirect (type $nothing) (i32.const 3)))
  (func $recursion (export "recursion") (call $recursion) (call $nothing)))"#;

/// Each export of [`TRAPS`] with its trap and operator. A stack overflow is raised at the first operator.
const EXPECTED: &[(&str, Code, &str)] = &[
    ("unreachable", Code::Unreachable, "unreachable"),
    ("divide", Code::IntegerDivisionByZero, "i32.div_s"),
    ("overflow", Code::IntegerOverflow, "i64.div_s"),
    ("convert", Code::BadConversionToInteger, "i32.trunc_f32_s"),
    ("load", Code::MemoryOutOfBounds, "i32.load8_u"),
    ("store", Code::MemoryOutOfBounds, "f64.store"),
    ("fill", Code::MemoryOutOfBounds, "memory.fill"),
    ("null", Code::UninitializedElement, "call_indirect"),
    ("type", Code::BadSignature, "call_indirect"),
    ("index", Code::UndefinedElement, "call_indirect"),
    ("recursion", Code::StackOverflow, "call"),
];

fn compiled_text(text: &str, arch: Arch) -> (Vec<u8>, Artifact) {
    let wasm = wat::parse_str(text).unwrap();
    let artifact = compiled(&wasm, arch, false);
    (wasm, artifact)
}

fn linked(arch: Arch, artifacts: &[&Artifact]) -> Vec<u8> {
    let inputs: Vec<_> = artifacts.iter().map(|artifact| LinkInput { name: "guest", bytes: &artifact.object }).collect();
    link_elf(arch, &inputs, &LinkOptions::default()).unwrap()
}

/// Every trap, raised on the machine: the completion's program counter leads to the operator, through the image and through the object.
#[test]
fn traps_lead_to_their_operators() {
    for arch in Arch::ALL {
        let (_, artifact) = compiled_text(TRAPS, arch);
        let elf = linked(arch, &[&artifact]);
        let image = Image::parse(&elf).unwrap();
        let text = image.symbol(&artifact.interface.text_symbol).unwrap();
        let mut runner = Runner::start(arch, RunnerOptions::default()).unwrap();
        runner.load(&image).unwrap();
        let mut call = |symbol: &str| runner.call(image.symbol(symbol).unwrap(), &[0], 1, 64 * 1024).unwrap();
        let Outcome::Completed { code: 0, .. } = call(&artifact.interface.instantiate_symbol) else { panic!("not instantiated") };
        for (name, code, operator) in EXPECTED {
            let export = artifact.interface.exports.iter().find(|export| export.name == *name).unwrap();
            let Outcome::Completed { code: raised, pc, .. } = call(&export.symbol) else { panic!("{name}: no completion") };
            assert_eq!(raised, *code as u32, "{arch:?}: {name}");
            let found = explain(&elf, Query { pc, return_address: true }).unwrap();
            let function = found.function.unwrap();
            assert_eq!((found.module.as_str(), found.kind, found.name.as_deref()), ("guest", Kind::Function, Some(*name)));
            assert_eq!(found.operator.as_deref(), Some(*operator), "{arch:?}: {name}");
            let place = artifact.code_map.locate_return_address(u32::try_from(pc - text).unwrap()).unwrap();
            assert_eq!((Some(place.function), place.wasm_offset), (Some(function), found.wasm_offset), "{arch:?}: {name}");
            let in_object = explain(&artifact.object, Query { pc: pc - text, return_address: true }).unwrap();
            assert_eq!(in_object, found, "{arch:?}: {name}");
        }
    }
}

/// For the first and the last byte of every range of code, object and code map agree.
#[test]
fn objects_agree_with_the_code_map() {
    let scripts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("wast");
    let mut ranges = 0;
    for name in ["address-shapes", "division", "tail-calls", "stack-shapes"] {
        let text = std::fs::read_to_string(scripts.join(name).with_extension("wast")).unwrap();
        let buffer = wast::parser::ParseBuffer::new(&text).unwrap();
        let script: wast::Wast<'_> = wast::parser::parse(&buffer).unwrap();
        for directive in script.directives {
            let wast::WastDirective::Module(mut module) = directive else { continue };
            let wasm = module.encode().unwrap();
            for arch in Arch::ALL {
                for function_sections in [false, true] {
                    ranges += agree(&wasm, arch, function_sections);
                }
            }
        }
    }
    assert!(ranges > 3_000, "{ranges} ranges were compared");
}

/// Compares and counts; a module that needs others to be compiled is passed over.
fn agree(wasm: &[u8], arch: Arch, function_sections: bool) -> usize {
    let mut options = options(arch);
    options.placement.function_sections = function_sections;
    let Ok(artifact) = compile(wasm, &options) else { return 0 };
    let map = &artifact.code_map;
    for (index, range) in map.ranges.iter().enumerate() {
        // Every answer reads the object anew, so large modules would take long.
        if index > 400 {
            return index;
        }
        for pc in [range.start, range.end - 1] {
            let found = explain(&artifact.object, at(pc.into())).unwrap();
            let Some(place) = map.locate(pc) else { continue };
            assert_eq!((found.function, found.wasm_offset), (Some(place.function), place.wasm_offset), "{arch:?}: {pc:#x}");
            assert_eq!(found.name, place.name);
        }
    }
    map.ranges.len()
}

/// An object whose functions have sections of their own explains the same places as one with a single section.
#[test]
fn sections_of_functions_change_no_answer() {
    let wasm = rust_guest();
    for arch in Arch::ALL {
        let (one, many) = (compiled(&wasm, arch, false), compiled(&wasm, arch, true));
        let end = one.code_map.functions.iter().map(|function| function.offset + function.code_bytes).max().unwrap();
        for pc in (0..end).step_by(6) {
            assert_eq!(explain(&one.object, at(pc.into())), explain(&many.object, at(pc.into())), "{arch:?}: {pc:#x}");
        }
    }
}

/// Two modules in one image are told apart, and what the linker dropped is not found.
#[test]
fn modules_of_an_image_are_told_apart() {
    for arch in Arch::ALL {
        let module = |name: &str| {
            let wasm =
                wat::parse_str("(module (func (export \"f\") (result i32) (i32.const 1)) (func (export \"g\") (unreachable)))");
            compile(&wasm.unwrap(), &Options { name: name.to_string(), ..options(arch) }).unwrap()
        };
        let (first, second) = (module("first"), module("second"));
        let elf = linked(arch, &[&first, &second]);
        let image = Image::parse(&elf).unwrap();
        for artifact in [&first, &second] {
            let text = image.symbol(&artifact.interface.text_symbol).unwrap();
            for function in &artifact.code_map.functions {
                let found = explain(&elf, at(text + u64::from(function.offset))).unwrap();
                assert_eq!((found.module.as_str(), found.function), (artifact.interface.module.as_str(), Some(function.index)));
            }
        }
        let inputs = [&first, &second].map(|artifact| LinkInput { name: "guest", bytes: &artifact.object });
        let entry = &second.interface.exports[1].symbol;
        let dropped = LinkOptions { gc_sections: true, keep: vec![entry.clone()], ..LinkOptions::default() };
        let elf = link_elf(arch, &inputs, &dropped).unwrap();
        let Err(ExplainError::Outside { code, .. }) = explain(&elf, at(4)) else { panic!("{arch:?}: dropped code is found") };
        assert_eq!(code.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["second"], "{arch:?}");
        let found = explain(&elf, at(Image::parse(&elf).unwrap().symbol(entry).unwrap())).unwrap();
        assert_eq!((found.kind, found.name.as_deref()), (Kind::Entry, Some("g")));
    }
}

fn options(arch: Arch) -> Options {
    Options::new(saggar_compiler::target::Target::new(arch), "guest")
}

fn at(pc: u64) -> Query {
    Query { pc, return_address: false }
}

#[test]
fn what_cannot_be_explained_says_why() {
    let (_, artifact) = compiled_text(TRAPS, Arch::Aarch64);
    assert!(matches!(explain(b"\0asm\x01\0\0\0", at(0)), Err(ExplainError::NotElf(_))));
    assert!(matches!(explain(&artifact.object, at(0x10_0000)), Err(ExplainError::Outside { pc: 0x10_0000, .. })));
    let mut without = artifact.object.clone();
    let at_name = without.windows(17).position(|window| window == b".debug_saggar_map").unwrap();
    without[at_name] = b'-';
    assert_eq!(explain(&without, at(0)), Err(ExplainError::NoMap));
    let mut newer = artifact.object.clone();
    let magic = newer.windows(5).position(|window| window == b"SGMP\x02").unwrap();
    newer[magic + 4] = 3;
    assert_eq!(explain(&newer, at(0)), Err(ExplainError::Version(3)));
    newer[magic] = b'X';
    assert_eq!(explain(&newer, at(0)), Err(ExplainError::Damaged));
}

/// No file makes it panic: cut short anywhere, and with any bit turned.
#[test]
fn damaged_files_are_answered() {
    let wasm = wat::parse_str(TRAPS).unwrap();
    for (object, steps) in
        [(compiled(&wasm, Arch::Riscv64, true).object, 9), (compiled(&rust_guest(), Arch::Aarch64, false).object, 37)]
    {
        let mut answered = 0;
        for length in (0..object.len()).step_by(steps) {
            answered += usize::from(explain(&object[..length], at(0x40)).is_ok());
        }
        for position in (0..object.len()).step_by(steps) {
            let mut damaged = object.clone();
            damaged[position] ^= 1 << (position % 8);
            answered += usize::from(explain(&damaged, at(0x40)).is_ok());
        }
        assert!(answered > 100, "{answered} answers: the damage was too great to show anything");
    }
}
