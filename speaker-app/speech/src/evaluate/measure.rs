//! Speaking a set, hearing it, and counting.

use super::sets::Set;
use crate::audio::{Audio, count, to_i16};
use crate::error::Result;
use crate::espeak::{Espeak, EspeakSettings};
use crate::noise::{Noise, mix};
use crate::recognise::{Heard, RECOGNISER_HZ, Recogniser};
use crate::synthesise::Synthesiser;
use std::time::{Duration, Instant};

/// Silence before the speech, in samples: what a speaker's ring would keep.
const BEFORE: usize = 4_800;
/// Silence after it, in samples: an end-of-speech detector's hang-over.
const AFTER: usize = 8_000;
/// Samples fed at a time: one DSP frame of 10 ms.
const CHUNK: usize = 160;

/// How clean the audio is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Condition {
    /// Nothing but the voice.
    Clean,
    /// Pink noise at this signal-to-noise ratio, in dB.
    Pink(f32),
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Clean => write!(f, "clean"),
            Self::Pink(snr_db) => write!(f, "pink {snr_db} dB"),
        }
    }
}

/// One sentence by one voice.
#[derive(Debug, Clone)]
pub struct Utterance {
    /// The voice that speaks.
    pub voice: String,
    /// What it says.
    pub text: &'static str,
    /// Whether the grammar lacks it.
    pub foreign: bool,
    /// The voice alone, at [`RECOGNISER_HZ`].
    pub audio: Audio,
}

/// What became of one utterance.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// The utterance.
    pub utterance: &'a Utterance,
    /// The noise it was heard in.
    pub condition: Condition,
    /// What was heard.
    pub heard: Heard,
    /// From the last sample fed to the answer.
    pub answer: Duration,
}

/// Counts over the utterances of one condition.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Utterances of the grammar's sentences.
    pub commands: usize,
    /// Of these: heard word for word and not taken for foreign.
    pub exact: usize,
    /// Of these: the best sentence was word for word right, foreign or not.
    pub exact_before_rejection: usize,
    /// Of these: taken for foreign speech though the sentence was right.
    pub wrongly_foreign: usize,
    /// Of these: accepted as another sentence.
    pub misheard: usize,
    /// Words spoken in commands.
    pub words: usize,
    /// Words of the best sentences that are wrong, missing or too many.
    pub word_errors: usize,
    /// Utterances that the grammar lacks.
    pub foreign: usize,
    /// Of these: accepted as a command.
    pub false_accepts: usize,
    /// Seconds of audio.
    pub audio_seconds: f64,
    /// Seconds that this thread computed, answers included: other work on the machine does not count. 0 where the
    /// system is not Linux.
    pub computing_seconds: f64,
    /// Times from the last sample to the answer, in the order of the utterances.
    pub answers: Vec<Duration>,
}

/// Speaks a set by espeak-ng. Foreign languages are spoken once, English by every voice of the set.
///
/// # Errors
/// Those of the synthesiser.
pub fn utterances(set: &Set) -> Result<Vec<Utterance>> {
    let mut spoken = Vec::new();
    for voice in &set.voices {
        let mut espeak = Espeak::new(EspeakSettings { voice: (*voice).into(), ..EspeakSettings::default() })?;
        let english = set.foreign.iter().filter(|(language, _)| language.is_none()).map(|(_, text)| (*text, true));
        for (text, foreign) in set.commands.iter().map(|text| (*text, false)).chain(english) {
            let audio = espeak.speak(text)?.at_rate(RECOGNISER_HZ)?;
            spoken.push(Utterance { voice: (*voice).into(), text, foreign, audio });
        }
    }
    for (language, text) in &set.foreign {
        let Some(voice) = *language else { continue };
        let mut espeak = Espeak::new(EspeakSettings { voice: voice.into(), ..EspeakSettings::default() })?;
        let audio = espeak.speak(text)?.at_rate(RECOGNISER_HZ)?;
        spoken.push(Utterance { voice: voice.into(), text, foreign: true, audio });
    }
    Ok(spoken)
}

