//! What the modules import.

use crate::console::Line;
use crate::equaliser::{self, Equaliser};
use crate::hash::Hash;
use crate::wave::{self, Wave};
use core::sync::atomic::{AtomicU64, Ordering};

/// The firmware, as its guests see it.
pub(crate) struct Host;

/// Samples that were played.
static CLOCK: AtomicU64 = AtomicU64::new(0);

/// A hash of all that the equaliser reported.
static METER: AtomicU64 = AtomicU64::new(Hash::EMPTY.0);

/// More samples were played.
pub(crate) fn advance(samples: u64) {
    CLOCK.fetch_add(samples, Ordering::Relaxed);
}

/// The hash of all that the equaliser reported.
pub(crate) fn metered() -> u64 {
    METER.load(Ordering::Relaxed)
}

impl equaliser::Imports for Host {
    fn host_clock(_: &mut Equaliser) -> i64 {
        CLOCK.load(Ordering::Relaxed) as i64
    }

    fn host_meter(_: &mut Equaliser, time: i64, gain: f32) {
        let hash = Hash(metered()).with(&time.to_le_bytes()).with(&gain.to_bits().to_le_bytes());
        METER.store(hash.0, Ordering::Relaxed);
    }
}

impl wave::Imports for Host {
    fn host_log(_: &mut Wave, event: i32, value: i32) {
        Line::new().text("value log.").decimal(event.cast_unsigned().into()).text(" ").hex(value.cast_unsigned().into()).print();
    }
}

equaliser::provide!(Host, equaliser);
wave::provide!(Host, wave);
