//! Debug information that was made to hurt. A module is compiled whatever it says of itself: without a panic, in bounded time, and to
//! the same code; where it cannot be used, the report says so.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "debug/common.rs"]
mod common;

use common::{c_guest, compiled, rust_guest};
use object::{Object as _, ObjectSection as _};
use saggar_compiler::Artifact;
use saggar_compiler::target::Arch;
use std::time::{Duration, Instant};

/// A module of one function, and custom sections behind it.
fn module(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut wasm =
        wat::parse_str("(module (func (export \"f\") (param i32) (result i32) (i32.div_s (i32.const 9) (local.get 0))))")
            .unwrap();
    for (name, content) in sections {
        let mut body = Vec::new();
        unsigned(&mut body, name.len());
        body.extend_from_slice(name.as_bytes());
        body.extend_from_slice(content);
        wasm.push(0);
        unsigned(&mut wasm, body.len());
        wasm.extend_from_slice(&body);
    }
    wasm
}

/// A number in LEB128.
fn unsigned(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

/// A number of bytes, as sections store it.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap().to_le_bytes()
}

/// A line program of version 4 with these instructions.
fn program(instructions: &[u8]) -> Vec<u8> {
    let header = [1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, b'a', 0, 0, 0, 0, 0];
    let mut out = Vec::new();
    out.extend_from_slice(&length(6 + header.len() + instructions.len()));
    out.extend_from_slice(&[4, 0]);
    out.extend_from_slice(&length(header.len()));
    out.extend_from_slice(&header);
    out.extend_from_slice(instructions);
    out
}

/// A unit of version 4 with these entries.
fn unit(entries: &[u8]) -> Vec<u8> {
    let mut out = length(7 + entries.len()).to_vec();
    out.extend_from_slice(&[4, 0, 0, 0, 0, 0, 4]);
    out.extend_from_slice(entries);
    out
}

const UNIT: u8 = 0x11;
const SUBPROGRAM: u8 = 0x2e;
const INLINED: u8 = 0x1d;
const NAME: u8 = 0x03;
const STATEMENTS: u8 = 0x10;
const LOW: u8 = 0x11;
const HIGH: u8 = 0x12;
const ORIGIN: u8 = 0x31;
const RANGES: u8 = 0x55;
const ADDRESS: u8 = 0x01;
const DATA4: u8 = 0x06;
const STRING_REFERENCE: u8 = 0x0e;
const REFERENCE: u8 = 0x13;
const OFFSET: u8 = 0x17;
const PRESENT: u8 = 0x19;

