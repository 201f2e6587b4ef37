//! Home Assistant's end, where the speaker is its satellite: commands go there, and what it wants is done.

use super::{Dialog, RINGS, Ringing, ears};
use crate::dsp::chain::Heard;
use crate::event::State;
use crate::satellite::{Note, Satellite};

/// Frames of a command that are sent at least: a second.
const SENT_AT_LEAST: u32 = 100;

/// A command that is being sent: frames so far, and of silence at their end.
#[derive(Clone, Copy, Default)]
pub(super) struct Sending {
    frames: u32,
    quiet: u32,
}

impl Sending {
    /// Takes a frame; whether nobody has spoken for the hang-over.
    fn falls_silent(&mut self, heard: &Heard, hang_over_ms: u32) -> bool {
        self.frames += 1;
        self.quiet = if heard.speech { 0 } else { self.quiet + 1 };
        self.quiet * ears::FRAME_MS >= hang_over_ms && self.frames > SENT_AT_LEAST
    }
}

impl Dialog {
    /// Makes it a satellite.
    pub(crate) fn attach(&mut self, satellite: Satellite) {
        self.satellite = Some(satellite);
    }

    /// Sends a frame of a command to the client, until nobody has spoken for the hang-over.
    pub(super) fn send(&mut self, heard: &Heard) {
        let (Some(sending), Some(satellite)) = (&mut self.sending, &self.satellite) else { return };
        let silent = sending.falls_silent(heard, self.hang_over_ms);
        let wanted = satellite.send(heard);
        if silent || !wanted {
            satellite.end();
            self.sending = None;
            self.go(State::Idle);
        }
    }

    /// Does what the client wants.
    pub(super) fn follow_client(&mut self) {
        let notes = self.satellite.as_mut().map(Satellite::notes).unwrap_or_default();
        for note in notes {
            match note {
                Note::Play(rate_hz, samples) => {
                    if let Some(voice) = &mut self.voice {
                        voice.play(rate_hz, &samples, &mut self.sources.speech);
                        self.go(State::Speaking);
                    }
                }
                Note::Rings => self.ringing = Some(Ringing { next: self.frame, left: RINGS }),
                Note::Stopped if self.sending.take().is_some() => self.go(State::Idle),
                Note::Begin | Note::End | Note::Stopped => {}
            }
        }
    }
}
