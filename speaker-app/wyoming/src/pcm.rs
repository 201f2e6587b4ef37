//! Samples of any layout to 16 bits mono, and back to bytes.

use crate::audio::{AudioChunk, AudioFormat};
use crate::error::FormatError;

impl AudioFormat {
    /// Whether the numbers are ones that sound can have.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), FormatError> {
        match self {
            Self { rate_hz, .. } if !(4_000..=192_000).contains(rate_hz) => Err(FormatError::Rate(*rate_hz)),
            Self { width_bytes, .. } if !(1..=4).contains(width_bytes) => Err(FormatError::Width(*width_bytes)),
            Self { channels, .. } if !(1..=8).contains(channels) => Err(FormatError::Channels(*channels)),
            _ => Ok(()),
        }
    }
}

impl AudioChunk {
    /// A chunk of 16 bits mono.
    pub fn mono(rate_hz: u32, samples: &[i16], timestamp: Option<i64>) -> Self {
        let bytes = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        Self { format: AudioFormat::mono(rate_hz), timestamp, bytes }
    }

    /// The sound as 16 bits mono: the upper 16 bits of wider samples, the mean of several channels.
    ///
    /// # Errors
    /// The format makes no sense, or the bytes are no whole number of frames of it.
    pub fn to_mono(&self) -> Result<Vec<i16>, FormatError> {
        self.format.check()?;
        // At most 4 and 8 after the check: neither the conversions nor the product can fail.
        let (width, channels) = (self.format.width_bytes as usize, self.format.channels as usize);
        let frame_bytes = width * channels;
        if !self.bytes.len().is_multiple_of(frame_bytes) {
            return Err(FormatError::Partial { bytes: self.bytes.len(), frame_bytes });
        }
        let mean = |frame: &[u8]| {
            let sum: i32 = frame.chunks_exact(width).map(|sample| i32::from(upper_16(sample))).sum();
            // A mean of 16-bit values is one.
            i16::try_from(sum / self.format.channels.cast_signed()).unwrap_or_default()
        };
        Ok(self.bytes.chunks_exact(frame_bytes).map(mean).collect())
    }
}

/// The upper 16 bits of a little-endian sample of one to four bytes.
fn upper_16(sample: &[u8]) -> i16 {
    match sample {
        [.., low, high] => i16::from_le_bytes([*low, *high]),
        [only] => i16::from_le_bytes([0, *only]),
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(rate_hz: u32, width_bytes: u32, channels: u32, bytes: &[u8]) -> AudioChunk {
        AudioChunk { format: AudioFormat { rate_hz, width_bytes, channels }, timestamp: None, bytes: bytes.to_vec() }
    }

    #[test]
    fn layouts() {
        assert_eq!(chunk(16_000, 2, 1, &[0x34, 0x12, 0xff, 0xff]).to_mono(), Ok(vec![0x1234, -1]));
        assert_eq!(chunk(16_000, 1, 1, &[0x7f, 0x80]).to_mono(), Ok(vec![0x7f00, -0x8000]));
        assert_eq!(chunk(16_000, 3, 1, &[9, 0x34, 0x12]).to_mono(), Ok(vec![0x1234]));
        assert_eq!(chunk(16_000, 4, 1, &[9, 9, 0x34, 0x12]).to_mono(), Ok(vec![0x1234]));
        assert_eq!(chunk(44_100, 2, 2, &[0, 0x80, 0, 0x80, 100, 0, 0, 0]).to_mono(), Ok(vec![-0x8000, 50]));
        assert_eq!(AudioChunk::mono(8_000, &[1, -2], None).to_mono(), Ok(vec![1, -2]));
    }

    #[test]
    fn nonsense() {
        assert_eq!(chunk(0, 2, 1, &[]).to_mono(), Err(FormatError::Rate(0)));
        assert_eq!(chunk(u32::MAX, 2, 1, &[]).to_mono(), Err(FormatError::Rate(u32::MAX)));
        assert_eq!(chunk(16_000, 0, 1, &[]).to_mono(), Err(FormatError::Width(0)));
        assert_eq!(chunk(16_000, 2, u32::MAX, &[]).to_mono(), Err(FormatError::Channels(u32::MAX)));
        assert_eq!(chunk(16_000, 2, 2, &[0; 6]).to_mono(), Err(FormatError::Partial { bytes: 6, frame_bytes: 4 }));
    }
}
