//! Fourier transforms of 512 real points and back, of complex numbers as pairs.

use crate::FRAME;
use microfft::Complex32;

/// Points of a transform: three frames, and what is left to the next power of two.
pub(crate) const POINTS: usize = 512;
/// Bins from 0 Hz to half of the rate.
pub(crate) const BINS: usize = POINTS / 2 + 1;

/// Bins of a real signal.
pub(crate) type Spectrum = [Complex32; BINS];

pub(crate) const SILENCE: Spectrum = [Complex32::new(0.0, 0.0); BINS];

/// The spectrum of frames, of which the first begins at a sample; what lies around them is zero.
pub(crate) fn forward<const FRAMES: usize>(first: usize, frames: [&[f32; FRAME]; FRAMES]) -> Spectrum {
    let mut points = [0.0; POINTS];
    for (place, frame) in points[first..].chunks_exact_mut(FRAME).zip(frames) {
        place.copy_from_slice(frame);
    }
    let packed = microfft::real::rfft_512(&mut points);
    let mut spectrum = SILENCE;
    spectrum[..BINS - 1].copy_from_slice(packed);
    // The library keeps half of the rate beside 0 Hz; both are real.
    spectrum[BINS - 1] = Complex32::new(spectrum[0].im, 0.0);
    spectrum[0].im = 0.0;
    spectrum
}

/// Samples of a spectrum, a frame of them from a sample on.
pub(crate) fn backward(spectrum: &Spectrum, first: usize) -> [f32; FRAME] {
    let mut points = [Complex32::new(0.0, 0.0); POINTS];
    points[..BINS].copy_from_slice(spectrum);
    for bin in 1..POINTS / 2 {
        points[POINTS - bin] = spectrum[bin].conj();
    }
    let samples = microfft::inverse::ifft_512(&mut points);
    core::array::from_fn(|index| samples[first + index].re)
}
