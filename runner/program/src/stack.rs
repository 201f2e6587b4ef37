//! The guest's stack: any size up to the maximum, always with the same top, between two regions that no call may
//! change. Beyond these lies memory that cannot be accessed at all.

use crate::protocol::MAX_STACK_BYTES;
use crate::{NO_MEMORY, sys};
use core::{ptr, slice};

/// Bytes below and above the stack that a call must leave alone.
const CANARY_BYTES: usize = 4096;
const GUARD_BYTES: usize = 1 << 16;
/// What the regions around the stack hold.
const CANARY: u64 = 0xca11_ab1e_0ca4_a41e;
/// What a stack holds before a call that is measured: nothing that a program would store, and no address.
const PAINT: u64 = 0xdead_57ac_dead_57ac;

/// The stack on which guests run.
pub(crate) struct Stack {
    top: usize,
    /// Bytes between the canaries, in the call that was prepared last; the canary below lies there now.
    bytes: usize,
    measured: bool,
}

/// Words of the mapping. Not to be kept across a call.
fn words<'a>(from: usize, to: usize) -> &'a mut [u64] {
    // SAFETY: callers name a part of the mapping, which is aligned, never unmapped, and used by nothing else
    // while no guest runs.
    unsafe { slice::from_raw_parts_mut(ptr::with_exposed_provenance_mut(from), (to - from) / 8) }
}

impl Stack {
    pub(crate) fn map() -> Stack {
        let inner = 2 * CANARY_BYTES + MAX_STACK_BYTES as usize;
        let Ok(start) = sys::map(0, inner + 2 * GUARD_BYTES, sys::PROT_NONE) else { sys::exit(NO_MEMORY) };
        let bottom = start + GUARD_BYTES;
        // SAFETY: this memory was mapped a moment ago.
        if unsafe { sys::protect(bottom, inner, sys::PROT_READ | sys::PROT_WRITE) }.is_err() {
            sys::exit(NO_MEMORY);
        }
        let mut stack = Stack { top: bottom + CANARY_BYTES + MAX_STACK_BYTES as usize, bytes: 0, measured: false };
        stack.place_canaries();
        stack
    }

    /// The address at which a guest's stack pointer starts.
    pub(crate) fn top(&self) -> usize {
        self.top
    }

    fn below(&self) -> &'static mut [u64] {
        words(self.top - self.bytes - CANARY_BYTES, self.top - self.bytes)
    }

    fn above(&self) -> &'static mut [u64] {
        words(self.top, self.top + CANARY_BYTES)
    }

    fn place_canaries(&mut self) {
        self.below().fill(CANARY);
        self.above().fill(CANARY);
    }

    /// Makes it ready for a call with so many bytes.
    pub(crate) fn prepare(&mut self, bytes: usize, measured: bool) {
        let bytes = bytes.next_multiple_of(16).min(MAX_STACK_BYTES as usize);
        self.measured = measured;
        if bytes != self.bytes {
            self.bytes = bytes;
            self.place_canaries();
        }
        if measured {
            words(self.top - bytes, self.top).fill(PAINT);
        }
    }

    /// Whether the regions below and above are as they were; mends them.
    pub(crate) fn check(&mut self) -> (bool, bool) {
        let intact = |words: &[u64]| words.iter().all(|&word| word == CANARY);
        let found = (intact(self.below()), intact(self.above()));
        if found != (true, true) {
            self.place_canaries();
        }
        found
    }

    /// How deep the last call went, in bytes from the top; 0 when it was not measured.
    pub(crate) fn used_bytes(&self) -> usize {
        if !self.measured {
            return 0;
        }
        let stack = words(self.top - self.bytes, self.top);
        let untouched = stack.iter().position(|&word| word != PAINT).unwrap_or(stack.len());
        (stack.len() - untouched) * 8
    }
}
