//! The configuration file, `speaker.toml`: everything has a default, and what is not known is an error.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}\n  help: `--config` names a file; without it everything has its default", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not TOML, has an unknown key, or a value of another type.
    #[error("{}: {source}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and what was expected.
        source: Box<toml::de::Error>,
    },
    /// A value is impossible.
    #[error("{key}: {problem}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong and what is possible.
        problem: String,
    },
}

/// All of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where learnt wake words, storage and timers are kept; a folder beside the user's data by default.
    pub state_folder: Option<PathBuf>,
    /// The wake word.
    pub wake: Wake,
    /// What is listened with.
    pub capture: Capture,
    /// What is played with.
    pub playback: Playback,
    /// A conversation's times.
    pub dialog: Dialog,
    /// Recognition and synthesis.
    pub speech: Speech,
    /// The music folder.
    pub music: Music,
    /// Devices of the home.
    pub home: Home,
    /// Date and time.
    pub time: Time,
    /// Devices for sound.
    pub audio: Audio,
    /// As a satellite of Home Assistant; without this table there is none, and nothing listens.
    pub satellite: Option<Satellite>,
}

/// As a satellite of Home Assistant, by the Wyoming protocol.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Satellite {
    /// Where to listen, `ADDRESS:PORT`; the customary port is 10700.
    pub listen: String,
    /// IP addresses that may connect; all when there are none.
    #[serde(default)]
    pub clients: Vec<String>,
    /// What it is called there.
    #[serde(default = "default_name")]
    pub name: String,
    /// The room it is in.
    #[serde(default)]
    pub area: Option<String>,
}

fn default_name() -> String {
    "Saggar".to_owned()
}

/// The wake word.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wake {
    /// Its words, as the recogniser's dictionary has them. The phrase itself is learnt by `--enrol`.
    pub phrase: String,
}

impl Default for Wake {
    fn default() -> Wake {
        Wake { phrase: "okay jarvis".to_owned() }
    }
}

/// What is listened with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Capture {
    /// The stages, in this order.
    pub stage: Vec<StageConfig>,
}

/// Parameters of the stage `echo`.
const ECHO_CANCELLATION: &str = "0";
const ECHO_SUPPRESSION: &str = "1";
const ECHO_GAIN: &str = "2";

impl Default for Capture {
    fn default() -> Capture {
        let named = |module: &str| StageConfig { module: module.to_owned(), ..StageConfig::default() };
        let mut stage = ["resample", "canceller", "wake", "echo", "voice"].map(named);
        // Suppressed noise and adaptive gain are distortions to the recogniser, which learns the room's noise by itself. The canceller of this
        // library suppresses voices with the echo while it does not know the room, as after each start.
        stage[3].parameters = [(ECHO_CANCELLATION, 0.0), (ECHO_SUPPRESSION, 0.0), (ECHO_GAIN, 0.0)]
            .map(|(id, value)| (id.to_owned(), value))
            .into();
        // The wake word hears what only the linear canceller has touched: `echo` takes voices for echo while music is as loud as they are.
        Capture { stage: stage.into() }
    }
}

/// A stage.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct StageConfig {
    /// Which module.
    pub module: String,
    /// Its parameters by number, as the module's documentation lists them.
    pub parameters: BTreeMap<String, f32>,
    /// What a frame may use, in operators; more is an overrun.
    pub fuel: Option<u64>,
}

impl StageConfig {
    /// Its parameters, those with numbers.
    #[must_use]
    pub fn parameters(&self) -> Vec<(i32, f32)> {
        self.parameters.iter().filter_map(|(id, value)| Some((id.parse().ok()?, *value))).collect()
    }
}

/// What is played with.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Playback {
    /// The volume at the start, in dB: −80, which is silence, to 12.
    pub volume_db: f32,
    /// The equaliser, which is also what makes it louder and quieter; `module` need not be said. It is flat where nothing is said.
    pub equaliser: StageConfig,
}

/// A conversation's times.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dialog {
    /// Silence that ends a sentence, in milliseconds.
    pub hang_over_ms: u32,
    /// How long to wait for a sentence to begin, in milliseconds.
    pub patience_ms: u32,
    /// Longest sentence, in milliseconds.
    pub longest_ms: u32,
    /// Whether a tone says that it listens.
    pub chime: bool,
    /// Music while it speaks, in dB below what it was.
    pub duck_db: f32,
}

