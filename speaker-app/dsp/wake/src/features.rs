//! Front end: from frames of 10 ms to one feature vector each.
//!
//! Pre-emphasis, Hamming window of 25 ms, power spectrum, mel bands (Davis & Mermelstein 1980); then what makes a quiet
//! recording and a noisy room comparable: every band's noise is followed and subtracted (Boll 1979), and what remains is
//! floored at a fixed distance below the speech's own recent peak, so that clean recordings lose the valleys that noise
//! would fill (Claes & Van Compernolle 1996) and loudness does not matter. Logarithm, cosine transform, and regression
//! over time (Furui 1986), whose slopes no microphone's colour touches.
//!
//! Only +, −, ×, ÷, square root and libm's logarithm and cosine, in the source's order: the same bits on every target.

use core::f64::consts::PI;

use crate::fft::{BINS, Fft, LENGTH};
use crate::mel::{BANDS, CEPSTRA, Mel};
use crate::noise::Noise;

/// Samples of a frame: 10 ms at 16 kHz.
pub const HOP: usize = 160;
/// Samples of a window: 25 ms.
const WINDOW: usize = 400;
/// Numbers of a feature vector: cepstra, and their slopes.
pub const WIDTH: usize = 2 * CEPSTRA;
/// Frames on either side of the one whose slopes are computed; the features lag by as many.
pub const REACH: usize = 2;

/// Pre-emphasis, as everywhere since the seventies: it flattens the voice's spectrum.
const EMPHASIS: f32 = 0.97;
/// Power of a band that digital silence is taken for: about −90 dB of full scale.
pub const SILENCE: f32 = 1e-5;

// Tuned on the WORK voices of the check crate.

/// How much of the followed noise is subtracted: a minimum is below the mean.
const SUBTRACT: f32 = 1.5;
/// Power of the floor, as a part of the recent peak's: −12 dB.
const FLOOR: f32 = 0.06;
/// Weight of c0, which is loudness.
const LOUDNESS: f32 = 0.6;
/// Weight of the slopes.
const SLOPES: f32 = 1.5;
/// Factor by which the followed peak falls in a frame: 0.9 dB a second.
const DECAY: f32 = 0.998;
/// Frames this far below the recent peak are no speech: −23 dB.
const GATE: f32 = 0.005;

/// Steps of a stored number in the features' unit (a neper of power in one band).
pub const STEPS_PER_UNIT: f32 = 512.0;

/// A feature vector as templates keep it, in steps.
pub type Stored = [i16; WIDTH];

/// What is known of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Features of the frame [`REACH`] frames ago, in steps.
    pub vector: [f32; WIDTH],
    /// Whether that frame is loud enough, against the noise and against the speech before, to be speech.
    pub speech: bool,
}

/// Rounds a vector to steps.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, at 64 nepers")]
pub fn stored(vector: &[f32; WIDTH]) -> Stored {
    vector.map(|value| libm::rintf(value) as i16)
}

/// The front end's state.
#[derive(Debug)]
pub struct Features {
    fft: Fft,
    mel: Mel,
    window: [f32; WINDOW],
    /// The latest [`WINDOW`] samples after pre-emphasis.
    samples: [f32; WINDOW],
    last_sample: f32,
    noise: Noise,
    /// Average power of a band at the speech's recent peak.
    peak: f32,
    /// The latest cepstra, oldest first.
    cepstra: [[f32; CEPSTRA]; 2 * REACH + 1],
    loud: [bool; 2 * REACH + 1],
}

impl Features {
    /// Before [`Features::plan`] and [`Features::reset`].
    pub const IDLE: Features = Features {
        fft: Fft::IDLE,
        mel: Mel::IDLE,
        window: [0.0; WINDOW],
        samples: [0.0; WINDOW],
        last_sample: 0.0,
        noise: Noise::IDLE,
        peak: 0.0,
        cepstra: [[0.0; CEPSTRA]; 2 * REACH + 1],
        loud: [false; 2 * REACH + 1],
    };

    /// Computes the tables.
    #[expect(clippy::cast_possible_truncation, reason = "a weight is rounded once, from f64")]
    pub fn plan(&mut self) {
        self.fft.plan();
        self.mel.plan();
        for (n, weight) in self.window.iter_mut().enumerate() {
            *weight = (0.54 - 0.46 * libm::cos(2.0 * PI * n as f64 / (WINDOW - 1) as f64)) as f32;
        }
    }

    /// Forgets what was heard.
    pub fn reset(&mut self) {
        self.samples = [0.0; WINDOW];
        self.last_sample = 0.0;
        self.noise.reset();
        self.peak = SILENCE;
        self.cepstra = [[0.0; CEPSTRA]; 2 * REACH + 1];
        self.loud = [false; 2 * REACH + 1];
    }

