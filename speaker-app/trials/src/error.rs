//! What can go wrong, each with the step that helps.

use std::path::PathBuf;

/// An error of the trials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrialError {
    /// A set is not what it should be.
    #[error("set {file}: {problem}")]
    Set {
        /// The file's name.
        file: &'static str,
        /// What is wrong with it, and where.
        problem: String,
    },
    /// The pronouncing dictionary, whose words are said at random, cannot be read.
    #[error("dictionary {path}: {source}; install Debian's pocketsphinx-en-us")]
    Dictionary {
        /// Where it was looked for.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Speech could not be made or heard.
    #[error(transparent)]
    Speech(#[from] saggar_speech::SpeechError),
}

/// A result of the trials.
pub type Result<T, E = TrialError> = std::result::Result<T, E>;
