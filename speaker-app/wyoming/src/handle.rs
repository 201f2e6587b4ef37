//! What the speaker tells its client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::driver::Mode;
use crate::event::Event;
use crate::shared::{Link, lock};
use crate::speech::{VoiceStarted, VoiceStopped};

/// The speaker's end of the connection to the driving client; clones are the same end.
///
/// No method waits for the client: each allocates a little and takes a lock for a short time. That is fine for the threads of
/// recognition and dialog, and not for those of the audio device. A client that does not read fast enough is disconnected.
/// Without a client, and after the server's end, the methods do nothing.
#[derive(Clone)]
pub struct Handle {
    link: Arc<Link>,
}

/// Whether there is a client, and what it is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody drives.
    NoClient,
    /// A client drives, and takes no commands for now.
    Paused,
    /// A client takes the next command.
    Ready,
    /// Microphone sound is being sent. Show it.
    Streaming,
}

impl Handle {
    pub(crate) fn new(link: Arc<Link>) -> Self {
        Self { link }
    }

    /// The wake word `name` (as in [`WakeModel::name`](crate::WakeModel::name)) was heard, `timestamp` in milliseconds on any
    /// clock: sends `detection`, `run-pipeline`, `streaming-started` and `audio-start`. An answer that is being played is
    /// interrupted, a command that is being sent ends.
    ///
    /// Returns whether the client takes the command. If not, it is the speaker's own to understand.
    pub fn wake(&self, name: &str, timestamp: Option<i64>) -> bool {
        self.link.with_driver(|driver, config, tally| driver.wake(name, timestamp, config, tally))
    }

    /// Sends microphone sound, mono at [`MICROPHONE_HZ`](crate::MICROPHONE_HZ), any number of samples.
    ///
    /// Returns whether more is wanted; what comes when it is not is dropped.
    pub fn audio(&self, samples: &[i16]) -> bool {
        self.link.with_driver(|driver, config, tally| driver.audio(samples, config, tally))
    }

    /// The speaker's own detector hears speech; sent within a command only.
    pub fn voice_started(&self, timestamp: Option<i64>) -> bool {
        self.in_command(&Event::VoiceStarted(VoiceStarted { timestamp }))
    }

    /// It hears a pause. The command goes on until [`end_of_speech`](Self::end_of_speech).
    pub fn voice_stopped(&self, timestamp: Option<i64>) -> bool {
        self.in_command(&Event::VoiceStopped(VoiceStopped { timestamp }))
    }

    /// The command is complete: sends `audio-stop` and `streaming-stopped`. Returns whether one was being sent.
    pub fn end_of_speech(&self) -> bool {
        self.link.with_driver(|driver, _, tally| driver.stop_streaming(tally))
    }

    /// The oldest sound whose [`play_end`](crate::Speaker::play_end) was called was heard to its end: sends `played`. Not to be
    /// called for sound that [`wake`](Self::wake) interrupted. Returns whether there was one.
    pub fn played(&self) -> bool {
        self.link.with_driver(|driver, _, tally| driver.playback.played() && driver.push(&Event::Played, tally))
    }

    /// What the client is ready for.
    pub fn state(&self) -> State {
        match lock(&self.link.driver).as_ref().map(|driver| driver.mode) {
            None => State::NoClient,
            Some(Mode::Paused) => State::Paused,
            Some(Mode::Ready) => State::Ready,
            Some(Mode::Streaming(_)) => State::Streaming,
        }
    }

    /// What has happened since the start.
    pub fn counters(&self) -> Counters {
        let tally = &self.link.tally;
        Counters {
            accepted: tally.accepted.get(),
            refused: tally.refused.get(),
            malformed: tally.malformed.get(),
            dropped: tally.dropped.get(),
            slow: tally.slow.get(),
        }
    }

    /// Sends an event if a command is being sent.
    fn in_command(&self, event: &Event) -> bool {
        self.link.with_driver(|driver, _, tally| matches!(driver.mode, Mode::Streaming(_)) && driver.push(event, tally))
    }
}

/// What has happened since the server's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Connections.
    pub accepted: u64,
    /// Connections turned away: not on the list, or too many.
    pub refused: u64,
    /// Frames and events that were not understood.
    pub malformed: u64,
    /// Events for the driver that were not sent.
    pub dropped: u64,
    /// Drivers that were disconnected because they did not read.
    pub slow: u64,
}

/// The counters as threads count them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) accepted: Count,
    pub(crate) refused: Count,
    pub(crate) malformed: Count,
    pub(crate) dropped: Count,
    pub(crate) slow: Count,
}

/// One of them.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
