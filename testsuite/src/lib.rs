//! Runs compiled modules on every target and compares them with the specification and with other engines.
//!
//! - [`bench`]: exact counts, times and sizes, beside those of other compilers and engines.
//! - [`wast`]: runs the specification's scripts and ours; [`oracle`]: runs the same scripts on wasmi.
//! - [`firmware`]: the example firmwares, built, booted and compared with wasmi.
//! - [`meter`]: fuel against a replay at the level of WebAssembly.
//! - [`bounds`]: bounds of stack and of fuel against what programs use.
//! - [`rows`]: the rows of the target's table, and the machines that run them.
//! - [`target`]: links objects, starts the runner of an architecture, and calls into linked images.
#![forbid(unsafe_code)]

pub mod bench;
pub mod bounds;
pub mod diff;
pub mod faults;
pub mod firmware;
pub mod fuzz;
pub mod guests;
pub mod meter;
pub mod oracle;
pub mod rows;
pub mod wast;

use saggar_compiler::target::Target;

pub use saggar_runner as target;

/// A row for each way to have vectors: in registers, of each instruction set, and in halves.
///
/// # Panics
/// When the compiler's table does not have one of them.
#[must_use]
pub fn vector_rows() -> [Target; 5] {
    [("x86_64", "baseline"), ("x86_64", "sse4.1"), ("aarch64", "generic"), ("riscv64", "rv64gc"), ("riscv64", "rv64gcv")]
        .map(|(arch, cpu)| Target::find(arch, Some(cpu)).expect("the row exists"))
}
