//! The part `dsp` of the speaker's evaluation: a program of its own, since wasmtime takes minutes to build.

use super::speaker::{cargo, finish, folder, guests, native, output, say};
use crate::speaker;
use saggar::failure::{Exit, Outcome};
use saggar_compiler::Meter;
use std::process::Command;

/// Options of the evaluation that this part has too.
const COMMON: [&str; 4] = ["--json", "--quick", "--stages", "--help"];

/// The part that the arguments want; `None` for all.
pub(crate) fn only(arguments: &[String]) -> Option<&str> {
    let mut rest = arguments.iter().skip_while(|argument| !argument.starts_with("--only"));
    match rest.next()?.strip_prefix("--only=") {
        Some(part) => Some(part),
        None => rest.next().map(String::as_str),
    }
}

/// Where the modules of the comparison lie.
pub(super) fn modules() -> std::path::PathBuf {
    folder().join("bench/target/modules")
}

/// Builds and fires the modules with vectors and without, with a meter and without, and runs them against their rivals; what that prints, also into
/// `to`, then as JSON.
pub(crate) fn run(arguments: &[String], to: Option<&mut String>) -> Outcome<Exit> {
    let arch = native()?;
    let modules = modules();
    for (scalar, suffix) in [(false, ""), (true, "_scalar")] {
        let guests = guests(scalar)?;
        for (meter, ending) in [(Meter::Fuel, ""), (Meter::Off, "_unmetered")] {
            speaker::fire_dsp(&guests, &modules, arch, &format!("{suffix}{ending}"), meter, false)?;
        }
    }
    say(format_args!("the comparison (wasmtime's first build takes minutes)"));
    let mut build = cargo(&folder().join("bench"));
    build.args(["build", "--release", "--locked"]).env("SAGGAR_SPEAKER_MODULES", &modules);
    finish(&mut build, "cargo build of the comparison")?;
    let program = folder().join("bench/target/release/saggar-dsp-bench");
    let mut bench = Command::new(&program);
    bench.arg("--guests").arg(folder().join("target/guests"));
    bench.args(arguments.iter().filter(|argument| COMMON.contains(&argument.as_str())));
    output(&mut bench, &program, to)
}
