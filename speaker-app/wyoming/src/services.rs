//! What any client may ask for: text of sound, sound of text. One connection's requests, one after the other.

use crate::audio::{AudioChunk, AudioFormat, AudioStart, AudioStop};
use crate::driver::CHUNK_SAMPLES;
use crate::error::{Failure, FormatError};
use crate::event::Event;
use crate::outbox::Outbox;
use crate::resample::to_16k;
use crate::shared::{Shared, lock};
use crate::speaker::Audio;
use crate::speech::{Synthesize, Transcribe, Transcript};

/// What the sound on this connection is for.
#[derive(Default)]
pub(crate) enum Request {
    /// Nothing was asked for.
    #[default]
    None,
    /// A request that was answered with an error; the rest of its sound is dropped.
    Refused,
    /// To be transcribed when it ends.
    Transcribe {
        language: Option<String>,
        /// The first chunk's rate.
        rate_hz: Option<u32>,
        samples: Vec<i16>,
    },
}

impl Request {
    /// Handles one event; an error goes to the client, and the rest of the request is dropped.
    pub(crate) fn event(&mut self, event: Event, shared: &Shared, out: &Outbox) -> Result<(), Failure> {
        let done = match event {
            Event::Transcribe(Transcribe { language, .. }) => {
                *self = Self::Transcribe { language, rate_hz: None, samples: Vec::new() };
                Ok(())
            }
            Event::AudioStart(AudioStart { format, .. }) => self.start(format),
            Event::AudioChunk(chunk) => self.chunk(&chunk, shared.link.config.transcribe_seconds),
            Event::AudioStop(_) => return std::mem::take(self).finish(shared, out),
            Event::Synthesize(request) => return synthesize(&request, shared, out),
            Event::Detect(_) => Err(Failure::new(
                "not-offered",
                "wake words are detected at this speaker's own microphone only, not in sound that is sent to it",
            )),
            // What is left are answers and notices; nobody was asked here.
            _ => Ok(()),
        };
        if done.is_err() {
            *self = Self::Refused;
        }
        done
    }

    /// `audio-start`.
    fn start(&self, format: AudioFormat) -> Result<(), Failure> {
        format.check()?;
        match self {
            Self::None => Err(Failure::new(
                "no-request",
                "sound without a request: send 'transcribe' before it, or 'run-satellite' to have it played",
            )),
            Self::Refused | Self::Transcribe { .. } => Ok(()),
        }
    }

    /// A piece of the recording.
    fn chunk(&mut self, chunk: &AudioChunk, most_seconds: u32) -> Result<(), Failure> {
        let Self::Transcribe { rate_hz, samples, .. } = self else { return Ok(()) };
        let rate_now_hz = chunk.format.rate_hz;
        let piece = chunk.to_mono()?;
        let rate_hz = *rate_hz.get_or_insert(rate_now_hz);
        if rate_hz != rate_now_hz {
            return Err(FormatError::Changed(rate_hz, rate_now_hz).into());
        }
        // Widened: 192,000 times u32::MAX fits in 64 bits.
        if (samples.len() + piece.len()) as u64 > u64::from(rate_hz) * u64::from(most_seconds) {
            return Err(Failure::new("too-long", format!("recordings of more than {most_seconds} s are not transcribed")));
        }
        samples.extend(piece);
        Ok(())
    }

    /// `audio-stop`: the recogniser's turn.
    fn finish(self, shared: &Shared, out: &Outbox) -> Result<(), Failure> {
        let Self::Transcribe { language, rate_hz, samples } = self else { return Ok(()) };
        let audio_16k = to_16k(rate_hz.unwrap_or(crate::MICROPHONE_HZ), samples)?;
        let text = lock(&shared.engine).transcribe(&audio_16k, language.as_deref())?;
        out.send(&Event::Transcript(Transcript { text, language }));
        Ok(())
    }
}

/// `synthesize`: sends the sound, waiting for a client that reads slowly.
fn synthesize(request: &Synthesize, shared: &Shared, out: &Outbox) -> Result<(), Failure> {
    let most = shared.link.config.text_bytes;
    if request.text.len() > most {
        return Err(Failure::new("too-long", format!("texts of more than {most} bytes are not spoken: send sentences")));
    }
    if request.text_format.as_deref().is_some_and(|format| format != "text") {
        return Err(Failure::new("text-format", "only plain text is spoken: leave 'text_format' out"));
    }
    let voice = request.voice.clone().unwrap_or_default();
    let Audio { rate_hz, samples } = lock(&shared.engine).synthesize(&request.text, &voice)?;
    let format = AudioFormat::mono(rate_hz);
    format.check()?;
    let millis = |position: usize| i64::try_from(position as u64 * 1000 / u64::from(rate_hz)).ok();
    let start = Event::AudioStart(AudioStart { format, timestamp: Some(0) });
    let pieces = samples.chunks(CHUNK_SAMPLES).enumerate();
    let chunks = pieces.map(|(n, piece)| Event::AudioChunk(AudioChunk::mono(rate_hz, piece, millis(n * CHUNK_SAMPLES))));
    let stop = Event::AudioStop(AudioStop { timestamp: millis(samples.len()) });
    // Ends early where the client is gone.
    let _ = std::iter::once(start).chain(chunks).chain(std::iter::once(stop)).all(|event| out.send(&event));
    Ok(())
}
