//! What debuggers read in objects, held against what LLVM's tools read in the modules.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "debug/common.rs"]
mod common;

use common::{File, Place, c_guest, code_start, compiled, output, rust_guest, symbolize};
use object::{Object as _, ObjectSection as _};
use saggar_compiler::Artifact;
use saggar_compiler::target::Arch;
use saggar_testsuite::target::{LinkInput, LinkOptions, link::link_elf};
use std::process::Command;

/// A module without debug information, with a check before a large frame, glue of every kind, and traps.
fn plain_guest() -> Vec<u8> {
    let locals = "(local i64)".repeat(200);
    let uses: String = (0..200).map(|local| format!("(local.set {} (i64.load (local.get 0)))", local + 1)).collect();
    let sums: String = (0..200).map(|local| format!("(local.set 1 (i64.add (local.get 1) (local.get {})))", local + 1)).collect();
    wat::parse_str(format!(
        "(module (import \"env\" \"host\" (func $host (param i32) (result i32))) (memory 1) (table 2 funcref) (elem (i32.const 0) $large)
           (func $large (export \"large\") (param i32) (result i64) {locals} {uses} (drop (call $host (i32.const 1))) {sums} (local.get 1))
           (func (export \"divide\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
           (func (export \"indirect\") (param i32) (result i64) (call_indirect (param i32) (result i64) (i32.const 8) (local.get 0)))
           (export \"again\" (func $host)))"
    ))
    .unwrap()
}

/// Debug information of every guest's object is what the specification asks for, and refers to what is there.
#[test]
fn objects_and_images_verify() {
    for wasm in [rust_guest(), c_guest("-gdwarf-4"), c_guest("-gdwarf-5"), plain_guest()] {
        for arch in Arch::ALL {
            for function_sections in [false, true] {
                let artifact = compiled(&wasm, arch, function_sections);
                verify(&artifact.object, "guest.o");
                // The verifier takes functions that a linker dropped for code at address 0, so nothing is dropped.
                let arguments = vec!["--unresolved-symbols=ignore-all".to_string()];
                let options = LinkOptions { arguments, ..LinkOptions::default() };
                let inputs = [LinkInput { name: "guest", bytes: &artifact.object }];
                verify(&link_elf(arch, &inputs, &options).unwrap(), "image");
            }
        }
    }
}

fn verify(bytes: &[u8], name: &str) {
    let file = File::new(name, bytes);
    let said = output(Command::new("llvm-dwarfdump").arg("--verify").arg(&file.path));
    assert!(said.contains("No errors."), "{said}");
    assert!(said.contains("guest.wasm"), "the unit is not there: {said}");
}

/// For every range of code, the lines and the inlined calls are those that the module's own tables have for its operator.
#[test]
fn lines_and_inlined_calls_are_the_modules() {
    // The deepest call that is seen, to know that there are any.
    let mut deepest = 0;
    for (wasm, language) in [(rust_guest(), "rs"), (c_guest("-gdwarf-4"), "c"), (c_guest("-gdwarf-5"), "c")] {
        let module = File::new("guest.wasm", &wasm);
        let start = code_start(&wasm);
        for arch in Arch::ALL {
            let artifact = compiled(&wasm, arch, false);
            let ranges = ranges_of_functions(&artifact);
            let theirs: Vec<u64> = ranges.iter().map(|(_, offset)| u64::from(offset - start)).collect();
            let ours: Vec<u64> = ranges.iter().map(|(place, _)| *place).collect();
            let object = File::new("guest.o", &artifact.object);
            let (theirs, ours) = (symbolize(&module.path, &theirs), symbolize(&object.path, &ours));
            let mut with_lines = 0;
            for (((place, offset), theirs), ours) in ranges.iter().zip(theirs).zip(ours) {
                if theirs.last().is_some_and(|outermost| outermost.file.ends_with(&format!("guest.{language}"))) {
                    with_lines += 1;
                    deepest = deepest.max(theirs.len());
                    assert_eq!(ours, theirs, "{arch:?}: code at {place:#x}, of the operator at {offset:#x}");
                }
            }
            assert!(with_lines * 4 > ranges.len() * 3, "{arch:?}: {with_lines} of {} have lines", ranges.len());
        }
    }
    assert!(deepest >= 3, "inlined calls nest {deepest} deep at most");
}

/// For every range of code that the map leads to a function, a place in it and the offset of its operator.
fn ranges_of_functions(artifact: &Artifact) -> Vec<(u64, u32)> {
    let map = &artifact.code_map;
    let middle = |start: u32, end: u32| start + (end - start) / 2;
    let places = map.ranges.iter().map(|range| (middle(range.start, range.end), range.wasm_offset));
    places.filter(|(place, _)| map.locate(*place).is_some()).map(|(place, offset)| (u64::from(place), offset)).collect()
}

/// Without debug information of its own, the line is the offset in the module.
#[test]
fn lines_are_offsets_elsewhere() {
    for arch in Arch::ALL {
        let artifact = compiled(&plain_guest(), arch, false);
        let ranges = ranges_of_functions(&artifact);
        let places: Vec<u64> = ranges.iter().map(|(place, _)| *place).collect();
        let object = File::new("guest.o", &artifact.object);
        for ((place, offset), ours) in ranges.iter().zip(symbolize(&object.path, &places)) {
            let expected = Place { function: String::new(), file: "guest.wasm".into(), line: u64::from(*offset), column: 0 };
            let [mut ours] = ours.try_into().expect("nothing is inlined");
            ours.file = ours.file.trim_start_matches("./").to_string();
            assert_eq!(ours, expected, "{arch:?}: {place:#x}");
        }
    }
}

/// Rows cover every byte of code: functions, glue, trap stubs.
#[test]
fn every_instruction_has_a_row() {
    for wasm in [rust_guest(), plain_guest()] {
        for arch in Arch::ALL {
            let artifact = compiled(&wasm, arch, false);
            let elf = object::File::parse(&*artifact.object).unwrap();
            let text = elf.section_by_name(".text.sg.guest").unwrap();
            let object = File::new("guest.o", &artifact.object);
            let mut sequences = sequences(&output(Command::new("llvm-dwarfdump").arg("--debug-line").arg(&object.path)));
            sequences.sort_unstable();
            // Between functions there is only what pads them to their alignment.
            let mut end = 0;
            for (start, next) in sequences {
                assert!((end..end + 16).contains(&start), "{arch:?}: nothing is said of {end:#x} to {start:#x}");
                end = next;
            }
            assert_eq!(end, text.size(), "{arch:?}");
        }
    }
}

/// Start and end of every sequence of rows.
fn sequences(dump: &str) -> Vec<(u64, u64)> {
    let mut found = Vec::new();
    let mut start = None;
    for line in dump.lines().filter(|line| line.starts_with("0x")) {
        let address = line.split_whitespace().next().and_then(|address| address.strip_prefix("0x")).unwrap();
        let address = u64::from_str_radix(address, 16).unwrap();
        let first = *start.get_or_insert(address);
        if line.ends_with("end_sequence") {
            found.push((first, address));
            start = None;
        }
    }
    found
}

/// Functions have the module's own names, a Rust symbol as the path that it stands for; what is not the guest's is marked.
#[test]
fn functions_have_the_modules_names() {
    let artifact = compiled(&rust_guest(), Arch::Aarch64, false);
    let object = File::new("guest.o", &artifact.object);
    let dump = output(Command::new("llvm-dwarfdump").arg("--debug-info").arg(&object.path));
    for expected in [
        "DW_AT_name\t(\"guest::Filter::step\")",
        "DW_AT_name\t(\"guest::deep::divide\")",
        "DW_AT_linkage_name\t(\"_ZN5guest6Filter4step17h",
        "DW_AT_name\t(\"run\")",
        "DW_AT_language\t(DW_LANG_Rust)",
        "DW_AT_inline\t(DW_INL_inlined)",
    ] {
        assert!(dump.contains(expected), "{expected} is not in\n{dump}");
    }
    let artificial = dump.matches("DW_AT_artificial\t(true)").count();
    let symbols = ["enter", "load", "init", "start", "trap"].map(|kind| format!("DW_AT_name\t(\"sg__{kind}__guest"));
    for symbol in &symbols {
        assert!(dump.contains(symbol), "{symbol}");
    }
    assert_eq!(artificial, symbols.iter().map(|symbol| dump.matches(symbol.as_str()).count()).sum::<usize>());
}

/// A module's debug information has no say in its code, and threads have none in what is made of it.
#[test]
fn debug_information_changes_no_code() {
    let wasm = rust_guest();
    let mut renamed = wasm.clone();
    // The same module, in which nobody knows the sections any more.
    let mut found = 0;
    for at in 0..renamed.len() - 7 {
        if renamed[at..].starts_with(b".debug_") {
            renamed[at] = b'-';
            found += 1;
        }
    }
    assert!(found >= 4, "{found} sections");
    for arch in Arch::ALL {
        let (with, without) = (compiled(&wasm, arch, false), compiled(&renamed, arch, false));
        for name in [".text.sg.guest", ".rela.text.sg.guest", ".rodata.sg.guest", ".debug_frame"] {
            let section = |artifact: &Artifact| {
                let elf = object::File::parse(&*artifact.object).unwrap();
                elf.section_by_name(name).unwrap().data().unwrap().to_vec()
            };
            assert!(section(&with) == section(&without), "{arch:?}: {name} differs");
        }
        assert_ne!(with.object, without.object);
        let mut options = saggar_compiler::Options::new(saggar_compiler::target::Target::new(arch), "guest");
        options.threads = 1;
        assert!(saggar_compiler::compile(&wasm, &options).unwrap().object == with.object, "{arch:?}: threads show");
    }
}
