//! `info`: what is offered here, field by field as PyPI's package has it. Absent values are written as `null`, as it does.

use serde::{Deserialize, Serialize};

use crate::audio::AudioFormat;

/// Who made something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attribution {
    /// Their name.
    pub name: String,
    /// Where it is from.
    pub url: String,
}

/// A struct with the fields that everything offered has, and its own after them.
macro_rules! artifact {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub struct $name {
            /// Its name, by which clients ask for it.
            pub name: String,
            /// Who made it.
            pub attribution: Attribution,
            /// Whether it can be used now.
            pub installed: bool,
            /// For a person.
            #[serde(default)]
            pub description: Option<String>,
            /// Its version.
            #[serde(default)]
            pub version: Option<String>,
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    };
}

artifact! {
    /// A recogniser's model.
    AsrModel {
        /// What it understands, such as `en`.
        languages: Vec<String>,
    }
}

artifact! {
    /// A recogniser.
    AsrProgram {
        /// Its models.
        models: Vec<AsrModel>,
        /// Whether it sends parts of the text early. This server does not.
        #[serde(default)]
        supports_transcript_streaming: bool,
        /// Whether the client has to find the end of speech. With this server it has to: the sound ends with `audio-stop`.
        #[serde(default)]
        requires_external_vad: bool,
        /// Whether the client should level the sound.
        #[serde(default)]
        prefers_auto_gain_enabled: bool,
        /// Whether the client should reduce noise.
        #[serde(default)]
        prefers_noise_reduction_enabled: bool,
    }
}

/// One of several speakers of a voice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TtsVoiceSpeaker {
    /// Their name.
    pub name: String,
}

artifact! {
    /// A voice.
    TtsVoice {
        /// What it speaks.
        languages: Vec<String>,
        /// Its speakers, where there are several.
        #[serde(default)]
        speakers: Option<Vec<TtsVoiceSpeaker>>,
    }
}

artifact! {
    /// A synthesiser.
    TtsProgram {
        /// Its voices.
        voices: Vec<TtsVoice>,
        /// Whether it takes text in parts. This server does not.
        #[serde(default)]
        supports_synthesize_streaming: bool,
    }
}

artifact! {
    /// A wake word. Home Assistant shows the phrase of the one that [`Handle::wake`](crate::Handle::wake) names.
    WakeModel {
        /// Of the phrase.
        languages: Vec<String>,
        /// What the user says.
        #[serde(default)]
        phrase: Option<String>,
    }
}

artifact! {
    /// A wake word detector.
    WakeProgram {
        /// Its wake words.
        models: Vec<WakeModel>,
    }
}

artifact! {
    /// A microphone that clients may record from. This server offers none.
    MicProgram {
        /// What it gives.
        mic_format: AudioFormat,
    }
}

artifact! {
    /// A loudspeaker.
    SndProgram {
        /// What it takes.
        snd_format: AudioFormat,
    }
}

artifact! {
    /// The satellite itself.
    Satellite {
        /// The room it is in.
        #[serde(default)]
        area: Option<String>,
        /// Whether it finds the end of speech by itself.
        #[serde(default)]
        has_vad: Option<bool>,
        /// The names of the wake words it listens for.
        #[serde(default)]
        active_wake_words: Option<Vec<String>>,
        /// How many it can listen for at once.
        #[serde(default)]
        max_active_wake_words: Option<u32>,
        /// Whether a client may make it listen without its wake word. Ours never does: only its owner's voice opens the
        /// microphone.
        #[serde(default)]
        supports_trigger: Option<bool>,
    }
}

/// All that is offered. The server adds nothing to it and takes nothing away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Info {
    /// Recognisers.
    #[serde(default)]
    pub asr: Vec<AsrProgram>,
    /// Synthesisers.
    #[serde(default)]
    pub tts: Vec<TtsProgram>,
    /// Wake word detectors.
    #[serde(default)]
    pub wake: Vec<WakeProgram>,
    /// Microphones.
    #[serde(default)]
    pub mic: Vec<MicProgram>,
    /// Loudspeakers.
    #[serde(default)]
    pub snd: Vec<SndProgram>,
    /// The satellite; with it Home Assistant takes nothing else from here, without it no `run-satellite` is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satellite: Option<Satellite>,
}

impl Default for AudioFormat {
    /// 16 kHz, 16 bits, mono.
    fn default() -> Self {
        Self::mono(crate::MICROPHONE_HZ)
    }
}
