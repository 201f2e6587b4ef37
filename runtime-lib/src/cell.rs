//! Reference cells: how an exported memory, table or global is found.

use crate::record::follow;
use saggar_abi::layout::cell;

/// A reference cell: a read-only, self-relative reference. Only its address means anything, so it is neither
/// copied nor made; it is declared as an external static and used through a pointer.
#[repr(transparent)]
pub struct Cell(i32);

/// Follows cells to the thing itself.
///
/// # Safety
/// `cell` is a reference cell, and so is every cell that it leads to.
#[unsafe(export_name = "sg_resolve")]
pub unsafe extern "C" fn resolve(cell: *const Cell) -> *mut u8 {
    let mut field = cell.cast::<i32>();
    loop {
        // SAFETY: `field` is a cell, as the caller promised.
        let reference = unsafe { field.read() };
        // Everything referred to is 4-byte aligned, so the flag is bit 0 of the number and clearing it gives the distance.
        let indirect = cell::INDIRECT.cast_signed();
        let target = follow(field, reference & !indirect);
        if reference & indirect == 0 {
            return target;
        }
        field = target.cast();
    }
}
