//! How long after it was played a sound is heard: devices, converters and servers of sound keep it for a time that nobody tells.
//!
//! The canceller's filter is as long as a room's echo, not as long as buffers may be. So what was played is handed to it later, by the delay
//! at which the loudness of what is heard follows that of what was played: their correlation over the last seconds is largest there. Loudness
//! by the frame is enough, since the filter finds the rest, and it is not misled by the tones of music.

use crate::dsp::chain::FRAME;

/// Delays that are looked at, in frames: up to 1.2 s.
const DELAYS: usize = 120;
/// What is left of the past after a frame: half of it after 3.5 s.
const STAYS: f32 = 0.998;
/// What is left of a mean loudness after a frame: half a second.
const MEAN_STAYS: f32 = 0.98;
/// Power of a sample below which all is the same silence: −70 dB.
const SILENCE: f32 = 1e-7;
/// Frames after which the correlations say something: one and a half seconds in which something was played.
const LEAST: u32 = 150;
/// How large a correlation has to be.
const SURE: f32 = 0.4;
/// How much larger than at the delay that is in use.
const BETTER: f32 = 0.15;
/// Frames for which it has to be so.
const PERSISTS: u32 = 30;
/// Delays up to this are the filter's own affair, in frames: 120 ms, half of its length.
const NEAR: usize = 12;
/// Where in the filter the echo of a longer delay shall begin.
const BEGINS: usize = 4;

/// Loudness as a change against its mean, of all that is played or heard.
struct Loudness {
    mean: f32,
    /// Square of the changes, over the time of the correlations.
    power: f32,
}

impl Loudness {
    const SILENT: Loudness = Loudness { mean: 0.0, power: 0.0 };

    fn of(&mut self, frame: &[f32; FRAME]) -> f32 {
        let power = frame.iter().map(|sample| sample * sample).sum::<f32>() / FRAME as f32;
        let loudness = (power / SILENCE + 1.0).ln();
        self.mean = self.mean * MEAN_STAYS + loudness * (1.0 - MEAN_STAYS);
        loudness - self.mean
    }
}

/// The search for the delay, and the frames that wait for theirs.
pub(super) struct Delay {
    heard: Loudness,
    played: Loudness,
    /// Loudness of the newest frames played, as a ring.
    newest: [f32; DELAYS],
    /// Their products with the loudness of what was heard so many frames later.
    products: [f32; DELAYS],
    /// The newest frames played, as a ring.
    frames: Box<[[f32; FRAME]; DELAYS]>,
    at: usize,
    /// Frames in which something was played, up to [`LEAST`].
    told: u32,
    /// Frames since anything was played.
    silent: u32,
    better_for: u32,
    /// By how many frames what was played is handed on later.
    later: usize,
}

impl Delay {
    pub(super) fn new() -> Delay {
        Delay {
            heard: Loudness::SILENT,
            played: Loudness::SILENT,
            newest: [0.0; DELAYS],
            products: [0.0; DELAYS],
            frames: Box::new([[0.0; FRAME]; DELAYS]),
            at: 0,
            told: 0,
            silent: 0,
            better_for: 0,
            later: 0,
        }
    }

    /// Forgets what was found: another device may be another delay. Allocates nothing.
    pub(super) fn forget(&mut self) {
        (self.heard, self.played) = (Loudness::SILENT, Loudness::SILENT);
        (self.newest, self.products) = ([0.0; DELAYS], [0.0; DELAYS]);
        (self.told, self.better_for, self.later) = (0, 0, 0);
    }

    /// By how many frames what was played is handed on later.
    pub(super) fn frames(&self) -> usize {
        self.later
    }

    /// Takes what is heard and what was played, and leaves there what was played at the time of what is heard. Allocates nothing.
    pub(super) fn align(&mut self, heard: &[f32; FRAME], played: &mut [f32; FRAME]) {
        self.at = (self.at + 1) % DELAYS;
        let (of_heard, of_played) = (self.heard.of(heard), self.played.of(played));
        self.newest[self.at] = of_played;
        self.frames[self.at] = *played;
        let silence = played.iter().all(|sample| sample.abs() < SILENCE.sqrt());
        self.silent = if silence { self.silent.saturating_add(1) } else { 0 };
        // Where nothing that was played can be heard any more, nothing is learnt, and nothing forgotten.
        if (self.silent as usize) < DELAYS {
            self.told = LEAST.min(self.told + 1);
            self.heard.power = self.heard.power * STAYS + of_heard * of_heard;
            self.played.power = self.played.power * STAYS + of_played * of_played;
            for (delay, product) in self.products.iter_mut().enumerate() {
                *product = *product * STAYS + of_heard * self.newest[(self.at + DELAYS - delay) % DELAYS];
            }
            self.judge();
        }
        *played = self.frames[(self.at + DELAYS - self.later) % DELAYS];
    }

    fn judge(&mut self) {
        let whole = (self.heard.power * self.played.power).sqrt();
        if self.told < LEAST || whole <= f32::MIN_POSITIVE {
            return;
        }
        let best = (0..DELAYS).max_by(|&a, &b| self.products[a].total_cmp(&self.products[b])).unwrap_or(0);
        let within = self.later..self.later + NEAR;
        let used = self.products[within.start..within.end.min(DELAYS)].iter().copied().fold(0.0, f32::max);
        let sure = self.products[best] > SURE * whole && self.products[best] > used + BETTER * whole;
        self.better_for = if sure && !within.contains(&best) { self.better_for + 1 } else { 0 };
        if self.better_for >= PERSISTS {
            self.later = if best < NEAR { 0 } else { best - BEGINS };
            self.better_for = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DELAYS, Delay, FRAME};

    /// Bursts of noise as syllables come, and what is heard of them after some frames among noise of its own.
    fn found(delays: impl Fn(usize) -> usize, frames: usize, echo: f32) -> Vec<usize> {
        let mut delay = Delay::new();
        let mut state = 7_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let mut level = 0.1;
        let mut past = vec![[0.0; FRAME]; DELAYS];
        let mut found = Vec::new();
        for index in 0..frames {
            if index % 9 == 0 {
                level = if random() > 0.0 { 0.2 } else { 0.002 };
            }
            let mut played: [f32; FRAME] = std::array::from_fn(|_| random() * level);
            past.insert(0, played);
            past.truncate(DELAYS);
            let wanted = past[delays(index).min(past.len() - 1)];
            let heard = wanted.map(|sample| sample * echo + random() * 0.003);
            delay.align(&heard, &mut played);
            assert_eq!(played, past[delay.frames()], "what is handed on is what was played so many frames before");
            found.push(delay.frames());
        }
        found
    }

    #[test]
    fn a_long_delay_is_found_and_followed() {
        let found = found(|index| if index < 1_000 { 31 } else { 60 }, 3_000, 0.3);
        assert!(found[..150].iter().all(|later| *later == 0));
        assert_eq!(found[600], 27);
        assert_eq!(found[2_999], 56);
        assert!(found.windows(2).filter(|pair| pair[0] != pair[1]).count() <= 2, "it changes where the delay does");
    }

    #[test]
    fn a_short_delay_and_no_echo_change_nothing() {
        assert!(found(|_| 7, 1_500, 0.3).iter().all(|later| *later == 0));
        assert!(found(|_| 31, 1_500, 0.0).iter().all(|later| *later == 0));
    }
}
