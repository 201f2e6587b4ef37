//! The room as a filter that adapts itself: a Kalman filter of partitioned blocks, in frequencies.
//!
//! Enzner and Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86, 2006;
//! in partitions: Kuech, Mabande and Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP
//! 2014. For every frequency of every partition it knows how sure it is; where somebody speaks over the music, that counts as noise of
//! observation, and it learns slower by itself: no detector of double talk is needed.
//!
//! A partition is as long as a frame. With frames `x₋₁ x₀` of the loudspeaker at the beginning of the transform, the convolution with a
//! partition is right from sample 160 to 319, and the error, put there, is not correlated with anything that wraps around.

use crate::transform::{BINS, SILENCE, Spectrum, backward, forward};
use crate::{FRAME, PARTITIONS};

/// How much of what is known stays true from frame to frame: rooms change over seconds.
const STAYS: f32 = 0.999_7;
/// How sure it is of a silent room at first: of gains around 1, not sure at all.
const UNSURE: f32 = 1.0;
/// Square of what a tap may become without having been anything: as sure as it is after minutes of music without an echo, it would learn
/// one that comes then, when headphones are unplugged, no faster than it forgets. Found where an echo that is there, under a voice, suffers little.
const CHANGES: f32 = 0.02;
/// A frame, of two that are transformed, is new.
const SHARE: f32 = 0.5;
/// How much of the near end's power a frame before still says.
const SMOOTH: f32 = 0.8;
/// Partitions whose taps beyond a frame are cleared in one frame: all of them within eight.
const CLEARED: usize = 3;
/// Power below which nothing is learnt: what [`crate::Canceller`] puts under silence is above it.
const LEAST: f32 = 1e-12;
/// Power of a bin that is silence of the loudspeaker: −90 dB of full scale, over two frames.
const SILENT: f32 = 1e-9 * 320.0;

/// The adaptive filter.
pub struct Filter {
    /// Spectra of what was played: `played[(newest + p) % PARTITIONS]` is what meets partition `p`.
    played: [Spectrum; PARTITIONS],
    newest: usize,
    /// The frame before.
    before: [f32; FRAME],
    taps: [Spectrum; PARTITIONS],
    /// Expected square of the taps' errors.
    unsure: [[f32; BINS]; PARTITIONS],
    /// Power of what is not echo.
    near: [f32; BINS],
    cleared: usize,
}

impl Filter {
    /// Before [`Filter::reset`]: zeros only, which take no room in the module's file.
    pub const IDLE: Filter = Filter {
        played: [SILENCE; PARTITIONS],
        newest: 0,
        before: [0.0; FRAME],
        taps: [SILENCE; PARTITIONS],
        unsure: [[0.0; BINS]; PARTITIONS],
        near: [0.0; BINS],
        cleared: 0,
    };

    /// Starts over, with a room that is not known.
    pub fn reset(&mut self) {
        // Bin by bin: a spectrum of zeros to be copied would lie in the file.
        self.played.as_flattened_mut().fill(SILENCE[0]);
        self.taps.as_flattened_mut().fill(SILENCE[0]);
        self.unsure.as_flattened_mut().fill(UNSURE);
        self.near.fill(0.0);
        self.before.fill(0.0);
        (self.newest, self.cleared) = (0, 0);
    }

    /// A frame of the microphone less the echo that is expected in it.
    pub fn cancel(&mut self, heard: &[f32; FRAME], played: &[f32; FRAME]) -> [f32; FRAME] {
        self.newest = (self.newest + PARTITIONS - 1) % PARTITIONS;
        self.played[self.newest] = forward(0, [&self.before, played]);
        self.before = *played;
        let mut echo = SILENCE;
        for partition in 0..PARTITIONS {
            let played = &self.played[(self.newest + partition) % PARTITIONS];
            for ((echo, played), tap) in echo.iter_mut().zip(played).zip(&self.taps[partition]) {
                *echo += played * tap;
            }
        }
        let echo = backward(&echo, FRAME);
        let mut rest = *heard;
        rest.iter_mut().zip(echo).for_each(|(rest, echo)| *rest -= echo);
        self.learn(&rest);
        self.clear();
        // An echo that would only make it louder is not one that is known.
        let power = |samples: &[f32; FRAME]| samples.iter().map(|sample| sample * sample).sum::<f32>();
        if power(&rest) > 4.0 * power(heard) { *heard } else { rest }
    }

    /// Corrects the taps by what was not expected.
    fn learn(&mut self, rest: &[f32; FRAME]) {
        let rest = forward(FRAME, [rest]);
        // One over the power of what is heard, as far as it is not known.
        let mut precision = [0.0; BINS];
        for bin in 0..BINS {
            let power = rest[bin].norm_sqr();
            self.near[bin] = SMOOTH * self.near[bin] + (1.0 - SMOOTH) * power;
            let unknown: f32 = (0..PARTITIONS)
                .map(|partition| {
                    self.played[(self.newest + partition) % PARTITIONS][bin].norm_sqr() * self.unsure[partition][bin]
                })
                .sum();
            precision[bin] = 1.0 / (SHARE * unknown + self.near[bin].max(power) + LEAST);
        }
        for partition in 0..PARTITIONS {
            let played = &self.played[(self.newest + partition) % PARTITIONS];
            let (taps, unsure) = (&mut self.taps[partition], &mut self.unsure[partition]);
            for bin in 0..BINS {
                let power = played[bin].norm_sqr();
                if power > SILENT {
                    let gain = unsure[bin] * precision[bin];
                    taps[bin] += played[bin].conj() * rest[bin] * gain;
                    unsure[bin] *= 1.0 - SHARE * gain * power;
                }
                unsure[bin] = STAYS * STAYS * unsure[bin] + (1.0 - STAYS * STAYS) * (taps[bin].norm_sqr() + CHANGES);
            }
        }
    }

    /// Clears what taps have learnt beyond their own frame, of a few partitions.
    fn clear(&mut self) {
        for _ in 0..CLEARED {
            let taps = &mut self.taps[self.cleared];
            let kept = backward(taps, 0);
            *taps = forward(0, [&kept]);
            self.cleared = (self.cleared + 1) % PARTITIONS;
        }
    }
}
