//! What keeps loud parts down: a follower of the level, and a gain that falls where the level is above a threshold.

use crate::math::exp2;

/// A compressor with its state.
pub struct Compressor {
    threshold: f32,
    /// The part of what is above the threshold that stays.
    kept: f32,
    envelope: Envelope,
}

impl Compressor {
    /// One that changes nothing.
    #[must_use]
    pub const fn idle() -> Compressor {
        Compressor { threshold: f32::MAX, kept: 1.0, envelope: Envelope { level: 0.0, rise: 0.0, fall: 0.0 } }
    }

    /// One that works from a level on, and divides by `ratio` what is above it; `None` for what makes no sense.
    #[must_use]
    pub fn new(rate_hz: f32, threshold: f32, ratio: f32, attack_ms: f32, release_ms: f32) -> Option<Compressor> {
        let sensible = threshold > 0.0 && ratio >= 1.0 && attack_ms > 0.0 && release_ms > 0.0;
        // What is left of a distance after one sample, when an e-th of it is left after the time.
        let left = |time_ms: f32| exp2(-core::f32::consts::LOG2_E * 1000.0 / (time_ms * rate_hz));
        let envelope = Envelope { level: 0.0, rise: left(attack_ms), fall: left(release_ms) };
        sensible.then_some(Compressor { threshold, kept: 1.0 / ratio, envelope })
    }

    /// Compresses samples in place; the least gain that it used.
    #[inline(never)]
    pub fn run(&mut self, samples: &mut [f32]) -> f32 {
        let mut least = 1.0_f32;
        for sample in samples {
            let level = self.envelope.follow(sample.abs());
            if level > self.threshold {
                let gain = (self.threshold + (level - self.threshold) * self.kept) / level;
                *sample *= gain;
                least = least.min(gain);
            }
        }
        least
    }
}

/// A level that rises and falls at different speeds.
struct Envelope {
    level: f32,
    rise: f32,
    fall: f32,
}

impl Envelope {
    #[inline(never)]
    fn follow(&mut self, input: f32) -> f32 {
        let left = if input > self.level { self.rise } else { self.fall };
        self.level = input + (self.level - input) * left;
        self.level
    }
}
