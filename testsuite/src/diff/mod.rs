//! Calls every export of a module with made-up arguments, compiled on one side and in wasmi on the other, and
//! compares outcomes, places of traps, globals, memories and tables after each call.
//!
//! The way through: [`prepare`] exports all state and makes [`stub`] modules for the imports; the [`oracle`]
//! makes up a [`script`] of calls with its own answers; a [`Case`] is both, and serves all targets; [`subject`]
//! compiles, links and runs the script on a target; a [`Report`] says what differed.

mod case;
mod detours;
mod look;
pub mod oracle;
mod place;
pub mod prepare;
mod report;
pub mod script;
mod stub;
pub mod subject;
mod value;

pub use case::{Case, Compiled};
pub(crate) use detours::for_oracle;
pub(crate) use look::{Addresses, first_difference, memory_record, resolve};
pub use oracle::Effort;
pub(crate) use place::can_trap;
pub use report::{Mismatch, Report};
pub use stub::Stub;
pub use value::{Signature, Value, ValueType, slots as slots_of};

use crate::target::{LinkError, Runner, RunnerError, RunnerOptions};
use saggar_compiler::target::Target;

/// Why a comparison could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The module cannot be read.
    #[error("the module cannot be read: {0}")]
    Parse(#[from] wasmparser::BinaryReaderError),
    /// The module uses something that the comparison cannot pass or look at.
    #[error("not supported by the comparison: {0}")]
    Unsupported(&'static str),
    /// The oracle refused the module or failed.
    #[error("wasmi: {0}")]
    Oracle(String),
    /// The compiled modules do not link.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The target's side failed as a whole.
    #[error(transparent)]
    Runner(#[from] RunnerError),
    /// A file could not be written or read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Something that the interface announces is not in the image.
    #[error("{0:?} is not in the image")]
    NoSymbol(String),
}

/// Fuel for a call, when nothing else is said: some ten milliseconds of the oracle.
pub const FUEL: u64 = 2_000_000;

/// Compares a module on a target, under canonical NaNs: for `cargo xtask diff`.
///
/// Each of `seeds` seeds, from `first_seed` on, calls every export three times.
///
/// # Errors
/// When the comparison cannot be made; differences are in the report.
pub fn run(wasm: &[u8], target: Target, first_seed: u64, seeds: u32) -> Result<Report, Error> {
    let mut runner = Runner::start(target.arch(), RunnerOptions::for_target(target))?;
    let mut report = Report::default();
    for seed in (first_seed..).take(seeds as usize) {
        let effort = Effort { seed, rounds: 3, fuel: FUEL, calls: usize::MAX };
        let case = Case::new("diff", wasm, effort, true)?;
        report.add(subject::run(&mut runner, target, std::slice::from_ref(&case))?);
    }
    Ok(report)
}
