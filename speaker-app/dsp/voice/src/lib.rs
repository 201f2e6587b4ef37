//! Voice activity detection: 160 samples at 16 kHz, one channel; the output is the input.
//!
//! The network wants 256 samples (16 ms), so frames are collected; a frame that completes none repeats the last score.
//! `dsp_process`: bit 0 says that somebody speaks (with hang-over), bits 16–30 are the score times 32,767.
//!
//! | parameter | | default |
//! |---|---|---|
//! | 0 | score from which it is speech, 0–1 | 0.5 |
//! | 1 | score below which it is none any more, 0–1 | 0.35 |
//! | 2 | hang-over: frames that still count as speech afterwards, 0–500 | 20 |

#![no_std]
#![deny(unsafe_code, reason = "the contract's exports are all of it")]

use earshot::Detector;
use saggar_dsp_contract::{Audio, REFUSED, Stage};

saggar_dsp_contract::trap_on_panic!();

/// Samples of a frame: 10 ms.
const FRAME: usize = 160;
/// Samples that the network takes.
const BLOCK: usize = 256;

/// `dsp_process`: somebody speaks.
pub const SPEECH: i32 = 1;
/// `dsp_process`: the score, times 32,767, is from this bit upwards.
pub const SCORE_SHIFT: u32 = 16;

/// The network. Its tag is a byte of its own: `None` of an `Option` would be one in the network's own, and no zero, so that all of it lay
/// in the module's file.
#[repr(u8)]
#[expect(clippy::large_enum_variant, reason = "there is no heap to put it on")]
enum Network {
    /// Not started.
    Absent = 0,
    /// Started.
    Present(Detector),
}

/// The stage.
pub struct Voice {
    network: Network,
    block: [f32; BLOCK],
    collected: usize,
    score: f32,
    speaking: bool,
    /// Frames that still count as speech.
    left: u16,
    threshold: f32,
    release: f32,
    hangover_frames: u16,
}

impl Voice {
    fn collect(&mut self, mut samples: &[f32]) {
        while !samples.is_empty() {
            let taken = samples.len().min(BLOCK - self.collected);
            let (now, later) = samples.split_at(taken);
            self.block[self.collected..self.collected + taken].copy_from_slice(now);
            self.collected += taken;
            samples = later;
            if self.collected == BLOCK {
                self.collected = 0;
                if let Network::Present(detector) = &mut self.network {
                    self.score = detector.predict_f32(&self.block).clamp(0.0, 1.0);
                }
            }
        }
    }

    fn decide(&mut self) {
        self.speaking = self.score >= self.threshold || (self.speaking && self.score >= self.release);
        self.left = if self.speaking { self.hangover_frames.saturating_add(1) } else { self.left.saturating_sub(1) };
    }
}

impl Stage<1, FRAME> for Voice {
    /// All zero, so that it takes no room in the module's file; [`Stage::start`] writes what is not.
    const IDLE: Voice = Voice {
        network: Network::Absent,
        block: [0.0; BLOCK],
        collected: 0,
        score: 0.0,
        speaking: false,
        left: 0,
        threshold: 0.0,
        release: 0.0,
        hangover_frames: 0,
    };

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        let known = rate_hz == 16_000 && channels == 1 && frame == FRAME;
        *self = Voice { threshold: 0.5, release: 0.35, hangover_frames: 20, ..Voice::IDLE };
        if known {
            self.network = Network::Present(Detector::default());
        }
        known
    }

    #[expect(clippy::cast_possible_truncation, reason = "the score is in 0..=1")]
    fn process(&mut self, audio: Audio<'_, 1, FRAME>) -> i32 {
        if matches!(self.network, Network::Absent) {
            return REFUSED;
        }
        audio.output[0] = audio.input[0];
        self.collect(&audio.input[0]);
        self.decide();
        let speech = if self.left > 0 { SPEECH } else { 0 };
        ((self.score * 32_767.0) as i32) << SCORE_SHIFT | speech
    }

    fn reset(&mut self) {
        if let Network::Present(detector) = &mut self.network {
            detector.reset();
        }
        self.collected = 0;
        self.score = 0.0;
        self.speaking = false;
        self.left = 0;
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn set_parameter(&mut self, id: u32, value: f32) {
        match id {
            0 => self.threshold = value.clamp(0.0, 1.0),
            1 => self.release = value.clamp(0.0, 1.0),
            2 => self.hangover_frames = value.clamp(0.0, 500.0) as u16,
            _ => {}
        }
    }
}

saggar_dsp_contract::exports!(Voice, 1, FRAME);

#[cfg(test)]
mod tests {
    use super::{FRAME, SPEECH, Voice};
    use saggar_dsp_contract::{Buffer, Module};
    use std::boxed::Box;

    /// The output is the input, silence is no speech, and a score of 0 as threshold is always speech.
    #[test]
    fn silence_is_no_speech_and_the_threshold_counts() {
        let mut module = Box::new(Module::<Voice, 1, FRAME>::IDLE);
        assert_eq!(module.start(48_000, 1, 160), -1);
        assert_eq!(module.start(16_000, 1, 160), 0);
        for _ in 0..20 {
            assert_eq!(module.process(160) & SPEECH, 0);
        }
        module.channel(Buffer::Input, 0).unwrap().fill(0.25);
        module.set_parameter(0, 0.0);
        assert_eq!(module.process(160) & SPEECH, SPEECH);
        assert_eq!(module.channel(Buffer::Output, 0).unwrap(), &[0.25; FRAME]);
    }
}