impl Default for Dialog {
    fn default() -> Dialog {
        Dialog { hang_over_ms: 600, patience_ms: 5_000, longest_ms: 12_000, chime: false, duck_db: 15.0 }
    }
}

/// Recognition and synthesis.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speech {
    /// Folder of PocketSphinx's English model.
    pub model_folder: PathBuf,
    /// Folder of the second recogniser, Moonshine, and its runtime; where the environment says when it is not said
    /// ([`saggar_speech::MOONSHINE_VARIABLE`]).
    pub moonshine: Option<PathBuf>,
    /// Voice of espeak-ng.
    pub voice: String,
    /// Words a minute.
    pub words_per_minute: u16,
    /// More sentences, hassil's YAML: a folder.
    pub sentences: Option<PathBuf>,
}

impl Default for Speech {
    fn default() -> Speech {
        let model_folder = saggar_speech::PocketSphinxSettings::default().model_folder;
        Speech { model_folder, moonshine: None, voice: "en-us".to_owned(), words_per_minute: 165, sentences: None }
    }
}

/// The music folder.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Music {
    /// Where the pieces lie; without it there are none.
    pub folder: Option<PathBuf>,
}

/// Devices of the home.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Home {
    /// The MQTT broker, `HOST:PORT`; without it there are no devices.
    pub broker: Option<String>,
}

/// Date and time.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Time {
    /// Minutes by which local time is ahead of UTC; the system's when it is not said.
    pub utc_offset_minutes: Option<i32>,
}

/// Devices for sound.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audio {
    /// Text in the microphone's name; the system's default when it is not said.
    pub microphone: Option<String>,
    /// Text in the loudspeaker's name; the system's default when it is not said.
    pub loudspeaker: Option<String>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or says something impossible.
    pub fn read(path: &Path) -> Result<Config, ConfigError> {
        let text = fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let parse = |source| ConfigError::Parse { path: path.to_owned(), source: Box::new(source) };
        let config: Config = toml::from_str(&text).map_err(parse)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let value = |key, problem: String| Err(ConfigError::Value { key, problem });
        if !(200..=2_000).contains(&self.dialog.hang_over_ms) {
            return value("dialog.hang_over_ms", format!("{} is not within 200 and 2000", self.dialog.hang_over_ms));
        }
        if !(-80.0..=12.0).contains(&self.playback.volume_db) {
            return value("playback.volume_db", format!("{} is not within -80 and 12", self.playback.volume_db));
        }
        let stages = self.capture.stage.iter().chain([&self.playback.equaliser]);
        for key in stages.flat_map(|stage| stage.parameters.keys()) {
            if key.parse::<u8>().is_err() {
                return value("parameters", format!("`{key}` is no number of a parameter"));
            }
        }
        if self.wake.phrase.trim().is_empty() {
            return value("wake.phrase", "there are no words in it".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn parse(text: &str) -> Result<Config, String> {
        let config: Config = toml::from_str(text).map_err(|error| error.to_string())?;
        config.check().map_err(|error| error.to_string())?;
        Ok(config)
    }

    #[test]
    fn everything_has_a_default_and_nothing_unknown_passes() {
        assert_eq!(parse("").expect("empty").capture.stage.len(), 5);
        let config = parse("[[capture.stage]]\nmodule = \"wake\"\nparameters = { 0 = 0.6 }").expect("valid");
        assert_eq!(config.capture.stage[0].parameters(), [(0, 0.6)]);
        assert!(parse("wak = 1").expect_err("unknown").contains("wak"));
        assert!(parse("[dialog]\nhang_over_ms = 5").expect_err("too short").contains("200"));
        assert!(parse("[playback]\nequaliser = { parameters = { bass = 3.0 } }").expect_err("a name").contains("bass"));
    }

    #[test]
    fn the_documented_file_says_the_defaults() {
        let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../speaker.toml"));
        let documented = Config::read(path).expect("valid");
        assert_eq!(format!("{documented:?}"), format!("{:?}", Config::default()));
    }
}
