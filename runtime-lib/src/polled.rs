//! Bulk operations in pieces, for guests that a flag stops: after every [`POLL_BYTES`] the flag of the domain record is looked
//! at, and where it is set the operation ends with what it has written so far. Compiled code then raises the trap.
//!
//! What is copied, filled and grown, and what the caller must promise, is as in [`memory`](crate::memory), [`table`](crate::table)
//! and `arch`. A memory or table that was interrupted while it grew keeps its size; only elements and bytes beyond it were written.

use crate::arch;
use crate::fault;
use crate::memory::{REFUSED, grown};
use crate::record::{Domain, Record};
use crate::table;
use core::ptr;
use core::sync::atomic::Ordering;
use saggar_abi::layout::{POLL_BYTES, memory, table as fields};

/// What the grow operations answer when they were interrupted.
const INTERRUPTED: u64 = REFUSED - 1;

const PIECE_BYTES: usize = POLL_BYTES as usize;
const PIECE_ELEMENTS: usize = PIECE_BYTES.div_euclid(size_of::<usize>());

/// Whether the flag is set.
fn interrupted(domain: Domain) -> bool {
    domain.interrupt().load(Ordering::Relaxed) != 0 && !fault::BULK_NOT_POLLED
}

/// Runs `piece(offset, length)` for pieces of a range of `length` up to `most` each, from the first or from the last; 1 when the flag
/// was set before the range was done, else 0.
fn pieces(domain: Domain, length: usize, most: usize, backwards: bool, mut piece: impl FnMut(usize, usize)) -> usize {
    let mut done = 0_usize;
    while done < length {
        if interrupted(domain) {
            return 1;
        }
        let left = length.wrapping_sub(done);
        let next = left.min(most);
        let offset = if backwards { left.wrapping_sub(next) } else { done };
        piece(offset, next);
        done = done.wrapping_add(next);
    }
    0
}

/// Copies; the ranges may overlap.
///
/// # Safety
/// `from` leads to `bytes` bytes, `to` to as many that may be written; `domain` is a domain record.
#[unsafe(export_name = "sg_copy_polled")]
pub unsafe extern "C" fn copy(to: *mut u8, from: *const u8, bytes: usize, domain: *mut u8) -> usize {
    // SAFETY: promised by the caller.
    let domain = unsafe { Domain::new(domain) };
    // Where the target begins inside the source, the first pieces would overwrite what later ones read.
    let backwards = to.addr().wrapping_sub(from.addr()) < bytes;
    pieces(domain, bytes, PIECE_BYTES, backwards, |offset, length| {
        // SAFETY: the piece is inside the ranges that the caller promised.
        unsafe { arch::sg_copy(to.wrapping_add(offset), from.wrapping_add(offset), length) };
    })
}

/// Fills.
///
/// # Safety
/// `to` leads to `bytes` bytes that may be written; `domain` is a domain record.
#[unsafe(export_name = "sg_fill_polled")]
pub unsafe extern "C" fn fill(to: *mut u8, byte: u32, bytes: usize, domain: *mut u8) -> usize {
    // SAFETY: promised by the caller.
    let domain = unsafe { Domain::new(domain) };
    pieces(domain, bytes, PIECE_BYTES, false, |offset, length| {
        // SAFETY: the piece is inside the range that the caller promised.
        unsafe { arch::sg_fill(to.wrapping_add(offset), byte, length) };
    })
}

/// Grows a memory: the old size in pages, all ones when it cannot grow so far, one less when it was interrupted.
///
/// # Safety
/// As for [`memory::grow`](crate::memory::grow); `domain` is a domain record.
#[unsafe(export_name = "sg_memory_grow_polled")]
pub unsafe extern "C" fn memory_grow(record: *mut u8, delta_pages: u64, domain: *mut u8) -> u64 {
    // SAFETY: promised by the caller.
    let record = unsafe { Record::new(record) };
    let Some(growth) = grown(record, delta_pages) else {
        return REFUSED;
    };
    let gained = ptr::with_exposed_provenance_mut::<u8>(record.get(memory::BASE).wrapping_add(growth.old_bytes));
    // SAFETY: old size ≤ new size ≤ reserve, so the bytes between the sizes are reserved for this memory.
    if unsafe { fill(gained, 0, growth.new_bytes.wrapping_sub(growth.old_bytes), domain) } != 0 {
        return INTERRUPTED;
    }
    record.set(memory::SIZE_BYTES, growth.new_bytes);
    growth.old_pages as u64
}

/// Writes `value` to `elements` elements of a table.
///
/// # Safety
/// As for [`table::fill`]; `domain` is a domain record.
#[unsafe(export_name = "sg_table_fill_polled")]
pub unsafe extern "C" fn table_fill(to: *mut usize, value: usize, elements: usize, domain: *mut u8) -> usize {
    // SAFETY: promised by the caller.
    let domain = unsafe { Domain::new(domain) };
    pieces(domain, elements, PIECE_ELEMENTS, false, |offset, length| {
        // SAFETY: the piece is inside the range that the caller promised.
        unsafe { table::fill(to.wrapping_add(offset), value, length) };
    })
}

/// Writes elements from a segment of self-relative references, in which zero is null.
///
/// # Safety
/// As for [`table::init`]; `domain` is a domain record.
#[unsafe(export_name = "sg_table_init_polled")]
pub unsafe extern "C" fn table_init(to: *mut usize, segment: *const i32, elements: usize, domain: *mut u8) -> usize {
    // SAFETY: promised by the caller.
    let domain = unsafe { Domain::new(domain) };
    pieces(domain, elements, PIECE_ELEMENTS, false, |offset, length| {
        // SAFETY: the piece is inside the ranges that the caller promised.
        unsafe { table::init(to.wrapping_add(offset), segment.wrapping_add(offset), length) };
    })
}

/// Grows a table: the old size, all ones when it cannot grow so far, one less when it was interrupted.
///
/// # Safety
/// As for [`table::grow`]; `domain` is a domain record.
#[unsafe(export_name = "sg_table_grow_polled")]
pub unsafe extern "C" fn table_grow(record: *mut u8, delta: u64, value: usize, domain: *mut u8) -> u64 {
    // SAFETY: promised by the caller.
    let record = unsafe { Record::new(record) };
    let Some((old, new)) = table::grown(record, delta) else {
        return REFUSED;
    };
    let base = ptr::with_exposed_provenance_mut::<usize>(record.get(fields::BASE));
    // SAFETY: old size ≤ new size ≤ reserve, so the elements between the sizes are reserved for this table.
    if unsafe { table_fill(base.wrapping_add(old), value, new.wrapping_sub(old), domain) } != 0 {
        return INTERRUPTED;
    }
    record.set(fields::SIZE, new);
    old as u64
}
