//! The commands: `cargo xtask …`.
//!
//! This crate parses flags, reads and writes files, and calls one function of a library for each command. It
//! decides nothing about code. A module that a person hands in is only ever parsed and compiled in a child
//! process ([`guard`]), so that nothing it contains can make the command panic, hang or eat the machine.
#![forbid(unsafe_code)]

mod commands;
mod compile_args;
mod console;
mod failure;
mod files;
mod guard;
mod sizes;
mod stages;
mod tools;
mod values;

use clap::Parser;
use std::process::ExitCode;

/// What every `--help` ends with.
const EXIT_CODES: &str = "Exit codes:
  0  all is well
  1  a check failed: a test, a comparison, a bar; or the guest of `run` trapped
  2  wrong usage
  3  the module is invalid
  4  the module is valid but uses what is not supported
  5  a limit was exceeded (of the module, of memory or of time)
  6  the code generator failed, or a defect of this program
  7  a file could not be read or written, or a tool is missing
With several files, the code is that of the first that failed.";

/// Compiles WebAssembly ahead of time into sandboxed, relocatable objects, and checks that it does so rightly.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.run() {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            console::print_failure(&failure);
            ExitCode::from(failure.exit().code())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    /// Clap's own check of every command's flags.
    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    /// Every command that people see shows how it is used.
    #[test]
    fn every_command_has_examples() {
        for command in super::Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("cargo xtask"), "`{}` has no example", command.get_name());
        }
    }
}
