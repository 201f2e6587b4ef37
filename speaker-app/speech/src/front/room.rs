//! What a room does to speech, learnt from its noise and from a voice in it, and taken away from every frame.
//!
//! The model is that of vector Taylor series (Moreno, Raj and Stern, "A vector Taylor series approach for environment-independent speech
//! recognition", ICASSP 1996): in each band, noise adds to the power of clean speech that a channel has made louder or softer. In cepstra,
//! `heard = clean + channel + g(clean + channel, noise)`, where `g = C·ln(1 + exp(C⁻¹(noise − clean − channel)))`. Around each Gaussian of
//! clean speech this is taken for linear; the channel is found by expectation and maximisation over the voice, and a frame's clean cepstra are
//! what is heard less the `g` of the Gaussians that it may come from, each by how likely it is.
//!
//! The channel contains the microphone, the level and the mean that the model's training took away from every utterance: what comes out needs
//! no other normalisation.

use super::bands::{BANDS, Bands, CEPSTRA, Cepstra, Filters, Transform, Warp, logarithms};
use super::prior::Prior;
use super::spectrum::Spectrum;
use std::sync::Arc;

/// A learnt room.
pub(crate) struct Room {
    prior: Arc<Prior>,
    filters: Filters,
    transform: Transform,
    channel: Cepstra,
    heard: Vec<Heard>,
    /// Power of the noise, over all frequencies.
    noise: f32,
    /// The newest frames, as a ring, and their powers.
    newest: Vec<Spectrum>,
    powers: [f32; QUIETER_FRAMES],
    frames: usize,
}

/// A Gaussian of clean speech, as it is heard in the room.
struct Heard {
    mean: Cepstra,
    /// One over the variance.
    precision: Cepstra,
    /// Logarithm of weight and normalisation.
    constant: f32,
    /// What the noise adds to it.
    added: Cepstra,
    /// How much of a change of clean speech is heard: `[heard × clean]`.
    slope: [Cepstra; CEPSTRA],
}

/// Noise in a room.
struct Noise {
    mean: Cepstra,
    variance: Cepstra,
}

/// In so many frames that are quieter than the noise, it has become quieter: 150 ms. Music that pauses for the sentence does so.
const QUIETER_FRAMES: usize = 15;
/// How much quieter: 3 dB.
const QUIETER: f32 = 0.5;
/// Frames that both noise and voice need at least.
pub(super) const LEAST_FRAMES: usize = 8;
/// No distribution that is heard is narrower.
const LEAST_VARIANCE: f32 = 0.01;
/// Where the channel is looked for first: what the model's training took away on average (`-cmninit` of `feat.params`).
pub(super) const CHANNEL: Cepstra = [41.0, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17];
/// How sure that is, as a precision: less than a frame's worth.
const CHANNEL_PRECISION: f32 = 1.0;

impl Room {
    /// The room for a warping, its channel looked for from one on, and the mean of the logarithms of the voice's likelihoods.
    ///
    /// Both noise and voice have at least [`LEAST_FRAMES`].
    pub(super) fn warped(
        warp: Warp,
        channel: &Cepstra,
        rounds: usize,
        prior: &Arc<Prior>,
        noise: &[Spectrum],
        voice: &[&Spectrum],
    ) -> (f32, Room) {
        let (filters, transform) = (Filters::new(warp), Transform::new());
        let noise_power = noise.iter().map(power).sum::<f32>() / noise.len() as f32;
        let noise = Noise::measure(&filters, &transform, noise);
        let voice: Vec<Cepstra> =
            voice.iter().map(|spectrum| transform.cepstra(&logarithms(&filters.powers(spectrum)))).collect();
        let mut room = Room {
            prior: prior.clone(),
            filters,
            transform,
            channel: *channel,
            heard: Vec::new(),
            noise: noise_power,
            newest: Vec::new(),
            powers: [0.0; QUIETER_FRAMES],
            frames: 0,
        };
        room.expect(&noise);
        for _ in 0..rounds {
            room.channel = room.maximise(&voice);
            room.expect(&noise);
        }
        let mut shares = Vec::new();
        let sum: f32 = voice.iter().map(|cepstra| room.shares(cepstra, &mut shares)).sum();
        (sum / voice.len() as f32, room)
    }

