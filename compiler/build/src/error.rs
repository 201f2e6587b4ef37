//! Why a module is not fired.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a module is not fired. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A variable that Cargo gives build scripts is missing or no text.
    #[error("{0} is not set: this belongs into a build script, which Cargo runs")]
    NotABuildScript(&'static str),
    /// Objects cannot be made for the target.
    #[error("{target} is no target of Saggar: {reason}\n  help: {help}")]
    Target {
        /// Cargo's name of the target.
        target: String,
        /// What it lacks.
        reason: String,
        /// What to do.
        help: String,
    },
    /// The module cannot be read.
    #[error("cannot read {}: {source}\n  help: build the guest first; a relative path counts from the package's folder", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What was made cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A module in the text format does not parse.
    #[error("{} is not a module in the text format: {message}", path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// The compiler refused the module.
    #[error("{} cannot be compiled for {target}\n  {source}{}", path.display(), Help(source))]
    Compile {
        /// The file.
        path: PathBuf,
        /// Architecture and CPU row.
        target: String,
        /// What is wrong, and where.
        source: saggar_compiler::Error,
    },
}

/// The compiler's advice, on a line of its own. It speaks of flags, which are methods here.
struct Help<'a>(&'a saggar_compiler::Error);

impl fmt::Display for Help<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(help) = self.0.help_text() else { return Ok(()) };
        write!(f, "\n  help: {help}")?;
        if help.contains("--") {
            f.write_str(" (in a build script, each of these flags is a method of `saggar_build::Fire`)")
        } else {
            Ok(())
        }
    }
}
