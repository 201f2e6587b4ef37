//! Ends of rings: how threads that may not wait get new ones when a device comes, and frames of 10 ms out of whatever a device gives.

use crate::devices::Health;
use crate::dsp::chain::{FRAME, RATE_HZ};
use rtrb::{Consumer, Producer, RingBuffer};
use saggar_speech::Resampler;
use std::sync::Arc;

/// An end of a ring to or from a device. Made outside of the audio threads, which therefore never allocate for a new device.
pub(super) struct End<T> {
    pub(super) ring: T,
    pub(super) rate_hz: u32,
    /// Between the device's rate and 48 kHz, where they differ.
    pub(super) resampler: Option<Resampler>,
    /// The device's counters.
    pub(super) health: Arc<Health>,
}

impl End<Consumer<f32>> {
    /// What comes from a device.
    pub(super) fn from_device(ring: Consumer<f32>, rate_hz: u32, health: Arc<Health>) -> Self {
        End { ring, rate_hz, resampler: converter(rate_hz, RATE_HZ), health }
    }
}

impl End<Producer<f32>> {
    /// What goes to a device.
    pub(super) fn to_device(ring: Producer<f32>, rate_hz: u32, health: Arc<Health>) -> Self {
        End { ring, rate_hz, resampler: converter(RATE_HZ, rate_hz), health }
    }
}

fn converter(from_hz: u32, to_hz: u32) -> Option<Resampler> {
    if from_hz == to_hz { None } else { Resampler::new(from_hz, to_hz).ok() }
}

/// Gives a thread new ends of rings, and takes the old ones back, so that it never frees one.
pub(super) struct Swap<T> {
    inbox: Consumer<T>,
    outbox: Producer<T>,
}

/// The other side of [`Swap`].
pub(super) struct Exchange<T> {
    inbox: Producer<T>,
    outbox: Consumer<T>,
}

/// Both sides.
pub(super) fn exchange<T>() -> (Exchange<T>, Swap<T>) {
    let (to, inbox) = RingBuffer::new(4);
    let (outbox, from) = RingBuffer::new(8);
    (Exchange { inbox: to, outbox: from }, Swap { inbox, outbox })
}

impl<T> Exchange<T> {
    /// Gives a new end; frees what came back.
    pub(super) fn give(&mut self, end: T) {
        while self.outbox.pop().is_ok() {}
        let _ = self.inbox.push(end);
    }
}

impl<T> Swap<T> {
    /// Takes a new end, if there is one; whether there was.
    pub(super) fn look(&mut self, have: &mut Option<T>) -> bool {
        let Ok(new) = self.inbox.pop() else { return false };
        if let Some(old) = have.replace(new) {
            // Four ends come at most between two looks of the other side, and eight have room.
            let _ = self.outbox.push(old);
        }
        true
    }
}

/// Frames of 480 samples at 48 kHz out of a ring of any rate.
pub(super) struct Frames {
    ready: Vec<f32>,
    block: Vec<f32>,
}

impl Frames {
    pub(super) fn new() -> Frames {
        Frames { ready: Vec::with_capacity(16 * FRAME), block: Vec::with_capacity(16 * FRAME) }
    }

    /// Forgets what is left of another ring.
    pub(super) fn clear(&mut self) {
        self.ready.clear();
    }

    /// A frame, if there is one. Allocates nothing.
    pub(super) fn next(&mut self, end: &mut End<Consumer<f32>>, frame: &mut [f32; FRAME]) -> bool {
        let take = if end.resampler.is_some() { (end.rate_hz / 100) as usize } else { FRAME };
        while self.ready.len() < FRAME {
            let Ok(chunk) = end.ring.read_chunk(take) else { return false };
            let (first, second) = chunk.as_slices();
            match &mut end.resampler {
                Some(resampler) => {
                    self.block.clear();
                    self.block.extend(first.iter().chain(second));
                    resampler.push(&self.block, &mut self.ready);
                }
                None => self.ready.extend(first.iter().chain(second)),
            }
            chunk.commit_all();
        }
        frame.copy_from_slice(&self.ready[..FRAME]);
        self.ready.drain(..FRAME);
        true
    }
}