    /// Takes 10 ms.
    pub fn push(&mut self, input: &[f32; HOP]) -> Frame {
        let bands = self.spectrum(input);
        let noise = self.noise.follow(&bands);

        let mean = bands.iter().sum::<f32>() / BANDS as f32;
        let mean_noise = noise.iter().sum::<f32>() / BANDS as f32;
        // Attack within a frame or two, release over seconds.
        self.peak = if mean > self.peak { 0.5 * (self.peak + mean) } else { self.peak * DECAY }.max(SILENCE);
        let loud = mean > 2.0 * mean_noise && mean > GATE * self.peak;

        let (floor, over_peak) = (self.peak * FLOOR, 1.0 / self.peak);
        let logs = core::array::from_fn(|band| {
            let speech = (bands[band] - SUBTRACT * noise[band]).max(0.0);
            libm::logf((speech + floor) * over_peak)
        });
        self.cepstra.rotate_left(1);
        self.cepstra[2 * REACH] = self.mel.cepstrum(&logs);
        self.loud.rotate_left(1);
        self.loud[2 * REACH] = loud;
        Frame { vector: self.vector(), speech: self.loud[REACH] }
    }

    /// Power by mel band of the latest window.
    fn spectrum(&mut self, input: &[f32; HOP]) -> [f32; BANDS] {
        self.samples.copy_within(HOP.., 0);
        for (place, &sample) in self.samples[WINDOW - HOP..].iter_mut().zip(input) {
            // What is no number, or far out of range, would never leave the averages again.
            let sample = if sample.abs() <= 8.0 { sample } else { 0.0 };
            *place = sample - EMPHASIS * self.last_sample;
            self.last_sample = sample;
        }
        let mut windowed = [0.0; LENGTH];
        for ((windowed, sample), weight) in windowed.iter_mut().zip(&self.samples).zip(&self.window) {
            *windowed = sample * weight;
        }
        let mut power = [0.0; BINS];
        self.fft.power(&windowed, &mut power);
        self.mel.bands(&power)
    }

    /// Weighted cepstra of the middle frame and their regression over time.
    fn vector(&self) -> [f32; WIDTH] {
        let mut vector = [0.0; WIDTH];
        let (values, slopes) = vector.split_at_mut(CEPSTRA);
        for (k, (value, slope)) in values.iter_mut().zip(slopes).enumerate() {
            let weight = if k == 0 { LOUDNESS * STEPS_PER_UNIT } else { STEPS_PER_UNIT };
            let at = |frame: usize| self.cepstra[frame][k];
            *value = weight * at(REACH);
            // Σ n (c(n) − c(−n)) / 2 Σ n², for a reach of two.
            *slope = weight * SLOPES * ((at(3) - at(1)) + 2.0 * (at(4) - at(0))) / 10.0;
        }
        vector
    }
}

#[cfg(test)]
mod tests {
    use super::{Features, HOP, WIDTH, stored};

    fn planned() -> Features {
        let mut features = Features::IDLE;
        features.plan();
        features.reset();
        features
    }

    /// A tone that comes and goes, at some loudness.
    fn frame(n: usize, gain: f32) -> [f32; HOP] {
        let loud = if n % 40 < 20 { gain } else { 0.001 * gain };
        core::array::from_fn(|i| loud * ((n * HOP + i) as f32 * 0.3).sin())
    }

    #[test]
    fn loudness_does_not_matter() {
        let (mut near, mut far) = (planned(), planned());
        for n in 0..200 {
            let (a, b) = (near.push(&frame(n, 0.5)), far.push(&frame(n, 0.05)));
            if n > 100 {
                assert_eq!(a.speech, b.speech, "frame {n}");
                assert!(a.vector.iter().zip(b.vector).all(|(a, b)| (a - b).abs() < 50.0), "frame {n}");
            }
        }
    }

    #[test]
    fn a_reset_forgets_everything() {
        let (mut used, mut fresh) = (planned(), planned());
        for n in 0..77 {
            used.push(&frame(n, 0.9));
        }
        used.reset();
        for n in 0..50 {
            assert_eq!(used.push(&frame(n, 0.3)).vector, fresh.push(&frame(n, 0.3)).vector);
        }
    }

    #[test]
    fn what_is_no_number_does_not_stay() {
        let mut features = planned();
        for bad in [f32::NAN, f32::INFINITY, f32::MAX, -1e30] {
            features.push(&[bad; HOP]);
        }
        for n in 0..10 {
            assert!(features.push(&frame(n, 0.5)).vector.iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn vectors_are_rounded_and_held_in_range() {
        let mut vector = [0.6; WIDTH];
        (vector[1], vector[2]) = (1e9, -2.4);
        let stored = stored(&vector);
        assert_eq!((stored[0], stored[1], stored[2]), (1, i16::MAX, -2));
    }
}
