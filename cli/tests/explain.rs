//! `explain`, as a person calls it.

#[allow(dead_code, reason = "each test uses a part of it")]
mod common;

use common::{Folder, complaints, expect};

const PROGRAM: &str = env!("CARGO_BIN_EXE_saggar");

const SKILL: &str = r#"(module (memory 1)
  (func (export "read") (param i32) (result i32) (i32.load8_u (local.get 0))))"#;

/// An object, in a folder.
fn compiled() -> Folder {
    let folder = Folder::new();
    folder.file("skill.wat", SKILL);
    expect(PROGRAM, &folder, &["aot", "skill.wat", "--target", "aarch64"], 0);
    folder
}

#[test]
fn a_place_is_named() {
    let folder = compiled();
    let output = expect(PROGRAM, &folder, &["explain", "skill.o", "--pc", "0x4"], 0);
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in ["module ", "skill", "function 0 \"read\", 0x4 bytes in", "i32.load8_u", "skill.wasm:"] {
        assert!(text.contains(expected), "`{expected}` is not in:\n{text}");
    }
    // A return address belongs to the instruction before it.
    let decimal = expect(PROGRAM, &folder, &["explain", "skill.o", "--pc", "5", "--return-address", "--json"], 0);
    let json: serde_json::Value = serde_json::from_slice(&decimal.stdout).unwrap();
    assert_eq!((&json["code_offset"], &json["operator"]), (&4.into(), &"i32.load8_u".into()), "{json}");
    assert_eq!((&json["module"], &json["function"], &json["kind"]), (&"skill".into(), &0.into(), &"function".into()));
}

#[test]
fn what_cannot_be_answered_says_what_to_do() {
    let folder = compiled();
    for (arguments, code, said) in [
        (["explain", "skill.o", "--pc", "0x10000"], 2, "lies in no code of a module"),
        (["explain", "skill.wat", "--pc", "0x10"], 3, "not an ELF file"),
        (["explain", "missing.o", "--pc", "0x10"], 7, "cannot read"),
        (["explain", "skill.o", "--pc", "10 bytes"], 2, "is no address"),
    ] {
        let complaint = complaints(&expect(PROGRAM, &folder, &arguments, code));
        assert!(complaint.contains(said), "`{said}` is not in:\n{complaint}");
    }
}
