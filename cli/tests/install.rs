//! The command as somebody gets it who has no use for this repository: installed, in a folder of his own, with a home of his own.
//!
//! It takes minutes, because everything is compiled once more as it is shipped: `cargo xtask test --all` runs it.

#[allow(dead_code, reason = "each test uses a part of it")]
mod common;

use common::{Folder, answer, complaints};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SKILL: &str = r#"(module (import "host" "offset" (func $offset (result i32)))
    (memory (export "memory") 1)
    (func (export "divide") (param i32 i32) (result i32)
        (i32.add (call $offset) (i32.div_s (local.get 0) (local.get 1)))))"#;

const ALONE: &str = r#"(module (func (export "half") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 0.5))))"#;

const HOST: &str = r#"
#include "skill.h"
int32_t IMPORT(void) { return 100; }
int main(void) {
    int32_t quotient = 0;
    if (skill_instantiate().code != SAGGAR_TRAP_OK) return 1;
    if (skill_divide(7, -2, &quotient).code != SAGGAR_TRAP_OK || quotient != 97) return 2;
    if (skill_divide(7, 0, &quotient).code != SAGGAR_TRAP_INTEGER_DIVISION_BY_ZERO) return 3;
    return skill_memory_slice(0, 65536) == 0 || skill_memory_slice(1, 65536) != 0 ? 4 : 0;
}
"#;

/// A person's machine: the installed program and an empty home.
struct Machine {
    folder: Folder,
    program: PathBuf,
}

impl Machine {
    fn new() -> Machine {
        let folder = Folder::new();
        let package = env!("CARGO_MANIFEST_DIR");
        let mut install = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        install.args(["install", "--quiet", "--locked", "--path", package, "--root"]).arg(folder.path().join("root"));
        let output = install.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", complaints(&output));
        let program = folder.path().join("root/bin/saggar");
        std::fs::create_dir(folder.path().join("work")).unwrap();
        Machine { folder, program }
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The program in the folder for work, with nothing of our surroundings but where programs are.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.work()).env_clear();
        command.env("HOME", self.folder.path().join("home")).env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        for variable in ["PATH", "RUSTUP_TOOLCHAIN"] {
            command.envs(std::env::var_os(variable).map(|value| (variable, value)));
        }
        // Rust itself stays where it is.
        let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
        let rustup = rustup.or_else(|| std::env::home_dir().map(|home| home.join(".rustup")));
        command.envs(rustup.filter(|folder| folder.is_dir()).map(|folder| ("RUSTUP_HOME", folder)));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", complaints(&output));
        output
    }
}

#[test]
#[ignore = "takes minutes; a stage of `cargo xtask test --all`"]
fn an_installed_program_needs_nothing_of_the_repository() {
    let machine = Machine::new();
    std::fs::write(machine.work().join("skill.wat"), SKILL).unwrap();
    std::fs::write(machine.work().join("alone.wat"), ALONE).unwrap();
    std::fs::write(machine.work().join("host.c"), HOST).unwrap();
    for target in ["x86_64", "aarch64", "riscv64"] {
        first_run(&machine, target);
        machine.run(&["aot", "skill.wat", "--target", target, "-o", target]);
        machine.run(&["library", "--target", target, "-o", target]);
        let ours = machine.work().join("ours");
        let in_place = Command::new(env!("CARGO_BIN_EXE_saggar")).args(["library", "--target", target, "-o"]).arg(&ours).output();
        assert!(in_place.unwrap().status.success());
        for file in ["libsaggar_runtime.a", "saggar.h"] {
            let installed = std::fs::read(machine.work().join(target).join(file)).unwrap();
            assert!(installed == std::fs::read(ours.join(file)).unwrap(), "{target}: {file} depends on where it is built");
        }
        link_and_run(&machine.work(), target);
    }
    let refused = machine.command(&["aot", "skill.wat", "--target", "aarch64", "--budget", "flash=16"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(5), "{}", complaints(&refused));
}

/// Twice at once, when nothing is built yet; then once more, when everything is.
fn first_run(machine: &Machine, target: &str) {
    let arguments = ["run", "alone.wat", "--target", target, "--invoke", "half", "-3"];
    let start = || machine.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
    for output in &both {
        assert!(output.status.success(), "{target}: {}", complaints(output));
        assert_eq!(answer(output), "f64 -1.5\n", "{target}");
    }
    let cache = machine.folder.path().join("cache/saggar").display().to_string();
    let said = both.iter().map(complaints).find(|said| said.contains(&format!("building the runner for {target}, once")));
    assert!(said.as_ref().is_some_and(|said| said.contains(&cache)), "it says where it builds: {said:?}");
    let again = machine.run(&arguments);
    assert_eq!((answer(&again).as_str(), complaints(&again).as_str()), ("f64 -1.5\n", ""), "{target}");
}

/// By the platform's own compiler and linker, with nothing of Rust.
fn link_and_run(work: &Path, target: &str) {
    let (compiler, emulator): (&str, &[&str]) = match target {
        "x86_64" => ("gcc", &["env"]),
        "aarch64" => ("aarch64-linux-gnu-gcc", &["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]),
        _ => ("riscv64-linux-gnu-gcc", &["qemu-riscv64", "-L", "/usr/riscv64-linux-gnu"]),
    };
    let description = std::fs::read(work.join(target).join("skill.json")).unwrap();
    let description: serde_json::Value = serde_json::from_slice(&description).unwrap();
    let import = description["interface"]["imports"][0]["symbol"].as_str().unwrap();
    let mut link = Command::new(compiler);
    link.args(["-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wl,--gc-sections", "-Wl,--fatal-warnings"]);
    link.arg(format!("-DIMPORT={import}")).args(["-I", target, "host.c", "-o", "host"]);
    link.arg(format!("{target}/skill.o")).arg(format!("{target}/libsaggar_runtime.a"));
    let output = link.current_dir(work).output().unwrap();
    assert!(output.status.success(), "{target}: {}", complaints(&output));
    let mut host = Command::new(emulator[0]);
    let status = host.args(&emulator[1..]).arg("./host").current_dir(work).status().unwrap();
    assert_eq!(status.code(), Some(0), "{target}");
}
