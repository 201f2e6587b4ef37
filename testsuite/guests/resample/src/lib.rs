//! Resampling from 48 to 16 kHz: 480 samples become 160, which are the first of the output; the result is their number.

use audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler as _};
use saggar_guest_contract::Stage;

struct Resample(Fft<f32>);

const RATE_IN_HZ: u32 = 48_000;
const RATE_OUT_HZ: u32 = 16_000;
const FRAME_IN: usize = 480;
const FRAME_OUT: usize = 160;

impl Stage for Resample {
    fn new(rate_hz: u32, channels: u32, frame: u32) -> Option<Resample> {
        if rate_hz != RATE_IN_HZ || channels != 1 || frame as usize != FRAME_IN {
            return None;
        }
        let resampler = Fft::new(RATE_IN_HZ as usize, RATE_OUT_HZ as usize, FRAME_IN, 1, FixedSync::Both);
        resampler.ok().map(Resample)
    }

    /// −1 when the library refuses the frame.
    fn process(&mut self, input: &[f32], _reference: &[f32], output: &mut [f32]) -> i32 {
        output.fill(0.0);
        let resampled = SequentialSlice::new(input, 1, FRAME_IN).ok().and_then(|input| {
            let mut output = SequentialSlice::new_mut(output, 1, FRAME_OUT).ok()?;
            self.0.process_into_buffer(&input, &mut output, None).ok()
        });
        resampled.and_then(|(_, samples)| i32::try_from(samples).ok()).unwrap_or(-1)
    }

    /// The filter's delay is within the next frame.
    fn latency_frames(&self) -> u32 {
        1
    }
}

saggar_guest_contract::exports!(Resample);
