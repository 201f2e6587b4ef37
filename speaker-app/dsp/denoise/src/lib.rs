//! Noise suppression by a recurrent network (RNNoise): 480 samples at 48 kHz, one channel.
//!
//! `dsp_process`: bits 16–30 are the probability of speech times 32,767; −1 before `dsp_init`.
//!
//! | parameter | | default |
//! |---|---|---|
//! | 0 | mix: 0 lets the input through (late, as the output is), 1 only what the network leaves | 1 |
//!
//! The heap is the library's.

#![deny(unsafe_code, reason = "the contract's exports are all of it")]

use nnnoiseless::DenoiseState;
use saggar_dsp_contract::{Audio, REFUSED, Stage};

/// Samples of a frame: 10 ms.
const FRAME: usize = DenoiseState::FRAME_SIZE;
/// The network wants samples in the range of 16-bit integers.
const SCALE: f32 = 32_768.0;

/// `dsp_process`: the probability, times 32,767, is from this bit upwards.
pub const SCORE_SHIFT: u32 = 16;

/// The stage.
pub struct Denoise {
    network: Option<Box<DenoiseState<'static>>>,
    /// The frame before, which is as late as the network's output.
    before: [f32; FRAME],
    mix: f32,
}

impl Stage<1, FRAME> for Denoise {
    const IDLE: Denoise = Denoise { network: None, before: [0.0; FRAME], mix: 1.0 };

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        let known = rate_hz == 48_000 && channels == 1 && frame == FRAME;
        *self = Denoise { network: known.then(DenoiseState::new), ..Denoise::IDLE };
        known
    }

    #[expect(clippy::cast_possible_truncation, reason = "the probability is in 0..=1")]
    fn process(&mut self, audio: Audio<'_, 1, FRAME>) -> i32 {
        let Some(network) = &mut self.network else {
            return REFUSED;
        };
        let input = &audio.input[0];
        let output = &mut audio.output[0];
        let speech = network.process_frame(output, &input.map(|sample| sample * SCALE));
        for (output, before) in output.iter_mut().zip(self.before) {
            *output = self.mix * (*output / SCALE) + (1.0 - self.mix) * before;
        }
        self.before = *input;
        ((speech.clamp(0.0, 1.0) * 32_767.0) as i32) << SCORE_SHIFT
    }

    /// The transform's windows overlap by half.
    fn latency_frames(&self) -> usize {
        FRAME
    }

    fn reset(&mut self) {
        if self.network.is_some() {
            self.network = Some(DenoiseState::new());
        }
        self.before = [0.0; FRAME];
    }

    fn set_parameter(&mut self, id: u32, value: f32) {
        if id == 0 {
            self.mix = value.clamp(0.0, 1.0);
        }
    }
}

saggar_dsp_contract::exports!(Denoise, 1, FRAME);
