//! Other speech: hours of it, by many voices, passage by passage, and no text twice.

use crate::error::Result;
use crate::level::{below, count};
use crate::pink::Pink;
use crate::random::Random;
use crate::set::Set;
use crate::talker::say;
use crate::words::{Kind, Texts};
use crate::{RATE, VOICE_RMS};

/// Silence behind each passage: 300 ms.
const GAP: usize = RATE * 3 / 10;
/// One passage in so many is noisy.
const NOISY_EVERY: u64 = 4;

/// Something that somebody says, and a pause.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Mono at 48 kHz: the speech and 300 ms without.
    pub samples: Vec<f32>,
    /// Samples of it that are speech, pauses between sentences included.
    pub spoken: usize,
    /// What is said.
    pub text: String,
    /// What the text is made of.
    pub kind: Kind,
    /// espeak-ng's name of the voice.
    pub voice: String,
    /// Pink noise so many decibels below the voice, where there is any.
    pub noise_db: Option<f32>,
}

/// Other speech without end; take [`OtherSpeech::hours`] of it. Nothing is kept: a passage is made when it is asked for.
///
/// The voices are the set's talkers and its users, in turn; pace (140 to 190 words a minute), pitch, level (±6 dB) and
/// noise (one passage in four, 10 to 20 dB below) change from passage to passage.
#[derive(Debug)]
pub struct OtherSpeech {
    texts: Texts,
    voices: Vec<String>,
    random: Random,
    made: usize,
    spoken: usize,
    /// Samples of speech after which it ends.
    limit: usize,
}

impl OtherSpeech {
    /// As many hours of speech as wanted (pauses between passages do not count), rounded up to a passage.
    ///
    /// # Errors
    /// [`crate::TrialError::Dictionary`] when CMU's dictionary cannot be read.
    pub fn hours(set: &Set, hours: f64) -> Result<Self> {
        let mut speech = Self::of_seed(set, set.seed)?;
        speech.limit = samples_of(hours);
        Ok(speech)
    }

    /// Another such speech, without end.
    pub(crate) fn of_seed(set: &Set, seed: u64) -> Result<Self> {
        Ok(Self {
            texts: Texts::new(&set.name, &set.phrases, seed)?,
            voices: set.talkers.iter().cloned().chain(set.voices.iter().map(|voice| voice.id.clone())).collect(),
            random: Random::named(seed, "other speech", 0),
            made: 0,
            spoken: 0,
            limit: usize::MAX,
        })
    }

    /// Hours of speech so far, pauses between passages not counted.
    #[must_use]
    pub fn hours_so_far(&self) -> f64 {
        count(self.spoken) / count(RATE * 3_600)
    }

    fn make(&mut self) -> Result<Passage> {
        let voice = self.voices[self.made % self.voices.len()].clone();
        self.made += 1;
        let (kind, text) = self.texts.next();
        let words_per_minute = 140 + u16::try_from(self.random.below(51)).unwrap_or(0);
        let pitch = 35 + u8::try_from(self.random.below(31)).unwrap_or(0);
        let louder_db = [-6.0, -3.0, 0.0, 3.0, 6.0][self.random.below(5)];
        let noise_db = [10.0, 15.0, 20.0][self.random.below(3)];
        let noisy = self.random.next().is_multiple_of(NOISY_EVERY);
        let mut samples = say(&voice, words_per_minute, pitch, &text)?;
        let spoken = samples.len();
        samples.resize(spoken + GAP, 0.0);
        let level = below(1.0, -louder_db);
        samples.iter_mut().for_each(|sample| *sample *= level);
        let noise_db = noisy.then_some(noise_db);
        if let Some(noise_db) = noise_db {
            let noise = Pink::new(self.random.next(), below(VOICE_RMS * level, noise_db));
            samples.iter_mut().zip(noise).for_each(|(sample, noise)| *sample += noise);
        }
        self.spoken += spoken;
        Ok(Passage { samples, spoken, text, kind, voice, noise_db })
    }
}

impl Iterator for OtherSpeech {
    type Item = Result<Passage>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.spoken < self.limit).then(|| self.make())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn samples_of(hours: f64) -> usize {
    (hours * count(RATE * 3_600)).ceil() as usize
}
