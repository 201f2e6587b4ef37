//! What is particular to an architecture: the start of the process, the call that compares, the shape of what the
//! kernel passes around at a signal.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::*;
#[cfg(target_arch = "riscv64")]
pub(crate) use riscv64::*;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::*;

use crate::call::Record;
use core::mem::offset_of;

/// Offsets in the record, for the assembly.
const ADDRESS: usize = offset_of!(Record, address);
const SLOTS: usize = offset_of!(Record, slots);
const CODE: usize = offset_of!(Record, code);
const PC: usize = offset_of!(Record, pc);
const SAVED_SP: usize = offset_of!(Record, saved_sp);
const GIVEN: usize = offset_of!(Record, given);
const FOUND: usize = offset_of!(Record, found);
/// Offsets in the values of registers.
#[cfg(not(target_arch = "x86_64"))]
const FLOATS: usize = 8 * 16;
const STACK_POINTER: usize = 8 * crate::protocol::STACK_POINTER;
const FLOAT_CONTROL: usize = 8 * crate::protocol::FLOAT_CONTROL;

unsafe extern "C" {
    /// Calls what the call record says, and fills in the rest of the record.
    ///
    /// # Safety
    /// The record is filled in.
    pub(crate) fn guest_call();

    /// Gives up the call that is under way: goes on as if it had returned, without looking at registers.
    pub(crate) fn guest_recover();
}
