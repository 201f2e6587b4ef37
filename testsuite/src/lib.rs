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

pub use saggar_runner as target;
