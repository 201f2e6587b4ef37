//! The time, as skills see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock.
pub trait Clock: Send {
    /// Milliseconds since 1970, in UTC.
    fn now_unix_ms(&self) -> i64;
    /// Minutes by which local time is ahead of UTC.
    fn offset_minutes(&self) -> i32;
}

/// The system's clock and time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock {
    /// In place of the system's time zone.
    pub offset_minutes: Option<i32>,
}

impl Clock for SystemClock {
    fn now_unix_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn offset_minutes(&self) -> i32 {
        self.offset_minutes.unwrap_or_else(|| {
            let zone = jiff::tz::TimeZone::system();
            zone.to_offset(jiff::Timestamp::now()).seconds() / 60
        })
    }
}

/// A clock that goes with the frames: the same recording gives the same times, however fast it is worked through.
#[derive(Clone, Debug)]
pub struct FrameClock {
    now_unix_ms: Arc<AtomicI64>,
    offset_minutes: i32,
}

impl FrameClock {
    /// A clock that stands at this time.
    #[must_use]
    pub fn new(now_unix_ms: i64, offset_minutes: i32) -> FrameClock {
        FrameClock { now_unix_ms: Arc::new(AtomicI64::new(now_unix_ms)), offset_minutes }
    }

    /// Lets time pass.
    pub fn advance(&self, milliseconds: i64) {
        self.now_unix_ms.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

impl Clock for FrameClock {
    fn now_unix_ms(&self) -> i64 {
        self.now_unix_ms.load(Ordering::Relaxed)
    }

    fn offset_minutes(&self) -> i32 {
        self.offset_minutes
    }
}
