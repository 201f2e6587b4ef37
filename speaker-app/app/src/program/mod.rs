//! The command line.

mod demonstration;
pub(crate) mod enrolling;
pub(crate) mod files;
mod running;

use crate::config::{Config, ConfigError};
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  cargo xtask speaker --enrol                          teach it your wake word, by the microphone
  cargo xtask speaker                                  run it; speak, or type a sentence and Enter
  cargo xtask speaker --enrol one.wav two.wav three.wav four.wav five.wav
  cargo xtask speaker --wav in.wav --out out.wav       the same on files, faster than real time
  cargo xtask speaker --room                           a conversation in a room without hardware
  cargo xtask speaker eval                             every figure of the README";

/// The voice-wake smart speaker
///
/// It waits for its wake word, listens to a sentence, and does and says what a skill makes of it. Nothing leaves this machine but what a
/// skill's manifest grants. While it runs: `m` and Enter mutes the microphone, `q` and Enter ends it, any other line is taken as a sentence.
#[derive(Debug, clap::Parser)]
#[command(name = "cargo xtask speaker", after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Configuration [default: everything as it is documented in speaker.toml]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Folder for learnt wake words, storage and timers
    #[arg(long, value_name = "FOLDER", global = true)]
    state: Option<PathBuf>,
    /// Hear this recording in place of the microphone
    #[arg(long, value_name = "FILE", requires = "out")]
    wav: Option<PathBuf>,
    /// Write there what the loudspeaker would play
    #[arg(long, value_name = "FILE", requires = "wav")]
    out: Option<PathBuf>,
    /// The time at which a recording begins, in milliseconds since 1970
    #[arg(long, value_name = "MS", default_value_t = 1_767_276_000_000, requires = "wav")]
    at: i64,
    /// Learn the wake word: from the microphone, or from recordings of one saying each
    #[arg(long, value_name = "WAV", num_args = 0..)]
    enrol: Option<Vec<PathBuf>>,
    /// Start a PulseAudio room without hardware and demonstrate a conversation there
    #[arg(long, conflicts_with_all = ["wav", "enrol"])]
    room: bool,
    /// List microphones and loudspeakers
    #[arg(long)]
    list_devices: bool,
    /// End after so many seconds
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Print events as JSON lines
    #[arg(long)]
    json: bool,
}

/// What else the program does.
#[derive(Debug, clap::Subcommand)]
enum Command {
    Eval(crate::eval::Args),
    #[command(hide = true)]
    Session(crate::eval::session::Args),
    #[command(hide = true)]
    Wake(crate::eval::wake::Args),
}

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The speaker.
    #[error(transparent)]
    Speaker(#[from] crate::speaker::SpeakerError),
    /// The wake word.
    #[error(transparent)]
    Enrol(#[from] crate::enrol::EnrolError),
    /// A recording.
    #[error(transparent)]
    Speech(#[from] saggar_speech::SpeechError),
    /// A device.
    #[error(transparent)]
    Device(#[from] crate::devices::DeviceError),
    /// A file or a program.
    #[error("{what}: {source}")]
    System {
        /// What was done.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Anything else, in words that say what to do.
    #[error("{0}")]
    Other(String),
}

/// Runs the program; gives its exit code: 0 well, 1 for an evaluation that falls short.
///
/// # Errors
/// With a message that says what to do.
pub fn run(cli: &Cli) -> Result<u8, Failure> {
    let mut config = match &cli.config {
        Some(path) => Config::read(path)?,
        None => Config::default(),
    };
    if let Some(state) = &cli.state {
        config.state_folder = Some(state.clone());
    }
    match &cli.command {
        Some(Command::Eval(args)) => return crate::eval::run(args),
        Some(Command::Session(args)) => return crate::eval::session::run(&config, args),
        Some(Command::Wake(args)) => return crate::eval::wake::run(&config, args),
        None => {}
    }
    if cli.list_devices {
        for line in crate::devices::Devices::new(&config.audio).list() {
            println!("{line}");
        }
        return Ok(0);
    }
    if let Some(recordings) = &cli.enrol {
        return enrolling::run(&config, recordings).map(|()| 0);
    }
    if let (Some(wav), Some(out)) = (&cli.wav, &cli.out) {
        return files::run(&config, wav, out, cli.at, cli.json).map(|()| 0);
    }
    if cli.room {
        return demonstration::run(&config, cli.json);
    }
    running::run(&config, cli.seconds, cli.json).map(|()| 0)
}

/// Where the state is kept: as configured, or where the user's data are.
pub(crate) fn state_folder(config: &Config) -> Result<PathBuf, Failure> {
    if let Some(folder) = &config.state_folder {
        return Ok(folder.clone());
    }
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    data.or_else(home)
        .map(|data| data.join("saggar-speaker"))
        .ok_or_else(|| Failure::Other("neither HOME nor XDG_DATA_HOME is set: name a folder by --state".to_owned()))
}

/// An error of the system with what was done.
pub(crate) fn doing<T>(what: impl Into<String>, result: std::io::Result<T>) -> Result<T, Failure> {
    result.map_err(|source| Failure::System { what: what.into(), source })
}
