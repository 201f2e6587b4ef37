//! Frames of samples as power spectra: pre-emphasis, Hamming window, Fourier transform, with the parameters of `feat.params` and the defaults
//! of the library's front end, against which `tests` holds it.

use crate::recognise::RECOGNISER_HZ;
use realfft::{RealFftPlanner, RealToComplex, num_complex::Complex};
use std::sync::Arc;

/// Points of the transform.
pub(super) const POINTS: usize = 512;
/// Frequencies of a spectrum, 31.25 Hz apart.
pub(super) const BINS: usize = POINTS / 2 + 1;
/// Samples of a window: 25.625 ms.
const WINDOW: usize = 410;
/// Samples from one window to the next: 10 ms.
const SHIFT: usize = RECOGNISER_HZ as usize / 100;
/// How much of the sample before is taken off each.
const PRE_EMPHASIS: f32 = 0.97;

/// Power of a frame at each frequency, of samples in steps of 16 bits.
pub(crate) type Spectrum = [f32; BINS];

/// Makes spectra of samples as they come.
pub(crate) struct Spectra {
    transform: Arc<dyn RealToComplex<f32>>,
    window: [f32; WINDOW],
    /// Samples that the next window still needs, pre-emphasised.
    pending: Vec<f32>,
    before: f32,
    padded: Vec<f32>,
    scratch: Vec<Complex<f32>>,
    transformed: Vec<Complex<f32>>,
}

impl Spectra {
    pub(crate) fn new() -> Self {
        let transform = RealFftPlanner::new().plan_fft_forward(POINTS);
        let step = std::f32::consts::TAU / (WINDOW - 1) as f32;
        Self {
            window: std::array::from_fn(|index| 0.54 - 0.46 * (step * index as f32).cos()),
            pending: Vec::with_capacity(WINDOW * 2),
            before: 0.0,
            padded: transform.make_input_vec(),
            scratch: transform.make_scratch_vec(),
            transformed: transform.make_output_vec(),
            transform,
        }
    }

    /// Forgets what was fed.
    pub(crate) fn reset(&mut self) {
        self.pending.clear();
        self.before = 0.0;
    }

    /// Takes samples, in steps of 16 bits, and hands on each spectrum that they complete.
    pub(crate) fn feed(&mut self, samples: impl Iterator<Item = f32>, mut each: impl FnMut(Spectrum)) {
        for sample in samples {
            self.pending.push(sample - PRE_EMPHASIS * self.before);
            self.before = sample;
            if self.pending.len() == WINDOW {
                each(self.transform());
                self.pending.drain(..SHIFT);
            }
        }
    }

    fn transform(&mut self) -> Spectrum {
        for ((to, sample), weight) in self.padded.iter_mut().zip(&self.pending).zip(&self.window) {
            *to = sample * weight;
        }
        self.padded[WINDOW..].fill(0.0);
        // All three have the lengths that the transform itself made them with, and the input is real.
        let done = self.transform.process_with_scratch(&mut self.padded, &mut self.transformed, &mut self.scratch);
        debug_assert!(done.is_ok(), "the lengths are the transform's own");
        std::array::from_fn(|bin| self.transformed[bin].norm_sqr())
    }
}

/// The spectra of a piece of sound.
pub(crate) fn spectra(samples: impl Iterator<Item = f32>) -> Vec<Spectrum> {
    let mut found = Vec::new();
    Spectra::new().feed(samples, |spectrum| found.push(spectrum));
    found
}
