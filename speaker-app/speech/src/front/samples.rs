//! Voices and noises for tests of the front end.

use super::bands::{CEPSTRA, Cepstra, Filters, Transform, Warp, logarithms};
use super::prior::{Gaussian, Prior};
use super::room::CHANNEL;
use super::spectrum::spectra;
use crate::noise::Noise as Source;
use std::sync::Arc;

/// Noise through a crude resonance, loud for a tenth of a second and soft for the next: something like a voice.
pub(super) fn voice(seconds: usize, level: f32) -> Vec<f32> {
    let mut source = Source::settled(5);
    let mut past = [0.0_f32; 2];
    (0..seconds * 16_000)
        .map(|at| {
            let loud = if at / 1_600 % 2 == 0 { 1.0 } else { 0.03 };
            let next = 1.6 * past[0] - 0.8 * past[1] + source.pink_of_level_1() * loud * level * 0.2;
            past = [next, past[0]];
            next
        })
        .collect()
}

pub(super) fn noise(seed: u64, level: f32) -> Vec<f32> {
    let mut source = Source::settled(seed);
    (0..16_000).map(|_| source.pink_of_level_1() * level).collect()
}

/// Cepstra of the voice alone, as a distribution: what a model would have been trained on.
pub(super) fn trained(voice: &[f32]) -> Arc<Prior> {
    let (filters, transform) = (Filters::new(Warp::NONE), Transform::new());
    let frames: Vec<Cepstra> =
        spectra(voice.iter().copied()).iter().map(|spectrum| transform.cepstra(&logarithms(&filters.powers(spectrum)))).collect();
    let gaussian = |cepstra: &Cepstra| Gaussian {
        weight: 1.0 / frames.len() as f32,
        mean: std::array::from_fn(|order| cepstra[order] - CHANNEL[order]),
        variance: [4.0; CEPSTRA],
    };
    Arc::new(Prior { gaussians: frames.iter().map(gaussian).collect(), phones: Vec::new() })
}
