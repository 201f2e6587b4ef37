//! The interface of speech synthesis.

use crate::audio::Audio;
use crate::error::Result;
use std::ops::ControlFlow;

/// Text to speech.
pub trait Synthesiser: Send {
    /// Speaks the whole text. An empty text gives audio without samples.
    ///
    /// # Errors
    /// When the engine is missing, fails, or takes too long.
    fn speak(&mut self, text: &str) -> Result<Audio> {
        let mut audio = Audio { rate_hz: self.rate_hz(), samples: Vec::new() };
        self.stream(text, &mut |rate_hz, samples| {
            audio.rate_hz = rate_hz;
            audio.samples.extend_from_slice(samples);
            ControlFlow::Continue(())
        })?;
        Ok(audio)
    }

    /// Speaks the text chunk by chunk: `sink` gets the rate in Hz and the next mono samples as soon as they are there.
    /// When it breaks, speaking ends at once (barge-in), without an error.
    ///
    /// # Errors
    /// As [`Synthesiser::speak`]; chunks given before the error stay valid.
    fn stream(&mut self, text: &str, sink: &mut dyn FnMut(u32, &[i16]) -> ControlFlow<()>) -> Result<()>;

    /// The rate that the engine usually speaks at, in Hz; the audio says the true one.
    fn rate_hz(&self) -> u32;
}
