//! Coming back from a fault: the handler notes it and lets the thread go on where the call is given up.

use crate::arch;
use crate::call::{INSIDE, SIGNAL, SIGNAL_PC};
use crate::{FAULTED, NO_MEMORY, sys};
use core::sync::atomic::Ordering;

/// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: the same numbers on every architecture here.
const FAULTS: [usize; 5] = [4, 5, 7, 8, 11];
const SIGNAL_STACK_BYTES: usize = 1 << 16;

// Flags of `sigaction`. The mask that was in force comes back when the handler returns, so the next fault is delivered too.
const SA_SIGINFO: usize = 0x4;
const SA_ONSTACK: usize = 0x0800_0000;

pub(crate) fn catch_faults() {
    // A stack of its own: the guest's may be used up, or its stack pointer be wrong.
    let Ok(stack) = sys::map(0, SIGNAL_STACK_BYTES, sys::PROT_READ | sys::PROT_WRITE) else { sys::exit(NO_MEMORY) };
    let record = [stack, 0, SIGNAL_STACK_BYTES];
    // SAFETY: the memory was mapped a moment ago, for this.
    if unsafe { sys::signal_stack(&record) }.is_err() {
        sys::exit(NO_MEMORY);
    }
    let action = arch::signal_action(handler as *const () as usize, SA_SIGINFO | SA_ONSTACK);
    for signal in FAULTS {
        // SAFETY: the record has the architecture's layout, and the handler does nothing that a signal forbids.
        if unsafe { sys::signal_action(signal, action.as_ptr()) }.is_err() {
            sys::exit(NO_MEMORY);
        }
    }
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
