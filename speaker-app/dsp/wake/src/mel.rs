//! Mel filter bank and cosine transform: from a power spectrum to cepstral coefficients (Davis & Mermelstein 1980).

use core::f64::consts::PI;

use crate::fft::{BINS, LENGTH};

/// Triangular filters.
pub const BANDS: usize = 26;
/// Cepstral coefficients, from c0.
pub const CEPSTRA: usize = 13;
/// Where the first filter begins and the last ends: below is hum, above is what cheap microphones lack.
pub const RANGE_HZ: (f64, f64) = (120.0, 7_000.0);
const RATE_HZ: f64 = 16_000.0;

/// Weights of the filters, and the cosine table.
///
/// Every bin lies on the falling side of one triangle and on the rising side of the next, so that one weight
/// and one number a bin are all there is.
#[derive(Debug)]
pub struct Mel {
    /// The triangle on whose rising side the bin lies, 0..=BANDS; [`OUTSIDE`] for bins out of range.
    rising: [u8; BINS],
    /// Its weight; the falling triangle's is one minus it.
    weight: [f32; BINS],
    cosines: [[f32; BANDS]; CEPSTRA],
}

/// Beyond the falling side of the last triangle.
const OUTSIDE: u8 = u8::MAX;

/// O'Shaughnessy 1987.
fn mel(hz: f64) -> f64 {
    2_595.0 * libm::log10(1.0 + hz / 700.0)
}

impl Mel {
    /// Before [`Mel::plan`].
    pub const IDLE: Mel = Mel { rising: [0; BINS], weight: [0.0; BINS], cosines: [[0.0; BANDS]; CEPSTRA] };

    /// Computes the tables.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most BANDS, not negative; weights are rounded once"
    )]
    pub fn plan(&mut self) {
        let (low, high) = (mel(RANGE_HZ.0), mel(RANGE_HZ.1));
        for bin in 0..BINS {
            // In units of half a triangle's width, from where the first begins.
            let place = (mel(bin as f64 * RATE_HZ / LENGTH as f64) - low) * (BANDS + 1) as f64 / (high - low);
            let inside = place >= 0.0 && place < (BANDS + 1) as f64;
            self.rising[bin] = if inside { place as u8 } else { OUTSIDE };
            self.weight[bin] = if inside { (place - libm::floor(place)) as f32 } else { 0.0 };
        }
        // Type II, orthonormal.
        for (k, row) in self.cosines.iter_mut().enumerate() {
            let scale = libm::sqrt(if k == 0 { 1.0 } else { 2.0 } / BANDS as f64);
            for (band, cosine) in row.iter_mut().enumerate() {
                *cosine = (scale * libm::cos(PI * k as f64 * (band as f64 + 0.5) / BANDS as f64)) as f32;
            }
        }
    }

    /// Sums a power spectrum by filter.
    pub fn bands(&self, power: &[f32; BINS]) -> [f32; BANDS] {
        let mut bands = [0.0; BANDS];
        for ((power, &rising), weight) in power.iter().zip(&self.rising).zip(&self.weight) {
            let rising = usize::from(rising);
            if rising < BANDS {
                bands[rising] += power * weight;
            }
            if (1..=BANDS).contains(&rising) {
                bands[rising - 1] += power * (1.0 - weight);
            }
        }
        bands
    }

    /// The first coefficients of the cosine transform.
    pub fn cepstrum(&self, bands: &[f32; BANDS]) -> [f32; CEPSTRA] {
        core::array::from_fn(|k| self.cosines[k].iter().zip(bands).map(|(cosine, band)| cosine * band).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::{BANDS, CEPSTRA, Mel, RANGE_HZ};
    use crate::fft::{BINS, LENGTH};

    fn planned() -> Mel {
        let mut mel = Mel::IDLE;
        mel.plan();
        mel
    }

    /// Between the first and the last peak the triangles add up to one; outside of the range they are nothing.
    #[test]
    fn the_filters_share_every_bin() {
        let mel = planned();
        for bin in 0..BINS {
            let mut power = [0.0; BINS];
            power[bin] = 1.0;
            let sum: f32 = mel.bands(&power).iter().sum();
            let hz = bin as f64 * 16_000.0 / LENGTH as f64;
            if (200.0..6_000.0).contains(&hz) {
                assert!((sum - 1.0).abs() < 1e-6, "{hz} Hz: {sum}");
            } else if hz < RANGE_HZ.0 || hz > RANGE_HZ.1 {
                assert_eq!(sum, 0.0, "{hz} Hz");
            }
        }
        assert!(mel.bands(&[1.0; BINS]).iter().all(|&band| band > 0.5), "no filter is empty");
    }

    #[test]
    fn the_cosines_are_orthonormal() {
        let mel = planned();
        for a in 0..CEPSTRA {
            for b in 0..CEPSTRA {
                let product: f32 = (0..BANDS).map(|band| mel.cosines[a][band] * mel.cosines[b][band]).sum();
                assert!((product - f32::from(u8::from(a == b))).abs() < 1e-5, "{a}, {b}: {product}");
            }
        }
    }

    #[test]
    fn a_constant_has_only_the_first_coefficient() {
        let cepstrum = planned().cepstrum(&[3.0; BANDS]);
        assert!((cepstrum[0] - 3.0 * (BANDS as f32).sqrt()).abs() < 1e-4);
        assert!(cepstrum[1..].iter().all(|c| c.abs() < 1e-4));
    }
}
