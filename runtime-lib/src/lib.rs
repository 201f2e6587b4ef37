//! What a compiled module needs on the device: the way in, the way out of a trap, and the few operations that
//! are too long to repeat in every module.
//!
//! - [`activation`]: entering a guest, instantiating it, raising a trap; on top of `arch`, the trampolines.
//! - [`memory`], [`table`]: growing, and what fills tables. Copying and filling bytes is in `arch`.
//! - [`polled`]: the same in pieces, for guests that a flag stops.
//! - [`cell`]: following reference cells to what a module exports.
//! - [`host`], [`meter`]: what a Rust host uses: [`Completion`], [`Memory`], [`Global`], [`Fuel`], [`Interrupter`].
//!
//! Held throughout: no allocation, no formatting, no panic, and no writable data, for what an activation needs
//! lives in the domain record, which the compiler emits. Every function lies in a section of its own, so that
//! a linker that collects garbage keeps what a module uses and nothing else. The functions that compiled code calls have
//! the names of `saggar_abi::names::runtime`.
#![no_std]
#![deny(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

pub mod activation;
mod arch;
pub mod cell;
mod fault;
pub mod host;
pub mod memory;
pub mod meter;
pub mod polled;
mod record;
pub mod table;
pub mod vector;

pub use cell::Cell;
pub use host::{Completion, Global, GlobalValue, Memory, Trap};
pub use meter::{Fuel, Interrupter};
pub use saggar_abi::trap::Code;
pub use vector::V128;

/// The symbol by which a linker finds that module and library speak the same version of the contract: a module
/// refers to the symbol of its version, and another version of this library does not define it.
#[unsafe(export_name = "saggar_abi_version_2")]
pub static ABI_VERSION: u32 = saggar_abi::VERSION;

const _: () = assert!(saggar_abi::VERSION == 2, "the exported symbol names the version");

#[cfg(feature = "staticlib-panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
