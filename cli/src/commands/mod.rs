//! The subcommands, one file each.

mod aot;
mod explain;
mod inspect;
mod library;
mod run;

use crate::failure::{Exit, Outcome};
use crate::guard;

/// The subcommands that are for everybody.
#[derive(clap::Subcommand)]
#[allow(missing_docs, reason = "a comment here would take the place of the command's own help")]
pub enum Command {
    Aot(aot::Args),
    Inspect(inspect::Args),
    Explain(explain::Args),
    Run(run::Args),
    Library(library::Args),
    /// The compiling process; for this program itself
    #[command(name = guard::CHILD_COMMAND, hide = true)]
    GuardedChild,
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What went wrong, for the person who asked.
    pub fn run(self) -> Outcome<Exit> {
        match self {
            Command::Aot(args) => aot::run(&args),
            Command::Inspect(args) => inspect::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Run(args) => run::run(&args),
            Command::Library(args) => library::run(&args),
            Command::GuardedChild => guard::child::run(),
        }
    }
}
