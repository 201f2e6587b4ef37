//! The room's noise: of what was heard while nobody spoke, what is as loud as it was last.
//!
//! A fan that was switched on a second ago is noise, and the silence before it says nothing about what the next sentence is heard in: a mean of
//! both would take too little away.

use crate::dsp::chain::HEARD;
use saggar_speech::rms;

/// The last frames, whose median level is the noise's: 0.3 s.
const LAST: usize = 30;
/// A frame that is louder or quieter than that by this factor, 10 dB, is of another noise, or of none.
const OTHER: f32 = 3.162_278;

/// What lasts of frames of noise, oldest first: those that are as loud as the last ones.
pub(super) fn lasting<'a>(frames: impl Iterator<Item = &'a [f32; HEARD]>) -> Vec<f32> {
    let frames: Vec<(&[f32; HEARD], f32)> = frames.map(|frame| (frame, rms(frame))).collect();
    let mut last: Vec<f32> = frames.iter().rev().take(LAST).map(|(_, level)| *level).collect();
    last.sort_by(f32::total_cmp);
    let Some(&usual) = last.get(last.len() / 2) else { return Vec::new() };
    let alike = |level: f32| level <= usual * OTHER && level >= usual / OTHER;
    frames.iter().filter(|(_, level)| alike(*level)).flat_map(|(frame, _)| **frame).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(levels: &[(f32, usize)]) -> Vec<[f32; HEARD]> {
        levels.iter().flat_map(|&(level, frames)| std::iter::repeat_n([level; HEARD], frames)).collect()
    }

    #[test]
    fn what_has_just_begun_is_the_noise_and_what_has_ended_is_not() {
        for (before, now) in [(0.0, 0.01), (0.000_1, 0.01), (0.01, 0.000_1), (0.01, 0.0)] {
            let frames = levels(&[(before, 75), (now, 35)]);
            assert_eq!(lasting(frames.iter()), [now; 35 * HEARD], "{before} {now}");
        }
    }

    #[test]
    fn noise_that_varies_is_one_noise() {
        let frames = levels(&[(0.01, 20), (0.02, 20), (0.006, 20), (0.012, 20)]);
        assert_eq!(lasting(frames.iter()).len(), 80 * HEARD);
        // A door.
        let frames = levels(&[(0.01, 40), (0.3, 5), (0.01, 20)]);
        assert_eq!(lasting(frames.iter()), [0.01; 60 * HEARD]);
    }

    #[test]
    fn of_little_or_nothing_it_is_all() {
        assert!(lasting([].iter()).is_empty());
        assert_eq!(lasting(levels(&[(0.01, 3)]).iter()), [0.01; 3 * HEARD]);
        assert_eq!(lasting(levels(&[(0.0, 110)]).iter()), [0.0; 110 * HEARD]);
    }
}
