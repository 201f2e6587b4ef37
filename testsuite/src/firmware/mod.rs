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

/// Builds a firmware for an architecture, boots it, and judges what it says. `saggar` is a program with the commands `aot` and `library`
/// for the makefile of the firmware in C; without one the same is done in this process.
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
