//! A guest of the example firmwares: a three-band equaliser with a compressor behind it, one channel.
//!
//! The host writes a frame of samples to [`frame`], calls [`process`], and finds the result in the same place. Nothing is
//! allocated; all state is one static, so that a module that is instantiated again begins anew.
//!
//! - [`math`]: the few functions of numbers that `core` lacks, without a table.
//! - [`biquad`]: one band. [`compressor`]: what keeps loud parts down. [`chain`]: both, over a frame.
#![no_std]

pub mod biquad;
pub mod chain;
pub mod compressor;
pub mod math;

use chain::Chain;
use core::cell::UnsafeCell;

/// Samples a second.
pub const RATE_HZ: f32 = 16_000.0;

/// The most samples of one frame.
pub const CAPACITY: usize = 128;

/// What the host provides.
mod host {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        /// Samples that the host has played so far.
        pub(crate) safe fn clock() -> i64;
        /// Takes what the compressor did to the frame that began at a time: the least gain.
        pub(crate) safe fn meter(time: i64, gain: f32);
    }
}

struct State {
    chain: Chain,
    frame: [f32; CAPACITY],
}

struct Module(UnsafeCell<State>);

// SAFETY: a module has one thread.
unsafe impl Sync for Module {}

static MODULE: Module = Module(UnsafeCell::new(State { chain: Chain::new(), frame: [0.0; CAPACITY] }));

/// The state, for the time of one call of the host's.
fn state() -> &'static mut State {
    // SAFETY: only exports call this, once each, and no export calls another; the imports do not call back.
    unsafe { &mut *MODULE.0.get() }
}

/// Where the host writes samples and finds the result.
#[unsafe(no_mangle)]
pub extern "C" fn frame() -> *mut f32 {
    state().frame.as_mut_ptr()
}

/// Sets a band: its middle in hertz, its gain in decibels and its quality. The result is 0, or −1 for what no filter can do.
#[unsafe(no_mangle)]
pub extern "C" fn set_band(band: u32, hz: f32, gain_db: f32, quality: f32) -> i32 {
    if state().chain.set_band(band, hz, gain_db, quality) { 0 } else { -1 }
}

/// Sets the compressor: the level from which on it works, by what it divides the rest, and how fast it follows.
#[unsafe(no_mangle)]
pub extern "C" fn set_compressor(threshold: f32, ratio: f32, attack_ms: f32, release_ms: f32) -> i32 {
    if state().chain.set_compressor(threshold, ratio, attack_ms, release_ms) { 0 } else { -1 }
}

/// Processes so many samples in place; the result is their peak. More samples than a frame has are a panic, which is a trap.
#[unsafe(no_mangle)]
pub extern "C" fn process(samples: usize) -> f32 {
    let state = state();
    let time = host::clock();
    let done = state.chain.run(&mut state.frame[..samples]);
    host::meter(time, done.least_gain);
    done.peak
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
