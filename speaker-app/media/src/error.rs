//! What can go wrong with music.

use std::io;
use std::path::PathBuf;

/// What can be played.
pub(crate) const FORMATS: &str = "MP3, FLAC, Ogg Vorbis or WAV of 4,000 to 384,000 Hz";

/// Why there is no music.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The library's folder cannot be read.
    #[error("music folder {folder}: {source}; choose a folder that exists and may be read")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file cannot be opened or read.
    #[error("music file {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file has no sound that can be decoded.
    #[error("music file {path}: {reason}; it must be {FORMATS}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// What was left out of a library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("left out of the music: {path}: {reason}")]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// Why, for a person.
    pub reason: String,
}
