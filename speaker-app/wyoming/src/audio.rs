//! The events that carry sound.

use serde::{Deserialize, Serialize};

/// How samples are laid out: signed integers, little-endian, channels interleaved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioFormat {
    /// Samples a second of each channel.
    #[serde(rename = "rate")]
    pub rate_hz: u32,
    /// Bytes of a sample.
    #[serde(rename = "width")]
    pub width_bytes: u32,
    /// 1 is mono.
    pub channels: u32,
}

impl AudioFormat {
    /// 16 bits, one channel.
    pub fn mono(rate_hz: u32) -> Self {
        Self { rate_hz, width_bytes: 2, channels: 1 }
    }
}

/// `audio-start`: sound follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioStart {
    /// How the sound is laid out; each chunk repeats it.
    #[serde(flatten)]
    pub format: AudioFormat,
    /// Milliseconds on the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// `audio-chunk`: a piece of sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioChunk {
    /// How the payload is laid out.
    #[serde(flatten)]
    pub format: AudioFormat,
    /// Milliseconds on the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
    /// The samples' bytes: the frame's payload, no field of its data.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// `audio-stop`: the sound is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AudioStop {
    /// Milliseconds on the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}