/// Hears all utterances in one condition, calls `each` for every one, and counts. The noise depends on `seed` only.
///
/// # Errors
/// Those of the recogniser.
pub fn evaluate<R: Recogniser>(
    recogniser: &mut R,
    spoken: &[Utterance],
    condition: Condition,
    seed: u64,
    mut each: impl FnMut(&Row<'_>, &R),
) -> Result<Figures> {
    let mut noise = Noise::new(seed);
    let mut figures = Figures::default();
    let snr_db = match condition {
        Condition::Clean => None,
        Condition::Pink(snr_db) => Some(snr_db),
    };
    for utterance in spoken {
        let samples = to_i16(&mix(&utterance.audio.to_f32(), BEFORE, AFTER, snr_db, &mut noise));
        let started = computing_seconds();
        recogniser.begin()?;
        for chunk in samples.chunks(CHUNK) {
            recogniser.feed(chunk)?;
        }
        let ended = Instant::now();
        let heard = recogniser.finish()?;
        let answer = ended.elapsed();
        figures.computing_seconds += computing_seconds() - started;
        figures.audio_seconds += count(samples.len()) / f64::from(RECOGNISER_HZ);
        figures.answers.push(answer);
        let row = Row { utterance, condition, heard, answer };
        figures.add(&row);
        each(&row, recogniser);
    }
    Ok(figures)
}

impl Figures {
    fn add(&mut self, row: &Row<'_>) {
        let accepted = row.heard.command();
        if row.utterance.foreign {
            self.foreign += 1;
            self.false_accepts += usize::from(accepted.is_some());
            return;
        }
        let right = row.heard.text == row.utterance.text;
        self.commands += 1;
        self.exact_before_rejection += usize::from(right);
        self.exact += usize::from(right && accepted.is_some());
        self.wrongly_foreign += usize::from(right && accepted.is_none());
        self.misheard += usize::from(!right && accepted.is_some());
        self.words += row.utterance.text.split(' ').count();
        self.word_errors += word_errors(row.utterance.text, &row.heard.text);
    }

    /// Share of commands heard word for word and accepted, 0 to 1.
    #[must_use]
    pub fn exact_share(&self) -> f64 {
        count(self.exact) / count(self.commands.max(1))
    }

    /// Word error rate before rejection, 0 and up.
    #[must_use]
    pub fn word_error_rate(&self) -> f64 {
        count(self.word_errors) / count(self.words.max(1))
    }

    /// Share of foreign speech accepted as a command, 0 to 1.
    #[must_use]
    pub fn false_accept_share(&self) -> f64 {
        count(self.false_accepts) / count(self.foreign.max(1))
    }

    /// Median time from the last sample to the answer; 0 without utterances.
    #[must_use]
    pub fn median_answer(&self) -> Duration {
        let mut sorted = self.answers.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }

    /// Longest time from the last sample to the answer; 0 without utterances.
    #[must_use]
    pub fn slowest_answer(&self) -> Duration {
        self.answers.iter().max().copied().unwrap_or_default()
    }

    /// Seconds of computing per second of audio.
    #[must_use]
    pub fn real_time_factor(&self) -> f64 {
        self.computing_seconds / self.audio_seconds.max(f64::MIN_POSITIVE)
    }
}

/// Seconds that this thread has had a processor so far.
fn computing_seconds() -> f64 {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = status.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

/// Fewest words to change, leave out or put in to make one sentence of the other.
fn word_errors(said: &str, heard: &str) -> usize {
    let heard: Vec<&str> = heard.split_whitespace().collect();
    let mut costs: Vec<usize> = (0..=heard.len()).collect();
    for (row, word) in said.split_whitespace().enumerate() {
        let mut diagonal = costs[0];
        costs[0] = row + 1;
        for (column, other) in heard.iter().enumerate() {
            let changed = diagonal + usize::from(word != *other);
            diagonal = costs[column + 1];
            costs[column + 1] = changed.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[heard.len()]
}
