//! One user: enrolment, phrases that must be heard, speech that must not.

use std::io;

use saggar_dsp_contract::{Audio, Stage};
use saggar_dsp_wake::{Wake, detector::DETECTED, features::HOP};

use crate::noise::Pink;
use crate::speech::{RATE_HZ, padded, say};
use crate::voices::{COMMANDS, TESTED};

/// How much later than its end the phrase may be recognised: 0.7 s.
const PATIENCE: usize = RATE_HZ * 7 / 10;

/// A phrase in its surroundings.
#[derive(Clone, Debug)]
pub struct Utterance {
    /// What the microphone hears, without noise.
    pub samples: Vec<f32>,
    /// Where the phrase is, in samples.
    pub phrase: std::ops::Range<usize>,
}

/// A frame into the detector; what `dsp_process` says.
pub fn feed(wake: &mut Wake, frame: &[f32; HOP]) -> i32 {
    let input = [*frame];
    let mut output = [[0.0; HOP]];
    wake.process(Audio { input: &input, reference: &[[0.0; HOP]], output: &mut output })
}

/// A started detector without templates.
///
/// # Panics
/// When it refuses its own format.
pub fn fresh() -> Box<Wake> {
    let mut wake = Box::new(Wake::IDLE);
    assert!(wake.start(16_000, 1, HOP), "the detector's own format");
    wake
}

/// A detector that has heard these recordings: each a voice, how it speaks, and the phrase.
///
/// # Errors
/// When speech cannot be made, and when the detector refuses a recording.
pub fn enrolled<'a>(recordings: impl IntoIterator<Item = (&'a str, (u16, u16))>, phrase: &str) -> io::Result<Box<Wake>> {
    let mut wake = fresh();
    for (voice, how) in recordings {
        let samples = padded(RATE_HZ / 2, &say(voice, how, phrase)?, RATE_HZ / 2);
        wake.begin();
        for frame in samples.as_chunks().0 {
            feed(&mut wake, frame);
        }
        let count = wake.end();
        if count < 1 {
            return Err(io::Error::other(format!("{voice}: recording refused ({count})")));
        }
    }
    Ok(wake)
}

/// What a voice is tested with: every second time the phrase alone, else before a command.
///
/// # Errors
/// When speech cannot be made.
pub fn utterances(voice: &str, phrase: &str) -> io::Result<Vec<Utterance>> {
    let mut utterances = Vec::new();
    for (index, how) in TESTED.into_iter().enumerate() {
        let alone = say(voice, how, phrase)?;
        // Not always at the beginning of a frame.
        let before = RATE_HZ + index * 37;
        let phrase_at = before..before + alone.len();
        let command = COMMANDS[index / 2 % COMMANDS.len()];
        let speech = if index % 2 == 0 { alone } else { say(voice, how, &format!("{phrase}, {command}"))? };
        utterances.push(Utterance { samples: padded(before, &speech, RATE_HZ), phrase: phrase_at });
    }
    Ok(utterances)
}

/// An utterance with noise so many decibels below the phrase.
pub fn noisy(utterance: &Utterance, snr_db: Option<f64>, seed: u64) -> Vec<f32> {
    let mut samples = utterance.samples.clone();
    if let Some(snr_db) = snr_db {
        let phrase = utterance.phrase.start..utterance.phrase.end.min(samples.len());
        Pink::new(seed).add(&mut samples, phrase, snr_db);
    }
    samples
}

/// Whether the phrase is recognised, from its beginning until 0.7 s after its end.
pub fn hears(wake: &mut Wake, samples: &[f32], phrase: &std::ops::Range<usize>) -> bool {
    let due = phrase.start..phrase.end + PATIENCE;
    detections(wake, samples).into_iter().any(|at| due.contains(&at))
}

/// Where the phrase is recognised, in samples.
pub fn detections(wake: &mut Wake, samples: &[f32]) -> Vec<usize> {
    wake.reset();
    let frames = samples.as_chunks::<HOP>().0.iter().enumerate();
    frames.filter_map(|(index, frame)| (feed(wake, frame) & DETECTED != 0).then_some(index * HOP)).collect()
}