/// A table of abbreviations: tag, whether there are children, attributes and their forms.
fn abbreviations(entries: &[(u8, bool, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (code, (tag, children, attributes)) in (1..).zip(entries) {
        out.extend_from_slice(&[code, *tag, u8::from(*children)]);
        out.extend_from_slice(attributes);
        out.extend_from_slice(&[0, 0]);
    }
    out.push(0);
    out
}

/// Compiles, in time.
fn compile(sections: &[(&str, &[u8])]) -> Artifact {
    let wasm = module(sections);
    let started = Instant::now();
    let artifact = compiled(&wasm, Arch::Aarch64, false);
    let took = started.elapsed();
    // Without bounds these take from minutes to years.
    assert!(took < Duration::from_secs(20), "{took:?} for {} bytes", wasm.len());
    artifact
}

fn is_refused(artifact: &Artifact) -> bool {
    artifact.report.notes.iter().any(|note| note.contains("debug information is not used"))
}

/// The control: what the builders here build is read.
#[test]
fn what_is_honest_is_used() {
    // The function's body starts at 2 of the code section; line 77 from there to its end.
    let line = program(&[0, 5, 2, 2, 0, 0, 0, 3, 0xcc, 0, 1, 2, 7, 0, 1, 1]);
    let abbrev = abbreviations(&[(UNIT, true, &[STATEMENTS, OFFSET]), (SUBPROGRAM, false, &[LOW, ADDRESS, HIGH, DATA4])]);
    let info = unit(&[1, 0, 0, 0, 0, 2, 2, 0, 0, 0, 7, 0, 0, 0, 0]);
    let artifact = compile(&[(".debug_line", &line), (".debug_info", &info), (".debug_abbrev", &abbrev)]);
    assert!(!is_refused(&artifact), "{:?}", artifact.report.notes);
    let query = saggar_compiler::explain::Query { pc: 4, return_address: false };
    let explained = saggar_compiler::explain::explain(&artifact.object, query).unwrap();
    assert_eq!((explained.source[0].file.as_deref(), explained.source[0].line), (Some("a"), Some(77)), "{explained:?}");
}

/// Entries of one byte with a hundred thousand attributes of none.
#[test]
fn entries_with_many_attributes_of_no_size() {
    let attributes = [NAME, PRESENT].repeat(100_000);
    let abbrev = abbreviations(&[(UNIT, true, &[]), (SUBPROGRAM, false, &attributes)]);
    let info = unit(&[&[1][..], &[2; 200_000]].concat());
    assert!(is_refused(&compile(&[(".debug_line", &program(&[])), (".debug_info", &info), (".debug_abbrev", &abbrev)])));
}

/// Units that share a line program with many files, or whose line programs begin inside each other.
#[test]
fn units_that_share_a_line_program() {
    let abbrev = abbreviations(&[(UNIT, false, &[STATEMENTS, OFFSET])]);
    let mut line = program(&[]);
    line.extend_from_slice(&program(&[0x20; 2_000_000])[..]);
    let units = |offset: fn(u32) -> u32| -> Vec<u8> {
        (0..50_000).flat_map(|number| unit(&[&[1][..], &offset(number).to_le_bytes()].concat())).collect()
    };
    for info in [units(|_| 35), units(|number| 35 + number)] {
        assert!(is_refused(&compile(&[(".debug_line", &line), (".debug_info", &info), (".debug_abbrev", &abbrev)])));
    }
}

/// Calls that all refer to one list of ranges, most of them empty.
#[test]
fn calls_that_share_a_list_of_ranges() {
    let abbrev = abbreviations(&[
        (UNIT, true, &[STATEMENTS, OFFSET]),
        (SUBPROGRAM, true, &[LOW, ADDRESS, HIGH, DATA4]),
        (INLINED, false, &[ORIGIN, REFERENCE, RANGES, OFFSET]),
    ]);
    let mut entries = vec![1, 0, 0, 0, 0, 2, 2, 0, 0, 0, 8, 0, 0, 0];
    entries.extend([3, 16, 0, 0, 0, 0, 0, 0, 0].repeat(100_000));
    let ranges = [5, 0, 0, 0, 5, 0, 0, 0].repeat(200_000);
    let line = program(&[]);
    let sections: &[(&str, &[u8])] =
        &[(".debug_line", &line), (".debug_info", &unit(&entries)), (".debug_abbrev", &abbrev), (".debug_ranges", &ranges)];
    assert!(is_refused(&compile(sections)));
}

/// Names that all are one string of megabytes.
#[test]
fn names_without_an_end() {
    let abbrev = abbreviations(&[(UNIT, true, &[]), (SUBPROGRAM, false, &[NAME, STRING_REFERENCE])]);
    let info = unit(&[&[1][..], &[2, 0, 0, 0, 0].repeat(100_000)].concat());
    let text = vec![b'a'; 2_000_000];
    let terminated = [&text[..], &[0]].concat();
    for text in [text, terminated] {
        let sections: &[(&str, &[u8])] =
            &[(".debug_line", &program(&[])), (".debug_info", &info), (".debug_abbrev", &abbrev), (".debug_str", &text)];
        assert!(is_refused(&compile(sections)));
    }
}

/// Calls inlined into calls, two hundred thousand deep: what is too deep is left out.
#[test]
fn calls_without_a_floor() {
    let abbrev = abbreviations(&[
        (UNIT, true, &[STATEMENTS, OFFSET]),
        (SUBPROGRAM, true, &[LOW, ADDRESS, HIGH, DATA4]),
        (INLINED, true, &[ORIGIN, REFERENCE, LOW, ADDRESS, HIGH, DATA4]),
    ]);
    let mut entries = vec![1, 0, 0, 0, 0, 2, 2, 0, 0, 0, 8, 0, 0, 0];
    entries.extend([3, 16, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0].repeat(200_000));
    let line = program(&[]);
    let artifact = compile(&[(".debug_line", &line), (".debug_info", &unit(&entries)), (".debug_abbrev", &abbrev)]);
    assert!(!is_refused(&artifact), "{:?}", artifact.report.notes);
    assert!(artifact.object.len() < 100_000, "{} bytes", artifact.object.len());
}

/// A file's name that would move a terminal's cursor, and a function's that is a hundred kilobytes long.
#[test]
fn names_are_made_safe() {
    let wasm = wat::parse_str(format!("(module (func ${} unreachable))", "x".repeat(100_000))).unwrap();
    assert!(compiled(&wasm, Arch::Riscv64, false).object.len() < 120_000);
    let mut wasm = rust_guest();
    let first = wasm.windows(7).position(|window| window == b".debug_").unwrap();
    let places: Vec<usize> = (first..wasm.len() - 8).filter(|at| wasm[*at..].starts_with(b"guest.rs")).collect();
    for at in &places {
        wasm[*at..at + 2].copy_from_slice(b"\x1b[");
    }
    assert!(!places.is_empty());
    let artifact = compiled(&wasm, Arch::Riscv64, false);
    let elf = object::File::parse(&*artifact.object).unwrap();
    let line = elf.section_by_name(".debug_line").unwrap().data().unwrap();
    assert!(!line.windows(2).any(|window| window == b"\x1b["));
    assert!(line.windows(10).any(|window| window == "\u{fffd}[est.rs".as_bytes()));
}

/// Any bit of real debug information turned, and any section cut short: the same code, and no panic.
#[test]
fn damaged_debug_information_changes_no_code() {
    for (wasm, step) in [(c_guest("-gdwarf-4"), 3), (c_guest("-gdwarf-5"), 3), (rust_guest(), 1021)] {
        let text = |artifact: &Artifact| {
            let elf = object::File::parse(&*artifact.object).unwrap();
            elf.section_by_name(".text.sg.guest").unwrap().data().unwrap().to_vec()
        };
        let expected = text(&compiled(&wasm, Arch::Riscv64, false));
        let first = wasm.windows(7).position(|window| window == b".debug_").unwrap();
        let (mut refused, mut used) = (0, 0);
        for position in (first + 12..wasm.len()).step_by(step) {
            let mut damaged = wasm.clone();
            damaged[position] ^= 1 << (position % 8);
            // The damage may be to the frame of a section, and then to the module.
            if wasmparser::Validator::new().validate_all(&damaged).is_err() {
                continue;
            }
            let artifact = compiled(&damaged, Arch::Riscv64, false);
            assert!(text(&artifact) == expected, "the bit at {position:#x} shows in the code");
            *if is_refused(&artifact) { &mut refused } else { &mut used } += 1;
        }
        assert!(refused > 3 && used > 100, "{refused} refused, {used} used");
    }
}
