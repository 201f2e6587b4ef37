//! How much of a client's sound waits to be heard, and whether it is still wanted.
//!
//! Memory is bounded here for the speaker: it queues what it is given, and is given no more than the configuration's seconds
//! before it reports that something was heard.

use std::collections::VecDeque;

/// The most recordings that may wait, empty ones included.
const MOST_WAITING: usize = 16;

/// The state of the driver's sound; durations in microseconds.
#[derive(Debug, Default)]
pub(crate) struct Playback {
    /// What came since `audio-start`, while its `audio-stop` has not.
    open: Option<u64>,
    /// Whether the speaker was told of the open recording, and so has to be told of its end.
    told: bool,
    /// Whether the rest of the open recording is to be dropped.
    muted: bool,
    /// Complete recordings that were not yet reported as heard.
    waiting: VecDeque<u64>,
}

/// What to do with a piece of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Play it.
    Play,
    /// Say that there is too much, once, and drop it.
    Refuse,
    /// Drop it.
    Drop,
}

impl Playback {
    /// `audio-start`. One without an `audio-stop` before it goes on.
    pub(crate) fn start(&mut self) -> Verdict {
        self.muted = self.waiting.len() >= MOST_WAITING;
        self.open.get_or_insert(0);
        self.told |= !self.muted;
        if self.muted { Verdict::Refuse } else { Verdict::Play }
    }

    /// A piece of so many samples; the rate is not 0.
    pub(crate) fn piece(&mut self, samples: usize, rate_hz: u32, most_seconds: u32) -> Verdict {
        let Some(open) = self.open.as_mut().filter(|_| !self.muted) else { return Verdict::Drop };
        let micros = u64::try_from(samples).unwrap_or(u64::MAX).saturating_mul(1_000_000) / u64::from(rate_hz.max(1));
        let others: u64 = self.waiting.iter().sum();
        // Pieces that round down to nothing would never fill it.
        let longer = open.saturating_add(micros.max(1));
        if longer.saturating_add(others) > u64::from(most_seconds) * 1_000_000 {
            self.muted = true;
            return Verdict::Refuse;
        }
        *open = longer;
        Verdict::Play
    }

    /// `audio-stop`: whether the speaker is to hear of it.
    pub(crate) fn stop(&mut self) -> bool {
        let told = std::mem::take(&mut self.told);
        self.waiting.extend(self.open.take().filter(|_| told));
        self.muted = false;
        told
    }

    /// The oldest complete recording was heard: whether there was one.
    pub(crate) fn played(&mut self) -> bool {
        self.waiting.pop_front().is_some()
    }

    /// The user interrupts: what waits is forgotten, the rest of what comes is dropped. Whether there was anything.
    pub(crate) fn interrupt(&mut self) -> bool {
        let anything = !self.waiting.is_empty() || self.open.is_some();
        self.waiting.clear();
        if self.open.is_some() {
            self.open = Some(0);
            self.told = false;
            self.muted = true;
        }
        anything
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer() {
        let mut playback = Playback::default();
        assert_eq!(playback.start(), Verdict::Play);
        assert_eq!(playback.piece(16_000, 16_000, 10), Verdict::Play);
        assert!(!playback.played(), "it has not ended");
        assert!(playback.stop());
        assert!(playback.played());
        assert!(!playback.played() && !playback.stop(), "there is no second one");
    }

    #[test]
    fn too_much_is_refused_until_something_was_heard() {
        let mut playback = Playback::default();
        playback.start();
        assert_eq!(playback.piece(10 * 8_000, 8_000, 10), Verdict::Play);
        assert_eq!(playback.piece(1, 8_000, 10), Verdict::Refuse);
        assert_eq!(playback.piece(1, 8_000, 10), Verdict::Drop);
        assert!(playback.stop(), "what came before it is heard");
        playback.start();
        assert_eq!(playback.piece(1, 8_000, 10), Verdict::Refuse);
        assert!(playback.stop(), "the speaker was told of its start");
        assert!(playback.played() && playback.played());
        playback.start();
        assert_eq!(playback.piece(1, 8_000, 10), Verdict::Play);
    }

    #[test]
    fn empty_recordings_are_bounded_too() {
        let mut playback = Playback::default();
        for _ in 0..MOST_WAITING {
            assert_eq!(playback.start(), Verdict::Play);
            assert!(playback.stop());
        }
        assert_eq!(playback.start(), Verdict::Refuse);
        assert!(!playback.stop());
    }

    #[test]
    fn interrupted() {
        let mut playback = Playback::default();
        playback.start();
        playback.piece(100, 8_000, 10);
        assert!(playback.interrupt());
        assert_eq!(playback.piece(100, 8_000, 10), Verdict::Drop);
        assert!(!playback.stop() && !playback.played());
        assert_eq!(playback.start(), Verdict::Play);
        assert_eq!(playback.piece(100, 8_000, 10), Verdict::Play);
        assert!(playback.stop() && playback.interrupt() && !playback.interrupt());
    }
}
