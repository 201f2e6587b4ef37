//! Recorded speech of any usual rate to the recogniser's: a windowed sinc, one row of taps for each phase of the ratio.
//!
//! For whole recordings of clients that do not send 16 kHz; Home Assistant does. The microphone's own path has a resampler of
//! its own elsewhere.

use std::f64::consts::PI;

use crate::MICROPHONE_HZ;
use crate::error::FormatError;

/// Zero crossings of the sinc on each side.
const CROSSINGS: f64 = 16.0;
/// The pass band's end, as a part of the lower rate's half.
const PASS: f64 = 0.92;
/// The most phases: 11,025 Hz needs these. It bounds the table at 640 rows of a few dozen taps.
const MOST_PHASES: u32 = 640;

/// The recording at 16 kHz.
///
/// # Errors
/// The rate has no simple ratio to 16 kHz.
pub(crate) fn to_16k(rate_hz: u32, samples: Vec<i16>) -> Result<Vec<i16>, FormatError> {
    if rate_hz == MICROPHONE_HZ {
        return Ok(samples);
    }
    let common = gcd(rate_hz, MICROPHONE_HZ);
    // Output sample n is at input position n * step / phases.
    let (phases, step) = (MICROPHONE_HZ / common, rate_hz / common);
    if phases > MOST_PHASES {
        return Err(FormatError::Unusual(rate_hz));
    }
    let rows: Vec<Row> = (0..phases).map(|phase| row(phase, phases, step)).collect();
    let (phases, step) = (phases as usize, step as usize);
    let count = samples.len() * phases / step;
    Ok((0..count).map(|n| rows[n * step % phases].at(&samples, n * step / phases)).collect())
}

/// The taps for one phase.
struct Row {
    /// Samples before the position that the first tap is for.
    before: usize,
    taps: Vec<f32>,
}

impl Row {
    /// The value at `position` plus the row's phase; the recording is silent outside.
    fn at(&self, samples: &[i16], position: usize) -> i16 {
        let first = position.checked_sub(self.before);
        let skipped = self.before.saturating_sub(position);
        let there = samples.get(first.unwrap_or(0)..).unwrap_or_default();
        let taps = self.taps.get(skipped..).unwrap_or_default();
        let sum: f32 = taps.iter().zip(there).map(|(tap, sample)| tap * f32::from(*sample)).sum();
        #[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest value of the range")]
        let rounded = sum.round() as i16;
        rounded
    }
}

/// The row for the position `phase / phases` after an input sample; its taps add up to one.
fn row(phase: u32, phases: u32, step: u32) -> Row {
    let cutoff = PASS * (f64::from(phases) / f64::from(step)).min(1.0);
    let reach = CROSSINGS / cutoff;
    #[expect(clippy::cast_possible_truncation, reason = "at most 16 / 0.92 * 192 / 16, some 200")]
    let before = reach.ceil() as i32;
    let offset = f64::from(phase) / f64::from(phases);
    let taps: Vec<f64> = (-before..=before + 1).map(|tap| kernel(f64::from(tap) - offset, cutoff, reach)).collect();
    let sum: f64 = taps.iter().sum();
    #[expect(clippy::cast_possible_truncation, reason = "taps are far below one, and f32 is what they are used in")]
    let taps = taps.iter().map(|tap| (tap / sum) as f32).collect();
    Row { before: before.unsigned_abs() as usize, taps }
}

/// A sinc under a Blackman window.
fn kernel(distance: f64, cutoff: f64, reach: f64) -> f64 {
    if distance.abs() >= reach {
        return 0.0;
    }
    let x = PI * distance * cutoff;
    let sinc = if x == 0.0 { 1.0 } else { x.sin() / x };
    let turn = PI * distance / reach;
    sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second of a tone, at a quarter of full scale.
    fn tone(rate_hz: u32, tone_hz: f64) -> Vec<i16> {
        let sample = |n: u32| 8192.0 * (2.0 * PI * tone_hz * f64::from(n) / f64::from(rate_hz)).sin();
        #[expect(clippy::cast_possible_truncation, reason = "within 8192")]
        (0..rate_hz).map(|n| sample(n).round() as i16).collect()
    }

    /// The largest difference, the recording's ends aside.
    fn difference(one: &[i16], other: &[i16]) -> i32 {
        let middle = one.iter().zip(other).skip(200).take(one.len() - 400);
        middle.map(|(a, b)| (i32::from(*a) - i32::from(*b)).abs()).max().unwrap_or(i32::MAX)
    }

    #[test]
    fn speech_band_is_kept() {
        for rate_hz in [8_000, 11_025, 12_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000] {
            for tone_hz in [100.0, 1_000.0, 3_000.0] {
                let there = to_16k(rate_hz, tone(rate_hz, tone_hz)).unwrap();
                assert_eq!(there.len(), 16_000);
                // 8 of 8192 are 60 dB below the tone.
                let worst = difference(&there, &tone(16_000, tone_hz));
                assert!(worst <= 8, "{rate_hz} Hz, tone of {tone_hz} Hz: off by {worst}");
            }
        }
    }

    #[test]
    fn what_16k_cannot_hold_is_gone() {
        for rate_hz in [22_050, 44_100, 48_000] {
            let there = to_16k(rate_hz, tone(rate_hz, 9_500.0)).unwrap();
            let worst = difference(&there, &vec![0; 16_000]);
            assert!(worst <= 8, "{rate_hz} Hz: {worst} left of 8192");
        }
    }

    #[test]
    fn ends_and_oddities() {
        assert_eq!(to_16k(16_000, vec![1, 2, 3]), Ok(vec![1, 2, 3]));
        assert_eq!(to_16k(48_000, vec![]), Ok(vec![]));
        assert_eq!(to_16k(48_000, vec![5]), Ok(vec![]));
        assert_eq!(to_16k(44_101, vec![5; 100]), Err(FormatError::Unusual(44_101)));
        assert_eq!(to_16k(48_000, vec![i16::MAX; 3_000]).unwrap()[500], i16::MAX);
    }
}
