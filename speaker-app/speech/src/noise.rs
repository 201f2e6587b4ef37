//! Noise of a known level, the same for the same seed.

use crate::audio::narrow;
use crate::resample::rms;

/// A source of white and pink noise.
#[derive(Debug, Clone)]
pub struct Noise {
    state: u64,
    /// Low-passed copies of the white noise, one an octave or two apart.
    slow: [f64; 7],
}

/// Feedback of each low-pass; their sum falls by about 3 dB an octave from 40 Hz up, at 16 kHz.
const FEEDBACK: [f64; 7] = [0.998, 0.993, 0.975, 0.92, 0.75, 0.35, 0.0];

/// Root mean square of [`Noise::pink`]: √(Σᵢⱼ √((1 − fᵢ²)(1 − fⱼ²)) / (1 − fᵢfⱼ) / 3) / 7 over the feedbacks, white noise within ±1 having
/// a third.
const PINK_LEVEL: f64 = 0.429_646;

/// Samples after which the slowest low-pass has forgotten where it began: 0.998^5,000 is below 10⁻⁴.
const SETTLED: usize = 5_000;

impl Noise {
    /// Noise that depends on the seed only.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed, slow: [0.0; 7] }
    }

    /// The same, whose pink noise is at its level from the first sample on.
    pub(crate) fn settled(seed: u64) -> Self {
        let mut noise = Self::new(seed);
        (0..SETTLED).for_each(|_| _ = noise.pink());
        noise
    }

    /// The next white sample, even within ±1.
    pub fn white(&mut self) -> f64 {
        // SplitMix64: any seed will do, and its 53 upper bits are exact in f64.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let high = u32::try_from(mixed >> 32).unwrap_or_default();
        f64::from(high) / f64::from(u32::MAX) * 2.0 - 1.0
    }

    /// The next pink sample: a sum of low-passed white noise, each of the same power in its own band.
    pub fn pink(&mut self) -> f64 {
        let white = self.white();
        let mut sum = 0.0;
        for (slow, feedback) in self.slow.iter_mut().zip(FEEDBACK) {
            // √(1 − f²) gives every low-pass the same power.
            *slow = *slow * feedback + white * (1.0 - feedback * feedback).sqrt();
            sum += *slow;
        }
        sum / 7.0
    }

    /// The next pink sample, of root mean square 1 in the long run.
    pub(crate) fn pink_of_level_1(&mut self) -> f32 {
        narrow(self.pink() / PINK_LEVEL)
    }

    /// So many pink samples of root mean square 1.
    pub fn pink_samples(&mut self, count: usize) -> Vec<f32> {
        let mut samples: Vec<f32> = (0..count).map(|_| narrow(self.pink())).collect();
        let level = rms(&samples).max(f32::MIN_POSITIVE);
        samples.iter_mut().for_each(|sample| *sample /= level);
        samples
    }
}

/// Puts silence around speech and adds pink noise at a signal-to-noise ratio, over speech and silence alike.
///
/// `speech` is at full scale ±1, the paddings are in samples; the level of speech is that of `speech` as a whole.
/// The louder of the mix's parts is not clipped here: the sum is scaled down to full scale if it would.
#[must_use]
pub fn mix(speech: &[f32], before: usize, after: usize, snr_db: Option<f32>, noise: &mut Noise) -> Vec<f32> {
    let mut mixed = vec![0.0; before];
    mixed.extend_from_slice(speech);
    mixed.resize(before + speech.len() + after, 0.0);
    if let Some(snr_db) = snr_db {
        let level = rms(speech) * 10_f32.powf(-snr_db / 20.0);
        for (sample, pink) in mixed.iter_mut().zip(noise.pink_samples(before + speech.len() + after)) {
            *sample += pink * level;
        }
    }
    let peak = mixed.iter().fold(1.0_f32, |peak, sample| peak.max(sample.abs()));
    mixed.iter_mut().for_each(|sample| *sample /= peak);
    mixed
}

#[cfg(test)]
mod tests {
    use super::Noise;
    use crate::resample::rms;

    #[test]
    fn has_the_level_that_was_derived() {
        let mut noise = Noise::new(3);
        let samples: Vec<f32> = (0..400_000).map(|_| noise.pink_of_level_1()).collect();
        let level = rms(&samples);
        assert!((0.97..1.03).contains(&level), "{level}");
    }
}
