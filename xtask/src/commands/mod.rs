//! The subcommands, one file each.

mod aot;
mod inspect;
mod run;
mod setup;

use crate::failure::{Exit, Outcome};
use crate::guard;

/// The subcommands.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Aot(aot::Args),
    Inspect(inspect::Args),
    Run(run::Args),
    Setup(setup::Args),
    /// The compiling process; for this program itself
    #[command(name = guard::CHILD_COMMAND, hide = true)]
    GuardedChild,
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Outcome<Exit> {
        match self {
            Command::Aot(args) => aot::run(&args),
            Command::Inspect(args) => inspect::run(&args),
            Command::Run(args) => run::run(&args),
            Command::Setup(args) => setup::run(&args),
            Command::GuardedChild => guard::child::run(),
        }
    }
}
