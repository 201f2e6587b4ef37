//! The commands of the repository as a person runs them: exit codes, files, messages. Those that are for everybody have their tests in
//! the crate `saggar`; here is only that they are there too.

#[path = "../../cli/tests/common/mod.rs"]
mod common;

use common::{Folder, answer, expect};

const PROGRAM: &str = env!("CARGO_BIN_EXE_xtask");

/// The compiling child is this program too, and help speaks of it.
#[test]
fn commands_for_everybody_are_here_too() {
    let folder = Folder::new();
    folder.file("good.wat", r#"(module (func (export "f") (result i32) (i32.const 1)))"#);
    expect(PROGRAM, &folder, &["aot", "good.wat", "--target", "x86_64"], 0);
    assert_eq!(&folder.read("good.o")[..4], b"\x7fELF");
    let help = answer(&expect(PROGRAM, &folder, &["aot", "--help"], 0));
    assert!(help.contains("cargo xtask aot skill.wasm") && !help.contains("saggar aot"), "{help}");
    let commands = answer(&expect(PROGRAM, &folder, &["--help"], 0));
    for command in ["aot", "inspect", "run", "library", "wast", "diff", "bench", "size", "test", "setup"] {
        assert!(commands.lines().any(|line| line.trim_start().starts_with(command)), "{command}: {commands}");
    }
}

#[test]
fn scripts_fail_alone() {
    let folder = Folder::new();
    folder.file(
        "good.wast",
        r#"(module (func (export "f") (result i32) (i32.const 1))) (assert_return (invoke "f") (i32.const 1))"#,
    );
    folder.file(
        "wrong.wast",
        r#"(module (func (export "f") (result i32) (i32.const 1))) (assert_return (invoke "f") (i32.const 2))"#,
    );
    folder.file("cut.wast", "(module");
    folder.file("spin.wast", r#"(module (func (export "f") (loop $l (br $l)))) (invoke "f")"#);
    expect(PROGRAM, &folder, &["wast", "good.wast", "--target", "x86_64"], 0);
    let output = expect(PROGRAM, &folder, &["wast", ".", "--target", "x86_64", "--json", "--time-cap", "60"], 1);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let reports = json["runs"][0]["reports"].as_array().unwrap();
    let failures: Vec<(&str, usize)> =
        reports.iter().map(|report| (report["file"].as_str().unwrap(), report["failures"].as_array().unwrap().len())).collect();
    assert_eq!(failures, [("./cut.wast", 1), ("./good.wast", 0), ("./spin.wast", 1), ("./wrong.wast", 1)]);
}
