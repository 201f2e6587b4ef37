//! The enrolled recordings, in the very bytes that a host saves.
//!
//! 16-bit words, little-endian as all of wasm's memory: [`MAGIC`], [`VERSION`], [`WIDTH`], how many recordings, eight
//! lengths in frames (0 where there is none); then all vectors of the first, of the second, and so on. A host may write
//! here at any time, so nothing but vectors is ever read from it without [`Bank::restore`]'s checks: how many there are
//! and how long is kept beside it.

use crate::dtw::LONGEST;
use crate::features::{Stored, WIDTH};

/// Recordings at most.
pub const TEMPLATES: usize = 8;
/// The shortest phrase that is accepted: 300 ms. Shorter ones are in everybody's every sentence.
pub const SHORTEST: usize = 30;

/// First word of a saved state: "WK".
pub const MAGIC: i16 = 0x4B57;
/// Second word: changes whenever the features do, since old recordings are no use then.
pub const VERSION: i16 = 1;
const HEAD: usize = 4 + TEMPLATES;
const WORDS: usize = HEAD + TEMPLATES * LONGEST * WIDTH;

/// [`Bank::restore`]: not a state of this version, or not all of it.
pub const INVALID: i32 = -5;

/// See the module.
#[derive(Debug)]
pub struct Bank {
    words: [i16; WORDS],
    lengths: [usize; TEMPLATES],
    count: usize,
}

impl Bank {
    /// No recordings.
    pub const EMPTY: Bank = Bank { words: [0; WORDS], lengths: [0; TEMPLATES], count: 0 };

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.lengths = [0; TEMPLATES];
        self.count = 0;
    }

    /// Those there are.
    pub fn iter(&self) -> impl Iterator<Item = &[Stored]> {
        let mut rest = self.words[HEAD..].as_chunks::<WIDTH>().0;
        self.lengths[..self.count].iter().map(move |&length| {
            let (template, later) = rest.split_at(length);
            rest = later;
            template
        })
    }

    /// Where the next one is recorded; `None` when there are as many as possible.
    ///
    /// Those there are have at most [`LONGEST`] frames each, so there is room for as many more.
    pub fn vacant(&mut self) -> Option<&mut [Stored; LONGEST]> {
        if self.count == TEMPLATES {
            return None;
        }
        let used: usize = self.lengths[..self.count].iter().sum();
        self.words[HEAD..].as_chunks_mut::<WIDTH>().0.get_mut(used..)?.first_chunk_mut()
    }

    /// Takes the first frames of what [`Bank::vacant`] gave as a recording: how many there are then.
    pub fn keep(&mut self, length: usize) -> usize {
        if let Some(place) = self.lengths.get_mut(self.count) {
            *place = length.min(LONGEST);
            self.count += 1;
        }
        self.count
    }

    /// Where a host reads the state from, and where it writes one before [`Bank::restore`].
    pub fn words(&mut self) -> &mut [i16] {
        &mut self.words
    }

    /// Writes the head: how many bytes a host shall save.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "WIDTH, TEMPLATES and LONGEST are small")]
    pub fn seal(&mut self) -> usize {
        self.words[..4].copy_from_slice(&[MAGIC, VERSION, WIDTH as i16, self.count as i16]);
        for (word, &length) in self.words[4..HEAD].iter_mut().zip(&self.lengths) {
            *word = length as i16;
        }
        2 * (HEAD + WIDTH * self.lengths.iter().sum::<usize>())
    }

    /// Believes the first `bytes` of [`Bank::words`]: how many recordings there are, or [`INVALID`], and then none.
    pub fn restore(&mut self, bytes: usize) -> i32 {
        self.clear();
        let Some(lengths) = self.believed(bytes) else {
            return INVALID;
        };
        self.lengths = lengths;
        self.count = lengths.iter().filter(|&&length| length > 0).count();
        // At most TEMPLATES.
        i32::try_from(self.count).unwrap_or(INVALID)
    }

    fn believed(&self, bytes: usize) -> Option<[usize; TEMPLATES]> {
        let [magic, version, width, count] = *self.words.first_chunk()?;
        let count = usize::try_from(count).ok()?;
        if magic != MAGIC || version != VERSION || usize::try_from(width) != Ok(WIDTH) || count > TEMPLATES {
            return None;
        }
        let mut lengths = [0; TEMPLATES];
        for (index, (length, &word)) in lengths.iter_mut().zip(&self.words[4..HEAD]).enumerate() {
            *length = usize::try_from(word).ok()?;
            let fits = if index < count { (SHORTEST..=LONGEST).contains(length) } else { *length == 0 };
            if !fits {
                return None;
            }
        }
        (bytes == 2 * (HEAD + WIDTH * lengths.iter().sum::<usize>())).then_some(lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bank, INVALID, TEMPLATES};
    use crate::dtw::LONGEST;
    use std::{boxed::Box, vec::Vec};

    fn filled() -> Box<Bank> {
        let mut bank = Box::new(Bank::EMPTY);
        for (count, length) in [40, 160, 75].into_iter().enumerate() {
            let vectors = bank.vacant().unwrap();
            for (n, vector) in vectors.iter_mut().take(length).enumerate() {
                vector.fill(i16::try_from(n).unwrap() - 20);
            }
            assert_eq!(bank.keep(length), count + 1);
        }
        bank
    }

    fn contents(bank: &Bank) -> Vec<Vec<[i16; 26]>> {
        bank.iter().map(<[_]>::to_vec).collect()
    }

    #[test]
    fn what_is_saved_comes_back() {
        let mut saved = filled();
        let bytes = saved.seal();
        let mut restored = Box::new(Bank::EMPTY);
        restored.words()[..bytes / 2].copy_from_slice(&saved.words()[..bytes / 2]);
        assert_eq!(restored.restore(bytes), 3);
        assert_eq!(contents(&restored), contents(&saved));
        assert_eq!(restored.seal(), bytes);
    }

    #[test]
    fn what_was_spoilt_does_not() {
        let bytes = filled().seal();
        for (word, value) in [(0, 0), (1, 2), (2, 25), (3, 9), (3, 2), (3, -1), (4, 29), (5, 161), (6, 76), (7, 40), (4, -40)] {
            let mut bank = filled();
            bank.seal();
            bank.words()[word] = value;
            assert_eq!(bank.restore(bytes), INVALID, "word {word} is {value}");
            assert_eq!(bank.count(), 0);
        }
        for wrong in [0, bytes - 1, bytes + 2, usize::MAX] {
            let mut bank = filled();
            bank.seal();
            assert_eq!(bank.restore(wrong), INVALID);
        }
    }

    #[test]
    fn takes_eight_of_the_longest_and_no_more() {
        let mut bank = Box::new(Bank::EMPTY);
        for _ in 0..TEMPLATES {
            assert!(bank.vacant().is_some());
            bank.keep(LONGEST);
        }
        assert!(bank.vacant().is_none());
        assert_eq!(bank.keep(LONGEST), TEMPLATES);
        let bytes = bank.seal();
        assert_eq!(bytes, 2 * bank.words().len());
        assert_eq!(bank.restore(bytes), 8);
    }
}
