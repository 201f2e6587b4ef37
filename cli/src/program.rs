//! A program of commands from its start to its exit code.
//!
//! The same commands are `saggar …` for everybody and `cargo xtask …` inside the repository. Every text that names the program
//! (examples in help, advice in errors) says `{program}`, and is spelled here, when it is shown.

use crate::console;
use crate::failure::{Exit, Outcome};
use clap::Parser;
use std::process::ExitCode;
use std::sync::OnceLock;

/// What every `--help` ends with.
const EXIT_CODES: &str = "Exit codes:
  0  all is well
  1  a check failed: a test, a comparison, a bar; or the guest of `run` trapped
  2  wrong usage
  3  the module is invalid
  4  the module is valid but uses what is not supported
  5  a limit was exceeded (of the module, of memory, of time), or a budget
  6  the code generator failed, or a defect of this program
  7  a file could not be read or written, or a tool is missing
With several files, the code is that of the first that failed.";

/// What stands for the program's name in texts.
const PLACEHOLDER: &str = "{program}";

static NAME: OnceLock<&'static str> = OnceLock::new();

/// Parses the command line of a program that people start by `name`, runs it, and shows what went wrong.
pub fn main<P: Parser>(name: &'static str, run: impl FnOnce(P) -> Outcome<Exit>) -> ExitCode {
    // Only the first program of a process has a name to give; there is no second.
    let _ = NAME.set(name);
    let mut command = command::<P>(name);
    let parsed = P::from_arg_matches_mut(&mut command.get_matches_mut());
    let outcome = run(parsed.unwrap_or_else(|error| error.format(&mut command).exit()));
    match outcome {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            console::print_failure(&failure);
            ExitCode::from(failure.exit().code())
        }
    }
}

/// The command line under a name, with every text spelled for it.
pub fn command<P: Parser>(name: &'static str) -> clap::Command {
    let command = P::command().name(name).bin_name(name).after_help(EXIT_CODES).max_term_width(110);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.iter().fold(command, |command, sub| {
        command.mut_subcommand(sub, |sub| match sub.get_after_help().map(|text| text.to_string()) {
            Some(text) => sub.after_help(text.replace(PLACEHOLDER, name)),
            None => sub,
        })
    })
}

/// A text as people see it: with the program's own name.
pub(crate) fn spell(text: &str) -> String {
    text.replace(PLACEHOLDER, NAME.get().copied().unwrap_or("saggar"))
}

/// Checks a program's command line: that clap can take it, and that every command that people see shows how it is used.
///
/// # Panics
/// When it is not so; this is for tests.
pub fn check<P: Parser>(name: &'static str) {
    let command = command::<P>(name);
    command.clone().debug_assert();
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.contains(&format!("{name} {}", sub.get_name())), "`{}` has no example", sub.get_name());
        let whole = sub.clone().render_long_help().to_string();
        assert!(!whole.contains(PLACEHOLDER), "`{}` has a text that nobody spells", sub.get_name());
    }
}
