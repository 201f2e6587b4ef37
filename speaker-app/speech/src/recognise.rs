//! The interface of speech recognition: a streaming recogniser bound to a grammar.

use crate::audio::{Audio, sample_to_i16};
use crate::error::{Result, SpeechError};

/// The rate that every recogniser hears, in Hz.
pub const RECOGNISER_HZ: u32 = 16_000;

/// What a recogniser made of one utterance.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The grammar's best sentence: words in lower case, one space between. Empty when nothing was spoken, or
    /// nothing like any sentence.
    pub text: String,
    /// How well the sound fits that sentence rather than any other sounds: 0 (not at all) to 1; 0.5 is the border.
    pub confidence: f32,
    /// Something was spoken that the grammar does not have. `text` is then only the nearest sentence, for the log.
    /// Time to say "I did not understand"; silence is not foreign.
    pub foreign: bool,
}

impl Heard {
    /// The sentence to act upon: `None` for silence and for foreign speech.
    #[must_use]
    pub fn command(&self) -> Option<&str> {
        (!self.foreign && !self.text.is_empty()).then_some(self.text.as_str())
    }
}

/// Speech to text within a grammar, chunk by chunk.
///
/// The order is `set_grammar`, then for every utterance `begin`, `feed` as often as audio comes, `finish`. One
/// recogniser should live as long as the microphone: it adapts to the room.
pub trait Recogniser: Send {
    /// Replaces the grammar, from the next utterance on. `name` is for messages.
    ///
    /// On an error the previous grammar stays.
    ///
    /// # Errors
    /// When the grammar is empty or not JSGF, has words that the recogniser does not know, or an utterance is open.
    fn set_grammar(&mut self, name: &str, jsgf: &str) -> Result<()>;

    /// Words with which a sentence may begin, and which say nothing about what follows: the wake word's. Confidence is that of the rest.
    fn set_lead(&mut self, _words: &[String]) {}

    /// Learns the room: what is heard in it while nobody speaks, and a voice in it (the wake word will do), at [`RECOGNISER_HZ`] and full
    /// scale ±1. It holds for the utterances that come. Where there is too little of either to learn from, what was learnt before stays.
    ///
    /// Recognisers that need no such thing do nothing. Those that do, and have not been told, hear an utterance only when it is finished, and
    /// nothing is [`partial`](Self::partial).
    ///
    /// # Errors
    /// When an utterance is open.
    fn attune(&mut self, _noise: &[f32], _voice: &[f32]) -> Result<()> {
        Ok(())
    }

    /// From now on the room's noise is this, also within an utterance: what was played has stopped. Too little of it changes nothing.
    fn quieten(&mut self, _noise: &[f32]) {}

    /// Begins an utterance; one that is open is thrown away.
    ///
    /// # Errors
    /// When no grammar is set, or the engine refuses.
    fn begin(&mut self) -> Result<()>;

    /// Takes more samples of the utterance: mono, 16 bits, [`RECOGNISER_HZ`], any number.
    ///
    /// # Errors
    /// When no utterance is open, or the engine refuses.
    fn feed(&mut self, samples: &[i16]) -> Result<()>;

    /// Takes more samples of the utterance: mono, floats at full scale ±1, [`RECOGNISER_HZ`], any number.
    ///
    /// # Errors
    /// As [`Recogniser::feed`].
    fn feed_f32(&mut self, samples: &[f32]) -> Result<()> {
        let mut block = [0; 512];
        for chunk in samples.chunks(block.len()) {
            for (to, &from) in block.iter_mut().zip(chunk) {
                *to = sample_to_i16(from);
            }
            self.feed(&block[..chunk.len()])?;
        }
        Ok(())
    }

    /// Somebody has paused within an utterance, perhaps for good: what takes long at its end may be begun. Nothing that is heard changes.
    ///
    /// # Errors
    /// When no utterance is open.
    fn pause(&mut self) -> Result<()> {
        Ok(())
    }

    /// The best sentence so far, which may still change; empty before the first word.
    ///
    /// # Errors
    /// When no utterance is open.
    fn partial(&mut self) -> Result<String>;

    /// Ends the utterance and tells what was heard.
    ///
    /// # Errors
    /// When no utterance is open, or the engine refuses.
    fn finish(&mut self) -> Result<Heard>;

    /// Throws the open utterance away; nothing happens when none is open.
    fn cancel(&mut self);

    /// Hears a whole recording: `begin`, `feed`, `finish`.
    ///
    /// # Errors
    /// [`SpeechError::WrongRate`] when the recording is not at [`RECOGNISER_HZ`]; else as the three.
    fn hear(&mut self, audio: &Audio) -> Result<Heard> {
        if audio.rate_hz != RECOGNISER_HZ {
            return Err(SpeechError::WrongRate { given_hz: audio.rate_hz, wanted_hz: RECOGNISER_HZ });
        }
        self.begin()?;
        self.feed(&audio.samples)?;
        self.finish()
    }
}
