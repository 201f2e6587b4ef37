//! Pink noise at 48 kHz, the same for the same seed.

use crate::level::narrow;
use crate::random::Random;

/// White noise through Paul Kellet's filter: −3 dB an octave within half a decibel, from 10 Hz up. Endless.
#[derive(Debug, Clone)]
pub struct Pink {
    white: Random,
    poles: [f64; 6],
    /// White noise of one sample ago.
    before: f64,
    gain: f64,
}

/// Feedback of each low-pass, and what it takes of the white noise.
const POLES: [(f64, f64); 6] = [
    (0.998_86, 0.055_517_9),
    (0.993_32, 0.075_075_9),
    (0.969_00, 0.153_852_0),
    (0.866_50, 0.310_485_6),
    (0.550_00, 0.532_952_2),
    (-0.761_6, -0.016_898_0),
];
/// What the sum takes of the white noise, and of the one before.
const DIRECT: (f64, f64) = (0.536_2, 0.115_926);

impl Pink {
    /// Noise of a root mean square, in the long run.
    #[must_use]
    pub fn new(seed: u64, rms: f32) -> Self {
        let mut pink = Self { white: Random::new(seed), poles: [0.0; 6], before: 0.0, gain: f64::from(rms) / power().sqrt() };
        // The slowest low-pass begins at rest, and is as loud as ever after some 1,000 samples.
        for _ in 0..4_800 {
            pink.step();
        }
        pink
    }

    fn step(&mut self) -> f64 {
        let white = self.white.sample();
        for (state, (pole, gain)) in self.poles.iter_mut().zip(POLES) {
            *state = pole * *state + gain * white;
        }
        let sum = self.poles.iter().sum::<f64>() + white * DIRECT.0 + self.before * DIRECT.1;
        self.before = white;
        sum
    }
}

impl Iterator for Pink {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        Some(narrow(self.step() * self.gain))
    }
}

/// The filter's power gain times the third that even white noise within ±1 has: the sum over the impulse response's squares.
fn power() -> f64 {
    let mut states = POLES.map(|(_, gain)| gain);
    let mut sum = (states.iter().sum::<f64>() + DIRECT.0).powi(2);
    let mut late = DIRECT.1;
    // 0.99886^20,000 is 10^−10.
    for _ in 0..20_000 {
        for (state, (pole, _)) in states.iter_mut().zip(POLES) {
            *state *= pole;
        }
        sum += (states.iter().sum::<f64>() + late).powi(2);
        late = 0.0;
    }
    sum / 3.0
}

#[cfg(test)]
mod tests {
    use super::Pink;
    use crate::level::rms;

    #[test]
    fn has_its_level_and_falls_by_three_decibels_an_octave() {
        let noise: Vec<f32> = Pink::new(7, 0.1).take(480_000).collect();
        let level = rms(&noise);
        assert!((0.09..0.11).contains(&level), "{level}");
        // Differences of neighbours are a high-pass of +6 dB an octave: their level would be far higher for white noise.
        let differences: Vec<f32> = noise.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let ratio = rms(&differences) / level;
        assert!((0.3..0.7).contains(&ratio), "{ratio}");
        assert_eq!(noise[..100], Pink::new(7, 0.1).take(100).collect::<Vec<_>>()[..]);
        assert_ne!(noise[..100], Pink::new(8, 0.1).take(100).collect::<Vec<_>>()[..]);
    }
}
