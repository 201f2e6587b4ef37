//! Resampling from 48 to 16 kHz, one channel: 480 samples become 160, which are the first of the output.
//!
//! `dsp_init` is told the input's format: 48,000 Hz, 1, 480. `dsp_process` says 160, or −1 when the library refuses
//! the frame. `dsp_latency` counts samples of the output, at 16 kHz. There are no parameters. The heap is the library's.

#![deny(unsafe_code, reason = "the contract's exports are all of it")]

use audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler as _};
use saggar_dsp_contract::{Audio, REFUSED, Stage};

const RATE_IN_HZ: u32 = 48_000;
const RATE_OUT_HZ: u32 = 16_000;
/// Samples of a frame: 10 ms.
const FRAME_IN: usize = 480;
/// Samples of the output's frame.
pub const FRAME_OUT: usize = 160;

/// The stage.
pub struct Resample(Option<Fft<f32>>);

impl Stage<1, FRAME_IN> for Resample {
    const IDLE: Resample = Resample(None);

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        let known = rate_hz == RATE_IN_HZ && channels == 1 && frame == FRAME_IN;
        let build = || Fft::new(RATE_IN_HZ as usize, RATE_OUT_HZ as usize, FRAME_IN, 1, FixedSync::Both).ok();
        self.0 = known.then(build).flatten();
        self.0.is_some()
    }

    fn process(&mut self, audio: Audio<'_, 1, FRAME_IN>) -> i32 {
        let Some(resampler) = &mut self.0 else {
            return REFUSED;
        };
        let output = &mut audio.output[0];
        output.fill(0.0);
        let resampled = SequentialSlice::new(&audio.input[0], 1, FRAME_IN).ok().and_then(|input| {
            let mut output = SequentialSlice::new_mut(output, 1, FRAME_OUT).ok()?;
            resampler.process_into_buffer(&input, &mut output, None).ok()
        });
        resampled.and_then(|(_, samples)| i32::try_from(samples).ok()).unwrap_or(REFUSED)
    }

    fn latency_frames(&self) -> usize {
        self.0.as_ref().map_or(0, Fft::output_delay)
    }

    fn reset(&mut self) {
        if let Some(resampler) = &mut self.0 {
            resampler.reset();
        }
    }
}

saggar_dsp_contract::exports!(Resample, 1, FRAME_IN);

#[cfg(test)]
mod tests {
    use super::{FRAME_IN, FRAME_OUT, Resample};
    use saggar_dsp_contract::{Buffer, Module};

    /// A tone of 1 kHz stays one, at a third of the samples; one of 12 kHz is gone.
    #[test]
    fn keeps_what_fits_and_drops_what_does_not() {
        for (hz, wanted) in [(1_000.0, 0.5), (12_000.0, 0.0)] {
            let mut module = Box::new(Module::<Resample, 1, FRAME_IN>::IDLE);
            assert_eq!(module.start(48_000, 1, 480), 0);
            let mut peak = 0.0_f32;
            for frame in 0..20 {
                for (n, sample) in module.channel(Buffer::Input, 0).unwrap().iter_mut().enumerate() {
                    *sample = 0.5 * (2.0 * std::f32::consts::PI * hz * (frame * 480 + n) as f32 / 48_000.0).sin();
                }
                assert_eq!(module.process(480), 160);
                if frame > 4 {
                    let output = &module.channel(Buffer::Output, 0).unwrap()[..FRAME_OUT];
                    peak = output.iter().fold(peak, |peak, sample| peak.max(sample.abs()));
                }
            }
            assert!((peak - wanted).abs() < 0.02, "{hz} Hz: {peak}");
        }
    }
}
