//! Noise suppression by a recurrent network: 480 samples at 48 kHz.

use nnnoiseless::DenoiseState;
use saggar_guest_contract::Stage;

struct Denoise(Box<DenoiseState<'static>>);

/// The network wants samples in the range of 16-bit integers.
const SCALE: f32 = 32_768.0;

impl Stage for Denoise {
    fn new(rate_hz: u32, channels: u32, frame: u32) -> Option<Denoise> {
        let known = rate_hz == 48_000 && channels == 1 && frame as usize == DenoiseState::FRAME_SIZE;
        known.then(|| Denoise(DenoiseState::new()))
    }

    fn process(&mut self, input: &[f32], _reference: &[f32], output: &mut [f32]) -> i32 {
        let scaled: Vec<f32> = input.iter().map(|sample| sample * SCALE).collect();
        let speech = self.0.process_frame(output, &scaled);
        output.iter_mut().for_each(|sample| *sample /= SCALE);
        speech.to_bits().cast_signed()
    }

    fn latency_frames(&self) -> u32 {
        1
    }
}

saggar_guest_contract::exports!(Denoise);
