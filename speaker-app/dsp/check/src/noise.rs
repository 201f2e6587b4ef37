//! Pink noise from a seed: the same in every run and on every machine.

/// White noise through Paul Kellet's filter (−3 dB an octave within half a decibel).
#[derive(Debug)]
pub struct Pink {
    seed: u64,
    poles: [f64; 6],
}

impl Pink {
    /// Noise of a seed.
    pub fn new(seed: u64) -> Pink {
        Pink { seed: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, poles: [0.0; 6] }
    }

    /// Uniform in −1..1: xorshift (Marsaglia 2003).
    fn white(&mut self) -> f64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    fn sample(&mut self) -> f64 {
        const POLES: [(f64, f64); 6] = [
            (0.998_86, 0.055_517_9),
            (0.993_32, 0.075_075_9),
            (0.969_00, 0.153_852_0),
            (0.866_50, 0.310_485_6),
            (0.550_00, 0.532_952_2),
            (-0.761_6, -0.016_898_0),
        ];
        let white = self.white();
        for (state, (pole, gain)) in self.poles.iter_mut().zip(POLES) {
            *state = pole * *state + gain * white;
        }
        self.poles.iter().sum::<f64>() + white * 0.536_2
    }

    /// Adds noise so many decibels below the power of `speech` (the part of `samples` that is speech).
    #[expect(clippy::cast_possible_truncation, reason = "samples are f32")]
    pub fn add(&mut self, samples: &mut [f32], speech: std::ops::Range<usize>, snr_db: f64) {
        let power = |samples: &[f64]| samples.iter().map(|sample| sample * sample).sum::<f64>() / samples.len().max(1) as f64;
        let noise: Vec<f64> = samples.iter().map(|_| self.sample()).collect();
        let spoken: Vec<f64> = samples[speech].iter().map(|&sample| f64::from(sample)).collect();
        let gain = (power(&spoken) / power(&noise) / 10_f64.powf(snr_db / 10.0)).sqrt();
        for (sample, noise) in samples.iter_mut().zip(noise) {
            *sample += (gain * noise) as f32;
        }
    }
}
