//! WebAssembly bytes in, relocatable object bytes out.
//!
//! The way through: [`module`] parses and validates, [`translate`] turns operators into Cranelift IR,
//! [`backend`] turns that into machine code, [`object`] writes the ELF file, [`debug`] what debuggers read in it, [`bindings`] and [`report`] say
//! what a host needs to know, [`cost`] what a call can use at most. [`instance`], [`bounds`] and [`trap`] are the rooms that decide, alone, where
//! instance state lives, how an access is checked, and how a trap leaves the guest.
//!
//! The library does no I/O, reads no environment and no clock, and contains no `unsafe`. The same input and
//! options give the same bytes, whatever the number of threads.
#![forbid(unsafe_code)]

mod backend;
pub mod bindings;
mod bounds;
mod compile;
mod cost;
mod debug;
mod error;
pub mod explain;
pub mod fault;
mod frame_check;
mod instance;
mod interface;
mod memory_bytes;
mod module;
mod object;
mod opt;
mod options;
pub mod report;
mod symbol;
pub mod target;
mod translate;
mod trap;

pub use error::{Error, ErrorKind};
pub use interface::{
    Export, ExternType, FunctionType, GlobalType, Import, Interface, MemoryType, Provider, TableType, ValueType,
};
pub use options::{Limits, Meter, Options, Placement};
pub use translate::SUPPORTED as SUPPORTED_OPERATORS;

/// What a compilation gives.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// The relocatable ELF object.
    pub object: Vec<u8>,
    /// Imports and exports with their symbols: what the bindings are made from.
    pub interface: Interface,
    /// What the module costs.
    pub report: report::Report,
    /// Where in the code which place of the module went.
    pub code_map: report::CodeMap,
    /// Cranelift IR of every function before optimisation, when [`Options::emit_clif`] is set.
    pub clif: Option<String>,
    /// Assembly of every function, when [`Options::emit_asm`] is set.
    pub asm: Option<String>,
}

/// Compiles a module.
///
/// # Errors
/// When the module is invalid, uses what is not supported, exceeds a limit, or cannot be compiled. No input
/// makes this panic.
pub fn compile(wasm: &[u8], options: &Options) -> Result<Artifact, Error> {
    compile::compile(wasm, options)
}

/// Says what a module imports and exports without compiling it; symbols are those that `options` would give.
///
/// # Errors
/// When the module is malformed, does not validate, or uses what is not supported.
pub fn inspect(wasm: &[u8], options: &Options) -> Result<Interface, Error> {
    compile::inspect(wasm, options)
}
