//! The commands inside this repository: `cargo xtask …`.
//!
//! Those of the crate `saggar`, which are for everybody, and beside them what builds, checks and measures the repository. As
//! there: this parses flags, reads and writes files, and calls one function of a library for each command.
#![forbid(unsafe_code)]

mod arches;
mod commands;
mod files;
mod script_child;
mod sizes;
mod speaker;
mod stages;
mod tools;

use saggar::program;
use std::process::ExitCode;

/// Compiles WebAssembly ahead of time into sandboxed, relocatable objects, and checks that it does so rightly.
#[derive(clap::Parser)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    program::main("cargo xtask", |cli: Cli| cli.command.run())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        saggar::program::check::<super::Cli>("cargo xtask");
    }
}
