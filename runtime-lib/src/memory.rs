//! Growing a linear memory within what is reserved for it. (Specification 4.6, "growing memories".)
//!
//! Bytes that a memory gains are written with zeros here, so that instantiation only has to clear the
//! declared minimum. Copying and filling are in `arch`.

use crate::arch;
use crate::fault;
use crate::record::Record;
use saggar_abi::layout::memory;

/// What the grow operations answer when they refuse.
pub(crate) const REFUSED: u64 = u64::MAX;

/// Grows a memory by `delta_pages`; the old size in pages, or all ones when it cannot grow so far.
///
/// # Safety
/// `record` is a memory record whose base leads to as many writable bytes as it reserves, and nobody else
/// accesses either.
#[unsafe(export_name = "sg_memory_grow")]
pub unsafe extern "C" fn grow(record: *mut u8, delta_pages: u64) -> u64 {
    // SAFETY: promised by the caller.
    let record = unsafe { Record::new(record) };
    let Some(growth) = grown(record, delta_pages) else {
        return REFUSED;
    };
    let gained = core::ptr::with_exposed_provenance_mut::<u8>(record.get(memory::BASE).wrapping_add(growth.old_bytes));
    // SAFETY: old size ≤ new size ≤ reserve, so the bytes between the sizes are reserved for this memory.
    unsafe { arch::sg_fill(gained, 0, growth.new_bytes.wrapping_sub(growth.old_bytes)) };
    record.set(memory::SIZE_BYTES, growth.new_bytes);
    growth.old_pages as u64
}

/// A growth that is possible: old size ≤ new size ≤ reserve.
pub(crate) struct Growth {
    pub(crate) old_pages: usize,
    pub(crate) old_bytes: usize,
    pub(crate) new_bytes: usize,
}

/// What growing by `delta_pages` gives, unless it exceeds the declared maximum, the reserve or the address space.
#[inline(always)]
pub(crate) fn grown(record: Record, delta_pages: u64) -> Option<Growth> {
    let old_bytes = record.get(memory::SIZE_BYTES);
    let page_bytes_log2 = u32::try_from(record.get(memory::PAGE_BYTES_LOG2)).ok()?;
    let old_pages = old_bytes.unbounded_shr(page_bytes_log2);
    let new_pages = old_pages.checked_add(usize::try_from(delta_pages).ok()?)?;
    if new_pages > record.get(memory::MAX_PAGES) || new_pages > usize::MAX.unbounded_shr(page_bytes_log2) {
        return None;
    }
    // The size may be no multiple of a page; and neither this shift nor, below the reserve, the sum can overflow.
    let gained_bytes = new_pages.wrapping_sub(old_pages).unbounded_shl(page_bytes_log2);
    let new_bytes = old_bytes.checked_add(gained_bytes)?;
    if new_bytes > record.get(memory::RESERVE_BYTES) && !fault::GROW_PAST_RESERVE {
        return None;
    }
    Some(Growth { old_pages, old_bytes, new_bytes })
}
