//! The events about what is said: wake word, voice activity, recognition, synthesis; and ping, pong and error.
//!
//! Fields that the speaker has no use for (contexts, recognition biases) are left out; readers skip what they do not know.

use serde::{Deserialize, Serialize};

/// `detect`: listen for wake words. To a satellite: the pipeline now listens for one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Detect {
    /// The models' names; absent is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
}

/// `detection`: a wake word was heard.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Detection {
    /// The model's name, as in [`WakeModel::name`](crate::WakeModel::name).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When, in milliseconds on the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}

/// `voice-started`: somebody began to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VoiceStarted {
    /// When, in milliseconds on the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// `voice-stopped`: the command is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VoiceStopped {
    /// When, in milliseconds on the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// `transcribe`: the sound that follows is to become text. To a satellite: recognition has begun.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Transcribe {
    /// The model's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The speech's language, such as `en` or `en-GB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// `transcript`: what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The words; empty where nothing was understood.
    pub text: String,
    /// Their language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// Which voice is to speak; empty is the default one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SynthesizeVoice {
    /// As in [`TtsVoice::name`](crate::TtsVoice::name); goes before the language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Any voice of this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// As in [`TtsVoiceSpeaker::name`](crate::TtsVoiceSpeaker::name).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}

/// `synthesize`: the text is to become sound. To a satellite: this is what the sound that follows will say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synthesize {
    /// What to say.
    pub text: String,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<SynthesizeVoice>,
    /// `text` or `ssml`; absent is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_format: Option<String>,
}

/// `ping`: are you there?
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ping {
    /// Comes back in the pong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// `pong`: yes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pong {
    /// The ping's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// `error`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// For a person.
    pub text: String,
    /// For a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