    /// What it makes of sound on its way from a mouth.
    pub(super) fn channel(&self) -> Cepstra {
        self.channel
    }

    /// How the Gaussians are heard through the channel.
    fn expect(&mut self, noise: &Noise) {
        let (transform, channel) = (&self.transform, &self.channel);
        self.heard = self
            .prior
            .gaussians
            .iter()
            .map(|clean| {
                let louder: Cepstra = std::array::from_fn(|order| noise.mean[order] - clean.mean[order] - channel[order]);
                let louder = transform.bands(&louder);
                let added = transform.cepstra(&louder.map(log_of_one_and));
                let slope = slope(transform, &louder.map(|louder| 1.0 / (1.0 + louder.exp())));
                let precision = std::array::from_fn(|heard| {
                    let from = |order: usize| {
                        let own = if order == heard { 1.0 - slope[heard][order] } else { -slope[heard][order] };
                        slope[heard][order].powi(2) * clean.variance[order] + own.powi(2) * noise.variance[order]
                    };
                    1.0 / (0..CEPSTRA).map(from).sum::<f32>().max(LEAST_VARIANCE)
                });
                Heard {
                    mean: std::array::from_fn(|order| clean.mean[order] + channel[order] + added[order]),
                    constant: clean.weight.ln() + 0.5 * precision.iter().map(|precision| precision.ln()).sum::<f32>(),
                    precision,
                    added,
                    slope,
                }
            })
            .collect();
    }

    /// The channel that makes the voice likelier: the solution of the linear equations that the expected shares give.
    fn maximise(&self, voice: &[Cepstra]) -> Cepstra {
        let mut matrix = [[0.0; CEPSTRA]; CEPSTRA];
        let mut right: Cepstra = [0.0; CEPSTRA];
        for order in 0..CEPSTRA {
            matrix[order][order] = CHANNEL_PRECISION;
            right[order] = CHANNEL_PRECISION * (CHANNEL[order] - self.channel[order]);
        }
        let mut sums = vec![(0.0, [0.0; CEPSTRA]); self.heard.len()];
        let mut shares = Vec::new();
        for cepstra in voice {
            self.shares(cepstra, &mut shares);
            for ((sum, differences), (heard, share)) in sums.iter_mut().zip(self.heard.iter().zip(&shares)) {
                *sum += share;
                for order in 0..CEPSTRA {
                    differences[order] += share * (cepstra[order] - heard.mean[order]);
                }
            }
        }
        for ((sum, differences), heard) in sums.iter().zip(&self.heard) {
            for row in 0..CEPSTRA {
                let weighed = heard.slope.iter().zip(&heard.precision).zip(differences);
                right[row] += weighed.map(|((slope, precision), difference)| slope[row] * precision * difference).sum::<f32>();
                for column in 0..CEPSTRA {
                    let both = heard.slope.iter().zip(&heard.precision);
                    matrix[row][column] +=
                        sum * both.map(|(slope, precision)| slope[row] * precision * slope[column]).sum::<f32>();
                }
            }
        }
        let step = solve(matrix, right);
        std::array::from_fn(|order| self.channel[order] + step[order])
    }

    /// How likely a frame comes from each Gaussian; returns the logarithm of its likelihood.
    fn shares(&self, cepstra: &Cepstra, shares: &mut Vec<f32>) -> f32 {
        shares.clear();
        shares.extend(self.heard.iter().map(|heard| {
            let terms = heard.mean.iter().zip(&heard.precision).zip(cepstra);
            heard.constant - 0.5 * terms.map(|((mean, precision), value)| (value - mean).powi(2) * precision).sum::<f32>()
        }));
        normalise(shares)
    }

    /// Learns the noise anew where it has become quieter.
    fn notice(&mut self, spectrum: &Spectrum) {
        let place = self.frames % QUIETER_FRAMES;
        if self.newest.len() < QUIETER_FRAMES {
            self.newest.push(*spectrum);
        } else {
            self.newest[place] = *spectrum;
        }
        self.powers[place] = power(spectrum);
        self.frames += 1;
        let mean = self.powers.iter().sum::<f32>() / QUIETER_FRAMES as f32;
        if self.frames >= QUIETER_FRAMES && mean < self.noise * QUIETER {
            let newest = std::mem::take(&mut self.newest);
            self.quieten(&newest);
            self.newest = newest;
        }
    }

