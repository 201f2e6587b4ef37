//! The example firmwares: built, booted, and what they say held against the same story in wasmi.
//!
//! - [`build`]: guests and images, by the same commands that a person uses.
//! - [`machine`]: an image in flash, and the emulator that boots from it.
//! - [`model`]: the story in wasmi; [`transcript`]: its lines and those of an image.
//! - [`layout`](mod@layout): what lies where in an image.
//! - [`recording`](mod@recording): how the recording in the images was made.

pub mod build;
pub mod layout;
pub mod machine;
pub mod model;
pub mod recording;
pub mod transcript;

use machine::Machine;
use saggar_compiler::explain::{self, Explanation, Query};
use saggar_compiler::target::Arch;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use transcript::{Expected, Line};

/// Which firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `examples/firmware-rust`.
    Rust,
    /// `examples/firmware-c`.
    C,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Rust, Kind::C];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Rust => "rust",
            Kind::C => "c",
        }
    }
}

/// The architectures whose machines the firmwares know.
pub const ARCHES: [Arch; 2] = [Arch::Aarch64, Arch::Riscv64];

/// How long an image may run, in seconds. It takes less than one on an idle machine.
const WATCHDOG_SECONDS: u64 = 60;

/// Why a firmware could not be built or booted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program could not be started.
    #[error("cannot start {program}: {source}")]
    Start {
        /// Its name.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program failed.
    #[error("{command} failed:\n{messages}")]
    Failed {
        /// The command.
        command: String,
        /// What it printed.
        messages: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The compiler refused a guest.
    #[error("{0}: {1}")]
    Compile(&'static str, saggar_compiler::Error),
    /// The runtime library is not there.
    #[error(transparent)]
    Toolchain(#[from] crate::target::ToolchainError),
    /// wasmi cannot tell the story.
    #[error("the story in wasmi: {0}")]
    Oracle(String),
    /// What was linked is not an image of this machine.
    #[error("the image: {0}")]
    Image(String),
}

/// What an image did.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Which firmware.
    pub firmware: Kind,
    /// Target, as on the command line.
    pub target: &'static str,
    /// Checks that the image made itself, and that held.
    pub checks: usize,
    /// Values of the image that were the same in wasmi.
    pub values: usize,
    /// Traps that ended calls, each at the place that it should.
    pub traps: Vec<Trap>,
    /// What was not as it should be.
    pub failures: Vec<String>,
    /// Where the image is.
    #[serde(skip)]
    pub image: PathBuf,
}

/// How a call ended, and where that is in the module.
#[derive(Clone, Debug, Serialize)]
pub struct Trap {
    /// The module that was called.
    pub module: String,
    /// What was tried.
    pub what: String,
    /// What happened, in words.
    pub trap: &'static str,
    /// Where in the image's code the trap was raised: the return address.
    pub pc: u64,
    /// Where that is in the module.
    pub place: Explanation,
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The debug information's name is the one in the source.
        let call = self.place.source.last();
        let name = call.map(|call| call.function.as_str()).or(self.place.name.as_deref()).unwrap_or("a function without a name");
        write!(f, "{}: {} in {name}", self.what, self.trap)?;
        if let Some(offset) = self.place.wasm_offset {
            write!(f, " at wasm offset {offset:#x}")?;
        }
        if let Some(operator) = &self.place.operator {
            write!(f, " ({operator})")?;
        }
        match call.map(|call| (&call.file, call.line)) {
            Some((Some(file), Some(line))) => write!(f, ", {file}:{line}"),
            _ => Ok(()),
        }
    }
}

impl Report {
    /// Whether all was as it should be.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Builds a firmware for an architecture, boots it, and judges what it says. `saggar` is a program with the commands `aot` and
/// `library` for the makefile of the firmware in C; without one the same is done in this process.
///
/// # Errors
/// When it cannot be built or started at all. What it does wrong is in the report.
pub fn run(kind: Kind, arch: Arch, saggar: Option<&Path>) -> Result<Report, Error> {
    let image = build::image(kind, arch, saggar)?;
    let expected = model::story(&build::guests()?)?;
    let run = Machine::new(arch, &image.elf)?.run(Duration::from_secs(WATCHDOG_SECONDS))?;
    let mut report = Report {
        firmware: kind,
        target: arch.name(),
        checks: 0,
        values: 0,
        traps: Vec::new(),
        failures: Vec::new(),
        image: image.path,
    };
    judge(&mut report, &image.elf, &expected, &run.output);
    match run.exit_code {
        Some(0) => {}
        Some(code) => report.failures.push(format!("the image ended with the exit code {code}")),
        None => report.failures.push(format!("the image did not end within {WATCHDOG_SECONDS} s")),
    }
    Ok(report)
}

/// Holds an image's lines against the story's.
fn judge(report: &mut Report, elf: &[u8], expected: &[Expected], output: &str) {
    let mut lines = output.lines();
    for (number, expected) in (1..).zip(expected) {
        let Some(text) = lines.next() else {
            report.failures.push(format!("the image is silent from line {number} on, where `{expected}` is due"));
            return;
        };
        let complaint = match (expected, Line::parse(text)) {
            (Expected::Line(expected), Some(line)) if *expected == line => {
                let counted = if matches!(line, Line::Check(_)) { &mut report.checks } else { &mut report.values };
                *counted += 1;
                None
            }
            (Expected::Ending(ending), Some(Line::Trap { module, what, code, pc }))
                if (ending.module, ending.what, ending.code as u32) == (&module, &what, code) =>
            {
                let query = Query { pc, return_address: true };
                let place = explain::explain(elf, query).map_err(|error| error.to_string());
                place.map_or_else(Some, |place| {
                    let complaint = ending.complaint(&place);
                    report.traps.push(Trap { module, what, trap: ending.code.description(), pc, place });
                    complaint
                })
            }
            _ => Some(format!("`{expected}` is due")),
        };
        report.failures.extend(complaint.map(|complaint| format!("line {number}, `{text}`: {complaint}")));
    }
    report.failures.extend(lines.map(|text| format!("`{text}` comes after the end")));
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::File { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::transcript::{Ending, Expected, Line};
    use super::{Kind, Report, judge};
    use saggar_abi::trap::Code;
    use saggar_compiler::target::{Arch, Target};
    use saggar_compiler::{Options, compile};
    use saggar_runner::{LinkInput, LinkOptions, link};

    /// An image with a module that traps, and the return address of the place.
    fn trapping() -> (Vec<u8>, u64) {
        let wasm = wat::parse_str("(module (func $broken (export \"broken\") unreachable))").unwrap();
        let artifact = compile(&wasm, &Options::new(Target::new(Arch::Aarch64), "wave")).unwrap();
        let input = LinkInput { name: "wave", bytes: &artifact.object };
        let elf = link::link_elf(Arch::Aarch64, &[input], &LinkOptions::default()).unwrap();
        let symbols = super::layout::Layout::read(&elf).unwrap();
        let function = symbols.named("sg__func__wave__0").next().unwrap().clone();
        (elf, function.address + function.bytes)
    }

    fn complaints(elf: &[u8], ending: Ending, output: &str) -> Vec<String> {
        let check = |what: &str| Expected::Line(Line::Check(what.to_owned()));
        let value = Expected::Line(Line::Value { name: "sum".to_owned(), number: 16 });
        let expected = [check("a"), value, Expected::Ending(ending), check("b")];
        let mut report = Report {
            firmware: Kind::Rust,
            target: "aarch64",
            checks: 0,
            values: 0,
            traps: Vec::new(),
            failures: Vec::new(),
            image: "image".into(),
        };
        judge(&mut report, elf, &expected, output);
        if report.failures.is_empty() {
            assert_eq!((report.checks, report.values, report.traps.len()), (2, 1, 1));
        }
        report.failures
    }

    #[test]
    fn every_difference_is_a_failure() {
        let (elf, pc) = trapping();
        let ending = Ending {
            module: "wave",
            what: "try",
            code: Code::Unreachable,
            function: Some("broken"),
            operator: Some("unreachable"),
            wasm_offset: None,
        };
        let good = format!("ok a\nvalue sum 0x10\ntrap wave try 1 {pc:#x}\nok b\n");
        assert_eq!(complaints(&elf, ending, &good), Vec::<String>::new());
        let refuse = |output: &str, part: &str| {
            let found = complaints(&elf, ending, output);
            assert!(found.len() == 1 && found[0].contains(part), "{found:?}");
        };
        refuse(&good.replace("0x10\n", "0x11\n"), "`value sum 0x10` is due");
        refuse(&good.replace("ok a", "FAILED a"), "`ok a` is due");
        refuse(&good.replace("try 1", "try 2"), "`trap wave try 1 …` is due");
        refuse(&good.replace(&format!("{pc:#x}"), "0x4"), "lies in no code");
        refuse(&good.replace("ok b\n", ""), "silent from line 4 on");
        refuse(&format!("{good}ok c\n"), "comes after the end");
        for (other, part) in [
            (Ending { function: Some("sound"), ..ending }, "in broken and not in sound"),
            (Ending { operator: Some("i32.load"), ..ending }, "at unreachable and not at i32.load"),
            (Ending { wasm_offset: Some(1), ..ending }, "and not at"),
        ] {
            let found = complaints(&elf, other, &good);
            assert!(found.len() == 1 && found[0].contains(part), "{found:?}");
        }
    }
}
