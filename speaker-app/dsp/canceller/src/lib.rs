//! Linear echo cancellation: 160 samples at 16 kHz, one channel.
//!
//! `dsp_ref` is what the loudspeaker plays at the same time, or up to [`PARTITIONS`] frames earlier. What the room makes of it is learnt
//! ([`filter`]) and subtracted; nothing else is done to the sound, so a voice that is no louder than the music stays what it was. What
//! remains of the echo is for whoever comes after it. `dsp_process` says 0.
//!
//! | parameter | | default |
//! |---|---|---|
//! | 0 | 1 cancels, 0 only passes on | 1 |
//!
//! No heap; the learnt room and what is remembered of the loudspeaker lie in static memory.

#![deny(unsafe_code, reason = "the contract's exports are all of it")]

pub mod filter;
mod transform;

use filter::Filter;
use saggar_dsp_contract::{Audio, Stage};

/// Samples of a frame: 10 ms.
pub const FRAME: usize = 160;
/// Frames of echo that are modelled: 240 ms, of which a room needs half, and buffers and converters the rest.
pub const PARTITIONS: usize = 24;

/// Peak of the noise that is put under both inputs: −120 dB. In digital silence what is learnt would decay into numbers so small that
/// processors take a hundred times as long for each, and wasm cannot switch that off.
const FLOOR: f32 = 1e-6;

/// The stage.
pub struct Canceller {
    filter: Filter,
    off: bool,
    noise: u32,
}

impl Canceller {
    /// Puts noise of [`FLOOR`] under a frame: a linear congruence (Numerical Recipes), of which the upper bits are used.
    fn lift(&mut self, samples: &mut [f32; FRAME]) {
        for sample in samples {
            self.noise = self.noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *sample += if self.noise >> 31 == 0 { FLOOR } else { -FLOOR };
        }
    }
}

impl Stage<1, FRAME> for Canceller {
    /// Zeros only, so that it takes no room in the module's file.
    const IDLE: Canceller = Canceller { filter: Filter::IDLE, off: false, noise: 0 };

    fn start(&mut self, rate_hz: u32, channels: usize, frame: usize) -> bool {
        (self.off, self.noise) = (false, 1);
        self.filter.reset();
        rate_hz == 16_000 && channels == 1 && frame == FRAME
    }

    fn process(&mut self, audio: Audio<'_, 1, FRAME>) -> i32 {
        if self.off {
            *audio.output = *audio.input;
            return 0;
        }
        let (mut heard, mut played) = (audio.input[0], audio.reference[0]);
        self.lift(&mut heard);
        self.lift(&mut played);
        audio.output[0] = self.filter.cancel(&heard, &played);
        0
    }

    fn reset(&mut self) {
        self.filter.reset();
    }

    fn set_parameter(&mut self, id: u32, value: f32) {
        if id == 0 {
            self.off = value < 0.5;
        }
    }
}

saggar_dsp_contract::exports!(Canceller, 1, crate::FRAME);
