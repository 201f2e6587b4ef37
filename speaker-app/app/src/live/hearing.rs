//! The thread that hears: frames of the microphone, and what was played meanwhile, through the chain.

use super::delay::Delay;
use super::figures::Figures;
use super::rings::{End, Frames, Swap};
use super::{NAP, TELL_EVERY};
use crate::alloc;
use crate::dsp::chain::{Chain, FRAME, Heard};
use crate::priority::{Urgency, raise};
use rtrb::{Consumer, Producer};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

/// Frames after which it is looked whether the loudspeaker's ring runs ahead or behind: two seconds.
const WINDOW: u64 = 200;
/// Samples that may always be left in that ring; more means that the canceller is told later than it need be.
const LEFT: usize = 2 * FRAME;
/// Samples of it that are too many at once: whatever is played would be told after it is heard.
const MOST: usize = 12 * FRAME;

pub(super) struct Hearing {
    pub(super) chain: Chain,
    pub(super) microphone: Swap<End<Consumer<f32>>>,
    pub(super) echo: Swap<End<Consumer<f32>>>,
    pub(super) to_dialog: Producer<Heard>,
    pub(super) figures: Producer<Figures>,
}

impl Hearing {
    pub(super) fn run(mut self, stop: &AtomicBool) {
        let real_time = raise(Urgency::Frame);
        let mut microphone = None;
        let mut from_microphone = Frames::new();
        let mut reference = Reference::default();
        let mut delay = Delay::new();
        let (mut samples, mut played) = ([0.0; FRAME], [0.0; FRAME]);
        let (mut count, mut starved) = (0_u64, 0);
        // How long the microphone that is there has given frames, and how many; what others lacked.
        let (mut since, mut given, mut lacked) = (Instant::now(), 0_u64, 0);
        while !stop.load(Ordering::Relaxed) {
            let any = alloc::watched(|| {
                if self.microphone.look(&mut microphone) {
                    lacked += missing(since, given);
                    given = 0;
                    from_microphone.clear();
                    reference.fresh = true;
                    delay.forget();
                }
                if self.echo.look(&mut reference.end) {
                    reference.frames.clear();
                    reference.fresh = true;
                    delay.forget();
                }
                let Some(end) = &mut microphone else { return false };
                if !from_microphone.next(end, &mut samples) {
                    return false;
                }
                if given == 0 {
                    since = Instant::now();
                }
                given += 1;
                reference.next(&mut played);
                delay.align(&samples, &mut played);
                let heard = self.chain.process(&samples, &played);
                starved += u64::from(self.to_dialog.push(heard).is_err());
                true
            });
            if !any {
                thread::sleep(NAP);
                continue;
            }
            count += 1;
            if count.is_multiple_of(TELL_EVERY) {
                let Reference { unreferenced, realigned, .. } = reference;
                let _ = self.figures.push(Figures {
                    real_time,
                    missing_ms: lacked + missing(since, given),
                    starved,
                    unreferenced,
                    realigned,
                    echo_later_ms: delay.frames() as u64 * 10,
                    ..Figures::of(&self.chain)
                });
            }
        }
    }
}

/// Milliseconds that are missing of a microphone that has given so many frames since a time.
fn missing(since: Instant, given: u64) -> u64 {
    let passed = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
    if given == 0 { 0 } else { passed.saturating_sub(given * 10) }
}

/// What was played when a frame was heard.
///
/// The loudspeaker's callback tells what it has taken, a device's latency before that is heard; a frame of it is read for each frame of
/// the microphone. So the delay between both stays what it is, while the canceller needs it to be neither negative nor long. The ring
/// begins empty; where nothing is in it, silence takes its place and the ring is a frame fuller from then on, until that no longer
/// happens. Where it is never almost empty for two seconds (a device stood still, or the clocks differ), what is too much is left out.
struct Reference {
    end: Option<End<Consumer<f32>>>,
    frames: Frames,
    /// Since either device has come.
    fresh: bool,
    /// Frames in this window, and the fewest samples that were left in it.
    counted: u64,
    fewest: usize,
    unreferenced: u64,
    realigned: u64,
}

impl Default for Reference {
    fn default() -> Reference {
        Reference { end: None, frames: Frames::new(), fresh: true, counted: 0, fewest: usize::MAX, unreferenced: 0, realigned: 0 }
    }
}

impl Reference {
    fn next(&mut self, played: &mut [f32; FRAME]) {
        let Some(end) = &mut self.end else { return played.fill(0.0) };
        let waiting = end.ring.slots();
        if std::mem::take(&mut self.fresh) {
            skip(end, waiting);
            (self.counted, self.fewest) = (0, usize::MAX);
        } else if waiting > MOST {
            skip(end, waiting - FRAME);
            self.realigned += 1;
            (self.counted, self.fewest) = (0, usize::MAX);
        }
        if !self.frames.next(end, played) {
            self.unreferenced += 1;
            played.fill(0.0);
        }
        self.fewest = self.fewest.min(end.ring.slots());
        self.counted += 1;
        if self.counted == WINDOW {
            if self.fewest > LEFT {
                skip(end, self.fewest - FRAME);
                self.realigned += 1;
            }
            (self.counted, self.fewest) = (0, usize::MAX);
        }
    }
}

fn skip(end: &mut End<Consumer<f32>>, samples: usize) {
    if let Ok(chunk) = end.ring.read_chunk(samples) {
        chunk.commit_all();
    }
}
