//! The benchmark: what our code costs beside clang's native code, wasm2c, wasmtime and wasmi.
//!
//! - [`counts`]: exact executed instructions and code sizes, which repeat to the digit; they are committed in
//!   `costs.toml`, and [`compare`] finds what changed.
//! - [`times`]: ratios of times on x86_64, all engines by turns in one run.
//! - [`table`]: both as text.
//!
//! The programs are those of `testsuite/bench/programs`, listed in [`PROGRAMS`]; the DSP guests are counted too, with each meter.

mod build;
mod contestants;
mod costs;
mod counts;
mod engine;
mod error;
mod guests;
mod programs;
mod saggar;
mod statistics;
pub mod table;
mod times;
mod tools;
mod weight;

pub use contestants::{CLANG, SAGGAR, WASM2C_CLANG, WASM2C_GCC, WASMI, WASMTIME};
pub use costs::{Difference, Metric, Scope, TOLERATED_RISE_PERCENT, compare, costlier_with_vectors, render, unexplained};
pub use counts::{Cost, Counts, counts};
pub use error::Error;
pub use programs::{Family, PROGRAMS, Program};
pub use times::{ProgramTimes, Times, Verdict, times};
pub use weight::{HEAVY_CPU_SECONDS, HEAVY_PEAK_BYTES, HeavyCompile, HeavyTarget, Weight, heavy};

use std::path::PathBuf;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names of the programs to take, or parts of names; all when empty.
    pub filter: Vec<String>,
    /// Turns each engine has with each program.
    pub rounds: usize,
    /// Whether wasmtime and wasmi take part; the first build of wasmtime takes minutes.
    pub rivals: bool,
    /// A large module whose compilation is measured as well.
    pub heavy_module: Option<PathBuf>,
    /// Whether guests are counted on every CPU row that runs here; otherwise on the default ones only.
    pub every_row: bool,
    /// Told what happens, a line at a time.
    pub progress: fn(&str),
}

impl Default for Options {
    fn default() -> Options {
        Options { filter: Vec::new(), rounds: 11, rivals: true, heavy_module: None, every_row: true, progress: |_| () }
    }
}

impl Options {
    /// The programs that the filter lets through.
    pub fn chosen(&self) -> impl Iterator<Item = &'static Program> {
        PROGRAMS.iter().filter(|program| self.wants(program.name))
    }

    /// Whether the filter lets a name through.
    fn wants(&self, name: &str) -> bool {
        self.filter.is_empty() || self.filter.iter().any(|part| name.contains(part.as_str()))
    }

    fn say(&self, line: &str) {
        (self.progress)(line);
    }
}
