//! The contract between a compiled module, the runtime library and the host, byte for byte.
//!
//! The compiler emits what stands here, the runtime library and the bindings read it, and nobody else
//! decides it. The crate holds numbers, layouts and names; it has no dependencies, needs no allocator,
//! and contains no `unsafe`.
//!
//! - [`trap`]: the codes with which an activation ends.
//! - [`layout`]: the records in memory: domain, module, memory, table, function, reference cell.
//! - [`names`]: how symbols are spelled, and how any wasm name becomes part of a C identifier.
#![no_std]
#![forbid(unsafe_code)]

pub mod layout;
pub mod names;
pub mod trap;

/// Version of everything in this crate. It is part of the symbol [`names::ABI_VERSION_SYMBOL`], which every
/// compiled module refers to and only a matching runtime library defines.
pub const VERSION: u32 = 2;
