//! `setup`: installs what the other commands need.

use super::speaker::native;
use crate::speaker::moonshine;
use crate::tools;
use saggar::failure::{Exit, Failure, Outcome};

const EXAMPLES: &str = "Examples:
  cargo xtask setup
  cargo xtask setup --check     only says what is missing; exit code 7 when something is";

/// Install what the other commands need, where it is missing
///
/// Installs Rust targets (through rustup) and Debian packages (through apt-get, with sudo where needed) that the other
/// commands need, and fetches the speaker's second recogniser (from PyPI). They call it for what they need themselves, so it need not be run by hand.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Install nothing
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    if args.check {
        let mut missing = tools::missing(&tools::EVERYTHING)?;
        if moonshine::is_missing(native()?) {
            missing.push("the speaker's second recogniser (PyPI's moonshine-voice)");
        }
        if !missing.is_empty() {
            return Err(
                Failure::new(Exit::Io, format!("missing: {}", missing.join(", "))).help("`cargo xtask setup` installs it")
            );
        }
    } else {
        tools::ensure(&tools::EVERYTHING)?;
        if moonshine::is_missing(native()?) {
            moonshine::folder(native()?)?;
        }
    }
    println!("everything is there");
    Ok(Exit::Ok)
}
