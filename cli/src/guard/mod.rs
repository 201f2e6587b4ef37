//! Work on bytes that a stranger wrote, in a child process that may die.
//!
//! The parser and the code generator are written in safe Rust and bounded by limits, but a module may still find
//! an assertion, a quadratic corner or a deep recursion in them. So the command re-executes itself with a hidden
//! subcommand; the child caps its own address space before it reads a byte of the module, and the parent stops
//! it when its time is over. Whatever happens to the child is a typed failure of that one file.
//!
//! - [`supervise`]: runs a child, and says how it ended.
//! - [`message`]: what goes through the pipes.
//! - [`child`]: the hidden subcommand.
//! - `inspect`: what a module holds, read without compiling it.

pub(crate) mod child;
mod inspect;
mod message;
pub mod supervise;

pub use message::Compiled;

use crate::compile_args::CompileArgs;
use crate::failure::{Exit, Failure, Outcome};
use message::{Action, Answer, Reply, Request};
use saggar_compiler::{Artifact, Interface};
use std::path::Path;
use std::time::Duration;
use supervise::{Caps, supervise};

/// The name of the hidden subcommand.
pub(crate) const CHILD_COMMAND: &str = "guarded-child";

/// What a person asked to have compiled: one file under one name.
pub struct Job<'a> {
    /// The file, for messages and for telling text from binary.
    pub path: &'a Path,
    /// The module's name.
    pub name: &'a str,
    /// How to compile it.
    pub args: &'a CompileArgs,
    /// Give back Cranelift IR as well.
    pub emit_clif: bool,
    /// Give back assembly as well.
    pub emit_asm: bool,
}

impl Job<'_> {
    /// Compiles the file in a child process.
    ///
    /// # Errors
    /// What is wrong with the file or its module, or how the child died.
    pub fn compile(&self) -> Outcome<Compiled> {
        match self.ask(Action::Compile)? {
            Answer::Compiled(compiled) => Ok(*compiled),
            Answer::Inspected(_) => Err(out_of_step().in_file(self.path)),
            Answer::Refused(failure) => Err(failure.in_file(self.path)),
        }
    }

    /// Describes the file's module in a child process, as JSON.
    ///
    /// # Errors
    /// As [`Job::compile`].
    pub fn inspect(&self) -> Outcome<serde_json::Value> {
        match self.ask(Action::Inspect)? {
            Answer::Inspected(description) => Ok(description),
            Answer::Compiled(_) => Err(out_of_step().in_file(self.path)),
            Answer::Refused(failure) => Err(failure.in_file(self.path)),
        }
    }

    /// Compiles in a child process, and makes the library's own type from the answer.
    ///
    /// The interface is derived here once more, from the bytes that have just passed the same derivation in the
    /// child: so it neither panics nor takes long.
    ///
    /// # Errors
    /// As [`Job::compile`].
    pub fn artifact(&self) -> Outcome<(Artifact, Vec<u8>)> {
        let compiled = self.compile()?;
        let interface = self.interface(&compiled.wasm)?;
        Ok(compiled.into_artifact(interface))
    }

    fn interface(&self, wasm: &[u8]) -> Outcome<Interface> {
        let options = self.args.options(self.name)?;
        saggar_compiler::inspect(wasm, &options).map_err(|error| Failure::from(&error).in_file(self.path))
    }

    fn ask(&self, action: Action) -> Outcome<Answer> {
        let module = crate::files::read(self.path)?;
        let request = Request {
            action,
            name: self.name.to_owned(),
            text: self.path.extension().is_some_and(|extension| extension == "wat"),
            emit_clif: self.emit_clif,
            emit_asm: self.emit_asm,
            args: self.args.clone(),
        };
        let caps = Caps { time: Duration::from_secs(self.args.caps.time_cap), memory_bytes: self.args.caps.memory_cap };
        let output =
            supervise(&[CHILD_COMMAND.into()], request.encode(&module)?, caps).map_err(|failure| failure.in_file(self.path))?;
        Ok(Reply::decode(&output).ok_or_else(|| out_of_step().in_file(self.path))?.into_answer())
    }
}

fn out_of_step() -> Failure {
    Failure::new(Exit::Internal, "the compiling process answered something else than what was asked")
}
