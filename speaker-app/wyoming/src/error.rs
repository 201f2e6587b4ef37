//! What can go wrong, said to a person. Nothing that a peer sends leads to a panic: it ends in one of these.

use std::net::SocketAddr;
use std::time::Duration;

/// The bytes of a connection are no Wyoming frames. The connection cannot go on: where the next frame begins is unknown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The peer is gone, or the socket failed.
    #[error("the connection failed: {0}")]
    Io(#[from] std::io::Error),
    /// Nothing came for longer than [`Config::idle`](crate::Config::idle).
    #[error("nothing was received for {}: send a ping now and then to keep the connection", Seconds(*.0))]
    Idle(Duration),
    /// The stream ended within a frame.
    #[error("the connection ended in the middle of an event, in its {part}")]
    Truncated {
        /// `line`, `data` or `payload`.
        part: &'static str,
    },
    /// A part of the frame is larger than [`Limits`](crate::Limits) allows.
    #[error("an event's {part} is larger than the {limit_bytes} bytes that are accepted here")]
    TooLarge {
        /// `line`, `data` or `payload`.
        part: &'static str,
        /// The limit that was exceeded.
        limit_bytes: usize,
    },
    /// The line or the data is not the JSON object it has to be.
    #[error("an event's {part} is not the JSON object that the Wyoming protocol has there: {reason}")]
    NotJson {
        /// `line` or `data`.
        part: &'static str,
        /// What the parser found.
        reason: String,
    },
}

/// A frame is well formed, and its data is not what its type requires. The connection can go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event '{kind}' is not understood: {reason}")]
pub struct EventError {
    /// The event's type.
    pub kind: String,
    /// Which field, and what is wrong with it.
    pub reason: String,
}

/// Sound whose description makes no sense, or that this crate does not convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The rate is outside of 4 to 192 kHz.
    #[error("a sample rate of {0} Hz is not accepted: send 4000 to 192000 Hz")]
    Rate(u32),
    /// The samples' width is not 1 to 4 bytes.
    #[error("samples of {0} bytes are not accepted: send signed integers of 1, 2, 3 or 4 bytes, best 2")]
    Width(u32),
    /// There are no channels, or more than eight.
    #[error("{0} channels are not accepted: send 1 to 8, best 1")]
    Channels(u32),
    /// The bytes are no whole number of samples of all channels.
    #[error("a chunk of {bytes} bytes is no whole number of frames of {frame_bytes} bytes")]
    Partial {
        /// The payload's length.
        bytes: usize,
        /// Width times channels.
        frame_bytes: usize,
    },
    /// The format changed within one recording.
    #[error("the sound's rate changed from {0} to {1} Hz within one recording")]
    Changed(u32, u32),
    /// No filter for this rate.
    #[error("speech at {0} Hz is not accepted: send 16000 Hz, or another of the usual rates of sound cards")]
    Unusual(u32),
}

/// The server could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address} for Wyoming clients: {error}; is the port taken, is the address this machine's?")]
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// The system's reason.
        error: std::io::Error,
    },
    /// A thread could not be made.
    #[error("cannot start a thread for Wyoming clients: {0}")]
    Thread(std::io::Error),
    /// A value of the configuration makes no sense.
    #[error("the Wyoming configuration's {field} {problem}")]
    Config {
        /// The field of [`Config`](crate::Config).
        field: &'static str,
        /// What is wrong and what would be right.
        problem: &'static str,
    },
}

/// Why a request of a client was not fulfilled: the text goes to the client in an `error` event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    /// For a person.
    pub text: String,
    /// For a program: short, lower case, with hyphens.
    pub code: &'static str,
}

impl Failure {
    /// A failure with its text for a person and its code for a program.
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { text: text.into(), code }
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::new("audio-format", error.to_string())
    }
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::new("bad-event", error.to_string())
    }
}

impl From<&FrameError> for Failure {
    fn from(error: &FrameError) -> Self {
        Self::new("bad-frame", error.to_string())
    }
}

/// A duration as a person says it.
struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} s", self.0.as_secs_f32())
    }
}
