//! A recording: from the first frame that is speech until a gap, straight into the bank's vacant place.

use crate::bank::{Bank, SHORTEST};
use crate::dtw::LONGEST;
use crate::features::{self, Frame};

/// Frames of silence that end a phrase; what was heard before and is shorter than a phrase was a click: 400 ms.
const GAP_FRAMES: usize = 40;

/// [`Enrolment::end`]: no recording was begun.
pub const NOT_RECORDING: i32 = -1;
/// [`Enrolment::end`]: nothing, or too little, was heard.
pub const TOO_SHORT: i32 = -2;
/// [`Enrolment::end`]: the phrase lasts longer than a template.
pub const TOO_LONG: i32 = -3;
/// [`Enrolment::begin`]: there are as many templates as possible.
pub const FULL: i32 = -4;

/// How far a recording is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Listening,
    Complete,
    TooLong,
}

/// A recording that is being made.
#[derive(Debug)]
pub struct Enrolment {
    phase: Phase,
    /// Frames recorded.
    length: usize,
    /// Frames until the last that was speech.
    spoken: usize,
}

impl Enrolment {
    /// None is being made.
    pub const IDLE: Enrolment = Enrolment { phase: Phase::Idle, length: 0, spoken: 0 };

    /// Starts: 0 or [`FULL`].
    pub fn begin(&mut self, bank: &mut Bank) -> i32 {
        if bank.vacant().is_none() {
            return FULL;
        }
        *self = Enrolment { phase: Phase::Listening, ..Enrolment::IDLE };
        0
    }

    /// Whether one is being made.
    pub fn is_running(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// Takes a frame.
    pub fn push(&mut self, frame: &Frame, bank: &mut Bank) {
        if self.phase != Phase::Listening || (self.length == 0 && !frame.speech) {
            return;
        }
        if self.length == LONGEST {
            // Silence may go on for ever; speech may not.
            if frame.speech {
                self.phase = Phase::TooLong;
            }
            return;
        }
        if let Some(place) = bank.vacant() {
            place[self.length] = features::stored(&frame.vector);
        }
        self.length += 1;
        if frame.speech {
            self.spoken = self.length;
        } else if self.length - self.spoken >= GAP_FRAMES {
            if self.spoken < SHORTEST {
                (self.length, self.spoken) = (0, 0);
            } else {
                self.phase = Phase::Complete;
            }
        }
    }

    /// Adds what was recorded to the bank: the number of templates then, or why not.
    pub fn end(&mut self, bank: &mut Bank) -> i32 {
        let ended = core::mem::replace(self, Enrolment::IDLE);
        match ended.phase {
            Phase::Idle => NOT_RECORDING,
            Phase::TooLong => TOO_LONG,
            Phase::Listening | Phase::Complete if ended.spoken < SHORTEST => TOO_SHORT,
            // At most eight.
            Phase::Listening | Phase::Complete => i32::try_from(bank.keep(ended.spoken)).unwrap_or(FULL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Enrolment, FULL, NOT_RECORDING, TOO_LONG, TOO_SHORT};
    use crate::bank::Bank;
    use crate::features::{Frame, WIDTH};
    use std::boxed::Box;

    /// Records stretches of (speech, frames).
    fn record(bank: &mut Bank, stretches: &[(bool, usize)]) -> i32 {
        let mut enrolment = Enrolment::IDLE;
        if enrolment.begin(bank) != 0 {
            return FULL;
        }
        for &(speech, frames) in stretches {
            for _ in 0..frames {
                enrolment.push(&Frame { vector: [1.0; WIDTH], speech }, bank);
            }
        }
        enrolment.end(bank)
    }

    #[test]
    fn keeps_the_phrase_without_silence_and_clicks() {
        let mut bank = Box::new(Bank::EMPTY);
        let phrase = [(false, 50), (true, 3), (false, 60), (true, 40), (false, 20), (true, 30), (false, 500), (true, 60)];
        assert_eq!(record(&mut bank, &phrase), 1);
        assert_eq!(bank.iter().next().unwrap().len(), 90);
    }

    #[test]
    fn says_why_not() {
        let mut bank = Box::new(Bank::EMPTY);
        let mut none = Enrolment::IDLE;
        assert_eq!(none.end(&mut bank), NOT_RECORDING);
        assert_eq!(record(&mut bank, &[(false, 300)]), TOO_SHORT);
        assert_eq!(record(&mut bank, &[(true, 29)]), TOO_SHORT);
        assert_eq!(record(&mut bank, &[(true, 161)]), TOO_LONG);
        for count in 1..=8 {
            assert_eq!(record(&mut bank, &[(true, 160)]), count);
        }
        assert_eq!(record(&mut bank, &[(true, 60)]), FULL);
    }
}
