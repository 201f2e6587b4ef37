//! The noise of each mel band, followed without knowing where speech is (Martin 1994's minimum statistics, in small).

use crate::features::SILENCE;
use crate::mel::BANDS;

/// How much of a frame's power goes into the average whose minimum is followed: 100 ms.
const SMOOTHING: f32 = 0.1;
/// How fast a lower minimum is believed.
const FALL: f32 = 0.3;
/// Growth a frame, until the next minimum: 3 dB a second, so that no word becomes noise.
const RISE: f32 = 1.007;
/// Frames in which nothing was as low as what is believed, after which the lowest of them is: 0.9 s, in two halves, as long as the phrase.
/// A fan that is switched on would else be a stranger for as long as it is louder by 3 dB.
const HALF: u8 = 45;
/// The frame at which the average is believed as it is, or a noisy room would take seconds to be known.
const FIRST: u8 = 6;

/// The followed power of all bands.
#[derive(Debug)]
pub struct Noise {
    power: [f32; BANDS],
    average: [f32; BANDS],
    /// The lowest averages of this half, and of the one before.
    lowest: [[f32; BANDS]; 2],
    /// Frames of this half.
    half: u8,
    /// Frames heard, up to [`FIRST`].
    heard: u8,
}

impl Noise {
    /// Before [`Noise::reset`].
    pub const IDLE: Noise = Noise { power: [0.0; BANDS], average: [0.0; BANDS], lowest: [[0.0; BANDS]; 2], half: 0, heard: 0 };

    /// Knows of silence only.
    pub fn reset(&mut self) {
        *self = Noise { power: [SILENCE; BANDS], average: [SILENCE; BANDS], ..Noise::IDLE };
    }

    /// Takes a frame's power by band; what is noise of it.
    pub fn follow(&mut self, bands: &[f32; BANDS]) -> &[f32; BANDS] {
        self.heard = (self.heard + 1).min(FIRST + 1);
        for ((power, average), band) in self.power.iter_mut().zip(&mut self.average).zip(bands) {
            *average += SMOOTHING * (band - *average);
            let followed = if *average < *power { *power + FALL * (*average - *power) } else { *power * RISE };
            *power = if self.heard == FIRST { *average } else { followed }.max(SILENCE);
        }
        self.remember();
        &self.power
    }

    /// Believes what was the lowest for long.
    fn remember(&mut self) {
        let [lowest, before] = &mut self.lowest;
        lowest.iter_mut().zip(&self.average).for_each(|(lowest, average)| *lowest = lowest.min(*average));
        self.half += 1;
        if self.half == HALF {
            self.half = 0;
            for ((power, lowest), before) in self.power.iter_mut().zip(&*lowest).zip(&*before) {
                *power = power.max(lowest.min(*before));
            }
            *before = core::mem::replace(lowest, [f32::INFINITY; BANDS]);
        }
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

    #[test]
    fn knows_a_new_noise_within_two_seconds_and_no_word() {
        let mut noise = Noise::IDLE;
        noise.reset();
        for _ in 0..1_000 {
            noise.follow(&[1.0; BANDS]);
        }
        let mut after = |frames| (0..frames).map(|_| noise.follow(&[1e4; BANDS])[0]).fold(0.0, f32::max);
        let (soon, later) = (after(85), after(100));
        assert!(soon < 10.0 && later > 9e3, "{soon} and {later}");
    }
}
