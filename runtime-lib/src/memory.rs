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
    let old_bytes = record.get(memory::SIZE_BYTES);
    let Ok(page_bytes_log2) = u32::try_from(record.get(memory::PAGE_BYTES_LOG2)) else {
        return REFUSED;
    };
    let old_pages = old_bytes.unbounded_shr(page_bytes_log2);
    let Some(new_bytes) = grown(old_pages, delta_pages, record.get(memory::MAX_PAGES), page_bytes_log2) else {
        return REFUSED;
    };
    if new_bytes > record.get(memory::RESERVE_BYTES) && !fault::GROW_PAST_RESERVE {
        return REFUSED;
    }
    let gained = core::ptr::with_exposed_provenance_mut::<u8>(record.get(memory::BASE).wrapping_add(old_bytes));
    // SAFETY: old size ≤ new size ≤ reserve, so the bytes between the sizes are reserved for this memory.
    unsafe { arch::sg_fill(gained, 0, new_bytes.wrapping_sub(old_bytes)) };
    record.set(memory::SIZE_BYTES, new_bytes);
    old_pages as u64
}

/// The size in bytes after growing, unless it exceeds the declared maximum or the address space.
fn grown(old_pages: usize, delta_pages: u64, max_pages: usize, page_bytes_log2: u32) -> Option<usize> {
    let new_pages = old_pages.checked_add(usize::try_from(delta_pages).ok()?)?;
    if new_pages > max_pages || new_pages > usize::MAX.unbounded_shr(page_bytes_log2) {
        return None;
    }
    Some(new_pages.unbounded_shl(page_bytes_log2))
}
