//! The speaker's program: `cargo xtask speaker` builds the modules, links them into it, and starts it.

use clap::Parser as _;
use saggar_speaker::{alloc, program};
use std::process::ExitCode;

/// Counts what audio threads allocate.
#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

fn main() -> ExitCode {
    match program::run(&program::Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
