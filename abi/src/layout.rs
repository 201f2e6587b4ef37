//! The records that compiled modules, the runtime library and hosts share.
//!
//! Offsets are given in *words* of the target's pointer, or in bytes where a record consists of 32-bit
//! fields; [`Words::bytes`] turns the former into the latter. Nothing here is taken from the layout of the
//! machine that runs the compiler.
//!
//! Read-only records hold no absolute addresses. A reference in them is *self-relative*: a signed 32-bit
//! number that is added to the address of the field itself. So they need no relocation at run time and may
//! lie in flash.

/// An offset or a size counted in pointer-sized words of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words(pub u32);

impl Words {
    /// The same offset in bytes for a target whose pointers are `pointer_bytes` wide.
    #[must_use]
    pub const fn bytes(self, pointer_bytes: u32) -> u32 {
        self.0 * pointer_bytes
    }
}

/// The domain record: the one piece of state that an activation by the host needs. Writable, zero at start,
/// defined weakly by every module of the domain so that the linker keeps one.
pub mod domain {
    use super::Words;
    /// Stack pointer of the outermost activation, zero when nobody is inside. Accessed atomically.
    pub const OWNER: Words = Words(0);
    /// Stack pointer to which a trap unwinds: the frame of the innermost entry trampoline.
    pub const TRAP_SP: Words = Words(1);
    /// Lowest stack pointer that guest code may have when it starts a function body. Zero when idle.
    pub const STACK_LIMIT: Words = Words(2);
    /// One byte: set by the host to stop the guest, looked at by guests that are metered by a flag, cleared when an outermost activation
    /// begins. It stays set until then, so that it ends every activation of a nest.
    pub const INTERRUPT: Words = Words(3);
    /// Fuel left, a signed number of 64 bits that is never negative while the host can see it: set by the host before a call, and
    /// used up by guests that are metered by fuel. An activation that traps leaves none: it is known what was
    /// left at its last call or return, and not what it has used since.
    pub const FUEL: Words = Words(4);
    /// Counted up by each outermost activation, so that a thread outside never takes one activation's owner and
    /// another's stack limit for a pair.
    pub const EPOCH: Words = Words(6);
    /// End of the stack that the host gave the outermost activation: its lowest address. The limit lies above it by the headroom
    /// of the module that was entered.
    pub const STACK_END: Words = Words(7);
    /// Size of the record.
    pub const SIZE: Words = Words(8);
}

/// The module record: read-only, 32-bit fields, self-relative references. Offsets in bytes.
pub mod module {
    /// → domain record.
    pub const DOMAIN: u32 = 0;
    /// → state record.
    pub const STATE: u32 = 4;
    /// → the function that instantiates the module, C convention, one ignored pointer as parameter; it is
    /// run inside an activation, and traps like any guest code.
    pub const INSTANTIATE: u32 = 8;
    /// Bytes of stack, counted from the host's call, that an activation may use, headroom included.
    pub const STACK_BYTES: u32 = 12;
    /// Bytes of these that guest code leaves for host callbacks, the runtime library and interrupts.
    pub const HEADROOM_BYTES: u32 = 16;
    /// → the symbol of the ABI's version.
    pub const ABI_VERSION: u32 = 20;
    /// Size of the record in bytes.
    pub const SIZE: u32 = 24;
}

/// The state record of a module: writable, zero at start. Offsets in bytes.
pub mod state {
    /// 32 bits: 1 when the module is instantiated, else 0.
    pub const INSTANTIATED: u32 = 0;
    /// One byte for every data segment, then one for every element segment: 1 when dropped.
    pub const DROPPED: u32 = 4;
}

/// The record of a linear memory: writable, zero at start, filled in by instantiation.
pub mod memory {
    use super::Words;
    /// Address of byte 0.
    pub const BASE: Words = Words(0);
    /// Current size in bytes.
    pub const SIZE_BYTES: Words = Words(1);
    /// Bytes that are reserved for it; it never grows past them.
    pub const RESERVE_BYTES: Words = Words(2);
    /// Declared maximum in pages, all ones when none is declared.
    pub const MAX_PAGES: Words = Words(3);
    /// Binary logarithm of the page size in bytes.
    pub const PAGE_BYTES_LOG2: Words = Words(4);
    /// Size of the record.
    pub const SIZE: Words = Words(5);
}

/// The record of a table: writable, zero at start, filled in by instantiation. An element is a word:
/// zero for null, else the address of a function record, or a value that the host chose.
pub mod table {
    use super::Words;
    /// Address of element 0.
    pub const BASE: Words = Words(0);
    /// Current number of elements.
    pub const SIZE: Words = Words(1);
    /// Number of elements that are reserved for it.
    pub const RESERVE: Words = Words(2);
    /// Declared maximum, all ones when none is declared.
    pub const MAX: Words = Words(3);
    /// Size of the record.
    pub const RECORD_SIZE: Words = Words(4);
}

/// The function record, to which a `funcref` points: read-only, self-relative, offsets in bytes.
pub mod function {
    /// → the code, which has the link convention.
    pub const CODE: u32 = 0;
    /// → the identity of its type, a symbol that all modules share.
    pub const TYPE: u32 = 4;
    /// Size of the record in bytes.
    pub const SIZE: u32 = 8;
    /// Alignment of the record in bytes.
    pub const ALIGN: u32 = 8;
}

/// The reference cell, by which an exported memory, table or global is reached: read-only, 32 bits.
///
/// The cell is a self-relative reference to the thing itself: the memory record, the table record, or the
/// global's storage. Things are at least 4-byte aligned, so bit 0 is free: where it is set, the module
/// re-exports what it imports, and the reference leads to the next cell.
pub mod cell {
    /// Set when the reference leads to another cell.
    pub const INDIRECT: u32 = 1;
    /// Size of a cell in bytes.
    pub const SIZE: u32 = 4;
}

/// One argument or result slot of an entry, in bytes. Arguments and results share one array of slots,
/// both from index 0: an `i32` or `f32` is the low half (what lies above is ignored), references are a word. A `v128` is two slots one after
/// the other, that is its 16 bytes as linear memory has them, the first lane's first; whoever comes after it is two slots further.
pub const SLOT_BYTES: u32 = 8;

/// Bulk operations that are polled look at the flag after this many bytes.
pub const POLL_BYTES: u32 = 4096;

/// Frames up to this size, in bytes, may be set up before the stack check runs; larger ones are checked first.
/// It is part of what the headroom must cover.
pub const UNCHECKED_FRAME_BYTES: u32 = 512;

/// Stack that the runtime library uses, in bytes from the caller's stack pointer before the call on: upper bounds for the library as this
/// repository builds it, and for any build of it with optimisation. A test measures that they are.
pub mod stack {
    /// The numbers of an architecture.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct RuntimeStack {
        /// From the call of the function that enters or instantiates, to the call of what runs inside.
        pub enter: u32,
        /// A call by itself: the return address, where the machine pushes it. Copying and filling bytes use no more.
        pub call: u32,
        /// Any other function that guest code calls.
        pub operation: u32,
    }

    /// x86-64.
    pub const X86_64: RuntimeStack = RuntimeStack { enter: 144, call: 8, operation: 144 };
    /// AArch64.
    pub const AARCH64: RuntimeStack = RuntimeStack { enter: 256, call: 0, operation: 112 };
    /// RISC-V, 64 bits.
    pub const RISCV64: RuntimeStack = RuntimeStack { enter: 304, call: 0, operation: 112 };
}
