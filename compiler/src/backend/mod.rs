//! CLIF function in → bytes, relocations, source locations, frame size.
//!
//! The wall to code generators: Cranelift's own `TargetIsa` cannot be implemented outside its tree, so a back end of ours
//! for a 32-bit target will stand behind this trait instead.

mod arguments;
mod cranelift;

pub(crate) use arguments::stack_argument_bytes;
pub(crate) use cranelift::Cranelift;

use crate::error::Error;
use crate::symbol::Symbol;
use crate::trap::StubReloc;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::Function;

/// What a relocation does; Cranelift's kinds, or those of a stub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelocKind {
    Code(Reloc),
    Stub(StubReloc),
}

/// What a relocation refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelocTarget {
    Symbol(Symbol),
    /// An offset in the same function.
    Offset(u32),
}

/// A place that the linker fills in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relocation {
    pub(crate) offset: u32,
    pub(crate) kind: RelocKind,
    pub(crate) target: RelocTarget,
    pub(crate) addend: i64,
}

/// A range of a function's code with its place in the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceRange {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) wasm_offset: u32,
}

/// Where the return address of a function without a frame is once a trap is raised in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReturnAddress {
    /// In another register, by its DWARF number.
    In(u16),
    /// Nowhere.
    Lost,
}

/// A call of a trap stub in a function without a frame, for whoever unwinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TrapCall {
    /// One past the call.
    pub(crate) end: u32,
    pub(crate) return_address: ReturnAddress,
}

/// Machine code of one function.
#[derive(Default)]
pub(crate) struct Compiled {
    pub(crate) bytes: Vec<u8>,
    pub(crate) align: u32,
    pub(crate) relocations: Vec<Relocation>,
    pub(crate) sources: Vec<SourceRange>,
    /// Bytes of stack that one activation takes, return address included.
    pub(crate) frame_bytes: u32,
    /// How to unwind, for `.debug_frame`.
    pub(crate) unwind: Option<cranelift_codegen::isa::unwind::systemv::UnwindInfo>,
    /// Where trap stubs are called without a frame, ascending.
    pub(crate) trap_calls: Vec<TrapCall>,
    pub(crate) asm: Option<String>,
}

/// A code generator.
pub(crate) trait Backend: Sync {
    /// Working memory that is reused from function to function.
    type Scratch: Default;

    /// Compiles a function.
    ///
    /// # Errors
    /// `Backend` when it cannot.
    fn compile(&self, function: Function, scratch: &mut Self::Scratch) -> Result<Compiled, Error>;

    /// The common part of frame descriptions.
    fn frame_header(&self) -> Option<gimli::write::CommonInformationEntry>;
}
