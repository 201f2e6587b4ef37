//! What the owner decides.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::error::StartError;
use crate::frame::Limits;
use crate::pipeline::Stage;

/// The least that a limit may be: a chunk of ours has 2 KiB, the longest `error` less than that.
const LEAST_BYTES: usize = 4096;

/// The server's configuration. Without one no server is started, and nothing listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where to listen; port 0 is any free one, and [`PORT`](crate::PORT) the customary one.
    pub address: SocketAddr,
    /// Who may connect; empty is everybody who reaches the address. Best Home Assistant's address alone.
    pub clients: Vec<IpAddr>,
    /// Where Home Assistant's pipeline begins after our wake word: [`Stage::Asr`], or [`Stage::Wake`] to have it confirm the
    /// wake word first (then [`Handle::audio`](crate::Handle::audio) is to begin with the sound of the wake word).
    pub start_stage: Stage,
    /// Where it ends: [`Stage::Tts`] for a spoken answer.
    pub end_stage: Stage,
    /// The most that one event may hold.
    pub limits: Limits,
    /// The most connections at once; further ones get an `error`.
    pub connections: usize,
    /// The most events that wait for one client to read them. A client that is further behind is disconnected.
    pub queue_events: usize,
    /// A connection on which nothing comes for so long is closed. Home Assistant pings every two seconds.
    pub idle: Duration,
    /// The most microphone sound that is sent after one wake word.
    pub command_seconds: u32,
    /// The longest recording that is transcribed.
    pub transcribe_seconds: u32,
    /// The most sound from a client that may wait to be heard.
    pub playback_seconds: u32,
    /// The longest text that is synthesised, in bytes.
    pub text_bytes: usize,
}

impl Config {
    /// The usual values, for an address.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            clients: Vec::new(),
            start_stage: Stage::Asr,
            end_stage: Stage::Tts,
            limits: Limits::default(),
            connections: 8,
            queue_events: 256,
            idle: Duration::from_secs(60),
            command_seconds: 15,
            transcribe_seconds: 30,
            playback_seconds: 300,
            text_bytes: 8 << 10,
        }
    }

    /// Whether the values make sense together.
    ///
    /// # Errors
    /// [`StartError::Config`], which names the first that does not.
    pub fn check(&self) -> Result<(), StartError> {
        let wrong = |field, problem| Err(StartError::Config { field, problem });
        if self.start_stage > Stage::Asr {
            return wrong("start_stage", "must be wake or asr: the later stages take no sound");
        }
        if self.end_stage < self.start_stage {
            return wrong("end_stage", "comes before start_stage");
        }
        let Limits { line_bytes, data_bytes, payload_bytes } = self.limits;
        if line_bytes.min(data_bytes).min(payload_bytes) < LEAST_BYTES {
            return wrong("limits", "must be at least 4096 bytes each: our own events have to fit");
        }
        if self.connections == 0 {
            return wrong("connections", "must be at least 1");
        }
        // A wake alone is four events.
        if self.queue_events < 16 {
            return wrong("queue_events", "must be at least 16");
        }
        if self.idle.is_zero() {
            return wrong("idle", "must be more than nothing: 60 seconds are usual");
        }
        Ok(())
    }
}
