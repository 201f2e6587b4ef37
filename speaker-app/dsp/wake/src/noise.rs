//! The noise of each mel band, followed without knowing where speech is (Martin 1994's minimum statistics, in small).

use crate::features::SILENCE;
use crate::mel::BANDS;

/// How much of a frame's power goes into the average whose minimum is followed: 100 ms.
const SMOOTHING: f32 = 0.1;
/// How fast a lower minimum is believed.
const FALL: f32 = 0.3;
/// Growth a frame, until the next minimum: 3 dB a second, so that no word becomes noise.
const RISE: f32 = 1.007;
/// The frame at which the average is believed as it is, or a noisy room would take seconds to be known.
const FIRST: u8 = 6;

/// The followed power of all bands.
#[derive(Debug)]
pub struct Noise {
    power: [f32; BANDS],
    average: [f32; BANDS],
    /// Frames heard, up to [`FIRST`].
    heard: u8,
}

impl Noise {
    /// Before [`Noise::reset`].
    pub const IDLE: Noise = Noise { power: [0.0; BANDS], average: [0.0; BANDS], heard: 0 };

    /// Knows of silence only.
    pub fn reset(&mut self) {
        *self = Noise { power: [SILENCE; BANDS], average: [SILENCE; BANDS], heard: 0 };
    }

    /// Takes a frame's power by band; what is noise of it.
    pub fn follow(&mut self, bands: &[f32; BANDS]) -> &[f32; BANDS] {
        self.heard = (self.heard + 1).min(FIRST + 1);
        for ((power, average), band) in self.power.iter_mut().zip(&mut self.average).zip(bands) {
            *average += SMOOTHING * (band - *average);
            let followed = if *average < *power { *power + FALL * (*average - *power) } else { *power * RISE };
            *power = if self.heard == FIRST { *average } else { followed }.max(SILENCE);
        }
        &self.power
    }
}

#[cfg(test)]
mod tests {
    use super::Noise;
    use crate::mel::BANDS;

    #[test]
    fn knows_a_steady_noise_and_ignores_a_word() {
        let mut noise = Noise::IDLE;
        noise.reset();
        for _ in 0..200 {
            noise.follow(&[1.0; BANDS]);
        }
        let known = noise.follow(&[1.0; BANDS])[0];
        assert!((0.5..=1.1).contains(&known), "{known}");
        for _ in 0..60 {
            noise.follow(&[1_000.0; BANDS]);
        }
        let after = noise.follow(&[1.0; BANDS])[0];
        assert!(after < 2.0, "{after}");
    }
}
