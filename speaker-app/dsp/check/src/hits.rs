//! Hits: the users of a set of the trials, and what they say before its commands.

use saggar_trials::{Noise, Set, Talker};

use crate::others::{Failure, at_detectors_rate, enrolled};
use crate::trial::hears;

/// Share of the phrases that were recognised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hits {
    /// What the phrases were said in.
    pub noise: Noise,
    /// Phrases said.
    pub said: usize,
    /// Of these recognised, from the phrase's beginning until 0.7 s after its end.
    pub heard: usize,
}

impl Hits {
    /// 0 to 1.
    pub fn rate(&self) -> f64 {
        self.heard as f64 / self.said as f64
    }
}

/// Every user of a set says the phrase and a command, for every command, clean and in all noises of the set.
///
/// # Errors
/// When speech cannot be made, and when the detector refuses a recording.
pub fn hits(set: &Set, phrase: &str, parameters: &[(u32, f32)]) -> Result<Vec<Hits>, Failure> {
    let noises = std::iter::once(Noise::Clean).chain(set.noises_db.iter().map(|&decibels| Noise::Pink(decibels)));
    let mut all: Vec<Hits> = noises.map(|noise| Hits { noise, said: 0, heard: 0 }).collect();
    for talker in Talker::all(set) {
        let mut wake = enrolled(talker, phrase, parameters)?;
        for index in 0..set.commands.len() {
            for hits in &mut all {
                let trial = talker.command(phrase, index, hits.noise)?;
                let Some(wake_phrase) = trial.wake else { continue };
                // The answer's silence is none of the wake word's business.
                let samples = at_detectors_rate(&trial.samples[..trial.command.end])?;
                hits.said += 1;
                hits.heard += usize::from(hears(&mut wake, &samples, &(wake_phrase.start / 3..wake_phrase.end / 3)));
            }
        }
    }
    Ok(all)
}
