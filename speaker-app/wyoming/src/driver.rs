//! The client that drives the satellite: what it is sent, and when. The privacy of the crate's head is kept here: microphone
//! sound leaves in [`Mode::Streaming`] alone, and [`Driver::wake`] alone leads there.

use crate::MICROPHONE_HZ;
use crate::audio::{AudioChunk, AudioFormat, AudioStart, AudioStop};
use crate::config::Config;
use crate::event::Event;
use crate::handle::Tally;
use crate::outbox::{Outbox, Pushed};
use crate::pipeline::{RunPipeline, Stage};
use crate::playback::Playback;
use crate::speech::Detection;

/// Samples in one chunk of ours: 64 ms of the microphone.
pub(crate) const CHUNK_SAMPLES: usize = 1024;

/// What the driver is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing.
    Paused,
    /// A wake word.
    Ready,
    /// The command's sound, of which so many samples were sent.
    Streaming(u64),
}

/// The driving connection.
pub(crate) struct Driver {
    /// The connection's number.
    pub(crate) id: u64,
    pub(crate) mode: Mode,
    pub(crate) playback: Playback,
    out: Outbox,
}

impl Driver {
    pub(crate) fn new(id: u64, out: Outbox) -> Self {
        Self { id, mode: Mode::Ready, playback: Playback::default(), out }
    }

    /// Sends a wake word and opens the stream: whether the client takes the command.
    pub(crate) fn wake(&mut self, name: &str, timestamp: Option<i64>, config: &Config, tally: &Tally) -> bool {
        if self.mode == Mode::Paused {
            return false;
        }
        self.stop_streaming(tally);
        if self.playback.interrupt() {
            self.push(&Event::Played, tally);
        }
        let name = Some(name.to_owned());
        let listens = config.start_stage == Stage::Wake;
        let pipeline = RunPipeline {
            start_stage: config.start_stage,
            end_stage: config.end_stage,
            wake_word_names: name.clone().filter(|_| listens).map(|name| vec![name]),
            wake_word_name: name.clone(),
            restart_on_end: false,
            announce_text: None,
        };
        let opened = self.push(&Event::Detection(Detection { name, timestamp, speaker: None }), tally)
            && self.push(&Event::RunPipeline(pipeline), tally)
            && self.push(&Event::StreamingStarted, tally)
            && self.push(&Event::AudioStart(AudioStart { format: AudioFormat::mono(MICROPHONE_HZ), timestamp: Some(0) }), tally);
        if opened {
            self.mode = Mode::Streaming(0);
        }
        opened
    }

    /// Sends a piece of the command: whether more is wanted.
    pub(crate) fn audio(&mut self, samples: &[i16], config: &Config, tally: &Tally) -> bool {
        let most = u64::from(config.command_seconds) * u64::from(MICROPHONE_HZ);
        for piece in samples.chunks(CHUNK_SAMPLES) {
            let Mode::Streaming(sent) = self.mode else { return false };
            let left = usize::try_from(most - sent).unwrap_or(usize::MAX);
            let piece = &piece[..piece.len().min(left)];
            if piece.is_empty() || !self.push(&Event::AudioChunk(AudioChunk::mono(MICROPHONE_HZ, piece, millis(sent))), tally) {
                self.stop_streaming(tally);
                return false;
            }
            // A piece has at most `left` samples, so this stays at most `most`.
            self.mode = Mode::Streaming(sent + piece.len() as u64);
            if piece.len() == left {
                self.stop_streaming(tally);
                return false;
            }
        }
        matches!(self.mode, Mode::Streaming(_))
    }

    /// Ends the command: whether one was being sent.
    pub(crate) fn stop_streaming(&mut self, tally: &Tally) -> bool {
        let Mode::Streaming(sent) = self.mode else { return false };
        self.mode = Mode::Ready;
        self.push(&Event::AudioStop(AudioStop { timestamp: millis(sent) }), tally);
        self.push(&Event::StreamingStopped, tally);
        true
    }

    /// Queues an event: whether the client is still there. One that is too slow is not, from here on.
    pub(crate) fn push(&mut self, event: &Event, tally: &Tally) -> bool {
        match self.out.push(event) {
            Pushed::Queued => return true,
            Pushed::Overflowed => {
                tally.slow.add();
                tally.dropped.add();
            }
            Pushed::Closed => tally.dropped.add(),
        }
        self.mode = Mode::Paused;
        false
    }
}

/// Samples of the microphone as milliseconds.
fn millis(samples: u64) -> Option<i64> {
    i64::try_from(samples.saturating_mul(1000) / u64::from(MICROPHONE_HZ)).ok()
}
