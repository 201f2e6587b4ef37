//! Coming back from a fault: the handler notes it and lets the thread go on where the call is given up. And the timer, which writes
//! its byte and goes away, as an interrupt would.

use crate::arch;
use crate::call::{INSIDE, SIGNAL, SIGNAL_PC};
use crate::{FAULTED, NO_MEMORY, sys};
use core::ptr;
use core::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: the same numbers on every architecture here.
const FAULTS: [usize; 5] = [4, 5, 7, 8, 11];
/// SIGALRM.
const ALARM: usize = 14;
const SIGNAL_STACK_BYTES: usize = 1 << 16;

// Flags of `sigaction`. The mask that was in force comes back when the handler returns, so the next fault is delivered too.
const SA_SIGINFO: usize = 0x4;
const SA_ONSTACK: usize = 0x0800_0000;
const SA_RESTART: usize = 0x1000_0000;

/// What the next call's timer does; no microseconds: there is none.
static TIMER_ADDRESS: AtomicU64 = AtomicU64::new(0);
static TIMER_MICROSECONDS: AtomicU64 = AtomicU64::new(0);

pub(crate) fn catch_faults() {
    // A stack of its own: the guest's may be used up, or its stack pointer be wrong.
    let Ok(stack) = sys::map(0, SIGNAL_STACK_BYTES, sys::PROT_READ | sys::PROT_WRITE) else { sys::exit(NO_MEMORY) };
    let record = [stack, 0, SIGNAL_STACK_BYTES];
    // SAFETY: the memory was mapped a moment ago, for this.
    if unsafe { sys::signal_stack(&record) }.is_err() {
        sys::exit(NO_MEMORY);
    }
    let action = arch::signal_action(handler as *const () as usize, SA_SIGINFO | SA_ONSTACK);
    let alarm = arch::signal_action(on_alarm as *const () as usize, SA_SIGINFO | SA_ONSTACK | SA_RESTART);
    for (signal, action) in FAULTS.iter().map(|&signal| (signal, &action)).chain([(ALARM, &alarm)]) {
        // SAFETY: the record has the architecture's layout, and the handlers do nothing that a signal forbids.
        if unsafe { sys::signal_action(signal, action.as_ptr()) }.is_err() {
            sys::exit(NO_MEMORY);
        }
    }
}

/// Notes what the timer of the next call does.
pub(crate) fn set_timer(address: u64, microseconds: u64) {
    TIMER_ADDRESS.store(address, Ordering::Relaxed);
    TIMER_MICROSECONDS.store(microseconds, Ordering::Relaxed);
}

/// Starts the timer, if there is one.
pub(crate) fn start_timer() {
    let microseconds = TIMER_MICROSECONDS.load(Ordering::Relaxed);
    if microseconds != 0 && sys::set_timer(microseconds).is_err() {
        sys::exit(NO_MEMORY);
    }
}

/// Takes the timer away; after this it writes nothing.
pub(crate) fn stop_timer() {
    if TIMER_MICROSECONDS.swap(0, Ordering::Relaxed) != 0 && sys::set_timer(0).is_err() {
        sys::exit(NO_MEMORY);
    }
}

extern "C" fn on_alarm(_number: i32, _information: *const u8, _context: *mut u8) {
    let address = TIMER_ADDRESS.load(Ordering::Relaxed);
    let byte = ptr::with_exposed_provenance_mut::<u8>(address as usize);
    // SAFETY: the test suite names a byte of a writable segment of the image, which nobody accesses but atomically, or by a single
    // instruction of compiled code.
    unsafe { AtomicU8::from_ptr(byte) }.store(1, Ordering::SeqCst);
}

extern "C" fn handler(number: i32, _information: *const u8, context: *mut u8) {
    if !INSIDE.load(Ordering::Relaxed) {
        sys::exit(FAULTED);
    }
    let pc = context.wrapping_add(arch::CONTEXT_PC_OFFSET).cast::<usize>();
    // SAFETY: the kernel gave a `ucontext_t`, in which the program counter lies there.
    let struck_at = unsafe { pc.read() };
    SIGNAL.store(u64::from(number.unsigned_abs()), Ordering::Relaxed);
    SIGNAL_PC.store(struck_at as u64, Ordering::Relaxed);
    // SAFETY: as above. `guest_recover` depends on no register, so it can be gone to from anywhere.
    unsafe { pc.write(arch::guest_recover as *const () as usize) };
}
