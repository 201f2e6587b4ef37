//! The commands as a person runs them: exit codes, files, messages.

mod common;

use common::{Folder, complaints, expect};
use std::process::Output;

const PROGRAM: &str = env!("CARGO_BIN_EXE_saggar");

const GOOD: &str = r#"(module (memory (export "memory") 1)
    (func $divide (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "half") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5))))"#;

#[test]
fn exit_codes_say_what_is_wrong() {
    let folder = Folder::new();
    folder.file("good.wat", GOOD);
    folder.file("invalid.wat", r#"(module (func (result i32)))"#);
    folder.file("text.wat", "(module");
    folder.file("garbage.wasm", "garbage");
    folder.file("wide.wat", "(module (memory i64 1))");
    folder.file("huge.wat", "(module (memory 40000))");
    for (arguments, expected) in [
        (&["aot", "good.wat", "--target", "x86_64"][..], 0),
        (&["aot", "good.wat"], 2),
        (&["aot", "good.wat", "--target", "aarch64", "--cpu", "z80"], 2),
        (&["aot", "good.wat", "invalid.wat", "--target", "aarch64", "--name", "a"], 2),
        (&["aot", "invalid.wat", "--target", "x86_64"], 3),
        (&["aot", "text.wat", "--target", "x86_64"], 3),
        (&["aot", "garbage.wasm", "--target", "x86_64"], 3),
        (&["inspect", "garbage.wasm"], 3),
        (&["aot", "wide.wat", "--target", "riscv64"], 4),
        (&["aot", "huge.wat", "--target", "riscv64"], 5),
        (&["aot", "good.wat", "--target", "x86_64", "--max-function-operators", "1"], 5),
        (&["aot", "good.wat", "--target", "x86_64", "--time-cap", "0"], 5),
        (&["aot", "absent.wasm", "--target", "x86_64"], 7),
        (&["aot", "good.wat", "invalid.wat", "wide.wat", "--target", "x86_64"], 3),
    ] {
        expect(PROGRAM, &folder, arguments, expected);
    }
}

#[test]
fn errors_name_the_place() {
    let folder = Folder::new();
    folder.file("bad.wat", r#"(module (func $first) (func $second (result i32) (i64.const 1)))"#);
    let complaint = complaints(&expect(PROGRAM, &folder, &["aot", "bad.wat", "--target", "aarch64"], 3));
    for part in ["bad.wat", "second", "type mismatch", "wasm offset", "help:"] {
        assert!(complaint.contains(part), "`{part}` is missing: {complaint}");
    }
}

#[test]
fn aot_writes_object_bindings_and_report() {
    let folder = Folder::new();
    folder.file("my skill.wat", GOOD);
    expect(PROGRAM, &folder, &["aot", "my skill.wat", "--target", "riscv64", "-o", "out/deep", "--emit", "obj,clif,asm"], 0);
    let read = |name: &str| folder.read(&format!("out/deep/{name}"));
    assert_eq!(&read("my_skill.o")[..4], b"\x7fELF");
    let report: serde_json::Value = serde_json::from_slice(&read("my_skill.json")).unwrap();
    assert_eq!(report["report"]["memory_bytes"], 65536);
    assert_eq!(report["interface"]["module"], "my_skill");
    for (name, part) in [
        ("my_skill.h", "my_skill_divide(int32_t a0, int32_t a1, int32_t *r0)"),
        ("my_skill.rs", "pub fn half(&mut self, a0: f64)"),
        ("my_skill.clif", "f64const"),
        ("my_skill.asm", "divide"),
    ] {
        assert!(String::from_utf8(read(name)).unwrap().contains(part), "{name}");
    }
}

#[test]
fn output_does_not_depend_on_threads_or_folder() {
    let (one, two) = (Folder::new(), Folder::new());
    let mut text = String::from("(module (memory 1)");
    for index in 0..50 {
        text += &format!("(func (export \"f{index}\") (param i32) (result i32) (i32.load offset={index} (local.get 0)))");
    }
    text.push(')');
    for (folder, threads) in [(&one, "1"), (&two, "4")] {
        folder.file("m.wat", &text);
        expect(PROGRAM, folder, &["aot", "m.wat", "--target", "aarch64", "--threads", threads], 0);
    }
    for name in ["m.o", "m.h", "m.rs", "m.json"] {
        assert_eq!(one.read(name), two.read(name), "{name}");
    }
}

#[test]
fn a_folder_is_compiled_file_by_file() {
    let folder = Folder::new();
    for (name, text) in [("a.wat", GOOD), ("b.wat", GOOD), ("c.wat", "(module (func (result i32)))")] {
        folder.file(name, text);
    }
    let output = expect(PROGRAM, &folder, &["aot", ".", "--target", "x86_64", "--json", "-o", "out"], 3);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let oks: Vec<bool> = json["files"].as_array().unwrap().iter().map(|file| file["ok"].as_bool().unwrap()).collect();
    assert_eq!(oks, [true, true, false]);
    assert_eq!(json["files"][2]["error"]["kind"], "invalid");
    let output = expect(PROGRAM, &folder, &["aot", ".", "--target", "x86_64", "-o", "out"], 3);
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 compiled, 1 failed"));
    assert_eq!(complaints(&output).lines().count(), 1, "one line for each failed file");
}

#[test]
fn run_prints_results_and_traps() {
    let folder = Folder::new();
    folder.file("good.wat", GOOD);
    folder.file("needy.wat", r#"(module (import "env" "f" (func)) (import "wasi_snapshot_preview1" "g" (func)))"#);
    let out = |output: Output| common::answer(&output);
    for target in ["x86_64", "aarch64", "riscv64"] {
        let run = |arguments: &[&str], expected| {
            let all = [&["run", "good.wat", "--target", target, "--invoke"], arguments].concat();
            out(expect(PROGRAM, &folder, &all, expected))
        };
        assert_eq!(run(&["divide", "7", "-2"], 0), "i32 -3\n");
        assert_eq!(run(&["half", "-3"], 0), "f64 -1.5\n");
        let trap = run(&["divide", "7", "0"], 1);
        assert!(trap.contains("integer divide by zero") && trap.contains("\"divide\"") && trap.contains("wasm offset"), "{trap}");
        run(&["divide", "7"], 2);
        run(&["nothing"], 2);
    }
    let refused = complaints(&expect(PROGRAM, &folder, &["run", "needy.wat", "--target", "x86_64"], 4));
    assert!(refused.contains("\"env\" \"f\"") && refused.contains("WASI is not supported yet"), "{refused}");
}

/// Whatever is done to a module's bytes: an answer, and never the death of the child.
#[test]
fn damaged_modules_are_refused_or_compiled() {
    let folder = Folder::new();
    let wasm = wat::parse_str(GOOD).unwrap();
    std::fs::create_dir(folder.path().join("damaged")).unwrap();
    for (index, _) in wasm.iter().enumerate().step_by(3) {
        let mut flipped = wasm.clone();
        flipped[index] ^= 0x55;
        folder.file(&format!("damaged/flipped{index}.wasm"), flipped);
        folder.file(&format!("damaged/cut{index}.wasm"), &wasm[..index]);
    }
    let output = common::run(PROGRAM, &folder, &["aot", "damaged", "--target", "x86_64", "--json", "-o", "out"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for file in json["files"].as_array().unwrap() {
        let kind = file["error"]["kind"].as_str().unwrap_or("ok");
        assert!(["ok", "invalid", "unsupported", "limit"].contains(&kind), "{file}");
    }
}

/// A bomb does not get past its limit, and the limit does not get past the cap.
#[test]
fn bombs_are_stopped() {
    let folder = Folder::new();
    let adds = "(drop (i32.add (i32.const 1) (i32.const 2)))".repeat(200_000);
    folder.file("adds.wat", format!("(module (func {adds}))"));
    expect(PROGRAM, &folder, &["aot", "adds.wat", "--target", "x86_64"], 5);
    let nested = format!("(module (func {}{}))", "block ".repeat(50_000), "end ".repeat(50_000));
    folder.file("nested.wat", nested);
    expect(PROGRAM, &folder, &["aot", "nested.wat", "--target", "x86_64"], 5);
    let raised =
        ["aot", "adds.wat", "--target", "x86_64", "--max-function-operators", "10000000", "--max-function-bytes", "64MiB"];
    expect(PROGRAM, &folder, &[&raised[..], &["--memory-cap", "96MiB", "--threads", "1"]].concat(), 5);
}

#[test]
fn an_existing_file_in_the_way_of_the_output_is_an_error() {
    let folder = Folder::new();
    folder.file("good.wat", GOOD);
    folder.file("out", "a file");
    let output = expect(PROGRAM, &folder, &["aot", "good.wat", "--target", "x86_64", "-o", "out"], 7);
    assert!(complaints(&output).contains("out"));
    assert!(folder.path().join("out").is_file());
}

/// A module over budget is not built, and the complaint says what is expensive; one that is exactly within is.
#[test]
fn budgets_hold() {
    let folder = Folder::new();
    folder.file("good.wat", GOOD);
    let aot = |budget: &str, code| {
        let output = expect(
            PROGRAM,
            &folder,
            &["aot", "good.wat", "--target", "riscv64", "-o", "out", "--json", "--budget", budget],
            code,
        );
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        json["files"][0].clone()
    };
    let over = aot("flash=16,ram=64KiB", 5);
    assert!(!folder.path().join("out").exists(), "nothing is written");
    assert_eq!(
        (over["ok"].as_bool(), over["exit_code"].as_u64(), &over["error"]["kind"]),
        (Some(false), Some(5), &"limit".into())
    );
    let report = &over["report"];
    let number = |key: &str| report[key].as_u64().unwrap();
    let flash = number("code_bytes") + number("read_only_bytes") + number("data_bytes");
    let ram = number("data_bytes") + number("zero_bytes");
    let items: Vec<_> =
        over["over_budget"].as_array().unwrap().iter().map(|item| (&item["item"], item["used_bytes"].as_u64())).collect();
    assert_eq!(items, [(&"flash".into(), Some(flash)), (&"ram".into(), Some(ram))]);
    aot(&format!("flash={flash},ram={}", ram - 1), 5);
    aot(&format!("flash={flash},ram={ram}"), 0);
    assert_eq!(&folder.read("out/good.o")[..4], b"\x7fELF");

    let output = expect(PROGRAM, &folder, &["aot", "good.wat", "--target", "riscv64", "--budget", "ram=8KiB"], 5);
    let (table, complaint) = (common::answer(&output), complaints(&output));
    assert!(table.contains("zeroed RAM") && table.contains(".bss.memory.sg.good"), "{table}");
    for part in
        ["limit exceeded: over budget (bytes): ram", ", allowed 8,192", "linear memory 65,536", "--memory-bytes", "-zstack-size"]
    {
        assert!(complaint.contains(part), "`{part}` is missing: {complaint}");
    }
    expect(PROGRAM, &folder, &["aot", "good.wat", "--target", "riscv64", "--budget", "rom=8KiB"], 2);
}

/// A call without a bound is over every budget of stack; one with a bound is over those that are lower.
#[test]
fn budgets_of_stack_hold() {
    let folder = Folder::new();
    folder.file("leaf.wat", r#"(module (func (export "f") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0))))"#);
    folder.file("deep.wat", r#"(module (func $f (export "f") (param i32) (if (local.get 0) (then (call $f (i32.shr_u (local.get 0) (i32.const 1)))))))"#);
    let aot = |file: &str, budget: &str, code| {
        complaints(&expect(PROGRAM, &folder, &["aot", file, "--target", "aarch64", "--budget", budget], code))
    };
    aot("leaf.wat", "stack=16KiB", 0);
    aot("leaf.wat", "stack=16", 5);
    let complaint = aot("deep.wat", "stack=1GiB", 5);
    assert!(complaint.contains("stack unbounded") && complaint.contains("recursion"), "{complaint}");
}

/// What `aot` prints is for people: functions only where they are asked for, and no name that steers a terminal.
#[test]
fn the_table_of_costs_is_readable() {
    let folder = Folder::new();
    folder.file("good.wat", GOOD);
    folder.file("rude.wat", r#"(module (func (export "\1b[2Jx")))"#);
    let aot = |arguments: &[&str]| {
        let all = [&["aot", "--target", "aarch64"], arguments].concat();
        common::answer(&expect(PROGRAM, &folder, &all, 0))
    };
    let (short, long) = (aot(&["good.wat"]), aot(&["good.wat", "--functions"]));
    for part in ["good for aarch64 (generic)", "code", "read-only data", "flash", "RAM", "divide", "wrote ./good.o"] {
        assert!(short.contains(part), "`{part}` is missing: {short}");
    }
    assert!(!short.contains("#0 divide") && long.contains("#0 divide") && long.contains("#1 half"), "{short}{long}");
    let widest = long.lines().filter(|line| !line.starts_with("wrote")).map(str::len).max();
    assert!(widest < Some(80), "{long}");
    let rude = aot(&["rude.wat", "--functions"]);
    assert!(!rude.contains('\u{1b}') && rude.contains("u{1b}[2Jx"), "{rude}");
}

#[test]
fn the_library_is_all_that_a_c_host_needs() {
    let folder = Folder::new();
    for target in ["x86_64", "aarch64", "riscv64"] {
        expect(PROGRAM, &folder, &["library", "--target", target, "-o", target], 0);
        let library = folder.read(&format!("{target}/libsaggar_runtime.a"));
        assert!(library.starts_with(b"!<arch>\n") && library.len() < 256 * 1024, "{} bytes", library.len());
        let header = String::from_utf8(folder.read(&format!("{target}/saggar.h"))).unwrap();
        assert!(header.contains("SAGGAR_ABI_VERSION"));
        expect(PROGRAM, &folder, &["library", "--target", target, "-o", "again"], 0);
        assert_eq!(folder.read("again/libsaggar_runtime.a"), library, "{target}");
    }
}
