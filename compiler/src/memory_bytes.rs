//! `memory_bytes`: fewer bytes than the pages that a module declares, for modules of toolchains whose smallest memory is 64 KiB.
//!
//! The module does not know: `memory.size` says whole pages, rounded down, and an access beyond the bytes traps like any other. What
//! is certain to trap is told here instead: data beyond, and a stack that begins beyond.

use crate::error::Error;
use crate::module::{Module, SegmentMode};
use crate::options::Options;

/// What to do.
const ADVICE: &str = "link the module with a smaller stack (-zstack-size=N; by default it has 64 KiB or 1 MiB), with its data at \
                                low addresses (--global-base), or raise --memory-bytes";

/// Holds the module against the bytes that it is given; notes for the report.
///
/// # Errors
/// `Limit` when the module cannot work with so few bytes, or has no memory that could be made smaller.
pub(crate) fn check(module: &Module<'_>, options: &Options) -> Result<Vec<String>, Error> {
    let Some(given) = options.memory_bytes else { return Ok(Vec::new()) };
    let declared =
        |memory: &crate::module::MemoryDecl| memory.ty.minimum_pages.checked_shl(memory.ty.page_bytes_log2).unwrap_or(u64::MAX);
    let most = module.memories.iter().filter(|memory| memory.import.is_none()).map(declared).max();
    match most {
        None => return Err(Error::limit("--memory-bytes for a module without a memory of its own").help("leave it out")),
        Some(most) if given > most => {
            return Err(Error::limit(format!("--memory-bytes {given} is more than the {most} bytes that the module declares"))
                .help("leave it out; --memory-reserve gives a memory room to grow"));
        }
        Some(_) => {}
    }
    check_data(module, given)?;
    check_stack(module, given)
}

/// Active segments whose place is known must lie inside.
fn check_data(module: &Module<'_>, given: u64) -> Result<(), Error> {
    for (index, segment) in module.data.iter().enumerate() {
        let SegmentMode::Active { target, offset } = &segment.mode else { continue };
        if module.memories[target.index()].import.is_some() {
            continue;
        }
        let Some(start) = offset.literal() else { continue };
        let end = (start & 0xffff_ffff) + segment.bytes.len() as u64;
        if end > given {
            return Err(Error::limit(format!(
                "data segment {index} ends at byte {end} of the memory, beyond --memory-bytes {given}"
            ))
            .at(segment.wasm_offset)
            .help(ADVICE));
        }
    }
    Ok(())
}

/// The stack pointer that linkers of C, C++ and Rust make is the first global, and begins at the end of the stack.
fn check_stack(module: &Module<'_>, given: u64) -> Result<Vec<String>, Error> {
    let Some(global) = module.globals.first() else { return Ok(Vec::new()) };
    let is_address = global.ty.mutable && global.ty.value == crate::interface::ValueType::I32;
    let start = global.init.as_ref().and_then(|init| init.literal()).map(|start| start & 0xffff_ffff);
    let Some(start) = start.filter(|start| is_address && *start > given) else { return Ok(Vec::new()) };
    if module.stack_pointer_named {
        return Err(Error::limit(format!(
            "the module's stack begins at byte {start} of its memory, beyond --memory-bytes {given}"
        ))
        .help(ADVICE));
    }
    Ok(vec![format!("global 0 starts as {start}, beyond --memory-bytes {given}: if it is the module's stack pointer, {ADVICE}")])
}
