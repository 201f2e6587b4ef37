//! One client's connection: its thread reads events and answers them, in order, until the client leaves or is not understood.
//!
//! A ping is answered whatever role the connection has. What else an event means depends on whether this connection drives
//! the satellite: the crate's head says why.

use std::io::{BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::driver::{Driver, Mode};
use crate::error::{Failure, FrameError};
use crate::event::Event;
use crate::frame;
use crate::outbox::Outbox;
use crate::playback::Verdict;
use crate::services::Request;
use crate::shared::{Shared, lock};
use crate::speaker::{Notice, Speaker};
use crate::speech::{Ping, Pong};
use crate::timer::TimerEvent;

/// How long and how far to read on after a last `error`, so that the client gets to read it: a socket that is closed on
/// unread bytes takes back what was sent.
const LINGER: (Duration, u64) = (Duration::from_millis(300), 64 << 10);

/// Serves a client until it is gone. Events of other connections go on whatever happens here, a panic of the speaker's
/// methods included.
pub(crate) fn run(id: u64, stream: &Arc<TcpStream>, shared: &Shared) {
    let config = &shared.link.config;
    let Ok((out, writer)) = Outbox::open(stream.clone(), config.queue_events, config.limits) else { return };
    // A chunk of ours is small and late enough already.
    let _ = stream.set_nodelay(true);
    let mut connection = Connection { id, shared, out: out.clone(), request: Request::None };
    let end = catch_unwind(AssertUnwindSafe(|| connection.serve(stream)));
    drop(connection);
    // The driver's clone of the queue goes here, so that the writer ends.
    shared.change(|driver| driver.take_if(|driver| driver.id == id).map(|_| Notice::Gone));
    if matches!(end, Ok(End::Failed) | Err(_)) {
        out.close();
    }
    // The last clone: the writer ends when all is written.
    drop(out);
    if matches!(end, Ok(End::Told)) {
        let _ = stream.set_read_timeout(Some(LINGER.0));
        let _ = std::io::copy(&mut (&**stream).take(LINGER.1), &mut std::io::sink());
    }
    // At most the time of a write that nobody reads.
    let _ = writer.join();
}

/// How a connection ended.
enum End {
    /// The client closed its side; answers may still be on their way.
    Left,
    /// The client was told why.
    Told,
    /// The socket failed.
    Failed,
}

/// The thread's state.
struct Connection<'a> {
    id: u64,
    shared: &'a Shared,
    out: Outbox,
    request: Request,
}

