//! Growing and filling tables. (Specification 4.6, "growing tables", and the table instructions.)
//!
//! An element is a word: zero for null, else the address of a function record or a value of the host's.

use crate::memory::REFUSED;
use crate::record::{Record, follow};
use core::ptr;
use saggar_abi::layout::table;

/// Grows a table by `delta` elements of `value`; the old size, or all ones when it cannot grow so far.
///
/// # Safety
/// `record` is a table record whose base leads to as many writable elements as it reserves, and nobody else
/// accesses either.
#[unsafe(export_name = "sg_table_grow")]
pub unsafe extern "C" fn grow(record: *mut u8, delta: u64, value: usize) -> u64 {
    // SAFETY: promised by the caller.
    let record = unsafe { Record::new(record) };
    let Some((old, new)) = grown(record, delta) else {
        return REFUSED;
    };
    let base = ptr::with_exposed_provenance_mut::<usize>(record.get(table::BASE));
    // SAFETY: old size ≤ new size ≤ reserve, so the elements between the sizes are reserved for this table.
    unsafe { fill(base.wrapping_add(old), value, new.wrapping_sub(old)) };
    record.set(table::SIZE, new);
    old as u64
}

/// Old and new size of a table that grows by `delta`, unless that exceeds the declared maximum or the reserve.
#[inline(always)]
pub(crate) fn grown(record: Record, delta: u64) -> Option<(usize, usize)> {
    let old = record.get(table::SIZE);
    let new = old.checked_add(usize::try_from(delta).ok()?)?;
    (new <= record.get(table::MAX) && new <= record.get(table::RESERVE)).then_some((old, new))
}

/// Writes `value` to `elements` elements of a table.
///
/// # Safety
/// `to` leads to as many elements that may be written.
#[unsafe(export_name = "sg_table_fill")]
pub unsafe extern "C" fn fill(to: *mut usize, value: usize, elements: usize) {
    let mut to = to;
    let end = to.wrapping_add(elements);
    while to != end {
        // SAFETY: `to` is before the end of what the caller promised.
        unsafe { to.write(value) };
        to = to.wrapping_add(1);
    }
}

/// Writes elements from a segment of self-relative references, in which zero is null.
///
/// # Safety
/// `to` leads to `elements` elements that may be written, `segment` to as many references.
#[unsafe(export_name = "sg_table_init")]
pub unsafe extern "C" fn init(to: *mut usize, segment: *const i32, elements: usize) {
    let mut to = to;
    let mut segment = segment;
    let end = to.wrapping_add(elements);
    while to != end {
        // SAFETY: the caller promised as many references as elements.
        let distance = unsafe { segment.read() };
        let value = if distance == 0 { 0 } else { follow(segment, distance).addr() };
        // SAFETY: `to` is before the end of what the caller promised.
        unsafe { to.write(value) };
        to = to.wrapping_add(1);
        segment = segment.wrapping_add(1);
    }
}