    /// The noise is this from now on; less than a few frames say nothing.
    pub(crate) fn quieten(&mut self, noise: &[Spectrum]) {
        if noise.len() >= LEAST_FRAMES {
            self.noise = noise.iter().map(power).sum::<f32>() / noise.len() as f32;
            let noise = Noise::measure(&self.filters, &self.transform, noise);
            self.expect(&noise);
        }
    }

    /// A frame's cepstra as clean speech's, normalised.
    pub(crate) fn clean(&mut self, spectrum: &Spectrum, shares: &mut Vec<f32>) -> Cepstra {
        self.notice(spectrum);
        let mut cepstra = self.transform.cepstra(&logarithms(&self.filters.powers(spectrum)));
        self.shares(&cepstra, shares);
        for (order, value) in cepstra.iter_mut().enumerate() {
            let added = self.heard.iter().zip(&*shares).map(|(heard, share)| share * heard.added[order]).sum::<f32>();
            *value -= added + self.channel[order];
        }
        cepstra
    }
}

pub(super) fn power(spectrum: &Spectrum) -> f32 {
    spectrum.iter().sum()
}

impl Noise {
    fn measure(filters: &Filters, transform: &Transform, spectra: &[Spectrum]) -> Noise {
        let count = spectra.len() as f32;
        let powers: Vec<Bands> = spectra.iter().map(|spectrum| filters.powers(spectrum)).collect();
        let mean: Bands = std::array::from_fn(|band| powers.iter().map(|powers| powers[band]).sum::<f32>() / count);
        let cepstra: Vec<Cepstra> = powers.iter().map(|powers| transform.cepstra(&logarithms(powers))).collect();
        let variance = std::array::from_fn(|order| {
            let mean = cepstra.iter().map(|cepstra| cepstra[order]).sum::<f32>() / count;
            cepstra.iter().map(|cepstra| (cepstra[order] - mean).powi(2)).sum::<f32>() / count
        });
        Noise { mean: transform.cepstra(&logarithms(&mean)), variance }
    }
}

/// Makes shares that add up to 1 of logarithms of likelihoods; returns the logarithm of the likelihoods' sum.
pub(super) fn normalise(shares: &mut [f32]) -> f32 {
    let most = shares.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for share in shares.iter_mut() {
        *share = (*share - most).exp();
        sum += *share;
    }
    shares.iter_mut().for_each(|share| *share /= sum);
    most + sum.ln()
}

/// `ln(1 + eˣ)`, also where that overflows.
fn log_of_one_and(exponent: f32) -> f32 {
    exponent.max(0.0) + (-exponent.abs()).exp().ln_1p()
}

/// `C·diag(through)·C⁻¹`.
fn slope(transform: &Transform, through: &Bands) -> [Cepstra; CEPSTRA] {
    std::array::from_fn(|heard| {
        let forth: Bands = std::array::from_fn(|band| transform.forth[heard][band] * through[band]);
        std::array::from_fn(|clean| (0..BANDS).map(|band| forth[band] * transform.back[clean][band]).sum())
    })
}