impl Connection<'_> {
    /// Reads and answers until the end.
    fn serve(&mut self, stream: &TcpStream) -> End {
        let config = &self.shared.link.config;
        if stream.set_read_timeout(Some(config.idle)).is_err() {
            return End::Failed;
        }
        let mut reader = BufReader::new(stream);
        loop {
            let frame = match frame::read(&mut reader, &config.limits) {
                Ok(Some(frame)) => frame,
                Ok(None) => return End::Left,
                Err(error) => return self.broken(error),
            };
            let answer = match Event::from_frame(frame) {
                Ok(event) => self.event(event),
                Err(error) => {
                    self.shared.link.tally.malformed.add();
                    Err(error.into())
                }
            };
            let Err(failure) = answer else { continue };
            let busy = failure.code == BUSY;
            if !self.out.send(&failure.into()) {
                return End::Failed;
            }
            if busy {
                return End::Told;
            }
        }
    }

    /// The end of a connection whose bytes cannot be read on.
    fn broken(&self, error: FrameError) -> End {
        let error = match error {
            FrameError::Io(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                FrameError::Idle(self.shared.link.config.idle)
            }
            FrameError::Io(_) => return End::Failed,
            error => error,
        };
        if !matches!(error, FrameError::Idle(_)) {
            self.shared.link.tally.malformed.add();
        }
        if self.out.send(&Failure::from(&error).into()) { End::Told } else { End::Failed }
    }

    /// One event.
    fn event(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Describe => {
                self.out.send(&Event::Info(self.shared.info.clone()));
                Ok(())
            }
            Event::Ping(Ping { text }) => {
                self.out.send(&Event::Pong(Pong { text }));
                Ok(())
            }
            Event::RunSatellite => self.run_satellite(),
            event if self.drives() => self.driven(event),
            event => self.request.event(event, self.shared, &self.out),
        }
    }

    /// Whether this connection drives the satellite.
    fn drives(&self) -> bool {
        lock(&self.shared.link.driver).as_ref().is_some_and(|driver| driver.id == self.id)
    }

    /// `run-satellite`: this client drives from now on, or another one does already. Then the connection ends, so that the
    /// client tries again: Home Assistant does not read the error.
    fn run_satellite(&mut self) -> Result<(), Failure> {
        if self.shared.info.satellite.is_none() {
            return Err(Failure::new("no-satellite", "only services are offered on this port, no satellite"));
        }
        let taken = self.shared.change(|slot| {
            let driver = slot.get_or_insert_with(|| Driver::new(self.id, self.out.clone()));
            if driver.id != self.id {
                return None;
            }
            driver.stop_streaming(&self.shared.link.tally);
            driver.mode = Mode::Ready;
            Some(Notice::Running)
        });
        if taken { Ok(()) } else { Err(Failure::new(BUSY, "another client drives this satellite: disconnect it first")) }
    }

    /// An event of the driver.
    fn driven(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::AudioStart(start) => {
                start.format.check()?;
                self.playback(|driver, _| driver.playback.start(), |speaker| speaker.play_start())
            }
            Event::AudioChunk(chunk) => {
                let (rate_hz, samples) = (chunk.format.rate_hz, chunk.to_mono()?);
                self.playback(
                    |driver, most| driver.playback.piece(samples.len(), rate_hz, most),
                    |speaker| speaker.play(rate_hz, &samples),
                )
            }
            Event::AudioStop(_) => self.playback(
                |driver, _| if driver.playback.stop() { Verdict::Play } else { Verdict::Drop },
                |speaker| speaker.play_end(),
            ),
            Event::TimerStarted(timer) => self.timer(TimerEvent::Started(timer)),
            Event::TimerUpdated(timer) => self.timer(TimerEvent::Updated(timer)),
            Event::TimerCancelled(timer) => self.timer(TimerEvent::Cancelled(timer)),
            Event::TimerFinished(timer) => self.timer(TimerEvent::Finished(timer)),
            event => {
                if let Some(notice) = notice(event) {
                    self.notice(notice);
                }
                Ok(())
            }
        }
    }

    /// Decides on sound with the driver, and hands it on with no change of the driver between.
    fn playback(
        &self,
        decide: impl FnOnce(&mut Driver, u32) -> Verdict,
        act: impl FnOnce(&mut dyn Speaker),
    ) -> Result<(), Failure> {
        let mut speaker = lock(&self.shared.speaker);
        let verdict = self.shared.link.with_driver(|driver, config, _| Some(decide(driver, config.playback_seconds)));
        match verdict {
            Some(Verdict::Play) => act(&mut **speaker),
            Some(Verdict::Refuse) => {
                return Err(Failure::new("too-much-sound", "more sound waits to be heard than is kept: the rest is dropped"));
            }
            Some(Verdict::Drop) | None => {}
        }
        Ok(())
    }

    /// Hands on a timer.
    fn timer(&self, event: TimerEvent) -> Result<(), Failure> {
        lock(&self.shared.speaker).timer(event);
        Ok(())
    }

    /// Hands on a notice; several of them mean that the command is complete, and then no more sound is sent.
    fn notice(&self, notice: Notice) {
        self.shared.change(|driver| {
            let driver = driver.as_mut()?;
            match notice {
                Notice::VoiceStopped { .. } | Notice::Transcript { .. } | Notice::Error { .. } => {
                    driver.stop_streaming(&self.shared.link.tally);
                }
                Notice::Paused => {
                    driver.stop_streaming(&self.shared.link.tally);
                    driver.mode = Mode::Paused;
                }
                _ => {}
            }
            Some(notice)
        });
    }
}

/// The code of the error that another client drives.
const BUSY: &str = "busy";

/// What the speaker is told of a driver's event; `None` for those that a satellite has no use for.
fn notice(event: Event) -> Option<Notice> {
    Some(match event {
        Event::PauseSatellite => Notice::Paused,
        Event::Detect(detect) => Notice::Detect { names: detect.names.unwrap_or_default() },
        Event::Detection(detection) => Notice::Detection { name: detection.name },
        Event::Transcribe(request) => Notice::Transcribe { language: request.language },
        Event::VoiceStarted(voice) => Notice::VoiceStarted { timestamp: voice.timestamp },
        Event::VoiceStopped(voice) => Notice::VoiceStopped { timestamp: voice.timestamp },
        Event::Transcript(transcript) => Notice::Transcript { text: transcript.text },
        Event::Synthesize(request) => Notice::Synthesize { text: request.text },
        Event::Error(error) => Notice::Error { text: error.text, code: error.code },
        _ => return None,
    })
}
