//! What a Rust host uses: how a call ended, checked slices of guest memory, exported globals.
//!
//! A slice borrows the [`Memory`] that it came from. Generated bindings let a `Memory` borrow the module, and a
//! call borrow it mutably: so a slice ends with the next call, which may move the memory's end or write to it.

use crate::cell::{Cell, resolve};
use crate::record::Record;
use crate::vector::V128;
use core::marker::PhantomData;
use core::{ptr, slice};
use saggar_abi::layout::memory;
use saggar_abi::trap::Code;

/// How an activation ended; what entries return, in two registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[must_use]
pub struct Completion {
    /// A number of [`Code`].
    pub code: usize,
    /// The return address of the place that raised the trap: the instruction before it is the place. Zero where
    /// there is no place.
    pub pc: usize,
}

impl Completion {
    pub(crate) fn refused(code: Code) -> Completion {
        Completion { code: code as usize, pc: 0 }
    }

    /// Whether the guest returned.
    #[must_use]
    pub fn is_ok(self) -> bool {
        self.code == Code::Ok as usize
    }

    /// The trap or the refusal, unless the guest returned.
    #[must_use]
    pub fn trap(self) -> Option<Trap> {
        if self.is_ok() { None } else { Some(Trap { number: self.code, pc: self.pc }) }
    }

    /// The same as a result, for `?`.
    ///
    /// # Errors
    /// The trap or the refusal, unless the guest returned.
    pub fn result(self) -> Result<(), Trap> {
        match self.trap() {
            None => Ok(()),
            Some(trap) => Err(trap),
        }
    }
}

/// Why and where a guest stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trap {
    /// A number of [`Code`].
    pub number: usize,
    /// As [`Completion::pc`].
    pub pc: usize,
}

impl Trap {
    /// The code; `None` for a number that this version of the contract does not have.
    #[must_use]
    pub fn code(self) -> Option<Code> {
        u32::try_from(self.number).ok().and_then(Code::from_number)
    }
}

/// A guest's linear memory, seen by the host while no guest code runs.
pub struct Memory<'a> {
    record: Record,
    module: PhantomData<&'a mut u8>,
}

impl Memory<'_> {
    /// The memory that a cell leads to.
    ///
    /// # Safety
    /// `cell` is the reference cell of a memory; for the lifetime of the result no guest code that can reach the
    /// memory runs, and no other `Memory` of it is used.
    #[must_use]
    pub unsafe fn new(cell: *const Cell) -> Self {
        // SAFETY: promised by the caller.
        let record = unsafe { resolve(cell) };
        // SAFETY: the cell of a memory leads to its record, which nobody else accesses for the lifetime.
        let record = unsafe { Record::new(record) };
        Memory { record, module: PhantomData }
    }

    /// Its size in bytes; zero before the first instantiation.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.record.get(memory::SIZE_BYTES)
    }

    /// The place of `length` bytes from `offset`, if all of them are inside.
    fn place(&self, offset: usize, length: usize) -> Option<*mut u8> {
        let left = self.size_bytes().checked_sub(offset)?;
        let base = self.record.get(memory::BASE);
        // A memory that was never instantiated has no base, and a slice may not begin at null even when empty.
        (length <= left && base != 0).then(|| ptr::with_exposed_provenance_mut(base.wrapping_add(offset)))
    }

    /// `length` bytes from `offset`, if all of them are inside the memory.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Option<&[u8]> {
        let place = self.place(offset, length)?;
        // SAFETY: the range is inside the memory, and only `self` gives access to it.
        Some(unsafe { slice::from_raw_parts(place, length) })
    }

    /// `length` bytes from `offset`, to be written, if all of them are inside the memory.
    #[must_use]
    pub fn slice_mut(&mut self, offset: usize, length: usize) -> Option<&mut [u8]> {
        let place = self.place(offset, length)?;
        // SAFETY: the range is inside the memory, and `self`, which alone gives access to it, is borrowed mutably.
        Some(unsafe { slice::from_raw_parts_mut(place, length) })
    }
}

/// A type of numbers, or of vectors, that a global can hold.
pub trait GlobalValue: Copy + private::Sealed {}

mod private {
    /// Keeps other types out: a global's storage must be valid for every bit pattern of the type.
    pub trait Sealed {}
}

macro_rules! global_values {
    ($($ty:ty)*) => {
        $(impl private::Sealed for $ty {}
        impl GlobalValue for $ty {})*
    };
}

global_values!(i32 u32 i64 u64 f32 f64 usize V128);

/// An exported global.
pub struct Global<'a, T> {
    storage: *mut T,
    module: PhantomData<&'a mut T>,
}

impl<T: GlobalValue> Global<'_, T> {
    /// The global that a cell leads to.
    ///
    /// # Safety
    /// `cell` is the reference cell of a global of type `T`, and for the lifetime of the result no guest code that can
    /// reach it runs.
    #[must_use]
    pub unsafe fn new(cell: *const Cell) -> Self {
        // SAFETY: promised by the caller.
        let storage = unsafe { resolve(cell) };
        Global { storage: storage.cast(), module: PhantomData }
    }

    /// Its value.
    #[must_use]
    pub fn get(&self) -> T {
        // SAFETY: `new` was promised storage of this type.
        unsafe { self.storage.read() }
    }

    /// Gives it another value.
    ///
    /// # Safety
    /// The global is mutable.
    pub unsafe fn set(&mut self, value: T) {
        // SAFETY: `new` was promised storage of this type, and the caller that it may be written.
        unsafe { self.storage.write(value) };
    }
}
