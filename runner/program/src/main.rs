//! Loads linked images and calls into them on a target, as the crate `saggar-runner` says over a pipe.
//!
//! One process serves thousands of calls, because starting an emulator costs more than any call. It is free of
//! libc and makes Linux system calls itself, so that bare-metal toolchains suffice to build it for any target.
//! The images contain the runtime library under test; nothing of it is here, and what a call must keep is
//! checked by code of the runner's own.
//!
//! - `protocol`: the frames. `serve`: what is done for each. `pipe`: reading and writing them.
//! - `image`: mapping segments. `stack`: the guest's stack and what lies around it.
//! - `call`: calling with every register that must be kept set, and comparing afterwards. `signal`: coming back
//!   from a fault, and a timer that plays the interrupt. `arch`, `sys`: the assembly, and the system calls.
#![no_std]
#![no_main]

mod arch;
mod call;
mod image;
mod pipe;
mod protocol;
mod serve;
mod signal;
mod stack;
mod sys;

use core::panic::PanicInfo;

/// Exit codes that say who was at fault; the other side shows them.
const PANICKED: usize = 101;
const FAULTED: usize = 102;
const PIPE_BROKEN: usize = 103;
const NO_MEMORY: usize = 104;
const NOT_UNDERSTOOD: usize = 105;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    sys::exit(PANICKED)
}

/// Called by `_start`, on the stack that the kernel gave.
extern "C" fn start() -> ! {
    signal::catch_faults();
    let stack = stack::Stack::map();
    serve::serve(stack)
}
