//! The spectrum's power of a real signal, by a complex Fourier transform of half the length.
//!
//! Cooley & Tukey 1965, radix 2, decimation in time; the real signal's even samples are the real parts and its odd
//! samples the imaginary parts, which halves the work. Our own, because a transform that is planned for the
//! processor it runs on gives other bits on other processors.

use core::f64::consts::PI;

/// Samples of a transform.
pub const LENGTH: usize = 512;
/// Bins from 0 Hz to half the rate.
pub const BINS: usize = LENGTH / 2 + 1;
const HALF: usize = LENGTH / 2;

/// Twiddle factors.
#[derive(Debug)]
pub struct Fft {
    /// e^(−2πik/[`LENGTH`]) for k below half: real and imaginary part.
    twiddles: [(f32, f32); HALF],
}

impl Fft {
    /// Before [`Fft::plan`].
    pub const IDLE: Fft = Fft { twiddles: [(0.0, 0.0); HALF] };

    /// Computes the twiddle factors.
    #[expect(clippy::cast_possible_truncation, reason = "a factor is rounded once, from f64")]
    pub fn plan(&mut self) {
        for (k, twiddle) in self.twiddles.iter_mut().enumerate() {
            let angle = -2.0 * PI * k as f64 / LENGTH as f64;
            *twiddle = (libm::cos(angle) as f32, libm::sin(angle) as f32);
        }
    }

    /// |X(k)|² of `signal`, for all bins.
    pub fn power(&self, signal: &[f32; LENGTH], power: &mut [f32; BINS]) {
        let mut work = [(0.0, 0.0); HALF];
        for (k, pair) in signal.chunks_exact(2).enumerate() {
            // HALF is 2⁸: the reversed index of eight bits.
            work[k.reverse_bits() >> (usize::BITS - HALF.ilog2())] = (pair[0], pair[1]);
        }
        self.butterflies(&mut work);
        for (k, power) in power.iter_mut().enumerate() {
            // Even part E = (Z(k) + Z*(N/2−k)) / 2 and odd part O = (Z(k) − Z*(N/2−k)) / 2i; X = E + w(k) O.
            let (a, b) = (work[k % HALF], work[(HALF - k) % HALF]);
            let even = (0.5 * (a.0 + b.0), 0.5 * (a.1 - b.1));
            let odd = (0.5 * (a.1 + b.1), 0.5 * (b.0 - a.0));
            let (cos, sin) = if k == HALF { (-1.0, 0.0) } else { self.twiddles[k] };
            let re = even.0 + cos * odd.0 - sin * odd.1;
            let im = even.1 + cos * odd.1 + sin * odd.0;
            *power = re * re + im * im;
        }
    }

    fn butterflies(&self, work: &mut [(f32, f32); HALF]) {
        let mut span = 1;
        while span < HALF {
            let stride = HALF / span;
            for block in work.chunks_exact_mut(2 * span) {
                let (low, high) = block.split_at_mut(span);
                for (k, (low, high)) in low.iter_mut().zip(high).enumerate() {
                    let (cos, sin) = self.twiddles[k * stride];
                    let turned = (high.0 * cos - high.1 * sin, high.0 * sin + high.1 * cos);
                    *high = (low.0 - turned.0, low.1 - turned.1);
                    *low = (low.0 + turned.0, low.1 + turned.1);
                }
            }
            span *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BINS, Fft, LENGTH};
    use std::f64::consts::PI;

    #[test]
    fn is_the_naive_transform() {
        let mut fft = Fft::IDLE;
        fft.plan();
        let mut seed = 1_u32;
        let signal = core::array::from_fn(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 8_388_608.0 - 1.0
        });
        let mut power = [0.0; BINS];
        fft.power(&signal, &mut power);
        for (k, power) in power.iter().enumerate() {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, sample) in signal.iter().enumerate() {
                let angle = -2.0 * PI * (k * n) as f64 / LENGTH as f64;
                re += f64::from(*sample) * angle.cos();
                im += f64::from(*sample) * angle.sin();
            }
            let naive = re * re + im * im;
            assert!((naive - f64::from(*power)).abs() < 1e-3 * (1.0 + naive), "bin {k}: {power} instead of {naive}");
        }
    }
}
