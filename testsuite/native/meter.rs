//! The host of the cases about deadlines: it sets the flags of two domains, calls back into a guest, and looks at the fuel.
//!
//! The linker is told what the names stand for that are declared here.
#![no_std]

use core::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// Two words, returned in two registers.
#[repr(C)]
pub struct Completion {
    code: usize,
    pc: usize,
}

unsafe extern "C" {
    static first_flag: AtomicU8;
    static second_flag: AtomicU8;
    static first_fuel: AtomicU64;
    fn entry_inner(slots: *mut u64) -> Completion;
}

/// Calls of `host_tick` until flags are set; the test writes it.
#[unsafe(no_mangle)]
static ticks: AtomicU64 = AtomicU64::new(0);
/// Which flags: 1 for the first domain's, 2 for the second's, 3 for both, in this order.
#[unsafe(no_mangle)]
static flags: AtomicU64 = AtomicU64::new(0);

#[unsafe(no_mangle)]
extern "C" fn host_tick() {
    let left = ticks.load(Ordering::Relaxed);
    ticks.store(left.wrapping_sub(1), Ordering::Relaxed);
    if left != 1 {
        return;
    }
    let which = flags.load(Ordering::Relaxed);
    if which & 1 != 0 {
        // SAFETY: the name stands for the byte in the first domain's record.
        unsafe { &first_flag }.store(1, Ordering::SeqCst);
    }
    if which & 2 != 0 {
        // SAFETY: likewise, of the second.
        unsafe { &second_flag }.store(1, Ordering::SeqCst);
    }
}

/// Calls the guest back; the code with which that ended.
#[unsafe(no_mangle)]
extern "C" fn host_enter(argument: i32) -> i32 {
    let mut slots = [argument as u32 as u64];
    // SAFETY: the slots are as many as the guest's function has parameters and results.
    let completion = unsafe { entry_inner(slots.as_mut_ptr()) };
    completion.code as i32
}

/// The fuel left, as the host sees it in the middle of a call.
#[unsafe(no_mangle)]
extern "C" fn host_fuel() -> i64 {
    // SAFETY: the name stands for the word in the first domain's record.
    unsafe { &first_fuel }.load(Ordering::Relaxed) as i64
}
