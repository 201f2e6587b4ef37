//! Mono audio in memory, and its WAV files.
//!
//! Samples are 16-bit integers at full scale ±32,768 or floats at full scale ±1: the way from integers to floats and back is exact. Changing the rate is done in
//! [`crate::resample`](mod@crate::resample).

use crate::error::{Result, SpeechError};
use std::path::Path;

/// Mono audio of a known rate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audio {
    /// Samples per second, in Hz.
    pub rate_hz: u32,
    /// The samples, first to last.
    pub samples: Vec<i16>,
}

impl Audio {
    /// How long it plays, in seconds; 0 when the rate is 0.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        if self.rate_hz == 0 { 0.0 } else { count(self.samples.len()) / f64::from(self.rate_hz) }
    }

    /// The samples as floats at full scale ±1.
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        self.samples.iter().map(|&sample| f32::from(sample) / FULL_SCALE).collect()
    }

    /// The same sound at another rate.
    ///
    /// # Errors
    /// [`SpeechError::Setting`] when a rate is outside of what [`crate::resample`](fn@crate::resample) converts.
    pub fn at_rate(&self, rate_hz: u32) -> Result<Self> {
        if self.rate_hz == rate_hz {
            return Ok(self.clone());
        }
        let samples = crate::resample::resample(&self.to_f32(), self.rate_hz, rate_hz)?;
        Ok(Self { rate_hz, samples: to_i16(&samples) })
    }

    /// Reads a WAV file; several channels are averaged to one.
    ///
    /// # Errors
    /// [`SpeechError::Wav`] when the file is missing, cut short, or of a format that is not PCM.
    pub fn read_wav(path: &Path) -> Result<Self> {
        let failed = |source| SpeechError::Wav { path: path.to_owned(), source };
        let mut reader = hound::WavReader::open(path).map_err(failed)?;
        let spec = reader.spec();
        let interleaved: Vec<f32> = match spec.sample_format {
            hound::SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>(),
            hound::SampleFormat::Int => {
                // At most 32 bits: the scale is exact in f64, and the quotient within ±1.
                let scale = f64::from(2.0_f32).powi(i32::from(spec.bits_per_sample) - 1);
                reader.samples::<i32>().map(|sample| Ok(narrow(f64::from(sample?) / scale))).collect()
            }
        }
        .map_err(failed)?;
        let channels = usize::from(spec.channels.max(1));
        let share = 1.0 / f32::from(spec.channels.max(1));
        let mono: Vec<f32> = interleaved.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() * share).collect();
        Ok(Self { rate_hz: spec.sample_rate, samples: to_i16(&mono) })
    }

    /// Writes a mono WAV file of 16 bits.
    ///
    /// # Errors
    /// [`SpeechError::Wav`] when the file cannot be written.
    pub fn write_wav(&self, path: &Path) -> Result<()> {
        let failed = |source| SpeechError::Wav { path: path.to_owned(), source };
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: self.rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).map_err(failed)?;
        for &sample in &self.samples {
            writer.write_sample(sample).map_err(failed)?;
        }
        writer.finalize().map_err(failed)
    }
}

/// Full scale of a 16-bit sample.
pub(crate) const FULL_SCALE: f32 = 32_768.0;

/// Floats at full scale ±1 as 16-bit samples: louder ones are clipped, NaN becomes silence.
#[must_use]
pub fn to_i16(samples: &[f32]) -> Vec<i16> {
    samples.iter().map(|&sample| sample_to_i16(sample)).collect()
}

/// One float at full scale ±1 as a 16-bit sample; clips, and takes NaN for 0.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and takes NaN for 0")]
pub(crate) fn sample_to_i16(sample: f32) -> i16 {
    (sample * FULL_SCALE).round() as i16
}

/// A count as a float: exact, since no recording has 2⁵³ samples.
#[expect(clippy::cast_precision_loss, reason = "counts of samples, frames and words are below 2⁵³")]
pub(crate) fn count(value: usize) -> f64 {
    value as f64
}

/// The nearest f32.
#[expect(clippy::cast_possible_truncation, reason = "precision is given up on purpose; the range is that of audio")]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}
