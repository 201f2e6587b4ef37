//! Views on the records of the contract, through raw pointers.
//!
//! A view is made once, by an `unsafe` constructor that says what must hold; its methods rely on that. The
//! records come from another compiler and lie wherever the linker put them, so addresses in them are taken as
//! exposed: no Rust allocation is behind them. Layouts and offsets are those of `saggar_abi::layout`.

use core::ptr;
use core::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};
use saggar_abi::layout::{self, Words};

// Twice the same number, for offsets in bytes are `u32` in the contract and `usize` at run time.
const POINTER_BYTES: u32 = usize::BITS.wrapping_div(8);

/// What a self-relative reference means: the number is added to the address of the field that holds it.
pub(crate) fn follow(field: *const i32, distance: i32) -> *mut u8 {
    ptr::with_exposed_provenance_mut(field.addr().wrapping_add_signed(distance as isize))
}

/// Where a field that is counted in words lies.
fn word(record: *mut u8, offset: Words) -> *mut usize {
    record.wrapping_add(offset.bytes(POINTER_BYTES) as usize).cast()
}

/// A module record.
#[derive(Clone, Copy)]
pub(crate) struct Module(*const u8);

impl Module {
    /// # Safety
    /// `record` is a module record: aligned to 4 bytes, complete, its references leading to records of their
    /// kind, all of which outlive the view.
    pub(crate) unsafe fn new(record: *const u8) -> Module {
        Module(record)
    }

    fn field(self, offset: u32) -> *const i32 {
        self.0.wrapping_add(offset as usize).cast()
    }

    fn number(self, offset: u32) -> usize {
        let field = self.field(offset);
        // SAFETY: the field lies in the record that `new` was promised, and is 4-byte aligned as it is.
        let number = unsafe { field.cast::<u32>().read() };
        number as usize
    }

    fn reference(self, offset: u32) -> *mut u8 {
        let field = self.field(offset);
        // SAFETY: as in `number`.
        let distance = unsafe { field.read() };
        follow(field, distance)
    }

    pub(crate) fn domain(self) -> Domain {
        Domain(self.reference(layout::module::DOMAIN))
    }

    /// The word that is 1 when the module is instantiated. Atomic, because a second thread may look at it
    /// before it learns that the domain is busy.
    pub(crate) fn instantiated<'a>(self) -> &'a AtomicU32 {
        let state = self.reference(layout::module::STATE).wrapping_add(layout::state::INSTANTIATED as usize);
        // SAFETY: `new` was promised a state record behind the reference; it is 4-byte aligned, and everybody
        // accesses this field atomically or while he owns the domain.
        unsafe { AtomicU32::from_ptr(state.cast()) }
    }

    pub(crate) fn instantiate(self) -> *const u8 {
        self.reference(layout::module::INSTANTIATE)
    }

    pub(crate) fn stack_bytes(self) -> usize {
        self.number(layout::module::STACK_BYTES)
    }

    pub(crate) fn headroom_bytes(self) -> usize {
        self.number(layout::module::HEADROOM_BYTES)
    }
}

/// A domain record.
#[derive(Clone, Copy)]
pub(crate) struct Domain(*mut u8);

impl Domain {
    /// # Safety
    /// `record` is a domain record: whole, writable, aligned to a word, and outlives the view.
    pub(crate) const unsafe fn new(record: *mut u8) -> Domain {
        Domain(record)
    }

    pub(crate) fn as_ptr(self) -> *mut u8 {
        self.0
    }

    fn atomic<'a>(self, offset: Words) -> &'a AtomicUsize {
        let field = word(self.0, offset);
        // SAFETY: a view is only made from a module record, whose reference leads to a whole domain record,
        // aligned to a word, or by `new`, which was promised one. While several threads may look at a field it is accessed atomically; the generated
        // code reads the stack limit plainly, but only inside the activation, when nobody writes it.
        unsafe { AtomicUsize::from_ptr(field) }
    }

    pub(crate) fn owner<'a>(self) -> &'a AtomicUsize {
        self.atomic(layout::domain::OWNER)
    }

    pub(crate) fn stack_limit<'a>(self) -> &'a AtomicUsize {
        self.atomic(layout::domain::STACK_LIMIT)
    }

    pub(crate) fn stack_end<'a>(self) -> &'a AtomicUsize {
        self.atomic(layout::domain::STACK_END)
    }

    pub(crate) fn epoch<'a>(self) -> &'a AtomicUsize {
        self.atomic(layout::domain::EPOCH)
    }

    /// The flag that stops the guest. Who sets it may be an interrupt or another thread.
    pub(crate) fn interrupt<'a>(self) -> &'a AtomicU8 {
        let field = word(self.0, layout::domain::INTERRUPT).cast();
        // SAFETY: as in `atomic`; a byte of its own, which is only accessed atomically, or by a single instruction of compiled code.
        unsafe { AtomicU8::from_ptr(field) }
    }

    /// Where the fuel is: 64 bits, of which compiled code and the host take turns.
    pub(crate) fn fuel(self) -> *mut u64 {
        word(self.0, layout::domain::FUEL).cast()
    }

    /// Leaves no fuel.
    pub(crate) fn take_fuel(self) {
        // SAFETY: the field lies in a whole record, and the caller's domain is owned by this thread, which runs no guest code now.
        unsafe { self.fuel().write(0) };
    }

    /// Gives the domain back. The order matters: whoever sees the owner gone must see the limit gone too.
    pub(crate) fn release(self) {
        self.stack_limit().store(0, Ordering::Release);
        self.owner().store(0, Ordering::Release);
    }
}

/// The record of a memory or a table: words that change only while the domain is owned by the caller.
#[derive(Clone, Copy)]
pub(crate) struct Record(*mut u8);

impl Record {
    /// # Safety
    /// `record` is a memory or table record, word-aligned and complete, and nobody else accesses it during the view's life.
    pub(crate) unsafe fn new(record: *mut u8) -> Record {
        Record(record)
    }

    pub(crate) fn get(self, offset: Words) -> usize {
        let field = word(self.0, offset);
        // SAFETY: the offset is one of the contract's for this record, which `new` was promised.
        unsafe { field.read() }
    }

    pub(crate) fn set(self, offset: Words, value: usize) {
        let field = word(self.0, offset);
        // SAFETY: as in `get`, and the record is writable.
        unsafe { field.write(value) }
    }
}
