//! What can go wrong, each with the step that helps.

use std::path::PathBuf;
use std::time::Duration;

/// An error of the speech room. Every text says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpeechError {
    /// The recogniser's model is not where it was looked for.
    #[error("speech model: {path} is missing; install Debian's pocketsphinx-en-us, or set the folder that holds the model")]
    MissingModel {
        /// The file or folder that was looked for.
        path: PathBuf,
    },
    /// All the model's files are there, but the library refuses them.
    #[error("speech model: the files in {path} were refused; install Debian's pocketsphinx-en-us again")]
    BadModel {
        /// The model's folder.
        path: PathBuf,
    },
    /// The second recogniser's runtime or model is not where it was looked for.
    #[error(
        "second recogniser: {path} is missing; cargo xtask setup brings it, or say in speaker.toml where it is: speech.moonshine"
    )]
    MissingOpinion {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// The second recogniser's files are all there, but cannot be used.
    #[error(
        "second recogniser: the files in {path} were refused: {reason}; they must be this machine's and whole, as cargo xtask setup brings them"
    )]
    BadOpinion {
        /// The folder.
        path: PathBuf,
        /// What its runtime says.
        reason: String,
    },
    /// An utterance was begun before any grammar was set.
    #[error("no grammar is set; call set_grammar before begin")]
    NoGrammar,
    /// The grammar is empty, or is not JSGF.
    #[error("grammar {name}: {problem}")]
    Grammar {
        /// The name given to `set_grammar`.
        name: String,
        /// What is wrong and how it is put right.
        problem: String,
    },
    /// The grammar uses words whose sound is unknown.
    #[error("grammar {name}: not in the dictionary: {}; spell them in lower case as they are spoken, or use other words", words.join(", "))]
    UnknownWords {
        /// The name given to `set_grammar`.
        name: String,
        /// The words, sorted, each once.
        words: Vec<String>,
    },
    /// The audio's rate is not the one that is needed.
    #[error("audio at {given_hz} Hz where {wanted_hz} Hz is needed; use resample or Resampler first")]
    WrongRate {
        /// The rate of the audio, in Hz.
        given_hz: u32,
        /// The rate that is needed, in Hz.
        wanted_hz: u32,
    },
    /// A call at the wrong moment of an utterance.
    #[error("{call}: {reason}")]
    Order {
        /// The method that was called.
        call: &'static str,
        /// Why not now, and what to call first.
        reason: &'static str,
    },
    /// The recogniser failed within an utterance; the next utterance may work again.
    #[error("the recogniser refused to {action}; begin the utterance again")]
    Recogniser {
        /// What it was asked to do.
        action: &'static str,
    },
    /// The synthesiser's program is not installed.
    #[error("speech synthesis: the program {program} is missing; install Debian's {package}, or set the program's path")]
    MissingProgram {
        /// The program that was started.
        program: PathBuf,
        /// The package that has it.
        package: &'static str,
    },
    /// The synthesiser's program failed.
    #[error("speech synthesis: {program} failed: {message}; try the same voice on the command line")]
    Program {
        /// The program that was started.
        program: PathBuf,
        /// What it said on its error output.
        message: String,
    },
    /// The synthesiser's program did not answer in time; it was ended.
    #[error("speech synthesis: no audio within {limit:?}; shorten the text or set a longer limit")]
    Timeout {
        /// The limit that was set.
        limit: Duration,
    },
    /// A setting is outside what is possible.
    #[error("{setting} = {value} is not possible; {allowed}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value given.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A WAV file could not be read or written.
    #[error("WAV file {path}: {source}; it must be PCM of 8 to 32 bits or 32-bit float")]
    Wav {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: hound::Error,
    },
    /// The system refused to start or serve a process.
    #[error("{action}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// A result of the speech room.
pub type Result<T, E = SpeechError> = std::result::Result<T, E>;
