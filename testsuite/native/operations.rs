//! Checks the runtime library's copying and filling on the target, against the plainest definition.
//!
//! Everything is accessed byte by byte and volatile, so that the compiler makes no calls of its own out of it.
#![no_std]

use core::ptr::{read_volatile, write_volatile};

#[repr(C)]
pub struct Completion {
    code: usize,
    pc: usize,
}

unsafe extern "C" {
    fn sg_copy(to: *mut u8, from: *const u8, bytes: usize);
    fn sg_fill(to: *mut u8, byte: u32, bytes: usize);
}

const ARENA_BYTES: usize = 4096;
static mut ARENA: [u64; ARENA_BYTES / 8] = [0; ARENA_BYTES / 8];

fn arena() -> *mut u8 {
    (&raw mut ARENA).cast()
}

fn pattern(index: usize) -> u8 {
    (index * 7 + index / 251) as u8
}

/// What a byte must be after `bytes` bytes were copied.
fn copied(index: usize, to: usize, from: usize, bytes: usize) -> u8 {
    if index >= to && index < to + bytes { pattern(index - to + from) } else { pattern(index) }
}

unsafe fn copy_is_right(to: usize, from: usize, bytes: usize) -> bool {
    let end = (to.max(from) + bytes + 64).min(ARENA_BYTES);
    for index in 0..end {
        unsafe { write_volatile(arena().add(index), pattern(index)) };
    }
    unsafe { sg_copy(arena().add(to), arena().add(from), bytes) };
    (0..end).all(|index| unsafe { read_volatile(arena().add(index)) } == copied(index, to, from, bytes))
}

/// Slots: smallest and largest length, largest shift of either side. Answers the first failure: length, to, from.
#[unsafe(no_mangle)]
unsafe extern "C" fn check_copy(slots: *mut u64) -> Completion {
    let [least, most, shifts] = unsafe { [*slots as usize, *slots.add(1) as usize, *slots.add(2) as usize] };
    for bytes in least..=most {
        for to in 0..=shifts {
            for from in 0..=shifts {
                if !unsafe { copy_is_right(64 + to, 64 + from, bytes) } {
                    unsafe {
                        *slots = bytes as u64;
                        *slots.add(1) = to as u64;
                        *slots.add(2) = from as u64;
                    }
                    return Completion { code: 1, pc: 0 };
                }
            }
        }
    }
    Completion { code: 0, pc: 0 }
}

/// Slots as for `check_copy`, but for `from`.
#[unsafe(no_mangle)]
unsafe extern "C" fn check_fill(slots: *mut u64) -> Completion {
    let [least, most, shifts] = unsafe { [*slots as usize, *slots.add(1) as usize, *slots.add(2) as usize] };
    for bytes in least..=most {
        for to in 64..=64 + shifts {
            let end = to + bytes + 64;
            for index in 0..end {
                unsafe { write_volatile(arena().add(index), 0x5a) };
            }
            unsafe { sg_fill(arena().add(to), 0xabcd_ef00 | (bytes as u32 & 0x3f), bytes) };
            let value = |index| if index >= to && index < to + bytes { bytes as u8 & 0x3f } else { 0x5a };
            if !(0..end).all(|index| unsafe { read_volatile(arena().add(index)) } == value(index)) {
                unsafe {
                    *slots = bytes as u64;
                    *slots.add(1) = to as u64;
                }
                return Completion { code: 1, pc: 0 };
            }
        }
    }
    Completion { code: 0, pc: 0 }
}
