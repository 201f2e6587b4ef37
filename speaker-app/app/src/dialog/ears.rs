//! Listening to a sentence: from the wake word on, until nobody has spoken for the hang-over.
//!
//! The recogniser is fed what was heard shortly before the wake word ended as well, and the grammar lets a sentence begin with that
//! word: so a command that follows at once loses nothing, and one that follows after a pause is the same sentence.

use super::noise::lasting;
use super::sentences::{Sentences, When};
use crate::dsp::chain::{HEARD, Heard};
use saggar_speech::{Heard as Recognised, Recogniser, SpeechError};
use std::collections::VecDeque;
use std::time::Instant;

/// Milliseconds of a frame.
pub(crate) const FRAME_MS: u32 = 10;
/// Frames that are kept from before: three seconds.
const KEPT: usize = 300;
/// Frames that are taken from before the wake word was recognised.
const BEFORE: usize = 150;
/// Frames before that in which the wake word may still be: they are the room's noise up to where somebody began to speak.
const PERHAPS_WORD: usize = 170;
/// Frames before the voice activity says that somebody speaks, in which somebody may have begun.
const ONSET: usize = 15;
/// Frames after the wake word's recognition that are awaited: what is said in them belongs to the word, and tells about the voice.
const AFTER: u32 = 20;
/// Frames after the wake word in which speech is still the word itself, whose end is a little later than its recognition, and what the
/// voice activity holds on to after it.
const GRACE: u32 = 30;
/// Frames after a question of its own in which speech may be the question's end, on its way through devices and the room.
const ECHO: u32 = 50;
/// Frames of the room's noise that are remembered for when the loudspeaker falls silent.
const STILL: usize = 60;
/// Frames after which nothing of what the loudspeaker played is heard any more.
const FADED: u32 = 50;
/// Frames that are heard again when it goes on: the end of a pause, and perhaps the beginning of a word.
const AGAIN: usize = 30;
/// Frames of speech that make a sentence.
const SPOKEN: u32 = 12;
/// Frames before the end of the hang-over from which on the end of the sentence is prepared: it takes a fifth of a second.
const AHEAD: u32 = 28;
/// Frames by which the voice activity's own hang-over keeps saying speech.
const HELD: u32 = 20;

/// What a frame led to.
#[derive(Debug)]
pub(crate) enum Ear {
    /// Nothing yet.
    Listens,
    /// The end of a sentence: what was heard, and when it was decided that it had ended, before anybody thought about it.
    Sentence(Recognised, Instant),
    /// Nobody said anything.
    Nothing,
}

/// The ear.
pub(crate) struct Ears {
    recogniser: Box<dyn Recogniser>,
    /// What was heard, and whether somebody spoke.
    kept: VecDeque<([f32; HEARD], bool)>,
    /// What was heard while nobody spoke, the loudspeaker neither.
    still: VecDeque<[f32; HEARD]>,
    /// Frames since the loudspeaker played something.
    silent: u32,
    open: bool,
    /// Whether it listens after the wake word, and not for an answer.
    woken: bool,
    /// Frames until the recogniser has all of the wake word: it learns the voice from that, and is open then.
    awaited: u32,
    expected: Option<When>,
    /// Frames since it began to listen, of speech, and of silence after it.
    since: u32,
    spoken: u32,
    quiet: u32,
    grace: u32,
    hang_over: u32,
    patience: u32,
    longest: u32,
}

impl Ears {
    pub(crate) fn new(recogniser: Box<dyn Recogniser>, config: &crate::config::Dialog) -> Ears {
        let frames = |ms: u32| ms / FRAME_MS;
        Ears {
            recogniser,
            kept: VecDeque::with_capacity(KEPT),
            still: VecDeque::from([[0.0; HEARD]; STILL]),
            silent: FADED,
            open: false,
            woken: false,
            awaited: 0,
            expected: None,
            since: 0,
            spoken: 0,
            quiet: 0,
            grace: 0,
            hang_over: frames(config.hang_over_ms).saturating_sub(HELD).max(1),
            patience: frames(config.patience_ms),
            longest: frames(config.longest_ms),
        }
    }

    /// Sets what may be said from the next sentence on; takes some milliseconds where it changes.
    pub(crate) fn expect(&mut self, sentences: &Sentences, when: When) -> Result<(), SpeechError> {
        if self.expected != Some(when) {
            // The recogniser takes no grammar while it listens.
            self.cancel();
            self.recogniser.set_grammar("sentences", sentences.jsgf(when))?;
            self.recogniser.set_lead(sentences.phrase());
            self.expected = Some(when);
        }
        Ok(())
    }

