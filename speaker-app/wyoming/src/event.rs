//! Events by their type: one table gives the enum, its names on the wire, and both directions of the conversion.
//!
//! An event of an unknown type is kept as it came: the protocol grows, and a reader drops what it does not know.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::audio::{AudioChunk, AudioStart, AudioStop};
use crate::error::{EventError, Failure};
use crate::frame::Frame;
use crate::info::Info;
use crate::pipeline::RunPipeline;
use crate::speech::*;
use crate::timer::{TimerCancelled, TimerFinished, TimerStarted, TimerUpdated};

/// The type of the only event with a payload.
const AUDIO_CHUNK: &str = "audio-chunk";

macro_rules! events {
    (bare { $($(#[$bare_doc:meta])* $bare:ident = $bare_kind:literal,)* }
     data { $($(#[$doc:meta])* $name:ident($data:ty) = $kind:literal,)* }) => {
        /// An event of the protocol.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $($(#[$bare_doc])* $bare,)*
            $($(#[$doc])* $name($data),)*
            /// A piece of sound.
            AudioChunk(AudioChunk),
            /// An event that this crate does not know; none of its types is one of the others'.
            Unknown(Frame),
        }

        impl Event {
            /// The event's type on the wire.
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$bare => $bare_kind,)*
                    $(Self::$name(_) => $kind,)*
                    Self::AudioChunk(_) => AUDIO_CHUNK,
                    Self::Unknown(frame) => &frame.kind,
                }
            }

            /// What a frame means.
            ///
            /// # Errors
            /// A field that the type requires is missing or is of another kind.
            pub fn from_frame(frame: Frame) -> Result<Self, EventError> {
                match frame.kind.as_str() {
                    $($bare_kind => Ok(Self::$bare),)*
                    $($kind => fields(frame.kind, frame.data).map(Self::$name),)*
                    AUDIO_CHUNK => {
                        let chunk: AudioChunk = fields(frame.kind, frame.data)?;
                        Ok(Self::AudioChunk(AudioChunk { bytes: frame.payload, ..chunk }))
                    }
                    _ => Ok(Self::Unknown(frame)),
                }
            }

            /// The event as it is sent.
            pub fn to_frame(&self) -> Frame {
                match self {
                    $(Self::$bare => frame($bare_kind, Map::new(), &[]),)*
                    $(Self::$name(data) => frame($kind, object(data), &[]),)*
                    Self::AudioChunk(chunk) => frame(AUDIO_CHUNK, object(chunk), &chunk.bytes),
                    Self::Unknown(frame) => frame.clone(),
                }
            }
        }
    };
}

events! {
    bare {
        /// A client asks what is offered here.
        Describe = "describe",
        /// A client will run pipelines for this satellite.
        RunSatellite = "run-satellite",
        /// The client will run none for now.
        PauseSatellite = "pause-satellite",
        /// The satellite's microphone is being sent from here on.
        StreamingStarted = "streaming-started",
        /// It is no longer.
        StreamingStopped = "streaming-stopped",
        /// A satellite has a client.
        SatelliteConnected = "satellite-connected",
        /// It has none any more.
        SatelliteDisconnected = "satellite-disconnected",
        /// The sound up to the last `audio-stop` was heard by those in the room.
        Played = "played",
    }
    data {
        /// What is offered here.
        Info(Info) = "info",
        /// The satellite asks for a pipeline.
        RunPipeline(RunPipeline) = "run-pipeline",
        /// Listen for wake words.
        Detect(Detect) = "detect",
        /// A wake word was heard.
        Detection(Detection) = "detection",
        /// Somebody began to speak.
        VoiceStarted(VoiceStarted) = "voice-started",
        /// The command is complete.
        VoiceStopped(VoiceStopped) = "voice-stopped",
        /// Sound follows.
        AudioStart(AudioStart) = "audio-start",
        /// The sound is complete.
        AudioStop(AudioStop) = "audio-stop",
        /// Sound is to become text.
        Transcribe(Transcribe) = "transcribe",
        /// What was said.
        Transcript(Transcript) = "transcript",
        /// Text is to become sound.
        Synthesize(Synthesize) = "synthesize",
        /// A timer runs.
        TimerStarted(TimerStarted) = "timer-started",
        /// A timer changed.
        TimerUpdated(TimerUpdated) = "timer-updated",
        /// A timer is no more.
        TimerCancelled(TimerCancelled) = "timer-cancelled",
        /// A timer rings.
        TimerFinished(TimerFinished) = "timer-finished",
        /// Are you there?
        Ping(Ping) = "ping",
        /// Yes.
        Pong(Pong) = "pong",
        /// Something failed.
        Error(ErrorReport) = "error",
    }
}

impl From<Failure> for Event {
    /// The text is cut after 400 characters: it may quote what a client sent.
    fn from(failure: Failure) -> Self {
        Self::Error(ErrorReport { text: failure.text.chars().take(400).collect(), code: Some(failure.code.to_owned()) })
    }
}

/// An event's fields.
fn fields<T: DeserializeOwned>(kind: String, data: Map<String, Value>) -> Result<T, EventError> {
    serde_json::from_value(Value::Object(data)).map_err(|error| EventError { kind, reason: error.to_string() })
}

/// A struct's fields by name.
fn object(data: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(data) {
        Ok(Value::Object(fields)) => fields,
        // Serialising fails for maps with keys that are no texts; the events are structs of texts, numbers and lists.
        _ => Map::new(),
    }
}

fn frame(kind: &str, data: Map<String, Value>, payload: &[u8]) -> Frame {
    Frame { kind: kind.to_owned(), data, payload: payload.to_vec() }
}
