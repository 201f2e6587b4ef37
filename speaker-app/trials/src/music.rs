//! Music of our own: chords, a bass, a tune and drums, composed from a seed.
//!
//! It has what makes music hard to cancel: attacks, silences between notes, several octaves, and bars that are alike but
//! never the same.

use crate::RATE;
use crate::level::{count, narrow, rms, scale_to};
use crate::random::Random;

/// Samples of a quaver at 112 beats a minute.
const QUAVER: usize = RATE * 60 / 112 / 2;
/// Quavers of a bar.
const BAR: usize = 8;
/// Chords in semitones above A: the harmony of each bar, over and over.
const CHORDS: [[i32; 3]; 4] = [[0, 3, 7], [-4, 0, 3], [3, 7, 10], [-2, 2, 5]];
/// The pentatonic scale of the tune.
const SCALE: [i32; 6] = [0, 3, 5, 7, 10, 12];

/// A piece of music.
#[derive(Debug, Clone)]
pub struct Music {
    seed: u64,
}

impl Music {
    /// The piece of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The beginning of it: mono at 48 kHz, of a root mean square at full scale ±1; peaks beyond full scale are cut, which
    /// at an RMS of 0.1 hardly happens.
    #[must_use]
    pub fn samples(&self, seconds: usize, wanted_rms: f32) -> Vec<f32> {
        let mut random = Random::named(self.seed, "music", 0);
        let length = seconds * RATE;
        // Notes end behind what is wanted.
        let mut mix = vec![0.0; length + BAR * QUAVER];
        for bar in 0..length.div_ceil(BAR * QUAVER) {
            play_bar(&mut mix[bar * BAR * QUAVER..], CHORDS[bar % CHORDS.len()], &mut random);
        }
        mix.truncate(length);
        let level = rms(&mix);
        scale_to(&mut mix, level, wanted_rms);
        mix.iter_mut().for_each(|sample| *sample = sample.clamp(-1.0, 1.0));
        mix
    }
}

fn play_bar(mix: &mut [f32], chord: [i32; 3], random: &mut Random) {
    for quaver in 0..BAR {
        let at = quaver * QUAVER;
        let Some(rest) = mix.get_mut(at..) else { return };
        if quaver == 0 || quaver == 4 {
            for tone in chord {
                tone_into(rest, pitch(tone), (4 * QUAVER, 0.20), &[1.0, 0.5, 0.3, 0.15]);
            }
            drum_into(rest, 55.0, 0.8);
        }
        if quaver % 4 == 2 {
            hiss_into(rest, random, (9_600, 0.35));
        }
        hiss_into(rest, random, (1_800, 0.12));
        if quaver % 2 == 0 {
            tone_into(rest, pitch(chord[quaver / 2 % 3]) / 2.0, (2 * QUAVER, 0.30), &[1.0, 0.6, 0.2]);
        }
        // A tune breathes.
        if random.below(4) > 0 {
            let tone = SCALE[random.below(SCALE.len())] + 12;
            tone_into(rest, pitch(tone), (QUAVER * (1 + random.below(3)), 0.25), &[1.0, 0.2, 0.4, 0.1, 0.2]);
        }
    }
}

/// Hertz of a tone so many semitones above A (220 Hz).
fn pitch(semitones: i32) -> f64 {
    220.0 * 2_f64.powf(f64::from(semitones) / 12.0)
}

/// A note with its harmonics: struck, and dying away.
fn tone_into(mix: &mut [f32], hz: f64, (length, loud): (usize, f64), harmonics: &[f64]) {
    for (index, sample) in mix.iter_mut().take(length).enumerate() {
        let time = count(index) / f64::from(crate::RATE_HZ);
        let attack = (time / 0.005).min(1.0);
        let release = (count(length - index) / 480.0).min(1.0);
        let envelope = attack * release * (-3.0 * count(index) / count(length)).exp();
        let wave: f64 = (1_u32..)
            .zip(harmonics)
            .map(|(harmonic, gain)| gain * (std::f64::consts::TAU * hz * f64::from(harmonic) * time).sin())
            .sum();
        *sample += narrow(loud * envelope * wave);
    }
}

/// A drum: a tone that falls.
fn drum_into(mix: &mut [f32], hz: f64, loud: f64) {
    for (index, sample) in mix.iter_mut().take(RATE / 4).enumerate() {
        let time = count(index) / f64::from(crate::RATE_HZ);
        // The integral of hz · (1 + 3e^(−30t)).
        let phase = hz * (time + (1.0 - (-30.0 * time).exp()) / 10.0);
        *sample += narrow(loud * (-12.0 * time).exp() * (std::f64::consts::TAU * phase).sin());
    }
}

/// A cymbal or snare: noise that dies away.
fn hiss_into(mix: &mut [f32], random: &mut Random, (length, loud): (usize, f64)) {
    let mut before = 0.0;
    for (index, sample) in mix.iter_mut().take(length).enumerate() {
        let white = random.sample();
        *sample += narrow(loud * (-5.0 * count(index) / count(length)).exp() * (white - before));
        before = white;
    }
}

#[cfg(test)]
mod tests {
    use super::Music;
    use crate::level::rms;

    #[test]
    fn is_as_loud_as_wanted_and_always_the_same() {
        let music = Music::new(1).samples(10, 0.1);
        assert_eq!(music.len(), 480_000);
        assert!((rms(&music) - 0.1).abs() < 0.002);
        assert_eq!(music, Music::new(1).samples(10, 0.1));
        // The harmony comes again after four bars; the tune and the cymbals do not.
        let later = &music[4 * super::BAR * super::QUAVER..];
        assert_ne!(music[..later.len()], *later);
        assert!(music.chunks(48_000).all(|second| rms(second) > 0.05));
    }
}