    /// Keeps a frame, for what comes before a wake word. `sounding` is whether the loudspeaker plays.
    pub(crate) fn keep(&mut self, heard: &Heard, sounding: bool) {
        self.silent = if sounding { 0 } else { self.silent.saturating_add(1) };
        if !heard.speech && self.silent > FADED {
            self.still.pop_front();
            self.still.push_back(heard.samples);
        }
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((heard.samples, heard.speech));
    }

    /// Begins to listen; after the wake word, also to what was just heard.
    pub(crate) fn begin(&mut self, woken: bool) -> Result<(), SpeechError> {
        if woken {
            self.recogniser.cancel();
        } else {
            self.recogniser.begin()?;
        }
        (self.open, self.woken) = (true, woken);
        self.awaited = if woken { AFTER } else { 0 };
        (self.since, self.spoken, self.quiet) = (0, 0, 0);
        self.grace = if woken { GRACE } else { ECHO };
        Ok(())
    }

    /// Opens the recogniser where the wake word is surely over: it learns the room's noise from what came before the word, the voice from the
    /// word itself, and hears both again.
    fn open_after_word(&mut self) -> Result<(), SpeechError> {
        let after = AFTER as usize;
        let surely = self.kept.len().saturating_sub(PERHAPS_WORD + after);
        let spoken = self.kept.range(surely..).position(|(_, speech)| *speech).unwrap_or(0);
        let quiet = self.kept.range(..surely + spoken.saturating_sub(ONSET)).filter(|(_, speech)| !speech);
        let noise = lasting(quiet.map(|(frame, _)| frame));
        let begin = self.kept.len().saturating_sub(BEFORE + after);
        let voice: Vec<f32> = self.kept.range(begin..).flat_map(|(frame, _)| *frame).collect();
        self.recogniser.attune(&noise, &voice)?;
        self.recogniser.begin()?;
        self.recogniser.feed_f32(&voice)?;
        if self.silent <= FADED + AFTER {
            // Whatever played is silent while it listens.
            self.recogniser.quieten(&lasting(self.still.iter()));
        }
        Ok(())
    }

    /// Stops listening.
    pub(crate) fn cancel(&mut self) {
        self.recogniser.cancel();
        self.open = false;
    }

    /// Listens to a frame.
    pub(crate) fn listen(&mut self, heard: &Heard) -> Result<Ear, SpeechError> {
        if !self.open {
            return Ok(Ear::Nothing);
        }
        if heard.played && !self.woken && self.spoken == 0 {
            // On a busy machine it hears only now what it said itself: no answer yet, and nobody's patience.
            self.grace = self.since + ECHO;
            return Ok(Ear::Listens);
        }
        match self.awaited {
            0 => self.recogniser.feed_f32(&heard.samples)?,
            // This frame is kept by now.
            1 => self.open_after_word()?,
            _ => {}
        }
        self.awaited = self.awaited.saturating_sub(1);
        self.since += 1;
        if heard.speech && self.since > self.grace {
            self.spoken += 1;
            self.quiet = 0;
        } else {
            self.quiet += 1;
        }
        if self.spoken >= SPOKEN && self.quiet == self.hang_over.saturating_sub(AHEAD) && self.awaited == 0 {
            self.recogniser.pause()?;
        }
        let ended = self.spoken >= SPOKEN && self.quiet >= self.hang_over;
        if ended || self.since >= self.longest {
            self.open = false;
            // From when the frame was there, whoever was late for it.
            return Ok(Ear::Sentence(self.recogniser.finish()?, heard.at));
        }
        // Who has just begun to speak is heard out.
        let speaks = self.spoken > 0 && self.quiet < self.hang_over;
        if self.spoken < SPOKEN && !speaks && self.since >= self.patience {
            self.cancel();
            return Ok(Ear::Nothing);
        }
        Ok(Ear::Listens)
    }

    /// Goes on listening after a sentence without words, with what is left of the patience; false when that has ended.
    pub(crate) fn go_on(&mut self) -> Result<bool, SpeechError> {
        let since = self.since;
        if since >= self.patience {
            return Ok(false);
        }
        self.begin(false)?;
        for (frame, _) in self.kept.range(self.kept.len().saturating_sub(AGAIN)..) {
            self.recogniser.feed_f32(frame)?;
        }
        self.since = since;
        Ok(true)
    }
}
