//! Changing the rate of mono audio, at once or chunk by chunk.
//!
//! Both go through rubato's FFT resampler: linear phase, stop band below −100 dB. The delay of its filter is cut
//! from the front and given back at the end, so that the output lines up with the input, to half an input sample
//! (22,050 Hz makes filters of an odd length).

use crate::audio::count;
use crate::error::{Result, SpeechError};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

/// Lowest rate that is converted, in Hz.
pub const LOWEST_HZ: u32 = 4_000;
/// Highest rate that is converted, in Hz.
pub const HIGHEST_HZ: u32 = 384_000;

/// Input samples wanted per block, about: rubato rounds it to fit the ratio.
const BLOCK_SAMPLES: usize = 256;

/// Changes the rate of a whole recording. The output has `samples.len() · to_hz / from_hz` samples, rounded up.
///
/// # Errors
/// [`SpeechError::Setting`] when a rate is not within [`LOWEST_HZ`]`..=`[`HIGHEST_HZ`].
pub fn resample(samples: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>> {
    let mut resampler = Resampler::new(from_hz, to_hz)?;
    let mut output = Vec::with_capacity(resampler.expected(samples.len()));
    resampler.push(samples, &mut output);
    resampler.finish(&mut output);
    Ok(output)
}

/// Changes the rate of a stream, chunks of any length.
///
/// Allocates in [`Resampler::new`] only, apart from the output vector when its capacity does not suffice.
pub struct Resampler {
    /// `None` when the rates are the same.
    fft: Option<Fft<f32>>,
    from_hz: u32,
    to_hz: u32,
    /// Input that does not fill a block yet.
    pending: Vec<f32>,
    /// One block of output.
    block: Vec<f32>,
    /// Output samples still to cut: the filter's delay.
    skip: usize,
    pushed: usize,
    produced: usize,
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampler")
            .field("from_hz", &self.from_hz)
            .field("to_hz", &self.to_hz)
            .field("pushed", &self.pushed)
            .field("produced", &self.produced)
            .finish_non_exhaustive()
    }
}

impl Resampler {
    /// A resampler from one rate to another, in Hz.
    ///
    /// # Errors
    /// [`SpeechError::Setting`] when a rate is not within [`LOWEST_HZ`]`..=`[`HIGHEST_HZ`].
    pub fn new(from_hz: u32, to_hz: u32) -> Result<Self> {
        let from = rate("from_hz", from_hz)?;
        let to = rate("to_hz", to_hz)?;
        let mut made =
            Self { fft: None, from_hz, to_hz, pending: Vec::new(), block: Vec::new(), skip: 0, pushed: 0, produced: 0 };
        if from != to {
            let fft = Fft::new(from, to, BLOCK_SAMPLES, 1, FixedSync::Both).map_err(|_| impossible("from_hz", from_hz))?;
            made.pending.reserve_exact(fft.input_frames_next());
            made.block = vec![0.0; fft.output_frames_next()];
            made.skip = fft.output_delay();
            made.fft = Some(fft);
        }
        Ok(made)
    }

    /// Takes more input and appends what output is ready. The output lags by up to two blocks: 512 input samples where
    /// the ratio is simple (48 to 16 kHz), 882 from 22,050 Hz.
    pub fn push(&mut self, mut samples: &[f32], output: &mut Vec<f32>) {
        self.pushed += samples.len();
        let Some(fft) = &self.fft else {
            output.extend_from_slice(samples);
            self.produced += samples.len();
            return;
        };
        let wanted = fft.input_frames_next();
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(wanted - self.pending.len()));
            self.pending.extend_from_slice(now);
            samples = later;
            if self.pending.len() == wanted {
                self.run(output, usize::MAX);
            }
        }
    }

    /// Ends the stream: appends the rest, so that all output together has as many samples as the input lasts. The
    /// resampler is then as new.
    pub fn finish(&mut self, output: &mut Vec<f32>) {
        let total = self.expected(self.pushed);
        while self.produced < total
            && let Some(fft) = &self.fft
        {
            let wanted = fft.input_frames_next();
            self.pending.resize(wanted, 0.0);
            self.run(output, total - self.produced);
        }
        self.pending.clear();
        (self.pushed, self.produced) = (0, 0);
        if let Some(fft) = &mut self.fft {
            fft.reset();
            self.skip = fft.output_delay();
        }
    }

    /// Output samples for so many of input, rounded up.
    fn expected(&self, input: usize) -> usize {
        let wide = input as u128 * u128::from(self.to_hz);
        usize::try_from(wide.div_ceil(u128::from(self.from_hz))).unwrap_or(usize::MAX)
    }

    /// Converts the full block in `pending` and appends at most `limit` samples.
    fn run(&mut self, output: &mut Vec<f32>, limit: usize) {
        let (Some(fft), input_len, output_len) = (&mut self.fft, self.pending.len(), self.block.len()) else { return };
        let made =
            match (InterleavedSlice::new(&self.pending, 1, input_len), InterleavedSlice::new_mut(&mut self.block, 1, output_len))
            {
                (Ok(input), Ok(mut block)) => {
                    fft.process_into_buffer(&input, &mut block, None::<&Indexing>).map_or(0, |(_, made)| made)
                }
                _ => 0,
            };
        debug_assert_eq!(made, output_len, "both buffers have the sizes that rubato asked for");
        self.pending.clear();
        let cut = self.skip.min(made);
        self.skip -= cut;
        let fresh = &self.block[cut..made];
        let fresh = &fresh[..fresh.len().min(limit)];
        output.extend_from_slice(fresh);
        self.produced += fresh.len();
    }
}

/// A rate within the limits.
fn rate(setting: &'static str, hz: u32) -> Result<usize> {
    let inside = (LOWEST_HZ..=HIGHEST_HZ).contains(&hz).then(|| usize::try_from(hz).ok()).flatten();
    inside.ok_or_else(|| impossible(setting, hz))
}

fn impossible(setting: &'static str, hz: u32) -> SpeechError {
    SpeechError::Setting { setting, value: hz.to_string(), allowed: "rates from 4,000 to 384,000 Hz are converted" }
}

/// Root mean square of a voice without its pauses: over the pieces that are less than 20 dB below the loudest. 0 for silence.
pub(crate) fn active_rms(samples: &[f32], piece: usize) -> f32 {
    let levels: Vec<f32> = samples.chunks(piece.max(1)).map(rms).collect();
    let loudest = levels.iter().copied().fold(0.0, f32::max);
    let active: Vec<f32> = levels.into_iter().filter(|&level| level > loudest * 0.1).collect();
    rms(&active)
}

/// Root mean square of samples at full scale ±1; 0 for none.
#[must_use]
pub fn rms(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let energy: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    crate::audio::narrow((energy / count(samples.len())).sqrt())
}
