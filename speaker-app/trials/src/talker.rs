//! A user: enrols itself, and says what the set has.

use saggar_speech::{Espeak, EspeakSettings, Synthesiser, resample};

use crate::error::Result;
use crate::level::{active_rms, scale_to};
use crate::set::{Foreign, Set, Step, Voice};
use crate::trial::{Noise, Trial, compose};
use crate::{RATE, RATE_HZ, VOICE_RMS};

/// Silence around a recording to enrol with.
const AROUND: usize = RATE / 2;
/// What is this much quieter than the loudest sample is no speech: −54 dB.
const FAINT: f32 = 0.002;

/// A user of a set.
#[derive(Debug, Clone, Copy)]
pub struct Talker<'a> {
    set: &'a Set,
    voice: &'a Voice,
}

impl<'a> Talker<'a> {
    /// All users of a set.
    pub fn all(set: &'a Set) -> impl Iterator<Item = Talker<'a>> {
        set.voices.iter().map(move |voice| Talker { set, voice })
    }

    /// The user whose turn it is, where each command is said by one user only.
    #[must_use]
    pub fn in_turn(set: &'a Set, turn: usize) -> Talker<'a> {
        // No set is without voices.
        Talker { set, voice: &set.voices[turn % set.voices.len()] }
    }

    /// espeak-ng's name of the voice.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.voice.id
    }

    /// The recordings to enrol with: the phrase at 48 kHz, each time a little different, in silence.
    ///
    /// # Errors
    /// When espeak-ng is missing or fails.
    pub fn enrolment(&self, phrase: &str) -> Result<Vec<Vec<f32>>> {
        let recordings = self.set.enrolment.iter().map(|&manner| {
            let mut recording = vec![0.0; AROUND];
            recording.extend(self.say(phrase, manner)?);
            recording.resize(recording.len() + AROUND, 0.0);
            Ok(recording)
        });
        recordings.collect()
    }

    /// The wake phrase (where there is one), a pause, and a sentence, in noise. What is said in which `turn` says how, and
    /// how the noise is: an index of the command serves.
    ///
    /// # Errors
    /// When espeak-ng is missing or fails.
    pub fn trial(&self, phrase: Option<&str>, say: &str, turn: usize, noise: Noise) -> Result<Trial> {
        let manner = self.manner(turn);
        self.compose(phrase, self.say(say, manner)?, turn, noise)
    }

    /// A command of the set, by its index.
    ///
    /// # Errors
    /// When espeak-ng is missing or fails.
    ///
    /// # Panics
    /// When the set has no such command.
    pub fn command(&self, phrase: &str, index: usize, noise: Noise) -> Result<Trial> {
        self.trial(Some(phrase), &self.set.commands[index].say, index, noise)
    }

    /// A step of a conversation, with the wake phrase where it needs one.
    ///
    /// # Errors
    /// When espeak-ng is missing or fails.
    pub fn step(&self, phrase: &str, step: &Step, turn: usize, noise: Noise) -> Result<Trial> {
        self.trial(step.wake.then_some(phrase), &step.say, turn, noise)
    }

    /// Foreign speech after the user's wake phrase.
    ///
    /// # Errors
    /// When espeak-ng is missing, fails, or does not know the language.
    pub fn foreign(&self, phrase: &str, foreign: &Foreign, turn: usize, noise: Noise) -> Result<Trial> {
        let (words_per_minute, pitch) = moved(self.voice, self.manner(turn));
        let voice = foreign.voice.as_deref().unwrap_or(&self.voice.id);
        self.compose(Some(phrase), say(voice, words_per_minute, pitch, &foreign.say)?, turn, noise)
    }

    fn compose(&self, phrase: Option<&str>, command: Vec<f32>, turn: usize, noise: Noise) -> Result<Trial> {
        let wake = phrase.map(|phrase| self.say(phrase, self.manner(turn))).transpose()?;
        let pause_ms = self.set.pauses_ms[turn % self.set.pauses_ms.len()];
        compose(self.set, &self.voice.id, (wake, pause_ms, command), turn, noise)
    }

    fn manner(&self, turn: usize) -> [i16; 2] {
        self.set.speaking[turn % self.set.speaking.len()]
    }

    fn say(&self, text: &str, manner: [i16; 2]) -> Result<Vec<f32>> {
        let (words_per_minute, pitch) = moved(self.voice, manner);
        say(&self.voice.id, words_per_minute, pitch, text)
    }
}

/// A voice's own pace and pitch, moved, within what espeak-ng takes.
fn moved(voice: &Voice, [faster, higher]: [i16; 2]) -> (u16, u8) {
    let words_per_minute = voice.words_per_minute.saturating_add_signed(faster).clamp(80, 450);
    let pitch = (i16::from(voice.pitch) + higher).clamp(0, 99);
    (words_per_minute, u8::try_from(pitch).unwrap_or(voice.pitch))
}

/// What a voice says at 48 kHz, at [`VOICE_RMS`], without silence around it.
pub(crate) fn say(voice: &str, words_per_minute: u16, pitch: u8, text: &str) -> Result<Vec<f32>> {
    let settings = EspeakSettings { voice: voice.into(), words_per_minute, pitch, ..EspeakSettings::default() };
    let spoken = Espeak::new(settings)?.speak(text)?;
    let mut samples = resample(&spoken.to_f32(), spoken.rate_hz, RATE_HZ)?;
    let loudest = samples.iter().fold(0.0_f32, |loudest, sample| loudest.max(sample.abs()));
    let loud = |sample: &f32| sample.abs() > loudest * FAINT;
    let end = samples.iter().rposition(loud).map_or(0, |last| last + 1);
    samples.truncate(end);
    samples.drain(..samples.iter().position(loud).unwrap_or(0));
    let level = active_rms(&samples);
    scale_to(&mut samples, level, VOICE_RMS);
    Ok(samples)
}
