//! Takes known noise away from sound that a network hears.
//!
//! A Wiener filter in short frames whose ratio of voice to noise follows the frame before (decision-directed: Ephraim and Malah, "Speech
//! enhancement using a minimum mean-square error short-time spectral amplitude estimator", 1984; with Wiener's gain: Scalart and Vieira Filho,
//! "Speech enhancement based on a priori signal to noise estimation", 1996). It leaves a sixth of the noise, for what it takes of a voice is
//! worse than what remains. The recogniser of sounds hears without it: its front end knows more about noise than this ([`crate::front`]).

use crate::audio::{count, narrow};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Samples of a frame: 32 ms at 16 kHz.
const FRAME: usize = 512;
/// Samples from frame to frame: each is in four of them.
const STEP: usize = FRAME / 4;
/// Bins of a frame's spectrum.
const BINS: usize = FRAME / 2 + 1;
/// Frames of noise below which nothing is known of it: a tenth of a second.
const FEWEST: usize = 10;
/// The gain that is left where there is only noise.
const FLOOR: f32 = 0.15;
/// How much of the ratio of voice to noise is that of the frame before.
const HELD: f32 = 0.96;
/// Power that is taken for silence, of a bin: the frames of a 16-bit recording have more.
const SILENCE: f32 = 1e-9;

/// The power of noise in every bin, the mean of its frames.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Noise(Vec<f32>);

/// The filter.
pub(crate) struct Quiet {
    window: Vec<f32>,
    forward: Arc<dyn RealToComplex<f32>>,
    backward: Arc<dyn ComplexToReal<f32>>,
}

impl std::fmt::Debug for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quiet { .. }")
    }
}

impl Quiet {
    pub(crate) fn new() -> Quiet {
        // The square root of Hann's window, before and after: four frames together give twice what was there.
        let turn = std::f32::consts::PI / of(FRAME);
        let window = (0..FRAME).map(|at| (turn * of(at)).sin()).collect();
        let mut planner = RealFftPlanner::new();
        Quiet { window, forward: planner.plan_fft_forward(FRAME), backward: planner.plan_fft_inverse(FRAME) }
    }

    /// What noise is like; `None` when there is too little of it.
    pub(crate) fn noise(&self, samples: &[f32]) -> Option<Noise> {
        let mut power = vec![0.0; BINS];
        let mut frames = 0;
        for frame in samples.windows(FRAME).step_by(STEP) {
            for (power, bin) in power.iter_mut().zip(self.spectrum(frame)) {
                *power += bin.norm_sqr();
            }
            frames += 1;
        }
        power.iter_mut().for_each(|power| *power /= of(frames));
        (frames >= FEWEST).then_some(Noise(power))
    }

    /// Samples without most of the noise that was in them; `noises` says from which sample on which noise, in order. Before the first nothing is
    /// known, and nothing is taken.
    pub(crate) fn filter(&self, samples: &[f32], noises: &[(usize, Noise)]) -> Vec<f32> {
        if noises.is_empty() {
            return samples.to_vec();
        }
        // Silence around, so that every sample is in as many frames.
        let mut padded = vec![0.0; FRAME];
        padded.extend_from_slice(samples);
        padded.resize((samples.len() + 2 * FRAME).next_multiple_of(STEP), 0.0);
        let mut made = vec![0.0; padded.len()];
        let mut before = vec![0.0; BINS];
        let mut out = self.backward.make_output_vec();
        for (number, frame) in padded.windows(FRAME).step_by(STEP).enumerate() {
            let begin = number * STEP;
            // By the frame's middle.
            let at = (begin + FRAME / 2).saturating_sub(FRAME);
            let noise = noises.iter().rev().find(|(from, _)| *from <= at).map(|(_, noise)| noise);
            let mut bins = self.spectrum(frame);
            if let Some(Noise(noise)) = noise {
                for ((bin, noise), before) in bins.iter_mut().zip(noise).zip(&mut before) {
                    let ratio = bin.norm_sqr() / noise.max(SILENCE);
                    let voice = HELD * *before + (1.0 - HELD) * (ratio - 1.0).max(0.0);
                    let gain = (voice / (1.0 + voice)).max(FLOOR);
                    *before = gain * gain * ratio;
                    *bin *= gain;
                }
            }
            // The transform of real samples has no imaginary part at its ends.
            for end in [0, BINS - 1] {
                bins[end].im = 0.0;
            }
            if self.backward.process(&mut bins, &mut out).is_err() {
                return samples.to_vec();
            }
            for ((made, out), window) in made[begin..].iter_mut().zip(&out).zip(&self.window) {
                *made += out * window / (2.0 * of(FRAME));
            }
        }
        made[FRAME..FRAME + samples.len()].to_vec()
    }

    /// The spectrum of a frame, windowed.
    fn spectrum(&self, frame: &[f32]) -> Vec<Complex<f32>> {
        let mut windowed: Vec<f32> = frame.iter().zip(&self.window).map(|(sample, window)| sample * window).collect();
        let mut bins = self.forward.make_output_vec();
        // It refuses other lengths than its own only.
        _ = self.forward.process(&mut windowed, &mut bins);
        bins
    }
}

/// A number of samples or frames.
fn of(number: usize) -> f32 {
    narrow(count(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise as Source;
    use crate::resample::rms;

    #[test]
    fn without_noise_nothing_is_taken() {
        let quiet = Quiet::new();
        let voice: Vec<f32> = (0..5_000).map(|at| 0.3 * (of(at) * 0.2).sin()).collect();
        assert_eq!(quiet.filter(&voice, &[]), voice);
        let silence = quiet.noise(&[0.0; 16_000]).expect("enough");
        for length in [0, 1, 511, 512, 5_000] {
            let out = quiet.filter(&voice[..length], &[(0, silence.clone())]);
            assert_eq!(out.len(), length);
            let worst = out.iter().zip(&voice).map(|(out, voice)| (out - voice).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-3, "{length}: {worst}");
        }
        assert_eq!(quiet.noise(&[0.1; 512 + 128 * 8]), None);
    }

    #[test]
    fn noise_goes_and_a_tone_stays() {
        let quiet = Quiet::new();
        let source: Vec<f32> = Source::new(5).pink_samples(48_000).iter().map(|sample| sample * 0.05).collect();
        let noise = quiet.noise(&source[..16_000]).expect("enough");
        let left = quiet.filter(&source[16_000..], &[(0, noise.clone())]);
        let ratio = rms(&left) / rms(&source[16_000..]);
        assert!((0.1..0.35).contains(&ratio), "{ratio}");
        let tone: Vec<f32> = (0..32_000).map(|at| 0.3 * (of(at) * 0.4).sin()).collect();
        let mixed: Vec<f32> = tone.iter().zip(&source[16_000..]).map(|(tone, noise)| tone + noise).collect();
        let out = quiet.filter(&mixed, &[(0, noise.clone())]);
        let wrong: Vec<f32> = out.iter().zip(&tone).skip(4_000).map(|(out, tone)| out - tone).collect();
        assert!(rms(&wrong) < 0.5 * rms(&source), "{} of {}", rms(&wrong), rms(&source));
        // From a sample on only.
        let late = quiet.filter(&mixed, &[(16_000, noise)]);
        let kept = late[..15_000].iter().zip(&mixed).map(|(late, mixed)| (late - mixed).abs()).fold(0.0, f32::max);
        assert!(kept < 1e-3, "{kept}");
    }
}
