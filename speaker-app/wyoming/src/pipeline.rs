//! Home Assistant's pipeline, as far as a satellite has to name it: which stages are to run.

use serde::{Deserialize, Serialize};

/// A stage of the pipeline; in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The wake word, heard in the sound.
    Wake,
    /// Speech to text.
    Asr,
    /// Text to intent.
    Intent,
    /// Intent to action and answer.
    Handle,
    /// Answer to speech.
    Tts,
}

/// `run-pipeline`: the satellite asks for a pipeline to run on what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPipeline {
    /// The first stage to run.
    pub start_stage: Stage,
    /// The last, at or after the first.
    pub end_stage: Stage,
    /// The name of the wake word that was heard here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake_word_name: Option<String>,
    /// Whether to begin anew after the end. A speaker with a wake word of its own never wants that.
    #[serde(default)]
    pub restart_on_end: bool,
    /// The wake words to listen for, where the pipeline starts with [`Stage::Wake`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake_word_names: Option<Vec<String>>,
    /// What to say, where the pipeline starts with [`Stage::Tts`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announce_text: Option<String>,
}
