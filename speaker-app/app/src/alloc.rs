//! Counts what audio threads allocate: it must be nothing.
//!
//! The program's allocator is the system's with a look at a flag of the thread. Whoever works within a frame's time does so
//! inside [`watched`]; what is allocated or freed there is counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
#[cfg(feature = "faults")]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU64, Ordering};

/// The system's allocator, counting.
#[derive(Debug)]
pub struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);

thread_local! {
    // Without a destructor and with a constant: the look itself never allocates.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

fn look() {
    if WATCHED.try_with(Cell::get).unwrap_or(false) {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
}

// SAFETY: every call is the system's allocator's own, with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        look();
        // SAFETY: as the caller promises us.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        look();
        // SAFETY: as the caller promises us.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        look();
        // SAFETY: as the caller promises us.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        look();
        // SAFETY: as the caller promises us.
        unsafe { System.realloc(at, layout, bytes) }
    }
}

/// Does something that must not allocate.
pub fn watched<R>(act: impl FnOnce() -> R) -> R {
    let before = WATCHED.replace(true);
    #[cfg(feature = "faults")]
    if PLANTED.swap(false, Ordering::Relaxed) {
        drop(std::hint::black_box(Box::new([0_u8; 64])));
    }
    let result = act();
    WATCHED.set(before);
    result
}

#[cfg(feature = "faults")]
static PLANTED: AtomicBool = AtomicBool::new(false);

/// Lets the next frame of an audio thread allocate once, for the evaluation: its check must fall short.
#[cfg(feature = "faults")]
pub fn plant() {
    PLANTED.store(true, Ordering::Relaxed);
}

/// Allocations and frees inside [`watched`] so far, of all threads. Always 0 where [`Counting`] is not the allocator.
#[must_use]
pub fn count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}
