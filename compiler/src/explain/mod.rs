//! From a program counter back to the module: function, operator, source line. Reads what [`crate::object`] wrote, in an object or
//! in an image that a linker made of it; no I/O, and no panic whatever the file holds.
//!
//! - [`map`]: the section `.debug_saggar_map`, which knows functions and operators.
//! - [`file`]: the sections of an ELF file; of an object as if it had been linked.
//! - [`source`]: our own debug information, which knows lines and inlined calls.
//! - [`operator`]: names of opcodes.

mod file;
pub(crate) mod map;
mod operator;
mod source;

use crate::debug::text;
use file::File;
pub use map::Kind;
use map::{ModuleMap, Piece};
use saggar_abi::trap::Code;
use serde::Serialize;
pub use source::Call;

/// A place in code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// In a linked image, an address of it, as in its symbol table. In an object, an offset from the module's text symbol, as if all
    /// of its code lay in one section.
    pub pc: u64,
    /// Whether `pc` is a return address, as a completion has it: then the instruction before it is meant.
    pub return_address: bool,
}

/// Where a program counter leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The module's name.
    pub module: String,
    /// What code this is.
    pub kind: Kind,
    /// Index of the function, where the code belongs to one.
    pub function: Option<u32>,
    /// The function's name, if the module has one for it.
    pub name: Option<String>,
    /// The trap that a stub raises, in words.
    pub trap: Option<String>,
    /// Bytes from the start of this piece of code to the instruction.
    pub code_offset: u64,
    /// Byte offset in the module, where the instruction stems from one of its places.
    pub wasm_offset: Option<u32>,
    /// The operator that stands there, as the text format spells it.
    pub operator: Option<String>,
    /// Where that is in the source, innermost call first: the last is the function itself. Empty without debug information.
    pub source: Vec<Call>,
}

/// Why there is no explanation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// The file is no ELF file, or a broken one.
    #[error("this is not an ELF file that can be read: {0}")]
    NotElf(String),
    /// No module's map is in the file.
    #[error("the file has no section .debug_saggar_map")]
    NoMap,
    /// There is a map, but it cannot be read.
    #[error("the section .debug_saggar_map is damaged")]
    Damaged,
    /// There is a map of another version.
    #[error("the section .debug_saggar_map has version {0}, and this program reads version {version}", version = map::VERSION)]
    Version(u8),
    /// An object of several modules, in which offsets are ambiguous.
    #[error("the object holds several modules: {}", .0.join(", "))]
    SeveralModules(Vec<String>),
    /// The program counter is in no code of a module.
    #[error("{pc:#x} lies in no code of a module; there is code {}", ranges(.code))]
    Outside {
        /// What was asked for.
        pc: u64,
        /// Each module's name with its lowest and highest place of code.
        code: Vec<(String, u64, u64)>,
    },
}

impl ExplainError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            ExplainError::NotElf(_) => "give the object that `aot` wrote, or the image that it was linked into",
            ExplainError::NoMap => "give the object itself, or an image from before it was stripped",
            ExplainError::Damaged => "compile the module again",
            ExplainError::Version(_) => "use the version of this program that compiled the module",
            ExplainError::SeveralModules(_) => "link it and give an address, or give the object of one module",
            ExplainError::Outside { .. } => {
                "of an object give the offset from the module's text symbol, of an image the address: where an image is loaded \
                 elsewhere, subtract where it begins"
            }
        }
    }
}

fn ranges(code: &[(String, u64, u64)]) -> String {
    if code.is_empty() {
        return "of no module".to_string();
    }
    let range = |(name, start, end): &(String, u64, u64)| format!("of \"{name}\" from {start:#x} to {end:#x}");
    code.iter().map(range).collect::<Vec<_>>().join(", ")
}

/// Says where a program counter leads.
///
/// # Errors
/// When the file is not ELF, no module's map is in it, or the program counter is in no module's code.
pub fn explain(bytes: &[u8], query: Query) -> Result<Explanation, ExplainError> {
    let file = File::read(bytes)?;
    let modules = file.modules()?;
    let pc = if query.return_address { query.pc.wrapping_sub(1) } else { query.pc };
    let found = modules.iter().find_map(|module| Some((module, find(module, pc)?)));
    let (module, piece) = found.ok_or_else(|| ExplainError::Outside { pc: query.pc, code: extents(&modules) })?;
    let offset = pc - piece.address;
    let origin = piece.origin(offset);
    let belongs = !matches!(piece.kind, Kind::Instantiation | Kind::TrapStub);
    Ok(Explanation {
        module: text::path(module.name),
        kind: piece.kind,
        function: belongs.then_some(piece.index),
        name: (!piece.name.is_empty()).then(|| text::path(piece.name)),
        trap: Code::from_number(piece.index).filter(|_| piece.kind == Kind::TrapStub).map(|code| code.description().to_string()),
        code_offset: offset,
        wasm_offset: origin.map(|origin| origin.wasm_offset),
        operator: origin.and_then(|origin| origin.opcode).map(operator::name),
        source: if piece.kind == Kind::Function { source::calls(&file, pc) } else { Vec::new() },
    })
}

fn find<'p, 'a>(module: &'p ModuleMap<'a>, pc: u64) -> Option<&'p Piece<'a>> {
    module.pieces.iter().find(|piece| pc >= piece.address && pc - piece.address < piece.bytes)
}

/// Where each module's code lies.
fn extents(modules: &[ModuleMap<'_>]) -> Vec<(String, u64, u64)> {
    let extent = |module: &ModuleMap<'_>| {
        let start = module.pieces.iter().map(|piece| piece.address).min()?;
        let end = module.pieces.iter().map(|piece| piece.address.saturating_add(piece.bytes)).max()?;
        Some((text::path(module.name), start, end))
    };
    modules.iter().filter_map(extent).collect()
}
