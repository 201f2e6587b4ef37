//! One band of the equaliser: a second-order filter that lifts or lowers what lies around its middle.

use crate::math::{cos, exp10, sin};
use core::f32::consts::PI;

/// A filter with its state, in the transposed second form.
pub struct Biquad {
    feed: [f32; 3],
    back: [f32; 2],
    state: [f32; 2],
}

impl Biquad {
    /// A filter that changes nothing.
    #[must_use]
    pub const fn flat() -> Biquad {
        Biquad { feed: [1.0, 0.0, 0.0], back: [0.0; 2], state: [0.0; 2] }
    }

    /// A peak of so many decibels around `hz`, the wider the less the quality; `None` for what is beyond the rate or not a number.
    #[must_use]
    pub fn peak(rate_hz: f32, hz: f32, gain_db: f32, quality: f32) -> Option<Biquad> {
        let sensible = hz > 0.0 && hz < rate_hz / 2.0 && gain_db.abs() <= 24.0 && quality > 0.0;
        if !sensible {
            return None;
        }
        let angle = 2.0 * PI * hz / rate_hz;
        let root = exp10(gain_db / 40.0);
        let width = sin(angle) / (2.0 * quality);
        let middle = -2.0 * cos(angle);
        let whole = 1.0 + width / root;
        Some(Biquad {
            feed: [(1.0 + width * root) / whole, middle / whole, (1.0 - width * root) / whole],
            back: [middle / whole, (1.0 - width / root) / whole],
            state: [0.0; 2],
        })
    }

    /// Filters samples in place.
    #[inline(never)]
    pub fn run(&mut self, samples: &mut [f32]) {
        for sample in samples {
            let input = *sample;
            let output = self.feed[0] * input + self.state[0];
            self.state[0] = self.feed[1] * input - self.back[0] * output + self.state[1];
            self.state[1] = self.feed[2] * input - self.back[1] * output;
            *sample = output;
        }
    }
}
