//! What is written in assembly, for each architecture the same: the trampoline through which a guest is entered
//! and left, and the copying and filling of bytes.
//!
//! Copying and filling are not written in Rust because the compiler would recognise the loops and replace them by calls of
//! `memmove` and `memset`, which need not exist where this library runs.
//!
//! Each routine describes its frame in `.debug_frame`, so that a debugger walks from guest code through to the host.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::stack_pointer;
#[cfg(target_arch = "riscv64")]
pub(crate) use riscv64::stack_pointer;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::stack_pointer;

use crate::activation::Thunk;
use crate::host::Completion;
use saggar_abi::layout::domain;

/// Where the domain record keeps the stack pointer to which a trap unwinds, in bytes.
const TRAP_SP: u32 = domain::TRAP_SP.bytes(usize::BITS / 8);

unsafe extern "C" {
    /// Saves what the C convention says a callee keeps, and the floating-point control; gives the guest the control
    /// that WebAssembly asks for; leaves the stack pointer in the domain record, for [`sg_raise`]; calls the thunk.
    /// Returns {0, 0} when the thunk returns, and the code and the program counter of the trap when one is raised;
    /// everything that was saved, the domain's previous stack pointer included, is then as it was.
    ///
    /// # Safety
    /// The domain belongs to the caller; the thunk may be called with these slots.
    ///
    /// [`sg_raise`]: crate::activation::raise
    pub(crate) fn sg_switch(domain: *mut u8, thunk: Thunk, slots: *mut u64) -> Completion;

    /// Copies `bytes` bytes; the ranges may overlap.
    ///
    /// # Safety
    /// `from` leads to as many bytes, `to` to as many that may be written.
    pub(crate) fn sg_copy(to: *mut u8, from: *const u8, bytes: usize);

    /// Writes a byte to `bytes` bytes.
    ///
    /// # Safety
    /// `to` leads to as many writable bytes.
    pub(crate) fn sg_fill(to: *mut u8, byte: u32, bytes: usize);
}
