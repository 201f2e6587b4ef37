//! From any rate to the speaker's, packet by packet.
//!
//! rubato's FFT resampler has a linear phase; the delay of its filter is cut from the front and pushed out at the end, so
//! that the output lasts as long as the input did.

use crate::RATE_HZ;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

/// Rates that are converted, in Hz. Beyond them nobody records, and a filter may take gigabytes.
const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=384_000;

/// Input samples wanted per block, about: rubato rounds it to fit the ratio.
const BLOCK_SAMPLES: usize = 512;

pub(crate) struct Resampler {
    /// None where the rate is the speaker's already.
    fft: Option<Fft<f32>>,
    input_hz: u32,
    pending: Vec<f32>,
    block: Vec<f32>,
    /// Output still to cut.
    skip: usize,
    pushed: u64,
    made: u64,
}

impl Resampler {
    /// `None` where the rate is not one that is converted.
    pub(crate) fn new(input_hz: u32) -> Option<Self> {
        if !RATES_HZ.contains(&input_hz) {
            return None;
        }
        let mut new = Self { fft: None, input_hz, pending: Vec::new(), block: Vec::new(), skip: 0, pushed: 0, made: 0 };
        if input_hz != RATE_HZ {
            let (from, to) = (usize::try_from(input_hz).ok()?, usize::try_from(RATE_HZ).ok()?);
            let fft = Fft::new(from, to, BLOCK_SAMPLES, 1, FixedSync::Both).ok()?;
            new.block = vec![0.0; fft.output_frames_next()];
            new.skip = fft.output_delay();
            new.fft = Some(fft);
        }
        Some(new)
    }

    pub(crate) fn input_hz(&self) -> u32 {
        self.input_hz
    }

    /// Takes samples, and appends what is ready.
    pub(crate) fn push(&mut self, mut samples: &[f32], out: &mut Vec<f32>) {
        self.pushed += count(samples.len());
        let Some(wanted) = self.fft.as_ref().map(|fft| fft.input_frames_next()) else {
            return out.extend_from_slice(samples);
        };
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(wanted - self.pending.len()));
            self.pending.extend_from_slice(now);
            samples = later;
            if self.pending.len() == wanted {
                self.convert(u64::MAX, out);
            }
        }
    }

    /// Appends the rest: all output together lasts as long as the input, rounded up to a sample.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let total = (u128::from(self.pushed) * u128::from(RATE_HZ)).div_ceil(u128::from(self.input_hz));
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        while let Some(fft) = &self.fft
            && self.made < total
        {
            self.pending.resize(fft.input_frames_next(), 0.0);
            self.convert(total - self.made, out);
        }
    }

    /// Converts the full block, and appends `most` samples of it.
    fn convert(&mut self, most: u64, out: &mut Vec<f32>) {
        let Some(fft) = &mut self.fft else { return };
        let (input_len, output_len) = (self.pending.len(), self.block.len());
        let input = InterleavedSlice::new(&self.pending, 1, input_len);
        let output = InterleavedSlice::new_mut(&mut self.block, 1, output_len);
        if let (Ok(input), Ok(mut output)) = (input, output) {
            let converted = fft.process_into_buffer(&input, &mut output, None::<&Indexing>);
            debug_assert!(converted.is_ok(), "both buffers have the sizes that rubato asked for");
        }
        self.pending.clear();
        let cut = self.skip.min(output_len);
        self.skip -= cut;
        let fresh = &self.block[cut..];
        let fresh = &fresh[..fresh.len().min(usize::try_from(most).unwrap_or(usize::MAX))];
        self.made += count(fresh.len());
        out.extend_from_slice(fresh);
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
