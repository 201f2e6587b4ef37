//! What it says: text to speech into the mixer's ring.

use crate::mixer::Source;
use saggar_speech::{Resampler, SpeechError, Synthesiser};
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// Samples a second of the mixer.
const RATE_HZ: u32 = 48_000;

/// Speaks.
pub struct Voice {
    synthesiser: Box<dyn Synthesiser>,
    /// What does not fit into the ring yet.
    pending: VecDeque<f32>,
    /// Samples that were written when the answer began that is not heard yet.
    begins: Option<u64>,
    /// For what somebody else says: its rate in Hz.
    foreign: Option<(u32, Resampler)>,
}

impl Voice {
    /// A voice.
    #[must_use]
    pub fn new(synthesiser: Box<dyn Synthesiser>) -> Voice {
        Voice { synthesiser, pending: VecDeque::new(), begins: None, foreign: None }
    }

    /// Says a text after what is being said.
    ///
    /// # Errors
    /// When the synthesiser fails; what was made until then is said.
    pub fn say(&mut self, text: &str, source: &mut Source) -> Result<(), SpeechError> {
        let pending = &mut self.pending;
        let mut resampler: Option<Resampler> = None;
        let (mut samples, mut resampled) = (Vec::new(), Vec::new());
        let spoken = self.synthesiser.stream(text, &mut |rate_hz, block| {
            samples.clear();
            samples.extend(block.iter().map(|sample| f32::from(*sample) / 32_768.0));
            if rate_hz == RATE_HZ {
                pending.extend(&samples);
                return ControlFlow::Continue(());
            }
            if resampler.is_none() {
                resampler = Resampler::new(rate_hz, RATE_HZ).ok();
            }
            let Some(resampler) = &mut resampler else { return ControlFlow::Break(()) };
            resampled.clear();
            resampler.push(&samples, &mut resampled);
            pending.extend(&resampled);
            ControlFlow::Continue(())
        });
        if let Some(mut resampler) = resampler {
            resampled.clear();
            resampler.finish(&mut resampled);
            self.pending.extend(&resampled);
        }
        if self.begins.is_none() {
            self.begins = Some(source.written());
        }
        self.pump(source);
        spoken
    }

    /// Plays what somebody else says, after what is being said: samples a second, mono.
    pub(crate) fn play(&mut self, rate_hz: u32, samples: &[i16], source: &mut Source) {
        let samples: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        if rate_hz == RATE_HZ {
            self.pending.extend(&samples);
        } else {
            if self.foreign.as_ref().is_none_or(|(rate, _)| *rate != rate_hz) {
                self.foreign = Resampler::new(rate_hz, RATE_HZ).ok().map(|made| (rate_hz, made));
            }
            let mut resampled = Vec::new();
            if let Some((_, resampler)) = &mut self.foreign {
                resampler.push(&samples, &mut resampled);
            }
            self.pending.extend(&resampled);
        }
        self.pump(source);
    }

    /// Moves on what had no room.
    pub fn pump(&mut self, source: &mut Source) {
        while !self.pending.is_empty() {
            let (first, second) = self.pending.as_slices();
            let next = if first.is_empty() { second } else { first };
            let count = source.push(next);
            if count == 0 {
                return;
            }
            self.pending.drain(..count);
        }
    }

    /// Falls silent.
    pub fn stop(&mut self, source: &mut Source) {
        self.pending.clear();
        (self.begins, self.foreign) = (None, None);
        source.flush();
    }

    /// Whether something is left to be heard.
    #[must_use]
    pub fn is_speaking(&self, source: &Source) -> bool {
        !self.pending.is_empty() || source.waiting() > 0
    }

    /// Whether the answer has begun to be heard since this was asked last.
    pub fn has_begun(&mut self, source: &Source) -> bool {
        let begun = self.begins.is_some_and(|begins| source.read() > begins);
        if begun {
            self.begins = None;
        }
        begun
    }
}
