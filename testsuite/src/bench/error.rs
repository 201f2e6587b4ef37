//! What can go wrong while programs are built, run and compared.

use crate::target::ToolchainError;
use std::path::PathBuf;

/// An error of the benchmark.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A tool is not there.
    #[error("{tool} is needed, and cannot be started ({source}); {help}")]
    MissingTool {
        /// Its name.
        tool: String,
        /// How to get it.
        help: &'static str,
        /// Why it could not be started.
        source: std::io::Error,
    },
    /// A tool failed.
    #[error("{tool} failed ({status}):\n{output}")]
    ToolFailed {
        /// The command line.
        tool: String,
        /// How it ended.
        status: String,
        /// What it said, shortened.
        output: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A program did not do what it should.
    #[error("{program} on {engine}: {reason}")]
    Program {
        /// Its name.
        program: String,
        /// Where it ran.
        engine: String,
        /// What happened.
        reason: String,
    },
    /// Two engines disagree on the result.
    #[error("{program}: {engine} computes {found:08x}, clang {expected:08x}")]
    Checksum {
        /// The program.
        program: String,
        /// The engine that differs.
        engine: String,
        /// Its checksum.
        found: u32,
        /// The checksum of the native program.
        expected: u32,
    },
    /// Our compiler refused a program.
    #[error("{program} for {target}: {source}")]
    Compile {
        /// The program.
        program: String,
        /// Target and CPU.
        target: String,
        /// Why.
        source: saggar_compiler::Error,
    },
    /// The linker or the runtime library is not there.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// An object file is not what it should be.
    #[error("{path}: {reason}")]
    Object {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file of committed costs is not what it should be.
    #[error("costs.toml: {0}")]
    Costs(String),
}

impl Error {
    pub(super) fn program(program: &str, engine: &str, reason: impl Into<String>) -> Error {
        Error::Program { program: program.into(), engine: engine.into(), reason: reason.into() }
    }
}
