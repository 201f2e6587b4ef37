//! Bytes → [`Module`]: validated by `wasmparser`, indices resolved, segments and names kept.
//!
//! Function bodies are not read here beyond their extent: [`crate::translate`] validates and translates each in
//! one pass, in parallel. Everything else is validated when this returns.

mod constant;
mod features;
mod parse;
mod scan;

pub(crate) use constant::{ConstExpr, ConstOp};
pub(crate) use features::{SUPPORTED, classify};
#[cfg(test)]
pub(crate) use parse::spelled;
pub(crate) use parse::{operator_text, parse, value_type};
pub(crate) use scan::{BodyFacts, Callee, scan};

use crate::interface::{ExternType, FunctionType, GlobalType, MemoryType, TableType};
use std::collections::{BTreeSet, HashMap};
use wasmparser::{FuncToValidate, FunctionBody, ValidatorResources};

/// An index into one of the module's index spaces. The spaces hold imports first, then definitions.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            /// As a position in a list.
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        })*
    };
}

index! {
    /// A function, imported or defined.
    FuncIndex;
    /// A table, imported or defined.
    TableIndex;
    /// A memory, imported or defined.
    MemoryIndex;
    /// A global, imported or defined.
    GlobalIndex;
    /// A function type.
    TypeIndex;
}

/// An import: who is asked for what. `item` counts within the kind.
pub(crate) struct ImportDecl {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) ty: ExternType,
    pub(crate) wasm_offset: usize,
}

/// A function of the index space.
pub(crate) struct FuncDecl {
    pub(crate) ty: TypeIndex,
    /// Position in [`Module::imports`] if it is imported.
    pub(crate) import: Option<usize>,
}

/// A table of the index space.
pub(crate) struct TableDecl {
    pub(crate) ty: TableType,
    pub(crate) import: Option<usize>,
}

/// A memory of the index space.
pub(crate) struct MemoryDecl {
    pub(crate) ty: MemoryType,
    pub(crate) import: Option<usize>,
}

/// A global of the index space.
pub(crate) struct GlobalDecl {
    pub(crate) ty: GlobalType,
    pub(crate) import: Option<usize>,
    /// Initial value of a defined global.
    pub(crate) init: Option<ConstExpr>,
}

/// What an export names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExportItem {
    Func(FuncIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
}

/// An export.
pub(crate) struct ExportDecl {
    pub(crate) name: String,
    pub(crate) item: ExportItem,
}

/// When and where a segment is written.
pub(crate) enum SegmentMode<I> {
    Active { target: I, offset: ConstExpr },
    Passive,
    Declared,
}

/// A data segment.
pub(crate) struct DataSegment<'a> {
    pub(crate) mode: SegmentMode<MemoryIndex>,
    pub(crate) bytes: &'a [u8],
    pub(crate) wasm_offset: usize,
}

/// An element segment.
pub(crate) struct ElementSegment {
    pub(crate) mode: SegmentMode<TableIndex>,
    pub(crate) items: Vec<ElementItem>,
    pub(crate) wasm_offset: usize,
}

/// One element of a segment.
#[derive(Clone, Debug)]
pub(crate) enum ElementItem {
    Null,
    Func(FuncIndex),
    Global(GlobalIndex),
}

/// A body with its validator.
pub(crate) struct Body<'a> {
    pub(crate) body: FunctionBody<'a>,
    pub(crate) validator: FuncToValidate<ValidatorResources>,
}

/// A validated module whose function bodies are still to be validated.
#[derive(Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<FunctionType>,
    pub(crate) imports: Vec<ImportDecl>,
    pub(crate) funcs: Vec<FuncDecl>,
    pub(crate) imported_funcs: usize,
    pub(crate) tables: Vec<TableDecl>,
    pub(crate) memories: Vec<MemoryDecl>,
    pub(crate) globals: Vec<GlobalDecl>,
    pub(crate) exports: Vec<ExportDecl>,
    pub(crate) start: Option<(FuncIndex, usize)>,
    pub(crate) elements: Vec<ElementSegment>,
    pub(crate) data: Vec<DataSegment<'a>>,
    pub(crate) bodies: Vec<Body<'a>>,
    pub(crate) names: HashMap<u32, String>,
    /// The module itself.
    pub(crate) wasm: &'a [u8],
    /// Where each function's body starts and ends in the module, in the order of the code section.
    pub(crate) body_ranges: Vec<(u32, u32)>,
    /// Offset in the module of the code section's content, from which the module's own debug information counts.
    pub(crate) code_start: u32,
    /// Custom sections with debug information, `.debug_…`, in the order of the module.
    pub(crate) debug_sections: Vec<(&'a str, &'a [u8])>,
    /// Whether the name section calls the first global `__stack_pointer`.
    pub(crate) stack_pointer_named: bool,
    /// The first export of each exported function, by position.
    pub(crate) exported_funcs: HashMap<u32, usize>,
    /// Functions of which a reference may be taken by something other than a body.
    pub(crate) referenced: BTreeSet<FuncIndex>,
    pub(crate) used: features::Used,
}

impl Module<'_> {
    /// The type of a function.
    pub(crate) fn func_type(&self, func: FuncIndex) -> &FunctionType {
        &self.types[self.funcs[func.index()].ty.index()]
    }

    /// The function for people: `"parse" (function 12)`, or `function 12` where the module has no name for it.
    pub(crate) fn func_label(&self, func: FuncIndex) -> String {
        match self.func_name(func) {
            Some(name) => format!("\"{name}\" (function {})", func.0),
            None => format!("function {}", func.0),
        }
    }

    /// The function's name: from the name section, else the first export of it.
    pub(crate) fn func_name(&self, func: FuncIndex) -> Option<&str> {
        let exported = || self.exported_funcs.get(&func.0).map(|position| self.exports[*position].name.as_str());
        self.names.get(&func.0).map(String::as_str).or_else(exported)
    }

    /// Where the body of a function starts and ends in the module; `None` for an import.
    pub(crate) fn body_range(&self, func: FuncIndex) -> Option<(u32, u32)> {
        self.body_ranges.get(func.index().checked_sub(self.imported_funcs)?).copied()
    }

    /// Whether a memory is seen by other modules.
    pub(crate) fn memory_is_shared(&self, memory: MemoryIndex) -> bool {
        self.memories[memory.index()].import.is_some()
            || self.exports.iter().any(|export| matches!(export.item, ExportItem::Memory(index) if index == memory))
    }

    /// Whether a table is seen by other modules.
    pub(crate) fn table_is_shared(&self, table: TableIndex) -> bool {
        self.tables[table.index()].import.is_some()
            || self.exports.iter().any(|export| matches!(export.item, ExportItem::Table(index) if index == table))
    }
}
