//! The subcommands, one file each.

mod bench;
mod diff;
mod faults;
mod firmware;
mod metered;
mod new_skill;
mod setup;
mod size;
mod speaker;
mod speaker_bench;
mod speaker_cross;
mod test;
pub(crate) mod wast;

use crate::script_child;
use saggar::failure::{Exit, Outcome};

/// The subcommands.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Those that are for everybody
    #[command(flatten)]
    Shared(Box<saggar::commands::Command>),
    Wast(wast::Args),
    Diff(diff::Args),
    Bench(bench::Args),
    Size(size::Args),
    Firmware(firmware::Args),
    NewSkill(new_skill::Args),
    Speaker(speaker::Args),
    #[command(alias = "ci")]
    Test(test::Args),
    Setup(setup::Args),
    /// One test script; for this program itself
    #[command(name = script_child::CHILD_COMMAND, hide = true)]
    GuardedScript,
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Outcome<Exit> {
        match self {
            Command::Shared(command) => command.run(),
            Command::Wast(args) => wast::run(&args),
            Command::Diff(args) => diff::run(&args),
            Command::Bench(args) => bench::run(&args),
            Command::Size(args) => size::run(&args),
            Command::Firmware(args) => firmware::run(&args),
            Command::NewSkill(args) => new_skill::run(&args),
            Command::Speaker(args) => speaker::run(&args),
            Command::Test(args) => test::run(&args),
            Command::Setup(args) => setup::run(&args),
            Command::GuardedScript => script_child::run_child(),
        }
    }
}
