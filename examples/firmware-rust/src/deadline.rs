//! The timer that stops a call. A periodic one: a call forgets an interruption from before its beginning, so the first tick could
//! come too early.

use crate::board;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering};
use saggar_runtime::Interrupter;

/// Whom the next tick stops. Written only while no interrupt can come.
struct Target(UnsafeCell<Option<Interrupter>>);

// SAFETY: one processor; written while interrupts are off, read in the interrupt.
unsafe impl Sync for Target {}

static TARGET: Target = Target(UnsafeCell::new(None));
static TICKS: AtomicU32 = AtomicU32::new(0);

/// Runs something that is to be over within a time, and says how many ticks there were.
pub(crate) fn within<T>(microseconds: u64, interrupter: Interrupter, run: impl FnOnce() -> T) -> (T, u32) {
    let before = TICKS.load(Ordering::Relaxed);
    // SAFETY: the timer is off.
    unsafe { TARGET.0.get().write(Some(interrupter)) };
    board::timer_start(microseconds);
    let result = run();
    board::timer_stop();
    // SAFETY: the timer is off again.
    unsafe { TARGET.0.get().write(None) };
    (result, TICKS.load(Ordering::Relaxed).wrapping_sub(before))
}

/// In the interrupt.
pub(crate) fn tick() {
    TICKS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: it is only written while no interrupt can come.
    if let Some(interrupter) = unsafe { *TARGET.0.get() } {
        interrupter.interrupt();
    }
}