/// Solves `matrix · x = right` by Cholesky's way: the matrix is symmetric, and positive by [`CHANNEL_PRECISION`].
fn solve(mut matrix: [Cepstra; CEPSTRA], mut right: Cepstra) -> Cepstra {
    for row in 0..CEPSTRA {
        for column in 0..=row {
            let product: f32 = (0..column).map(|k| matrix[row][k] * matrix[column][k]).sum();
            let rest = matrix[row][column] - product;
            matrix[row][column] = if row == column { rest.max(f32::MIN_POSITIVE).sqrt() } else { rest / matrix[column][column] };
        }
    }
    for row in 0..CEPSTRA {
        let product: f32 = (0..row).map(|k| matrix[row][k] * right[k]).sum();
        right[row] = (right[row] - product) / matrix[row][row];
    }
    for row in (0..CEPSTRA).rev() {
        let product: f32 = (row + 1..CEPSTRA).map(|k| matrix[k][row] * right[k]).sum();
        right[row] = (right[row] - product) / matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::bands::Warp;
    use crate::front::samples::{noise, trained, voice};
    use crate::front::spectrum::{Spectrum, spectra};
    use crate::front::voice::learn;

    #[test]
    fn linear_equations_are_solved() {
        let matrix: [Cepstra; CEPSTRA] = std::array::from_fn(|row| {
            std::array::from_fn(|column| if row == column { 5.0 + row as f32 } else { 1.0 / (1.0 + row as f32 + column as f32) })
        });
        let wanted: Cepstra = std::array::from_fn(|order| order as f32 - 4.0);
        let right = std::array::from_fn(|row| (0..CEPSTRA).map(|column| matrix[row][column] * wanted[column]).sum());
        let found = solve(matrix, right);
        assert!(found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-4), "{found:?}");
    }

    #[test]
    fn logarithms_of_sums_do_not_overflow() {
        assert!((log_of_one_and(200.0) - 200.0).abs() < 1e-3);
        assert!(log_of_one_and(-200.0).abs() < 1e-3);
        assert!((log_of_one_and(0.0) - 2.0_f32.ln()).abs() < 1e-6);
    }

    /// Mean distance of what a room makes of frames from what they were without its noise.
    fn distance(mut room: impl FnMut(&Spectrum) -> Cepstra, noisy: &[Spectrum], clean: &[Spectrum]) -> f32 {
        let (filters, transform) = (Filters::new(Warp::NONE), Transform::new());
        let apart = |(noisy, clean): (&Spectrum, &Spectrum)| {
            let clean = transform.cepstra(&logarithms(&filters.powers(clean)));
            let made = room(noisy);
            (0..CEPSTRA).map(|order| (made[order] - clean[order]).powi(2)).sum::<f32>().sqrt()
        };
        noisy.iter().zip(clean).map(apart).sum::<f32>() / noisy.len() as f32
    }

    #[test]
    fn most_of_the_noise_is_taken_away() {
        let voice = voice(1, 1_000.0);
        let prior = trained(&voice);
        let heard: Vec<f32> = voice.iter().zip(noise(2, 150.0)).map(|(voice, noise)| voice + noise).collect();
        let (clean, noisy) = (spectra(voice.iter().copied()), spectra(heard.iter().copied()));
        let mut room = learn(&prior, &spectra(noise(3, 150.0).into_iter()), &noisy, None, None).expect("enough frames").0;
        let (filters, transform) = (Filters::new(Warp::NONE), Transform::new());
        let before = distance(|spectrum| transform.cepstra(&logarithms(&filters.powers(spectrum))), &noisy, &clean);
        let after = distance(
            |spectrum| {
                let cepstra = room.clean(spectrum, &mut Vec::new());
                std::array::from_fn(|order| cepstra[order] + CHANNEL[order])
            },
            &noisy,
            &clean,
        );
        assert!(after < before * 0.6, "{before} before, {after} after");
    }

    #[test]
    fn noise_that_stops_is_noticed() {
        let voice = voice(1, 1_000.0);
        let frames = spectra(voice.iter().copied());
        let mut room =
            learn(&trained(&voice), &spectra(noise(3, 500.0).into_iter()), &frames, None, None).expect("enough frames").0;
        let loud = room.noise;
        for spectrum in spectra(noise(4, 500.0).into_iter()) {
            room.clean(&spectrum, &mut Vec::new());
        }
        assert!(room.noise > loud * 0.5, "noise that varies is the same noise");
        for spectrum in spectra(noise(5, 50.0).into_iter()) {
            room.clean(&spectrum, &mut Vec::new());
        }
        assert!(room.noise < loud * 0.03, "{} of {loud}", room.noise);
    }

    #[test]
    fn too_little_teaches_nothing() {
        let voice = voice(1, 1_000.0);
        let (prior, frames) = (trained(&voice[..8_000]), spectra(voice.iter().copied()));
        assert!(learn(&prior, &frames[..3], &frames, None, None).is_none());
        assert!(learn(&prior, &frames, &[], None, None).is_none());
        assert!(learn(&prior, &[], &frames, None, None).is_none());
    }
}
