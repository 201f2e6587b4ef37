//! What lies beneath: the board's assembly, and the functions by which Rust and it meet.

use crate::console::Line;
use core::arch::global_asm;

#[cfg(target_arch = "aarch64")]
global_asm!(include_str!("../../board/aarch64.s"), options(raw));

#[cfg(target_arch = "riscv64")]
global_asm!(include_str!("../../board/riscv64.s"), options(raw));

mod assembly {
    unsafe extern "C" {
        pub(super) fn board_exit(code: i32) -> !;
        pub(super) fn board_semihost(operation: usize, argument: *const u8) -> usize;
        pub(super) fn board_timer_start(microseconds: u64);
        pub(super) fn board_timer_stop();
    }
}

/// Ends the machine with an exit code.
pub(crate) fn exit(code: i32) -> ! {
    // SAFETY: the assembly has this function, with this type; it does not return.
    unsafe { assembly::board_exit(code) }
}

/// Semihosting's SYS_WRITE0.
const WRITE_TEXT: usize = 4;

/// Writes text to the console of the machine that runs this one.
pub(crate) fn write(text: &core::ffi::CStr) {
    // SAFETY: the operation takes the address of a text that ends with a zero, and only reads it.
    unsafe { assembly::board_semihost(WRITE_TEXT, text.as_ptr().cast()) };
}

/// Lets the timer interrupt at the end of every period.
pub(crate) fn timer_start(microseconds: u64) {
    // SAFETY: the interrupt's handler calls `board_tick`, which expects to be called at any time.
    unsafe { assembly::board_timer_start(microseconds) }
}

/// No more interrupts.
pub(crate) fn timer_stop() {
    // SAFETY: it may be called at any time.
    unsafe { assembly::board_timer_stop() }
}

/// From the timer's interrupt.
#[unsafe(no_mangle)]
extern "C" fn board_tick() {
    crate::deadline::tick();
}

/// An exception that nobody expects: the firmware's own fault, never a guest's.
#[unsafe(no_mangle)]
extern "C" fn board_fault(cause: u64, pc: u64, address: u64) -> ! {
    let mut line = Line::new();
    line.text("FAILED exception, cause ").hex(cause).text(", at ").hex(pc).text(", address ").hex(address);
    line.print();
    exit(102)
}
