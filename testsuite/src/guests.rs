//! Real programs as guests: DSP crates behind the DSP contract, a program in C, and SQLite.
//!
//! The DSP guests process generated audio frame by frame, compiled on the target and in wasmi, without canonical
//! NaNs, as a product would have it; every output sample, every result and finally all of memory must be the same
//! bit for bit. The others go through [`diff`](crate::diff), SQLite with stubs for its imports.
//!
//! [`build`](fn@build) needs `cargo` with the target `wasm32-unknown-unknown`, `clang`, and `npm` for SQLite, of which nothing
//! is part of this repository.

mod build;
mod dsp;
mod machine;

pub use build::{BuildError, Features, Guests, build, build_rust};
pub use dsp::{STAGES, Stage};

use crate::bounds::StackUse;
use crate::diff::{self, Case, Effort, subject};
use crate::rows;
use crate::target::{Runner, RunnerOptions};
use saggar_compiler::target::{Arch, Target};
use serde::Serialize;
use std::fmt;
use std::time::Instant;

/// What the guests did on a target.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Target, as on the command line.
    pub target: String,
    /// The DSP guests.
    pub dsp: Vec<DspReport>,
    /// The guests that are compared call by call, by name.
    pub compared: Vec<(String, diff::Report)>,
    /// Seconds that it took to compile SQLite with its stubs, on one thread.
    pub sql_compile_seconds: f64,
}

/// What a DSP guest did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DspReport {
    /// Its name.
    pub guest: String,
    /// The row that it was compiled for.
    pub target: String,
    /// Frames that were the same on both sides.
    pub frames: u32,
    /// Hash of all output, so that a change shows.
    pub output_hash: u64,
    /// What calls used of the stack, against the bounds of the compiler's report.
    pub stack: StackUse,
    /// The first difference, if there is one.
    pub difference: Option<String>,
}

/// Why guests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The guests are not built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A guest's file cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The compiler refused a guest.
    #[error("{0}: {1}")]
    Compile(String, saggar_compiler::Error),
    /// A guest fails in wasmi, so that there is nothing to compare with.
    #[error("{0} in wasmi: {1}")]
    Interpreted(String, String),
    /// A guest could not be linked or run.
    #[error(transparent)]
    Compare(#[from] diff::Error),
}

/// Builds the guests and runs them all on an architecture's default row; the DSP guests that use vectors on every row that runs here.
///
/// # Errors
/// When a guest cannot be built, compiled, linked or run at all; differences are in the report.
pub fn run(arch: Arch) -> Result<Report, Error> {
    let guests = build()?;
    let target = Target::new(arch);
    let mut rows = Vec::new();
    for row in rows::distinct(arch) {
        let options = rows::runner_options(row).unwrap_or_default();
        rows.push((row, Runner::start(arch, options).map_err(diff::Error::from)?));
    }
    let mut report = Report { target: arch.name().to_owned(), ..Report::default() };
    for stage in STAGES {
        for features in Features::ALL {
            let wasm = std::fs::read(guests.dsp(stage.name, features))?;
            let rows = if features == Features::Vectors { rows.as_mut_slice() } else { &mut rows[..1] };
            report.dsp.extend(dsp::run(rows, stage, features, &wasm)?);
        }
    }
    let mut runner = Runner::start(arch, RunnerOptions::default()).map_err(diff::Error::from)?;
    let c = std::fs::read(&guests.c)?;
    let effort = Effort { seed: 1, rounds: 40, fuel: diff::FUEL, calls: 400 };
    report.compared.push(("C".to_owned(), compare(&mut runner, target, "c", &c, effort)?));
    let sql = std::fs::read(&guests.sql)?;
    let effort = Effort { seed: 1, rounds: 2, fuel: diff::FUEL, calls: 300 };
    let case = Case::new("sql", &sql, effort, true)?;
    let start = Instant::now();
    case.compile(target).map_err(|error| Error::Compile("SQLite".to_owned(), error))?;
    report.sql_compile_seconds = start.elapsed().as_secs_f64();
    report.compared.push(("SQLite".to_owned(), subject::run(&mut runner, target, &[case])?));
    Ok(report)
}

fn compare(runner: &mut Runner, target: Target, name: &str, wasm: &[u8], effort: Effort) -> Result<diff::Report, diff::Error> {
    subject::run(runner, target, &[Case::new(name, wasm, effort, true)?])
}

impl Report {
    /// Whether nothing differed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.dsp.iter().all(|dsp| dsp.difference.is_none()) && self.compared.iter().all(|(_, report)| report.agrees())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for dsp in &self.dsp {
            write!(f, "{} {}: {} frames the same, output {:016x}", dsp.target, dsp.guest, dsp.frames, dsp.output_hash)?;
            match &dsp.difference {
                Some(difference) => writeln!(f, "; {difference}")?,
                None => writeln!(f)?,
            }
            writeln!(f, "  {}", dsp.stack)?;
        }
        for (name, report) in &self.compared {
            write!(f, "{} {name}: {report}", self.target)?;
        }
        writeln!(f, "{} SQLite: compiled in {:.2} s", self.target, self.sql_compile_seconds)
    }
}
