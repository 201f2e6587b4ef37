//! The subcommands, one file each.

mod aot;
mod bench;
mod diff;
mod faults;
mod inspect;
mod run;
mod setup;
mod size;
mod test;
pub(crate) mod wast;

use crate::failure::{Exit, Outcome};
use crate::guard;

/// The subcommands.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Aot(aot::Args),
    Inspect(inspect::Args),
    Run(run::Args),
    Wast(wast::Args),
    Diff(diff::Args),
    Bench(bench::Args),
    Size(size::Args),
    #[command(alias = "ci")]
    Test(test::Args),
    Setup(setup::Args),
    /// The compiling process; for this program itself
    #[command(name = guard::CHILD_COMMAND, hide = true)]
    GuardedChild,
    /// One test script; for this program itself
    #[command(name = guard::script::CHILD_COMMAND, hide = true)]
    GuardedScript,
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Outcome<Exit> {
        match self {
            Command::Aot(args) => aot::run(&args),
            Command::Inspect(args) => inspect::run(&args),
            Command::Run(args) => run::run(&args),
            Command::Wast(args) => wast::run(&args),
            Command::Diff(args) => diff::run(&args),
            Command::Bench(args) => bench::run(&args),
            Command::Size(args) => size::run(&args),
            Command::Test(args) => test::run(&args),
            Command::Setup(args) => setup::run(&args),
            Command::GuardedChild => guard::child::run(),
            Command::GuardedScript => guard::script::run_child(),
        }
    }
}
