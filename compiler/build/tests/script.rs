//! Build scripts as Cargo runs them: what they write, what they tell Cargo, and what a crate makes of both.
//!
//! The scripts are this very program, started again with Cargo's variables.

use saggar_build::{Fire, Limits, fire};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Which script the child is.
const SCRIPT: &str = "SAGGAR_TEST_SCRIPT";

/// Does nothing in the parent. In the child it is the build script.
#[test]
fn the_script_itself() {
    match std::env::var(SCRIPT).as_deref() {
        Ok("one line") => fire("skill.wat"),
        Ok("options") => {
            let fired =
                Fire::new("skill.wat").name("other").cpu("sse4.1").with(|options| options.canonical_nans = true).compile();
            assert_eq!(fired.unwrap_or_else(|error| panic!("{error}")).report.cpu, "sse4.1");
        }
        Ok("limits") => {
            let limits = Limits { function_operators: 3, ..Limits::default() };
            panic!("{}", Fire::new("skill.wat").limits(limits).compile().expect_err("too many operators"));
        }
        _ => {}
    }
}

const SKILL: &str = r#"(module
    (import "host" "twice" (func $twice (param i32) (result i32)))
    (memory (export "memory") 1)
    (func $quadruple (export "quadruple") (param i32) (result i32) (call $twice (call $twice (local.get 0))))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#;

/// A package: a folder with a module, and one for output.
struct Package {
    folder: PathBuf,
}

impl Package {
    fn new(name: &str, module: &str) -> Package {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // Left behind by an earlier run.
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("out")).unwrap();
        fs::write(folder.join("skill.wat"), module).unwrap();
        Package { folder }
    }

    fn out(&self) -> PathBuf {
        self.folder.join("out")
    }

    /// Runs a script for a target with these features.
    fn script(&self, script: &str, target: &str, features: &str) -> Output {
        let arch = target.split('-').next().unwrap_or_default();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "the_script_itself", "--nocapture"]).env(SCRIPT, script).env("RUST_BACKTRACE", "0");
        command.env("TARGET", target).env("OUT_DIR", self.out()).env("CARGO_MANIFEST_DIR", &self.folder);
        command.env("CARGO_CFG_TARGET_ARCH", arch).env("CARGO_CFG_TARGET_FEATURE", features);
        command.env("CARGO_CFG_TARGET_OS", "linux").env("CARGO_CFG_TARGET_ENDIAN", "little");
        command.output().unwrap()
    }

    /// What a script tells Cargo, when it succeeds.
    fn lines(&self, script: &str) -> Vec<String> {
        let output = self.script(script, "x86_64-unknown-linux-gnu", "sse,sse2");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        // The first line stands behind the test's name.
        let line = |line: &str| line.find("cargo::").map(|start| line[start + "cargo::".len()..].to_owned());
        text.lines().filter_map(line).collect()
    }

    /// What a script that must fail says.
    fn complaint(&self, script: &str, target: &str, features: &str) -> String {
        let output = self.script(script, target, features);
        assert!(!output.status.success(), "the script should fail");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Rust's compiler with what the script told Cargo, on a source.
    fn rustc(&self, name: &str, kind: &str, source: &str, lines: &[String]) -> Output {
        let path = self.folder.join(format!("{name}.rs"));
        fs::write(&path, source).unwrap();
        let mut command = rustc(&self.folder);
        for line in lines {
            match line.split_once('=') {
                Some(("rustc-link-lib", library)) => command.args(["-l", library]),
                Some(("rustc-link-search", place)) => command.args(["-L", place]),
                _ => &mut command,
            };
        }
        command.env("OUT_DIR", self.out()).args(["--crate-type", kind, "--crate-name", name, "--extern", "saggar_runtime"]);
        command.arg(path).output().unwrap()
    }

    /// The runtime library as a crate.
    fn build_runtime(&self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for (name, source) in [("saggar_abi", "abi/src/lib.rs"), ("saggar_runtime", "runtime-lib/src/lib.rs")] {
            let mut command = rustc(&self.folder);
            command.args(["--crate-type", "rlib", "--crate-name", name]).arg(root.join(source));
            succeeds(&(if name == "saggar_abi" { command } else { with_abi(command) }).output().unwrap());
        }
    }
}

fn with_abi(mut command: Command) -> Command {
    command.args(["--extern", "saggar_abi"]);
    command
}

fn rustc(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.args(["--edition", "2024", "-L"]).arg(folder).arg("--out-dir").arg(folder);
    command
}

fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const BINDINGS: &str = r#"
pub mod skill { include!(concat!(env!("OUT_DIR"), "/skill.rs")); }
struct Host;
impl skill::Imports for Host {
    fn host_twice(_: &mut skill::Skill, value: i32) -> i32 { 2 * value }
}
skill::provide!(Host, skill);
pub fn quadruple(value: i32) -> i32 {
    let mut skill = skill::Skill::take().expect("nobody took it");
    skill.instantiate().expect("instantiated");
    assert_eq!(skill.load(65_536).expect_err("beyond the memory").number, 2);
    skill.quadruple(value).expect("no trap")
}
"#;

#[test]
fn a_program_calls_the_module() {
    let package = Package::new("program", SKILL);
    package.build_runtime();
    let lines = package.lines("one line");
    let source = format!("{BINDINGS}fn main() {{ println!(\"{{}}\", quadruple(10)); }}");
    succeeds(&package.rustc("program", "bin", &source, &lines));
    assert_eq!(succeeds(&Command::new(package.folder.join("program")).output().unwrap()).trim(), "40");
}

/// The library's user knows nothing of the module: Cargo passes on where to search, and the library itself what to link.
#[test]
fn a_library_hands_the_module_on() {
    let package = Package::new("library", SKILL);
    package.build_runtime();
    let lines = package.lines("one line");
    succeeds(&package.rustc("skills", "rlib", BINDINGS, &lines));
    let search: Vec<String> = lines.into_iter().filter(|line| line.starts_with("rustc-link-search")).collect();
    let user = "extern crate skills; fn main() { println!(\"{}\", skills::quadruple(25)); }";
    succeeds(&package.rustc("user", "bin", user, &search));
    assert_eq!(succeeds(&Command::new(package.folder.join("user")).output().unwrap()).trim(), "100");
}

#[test]
fn cargo_hears_what_it_needs() {
    let package = Package::new("lines", SKILL);
    let expected = [
        format!("rerun-if-changed={}", package.folder.join("skill.wat").display()),
        format!("rustc-link-search=native={}", package.out().display()),
        "rustc-link-lib=static:-bundle,+verbatim=skill.o".to_owned(),
    ];
    assert_eq!(package.lines("one line"), expected);
    let files = |extension: &str| fs::read(package.out().join("skill").with_extension(extension)).unwrap();
    assert!(files("o").starts_with(b"\x7fELF"));
    let costs = String::from_utf8(files("json")).unwrap();
    assert!(costs.contains("\"report\"") && costs.contains("\"interface\""), "{costs}");
    let first = files("o");
    package.lines("one line");
    assert!(first == files("o"), "the same module gives the same object");
    assert_eq!(package.lines("options")[2], "rustc-link-lib=static:-bundle,+verbatim=other.o");
}

#[test]
fn a_build_fails_with_the_compilers_message() {
    let package = Package::new("broken", "(module (func $mixer (result i32) (i32.add (i32.const 1))))");
    let message = package.complaint("one line", "aarch64-unknown-linux-gnu", "neon");
    for part in ["skill.wat cannot be compiled for aarch64 (generic)", "invalid module", "\"mixer\"", "at wasm offset 0x"] {
        assert!(message.contains(part), "`{part}` is missing: {message}");
    }
    let package = Package::new("limits", SKILL);
    let message = package.complaint("limits", "aarch64-unknown-linux-gnu", "neon");
    for part in ["limit exceeded", "\"quadruple\"", "help: ", "a method of `saggar_build::Fire`"] {
        assert!(message.contains(part), "`{part}` is missing: {message}");
    }
    let package = Package::new("text", "(module (func $f (i32.add)");
    let message = package.complaint("one line", "aarch64-unknown-linux-gnu", "neon");
    assert!(message.contains("skill.wat is not a module in the text format"), "{message}");
    let message = package.complaint("one line", "riscv64imac-unknown-none-elf", "a,c,m");
    assert!(message.contains("no target of Saggar"), "{message}");
    fs::remove_file(package.folder.join("skill.wat")).unwrap();
    let message = package.complaint("one line", "aarch64-unknown-linux-gnu", "neon");
    assert!(message.contains("cannot read") && message.contains("skill.wat"), "{message}");
}

#[test]
fn outside_a_build_script_it_says_so() {
    let error = Fire::new("skill.wat").compile().expect_err("Cargo starts tests without these variables");
    assert!(error.to_string().contains("build script"), "{error}");
}
