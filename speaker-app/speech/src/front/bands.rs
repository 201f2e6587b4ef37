//! Mel bands and cepstra, as the acoustics were trained on them, and back.
//!
//! The parameters are those of the model's `feat.params`: 25 triangles of equal area from 130 to 6,800 Hz whose corners lie on the spectrum's
//! frequencies, an orthonormal cosine transform, a lifter of 22. `tests` holds the result against the library's own.

use super::spectrum::{BINS, POINTS, Spectrum};
use crate::recognise::RECOGNISER_HZ;
use std::f32::consts::PI;

/// Mel bands of a frame.
pub(super) const BANDS: usize = 25;
/// Cepstra of a frame.
pub(crate) const CEPSTRA: usize = 13;
/// Where the lowest band begins and the highest ends, in Hz.
const EDGES_HZ: [f32; 2] = [130.0, 6_800.0];
const LIFTER: f32 = 22.0;
/// Half of the rate: where warping leaves frequencies alone again.
const NYQUIST_HZ: f32 = RECOGNISER_HZ as f32 / 2.0;
/// From one frequency of a spectrum to the next.
const STEP_HZ: f32 = RECOGNISER_HZ as f32 / POINTS as f32;
/// Power below which a band counts as empty: that of a single step of 16 bits is above it.
const LEAST: f32 = 1e-4;

/// Powers or logarithms of the bands.
pub(super) type Bands = [f32; BANDS];
/// Cepstra of a frame.
pub(crate) type Cepstra = [f32; CEPSTRA];

/// How the resonances of a voice lie against an average one's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Warp {
    /// All of them lie so many times higher.
    pub(super) higher: f32,
    /// The second lies so many times higher still. Throat and mouth are not as long in proportion in everybody.
    pub(super) second: f32,
}

/// Where the second resonance's own factor begins, is whole, and ends, in Hz: where it is found in vowels from "oh" to "ee".
const SECOND_HZ: [f32; 3] = [500.0, 1_700.0, 3_500.0];

impl Warp {
    /// An average voice.
    #[cfg(test)]
    pub(super) const NONE: Warp = Warp { higher: 1.0, second: 1.0 };

    /// Where the sound that an average voice has at a frequency lies in this one.
    ///
    /// Linear warping up to where the highest edge would leave the spectrum (Lee and Rose, "Speaker normalization using efficient
    /// frequency warping procedures", ICASSP 1996), after that of the second resonance, between straight lines.
    fn of(self, hz: f32) -> f32 {
        let [begin, whole, end] = SECOND_HZ;
        let between = |[low, high]: [f32; 2], [from, to]: [f32; 2]| from + (to - from) * (hz - low) / (high - low);
        let hz = match hz {
            hz if hz <= begin || hz >= end => hz,
            hz if hz <= whole => between([begin, whole], [begin, whole * self.second]),
            _ => between([whole, end], [whole * self.second, end]),
        };
        let (warp, knee) = (self.higher, EDGES_HZ[1] / self.higher.max(1.0));
        if hz <= knee { hz * warp } else { knee * warp + (NYQUIST_HZ - knee * warp) * (hz - knee) / (NYQUIST_HZ - knee) }
    }
}

/// The triangles.
#[derive(Clone)]
pub(super) struct Filters {
    /// The first frequency of each, and its weights from there on.
    triangles: Vec<(usize, Vec<f32>)>,
}

impl Filters {
    /// Filters for a voice: [`Warp::NONE`] is the model's own.
    pub(super) fn new(warp: Warp) -> Self {
        let warped = |hz| warp.of(hz);
        let [low, high] = EDGES_HZ.map(mel);
        let between = (high - low) / (BANDS + 1) as f32;
        // Corners lie on frequencies of the spectrum.
        let corner = |index: usize| (warped(hertz(low + index as f32 * between)) / STEP_HZ).round();
        let triangles = (0..BANDS).map(|band| triangle([corner(band), corner(band + 1), corner(band + 2)])).collect();
        Self { triangles }
    }

    /// Power in each band.
    pub(super) fn powers(&self, spectrum: &Spectrum) -> Bands {
        std::array::from_fn(|band| {
            let (first, weights) = &self.triangles[band];
            weights.iter().zip(&spectrum[*first..]).map(|(weight, power)| weight * power).sum()
        })
    }
}

/// A triangle of area 2 over the frequencies between its corners, which are counted in steps of the spectrum.
fn triangle([left, top, right]: [f32; 3]) -> (usize, Vec<f32>) {
    let area = 2.0 / ((right - left) * STEP_HZ);
    let inside = |bin: &usize| (left..=right).contains(&(*bin as f32));
    let bins: Vec<usize> = (0..BINS).filter(inside).collect();
    let weight = |bin: usize| {
        let at = bin as f32;
        let (rising, falling) = ((at - left) / (top - left), (right - at) / (right - top));
        rising.min(falling).max(0.0) * area
    };
    (bins.first().copied().unwrap_or(0), bins.iter().map(|&bin| weight(bin)).collect())
}

fn mel(hz: f32) -> f32 {
    2_595.0 * (1.0 + hz / 700.0).log10()
}

fn hertz(mel: f32) -> f32 {
    700.0 * (10_f32.powf(mel / 2_595.0) - 1.0)
}

/// Natural logarithms of powers.
pub(super) fn logarithms(powers: &Bands) -> Bands {
    powers.map(|power| power.max(LEAST).ln())
}

