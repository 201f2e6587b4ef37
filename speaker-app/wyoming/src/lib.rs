//! The Wyoming protocol, by which Home Assistant drives voice satellites, and a server that makes our speaker one.
//!
//! On the wire an event is one line of JSON (`type`, `data_length`, `payload_length`), the data's bytes (JSON) and the
//! payload's (sound), over TCP. [`frame`] is that and its limits, [`Event`] is what the frames mean.
//!
//! # The server
//! ```text
//! Listener::bind(config, info)  →  .handle()  →  .start(speaker, engine)  →  Server (stops when dropped)
//! ```
//! A connection begins as one to *services*: `describe`, `ping`, `transcribe` (sound in, text out: [`Engine`]) and
//! `synthesize` (text in, sound out). The connection that sends `run-satellite` becomes the *driver*, one at a time. To it
//! goes a command after the wake word ([`Handle::wake`], [`Handle::audio`], [`Handle::end_of_speech`]); from it come the
//! answer's sound and notices of the pipeline's progress ([`Speaker`]). On the driver's connection `transcribe` and
//! `synthesize` are such notices and no requests: that is how Home Assistant uses the two words.
//!
//! Home Assistant takes from an [`Info`] that has a `satellite` the satellite only. Whoever wants the speaker's recogniser and
//! voice there as well starts a second [`Listener`] on another port, with an [`Info`] without one.
//!
//! # Privacy
//! - Nothing listens unless the owner configured an address: the crate opens no socket but the one of [`Config::address`],
//!   and connects nowhere but to itself, to end its own waiting. [`Config::clients`] restricts who may connect.
//! - Microphone sound goes out between [`Handle::wake`] and the command's end, to the driver, and at no other time. The
//!   command ends with the first of: [`Handle::end_of_speech`]; the client's `voice-stopped`, `transcript`, `error`,
//!   `pause-satellite`, `run-satellite` or disconnection; [`Config::command_seconds`] of sound. [`Handle::audio`] drops what
//!   it is given at any other time, so a caller's mistake leaks nothing. No client can switch the microphone on.
//! - The protocol has neither encryption nor passwords. It belongs on a network whose members are trusted.
//!
//! # What is not here
//! Announcing by zeroconf (enter host and port in Home Assistant by hand); wake word detection as a service for other
//! microphones (`detect` outside the driver's connection is answered with an `error`); the streaming variants of recognition
//! and synthesis, which [`Info`] says are not offered; intents (the dialog has its own).

pub mod audio;
mod config;
mod connection;
mod driver;
mod error;
mod event;
pub mod frame;
mod handle;
mod info;
mod outbox;
mod pcm;
mod pipeline;
mod playback;
mod resample;
mod server;
mod services;
mod shared;
mod speaker;
mod speech;
mod timer;

pub use audio::{AudioChunk, AudioFormat, AudioStart, AudioStop};
pub use config::Config;
pub use error::{EventError, Failure, FormatError, FrameError, StartError};
pub use event::Event;
pub use frame::{Frame, Limits};
pub use handle::{Counters, Handle, State};
pub use info::{
    AsrModel, AsrProgram, Attribution, Info, MicProgram, Satellite, SndProgram, TtsProgram, TtsVoice, TtsVoiceSpeaker, WakeModel,
    WakeProgram,
};
pub use pipeline::{RunPipeline, Stage};
pub use server::{Listener, Server};
pub use speaker::{Audio, Engine, Notice, Speaker};
pub use speech::{
    Detect, Detection, ErrorReport, Ping, Pong, Synthesize, SynthesizeVoice, Transcribe, Transcript, VoiceStarted, VoiceStopped,
};
pub use timer::{TimerCancelled, TimerEvent, TimerFinished, TimerStarted, TimerUpdated};

/// The port that satellites use by custom.
pub const PORT: u16 = 10700;

/// The rate of microphone sound that is sent, and of the sound that [`Engine::transcribe`] gets, in hertz.
pub const MICROPHONE_HZ: u32 = 16_000;
