//! The host of the callbacks case: functions that a guest imports, each of which calls that guest.
//!
//! Names of the guest's symbols are settled by the linker, which is told what they stand for.
#![no_std]

use core::hint::black_box;
use core::mem::MaybeUninit;
use core::ptr::write_volatile;

/// Two words, returned in two registers.
#[repr(C)]
pub struct Completion {
    code: usize,
    pc: usize,
}

unsafe extern "C" {
    fn entry_descend(slots: *mut u64) -> Completion;
    fn entry_deepen(slots: *mut u64) -> Completion;
    fn instantiate() -> Completion;
}

/// Stack that the host uses: well within the headroom of 8 KiB.
const HOST_STACK_BYTES: usize = 4096;

#[unsafe(no_mangle)]
extern "C" fn host_descend(levels: i32) -> i32 {
    let mut slots = [levels as u32 as u64];
    // SAFETY: the slots are as many as the guest's function has parameters and results.
    let completion = unsafe { entry_descend(slots.as_mut_ptr()) };
    completion.code as i32
}

#[unsafe(no_mangle)]
extern "C" fn host_deepen() -> i32 {
    let mut frame = [MaybeUninit::<u8>::uninit(); HOST_STACK_BYTES];
    let mut slots = [0; 2];
    // SAFETY: as in `host_descend`.
    let completion = unsafe { entry_deepen(slots.as_mut_ptr()) };
    // The lowest byte is written, for what lies beyond the stack is watched; the optimiser must not think that the others are not.
    let frame = black_box(&mut frame);
    // SAFETY: the byte is in the frame.
    unsafe { write_volatile(frame.as_mut_ptr(), MaybeUninit::new(0)) };
    completion.code as i32
}

#[unsafe(no_mangle)]
extern "C" fn host_instantiate() -> i32 {
    // SAFETY: the guest's function has no parameters.
    let completion = unsafe { instantiate() };
    completion.code as i32
}