/// The cosine transform with its lifter, and the way back.
pub(super) struct Transform {
    /// `[cepstra × bands]`.
    pub(super) forth: [Bands; CEPSTRA],
    /// The same shape: what each of the cepstra adds to each band.
    pub(super) back: [Bands; CEPSTRA],
}

impl Transform {
    pub(super) fn new() -> Self {
        let (mut forth, mut back) = ([[0.0; BANDS]; CEPSTRA], [[0.0; BANDS]; CEPSTRA]);
        for (order, (forth, back)) in forth.iter_mut().zip(&mut back).enumerate() {
            let order = order as f32;
            let scale = (if order == 0.0 { 1.0 } else { 2.0 } / BANDS as f32).sqrt();
            let lifter = 1.0 + LIFTER / 2.0 * (PI * order / LIFTER).sin();
            for (band, (forth, back)) in forth.iter_mut().zip(back).enumerate() {
                let cosine = scale * (PI * order * (band as f32 + 0.5) / BANDS as f32).cos();
                (*forth, *back) = (cosine * lifter, cosine / lifter);
            }
        }
        Self { forth, back }
    }

    /// Cepstra of the bands' logarithms.
    pub(super) fn cepstra(&self, logarithms: &Bands) -> Cepstra {
        std::array::from_fn(|order| self.forth[order].iter().zip(logarithms).map(|(weight, band)| weight * band).sum())
    }

    /// The bands' logarithms of which these are the cepstra, smoothed by the orders that there are not.
    pub(super) fn bands(&self, cepstra: &Cepstra) -> Bands {
        let mut bands = [0.0; BANDS];
        for (weights, value) in self.back.iter().zip(cepstra) {
            for (band, weight) in bands.iter_mut().zip(weights) {
                *band += weight * value;
            }
        }
        bands
    }
}

#[cfg(test)]
mod tests {
    use super::{CEPSTRA, Filters, Transform, Warp, logarithms};
    use crate::front::spectrum::spectra;

    /// Two tones and noise, in steps of 16 bits.
    fn sound() -> impl Iterator<Item = f32> {
        let mut state = 1_u32;
        (0..4_000).map(move |at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (f64::from(state >> 16) / 65_536.0 - 0.5) * 800.0;
            let phase = std::f64::consts::TAU * f64::from(at) / 16_000.0;
            let sample = 3_000.0 * (phase * 440.0).sin() + 1_500.0 * (phase * 1_970.0).sin() + noise;
            crate::audio::narrow(sample.round())
        })
    }

    #[test]
    fn a_second_resonance_moves_alone() {
        for second in [0.85, 1.21] {
            let warp = Warp { second, ..Warp::NONE };
            for hz in [130.0, 500.0, 3_500.0, 6_800.0] {
                assert!((warp.of(hz) - hz).abs() < 1e-2, "{hz} Hz");
            }
            assert!((warp.of(1_700.0) - 1_700.0 * second).abs() < 1.0);
            // Bands stay in their order, and within the spectrum, however much it is all warped.
            let both = Warp { higher: 1.5, second };
            assert!((0..7_999).all(|hz| both.of(hz as f32 + 1.0) > both.of(hz as f32)));
            assert!(both.of(8_000.0) <= 8_000.1);
        }
    }

    #[test]
    fn cepstra_are_those_of_the_librarys_front_end() {
        // What `sphinx_fe` of Debian's sphinxbase-utils makes of the same sound, with the model's feat.params and
        // `-remove_noise no -remove_silence no`.
        let expected: [(usize, [f32; CEPSTRA]); 2] = [
            (3, [63.519, -9.336, -3.829, 5.184, 15.026, -23.647, -64.441, -27.986, -16.531, -58.638, -44.874, 7.319, 16.332]),
            (20, [63.08, -10.13, -2.14, 13.387, 26.043, -28.709, -57.293, -29.059, -24.147, -57.628, -55.039, 10.808, 24.97]),
        ];
        let (filters, transform) = (Filters::new(Warp::NONE), Transform::new());
        let spectra = spectra(sound());
        assert_eq!(spectra.len(), 23);
        for (frame, expected) in expected {
            let cepstra = transform.cepstra(&logarithms(&filters.powers(&spectra[frame])));
            for (order, (made, wanted)) in cepstra.iter().zip(expected).enumerate() {
                assert!((made - wanted).abs() < 0.01, "frame {frame}, order {order}: {made}, not {wanted}");
            }
        }
    }

    #[test]
    fn a_warped_filter_hears_a_higher_voice_as_the_average_one() {
        // A single frequency, and the same a quarter higher.
        let tone = |bin: usize| {
            let mut spectrum = [1.0; super::BINS];
            spectrum[bin] = 1e6;
            spectrum
        };
        let loudest = |filters: &Filters, bin| {
            let powers = filters.powers(&tone(bin));
            (0..powers.len()).max_by(|&a, &b| powers[a].total_cmp(&powers[b]))
        };
        for bin in [16, 32, 64, 100] {
            assert_eq!(
                loudest(&Filters::new(Warp { higher: 1.25, ..Warp::NONE }), bin * 5 / 4),
                loudest(&Filters::new(Warp::NONE), bin),
                "bin {bin}"
            );
        }
    }

    #[test]
    fn the_way_back_is_the_inverse_on_cepstra() {
        let transform = Transform::new();
        let cepstra = std::array::from_fn(|order| 3.0 - order as f32);
        let again = transform.cepstra(&transform.bands(&cepstra));
        for (made, wanted) in again.iter().zip(cepstra) {
            assert!((made - wanted).abs() < 1e-3, "{made}, not {wanted}");
        }
    }
}
