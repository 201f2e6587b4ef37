//! For build scripts: fires a `.wasm` for the target that is being built.
//!
//! In `build.rs`, with `saggar-build` among the build dependencies:
//!
//! ```no_run
//! saggar_build::fire("skill.wasm");
//! ```
//!
//! and in the crate, with `saggar-runtime` among the dependencies, the typed bindings:
//!
//! ```text
//! mod skill {
//!     include!(concat!(env!("OUT_DIR"), "/skill.rs"));
//! }
//! ```
//!
//! That is all: the object is linked with the crate, whatever kind of crate it is, and the script runs again when the module
//! changes. The CPU row of the compiler is the largest that the target's features allow, so that `-Ctarget-cpu` and
//! `-Ctarget-feature` hold for guests too. Beside the object and the bindings there is `skill.json` in the output folder, which
//! says what the module costs.
//!
//! [`Fire`] has the options, and gives errors as values:
//!
//! ```no_run
//! use saggar_build::{Fire, Meter};
//! let fired = Fire::new("skill.wasm").meter(Meter::Flag).headroom_bytes(4096).compile()?;
//! assert!(fired.report.code_bytes < 20_000, "the skill has outgrown its part of the flash");
//! # Ok::<(), saggar_build::Error>(())
//! ```
//!
//! - `fire`: the options and the way from the module to the files.
//! - `cargo`: what Cargo tells a build script, and what it wants to hear.
//! - `row`: from the target's features to a row of the compiler's table.
#![forbid(unsafe_code)]

mod cargo;
mod error;
mod fire;
mod row;

pub use error::Error;
pub use fire::{Fire, Fired};
pub use saggar_compiler::report::Report;
pub use saggar_compiler::{Limits, Meter, Options, Placement, Provider};

use std::path::Path;

/// Fires a module with the default options; its name is the file's.
///
/// # Panics
/// With the compiler's message, which fails the build, when the module cannot be compiled. A build script has nobody else to tell.
pub fn fire(path: impl AsRef<Path>) {
    if let Err(error) = Fire::new(path).compile() {
        panic!("{error}");
    }
}
