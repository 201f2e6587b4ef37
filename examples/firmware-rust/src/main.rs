//! A firmware without an operating system and without a heap, with two modules of different authors in it: `wave`, in C, decodes
//! a recording; `equaliser`, in Rust, works on what comes out. Then `wave` is given bad files, one after another.
//!
//! What it finds goes to the console, a line for each check; the exit code is 0 when all of them hold.
//!
//! - [`sound`]: both modules at work. [`trouble`]: traps, deadlines, restarts.
//! - [`host`]: what the modules import. [`deadline`]: the timer that stops a call.
//! - [`guard`]: bytes around the modules' memory and the stack that nobody may change.
//! - [`console`], [`report`]: lines. [`board`]: all that is assembly.
#![no_std]
#![no_main]

mod board;
mod console;
mod deadline;
mod guard;
mod hash;
mod host;
mod modules;
mod report;
mod sound;
mod trouble;

/// The bindings of the equaliser, made by the build script.
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "taking the address of a static counts as one")]
mod equaliser {
    include!(concat!(env!("OUT_DIR"), "/equaliser.rs"));
}

/// The bindings of the decoder, made by the build script.
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "taking the address of a static counts as one")]
mod wave {
    include!(concat!(env!("OUT_DIR"), "/wave.rs"));
}

use core::sync::atomic::{AtomicU64, Ordering};
use modules::Modules;
use report::Report;

/// Initialised data, which the start-up code must have copied from flash.
static COPIED: AtomicU64 = AtomicU64::new(0x0123_4567_89ab_cdef);

/// Data that the start-up code must have cleared.
static CLEARED: AtomicU64 = AtomicU64::new(0);

/// Everything, called by the start-up code; the result is the exit code.
#[unsafe(no_mangle)]
extern "C" fn board_main() -> i32 {
    let mut report = Report::new();
    guard::fill();
    report.check("boot", "initialised data are copied", COPIED.load(Ordering::Relaxed) == 0x0123_4567_89ab_cdef);
    report.check("boot", "other data are cleared", CLEARED.load(Ordering::Relaxed) == 0);
    if let Some(mut modules) = Modules::take(&mut report) {
        let good = match sound::play(&mut modules, &mut report) {
            Ok(first) => trouble::all(&mut modules, first, &mut report),
            Err(failure) => Err(failure),
        };
        report.check("end", "nothing went wrong that should not have", good.is_ok());
    }
    report.check("end", "the guards are untouched", guard::untouched());
    report.exit_code()
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let mut line = console::Line::new();
    line.text("FAILED panic");
    if let Some(place) = info.location() {
        line.text(" at ").text(place.file()).text(":").decimal(place.line().into());
    }
    line.print();
    board::exit(101)
}
