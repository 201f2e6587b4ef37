//! The command `saggar`.
#![forbid(unsafe_code)]

mod sources;

use saggar::commands::Command;
use saggar::program;
use saggar_runner::sources::{Embedded, use_embedded};
use std::process::ExitCode;

/// Compiles WebAssembly ahead of time into sandboxed, relocatable objects.
#[derive(clap::Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    use_embedded(Embedded { files: sources::FILES, announce: |text| eprintln!("setup: {text}") });
    program::main("saggar", |cli: Cli| cli.command.run())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        saggar::program::check::<super::Cli>("saggar");
    }
}
