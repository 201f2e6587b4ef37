//! A trial: what the microphone hears of one sentence, from silence to silence.

use std::ops::Range;

use crate::error::Result;
use crate::level::{below, rms, scale_to};
use crate::other::OtherSpeech;
use crate::pink::Pink;
use crate::random::Random;
use crate::set::Set;
use crate::{RATE, VOICE_RMS};

/// Silence before the first word: 1 s, in which noise suppression and adaptation settle.
const BEFORE: usize = RATE;
/// Silence for the answer, end of speech included: 10 s.
const AFTER: usize = 10 * RATE;
/// How many talk at once in babble.
const CROWD: u64 = 5;

/// What is heard beside the voice, so many decibels below its active level; over all frequencies to 24 kHz.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Nothing.
    Clean,
    /// Pink noise.
    Pink(f32),
    /// Five people who say something else.
    Babble(f32),
}

impl std::fmt::Display for Noise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Clean => write!(f, "clean"),
            Self::Pink(decibels) => write!(f, "pink {decibels} dB"),
            Self::Babble(decibels) => write!(f, "babble {decibels} dB"),
        }
    }
}

/// What the microphone hears, and where in it something is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Mono at 48 kHz and full scale ±1: 1 s of silence, phrase, pause, sentence, 10 s for the answer.
    pub samples: Vec<f32>,
    /// Where the wake phrase is; `None` where there is none.
    pub wake: Option<Range<usize>>,
    /// Where the sentence is.
    pub command: Range<usize>,
}

/// Puts a trial together: phrase, pause, sentence.
pub(crate) fn compose(
    set: &Set,
    voice: &str,
    (wake, pause_ms, command): (Option<Vec<f32>>, u32, Vec<f32>),
    turn: usize,
    noise: Noise,
) -> Result<Trial> {
    let mut samples = vec![0.0; BEFORE];
    let wake = wake.map(|phrase| {
        let at = samples.len()..samples.len() + phrase.len();
        samples.extend(phrase);
        let pause = usize::try_from(pause_ms).unwrap_or(0) * RATE / 1_000;
        samples.resize(samples.len() + pause, 0.0);
        at
    });
    let at = samples.len()..samples.len() + command.len();
    samples.extend(command);
    samples.resize(samples.len() + AFTER, 0.0);
    let mut random = Random::named(set.seed, voice, turn as u64);
    add(&mut samples, set, random.next(), noise)?;
    Ok(Trial { samples, wake, command: at })
}

fn add(samples: &mut [f32], set: &Set, seed: u64, noise: Noise) -> Result<()> {
    match noise {
        Noise::Clean => {}
        Noise::Pink(decibels) => {
            for (sample, noise) in samples.iter_mut().zip(Pink::new(seed, below(VOICE_RMS, decibels))) {
                *sample += noise;
            }
        }
        Noise::Babble(decibels) => {
            let mut babble = crowd(set, seed, samples.len())?;
            let level = rms(&babble);
            scale_to(&mut babble, level, below(VOICE_RMS, decibels));
            for (sample, noise) in samples.iter_mut().zip(babble) {
                *sample += noise;
            }
        }
    }
    Ok(())
}

/// Several who talk at once.
fn crowd(set: &Set, seed: u64, length: usize) -> Result<Vec<f32>> {
    let mut sum = vec![0.0; length];
    for person in 0..CROWD {
        let mut at = 0;
        for passage in OtherSpeech::of_seed(set, seed.wrapping_add(person))? {
            let passage = passage?;
            for (sum, sample) in sum[at..].iter_mut().zip(&passage.samples) {
                *sum += sample;
            }
            at += passage.samples.len();
            if at >= length {
                break;
            }
        }
    }
    Ok(sum)
}
