//! What a module imports and exports, with the symbols that carry it: the data from which bindings are made.

use saggar_abi::names::ValueLetter;
use serde::Serialize;

/// A value type of the supported languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// Reference to a function, or null.
    FuncRef,
    /// Reference to something of the host's, or null.
    ExternRef,
}

impl ValueType {
    /// The letter that stands for it in symbols.
    #[must_use]
    pub fn letter(self) -> ValueLetter {
        match self {
            ValueType::I32 => ValueLetter::I32,
            ValueType::I64 => ValueLetter::I64,
            ValueType::F32 => ValueLetter::F32,
            ValueType::F64 => ValueLetter::F64,
            ValueType::FuncRef => ValueLetter::FuncRef,
            ValueType::ExternRef => ValueLetter::ExternRef,
        }
    }

    /// Whether it is `funcref` or `externref`.
    #[must_use]
    pub fn is_reference(self) -> bool {
        matches!(self, ValueType::FuncRef | ValueType::ExternRef)
    }
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct FunctionType {
    /// Parameters, in order.
    pub params: Vec<ValueType>,
    /// Results, in order.
    pub results: Vec<ValueType>,
}

/// A global type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GlobalType {
    /// Whether it may be written.
    pub mutable: bool,
    /// What it holds.
    pub value: ValueType,
}

/// A memory type; sizes in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MemoryType {
    /// Declared minimum in pages.
    pub minimum_pages: u64,
    /// Declared maximum in pages.
    pub maximum_pages: Option<u64>,
    /// Binary logarithm of the page size in bytes (16 for ordinary modules).
    pub page_bytes_log2: u32,
}

/// A table type; sizes in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TableType {
    /// What it holds.
    pub element: ValueType,
    /// Declared minimum.
    pub minimum: u64,
    /// Declared maximum.
    pub maximum: Option<u64>,
}

/// The type of an import or export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExternType {
    /// A function.
    Function(FunctionType),
    /// A table.
    Table(TableType),
    /// A linear memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
}

/// Who provides what a module imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// A C function of the host, called directly on the guest's stack. Functions only.
    #[default]
    Host,
    /// A module of the same domain; any kind of import.
    Domain,
    /// A module of another domain, through its entry; its trap becomes the caller's. Functions only.
    Foreign,
}

/// An import.
#[derive(Clone, Debug, Serialize)]
pub struct Import {
    /// The module name in the import.
    pub module: String,
    /// The item name in the import.
    pub name: String,
    /// Its type.
    pub ty: ExternType,
    /// Who provides it.
    pub provider: Provider,
    /// The undefined symbol that the linker resolves.
    pub symbol: String,
}

/// An export.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ExternType,
    /// For functions the entry, for everything else the reference cell.
    pub symbol: String,
    /// For functions the symbol for modules of the same domain.
    pub link_symbol: Option<String>,
}

/// Everything the outside sees of a compiled module.
#[derive(Clone, Debug, Serialize)]
pub struct Interface {
    /// The module's name ([`Options::name`](crate::Options::name)).
    pub module: String,
    /// Its domain.
    pub domain: String,
    /// Symbol of the module record.
    pub module_symbol: String,
    /// Symbol of the C function that instantiates it.
    pub instantiate_symbol: String,
    /// Symbol of the domain record.
    pub domain_symbol: String,
    /// Symbol at the start of its code; the code map counts from here.
    pub text_symbol: String,
    /// Imports in the module's order.
    pub imports: Vec<Import>,
    /// Exports in the module's order.
    pub exports: Vec<Export>,
    /// Bytes of stack that an activation may use, counted from the host's call, headroom included.
    pub stack_bytes: u32,
    /// Bytes of these that are left for host callbacks, the runtime library and interrupts.
    pub headroom_bytes: u32,
    /// How the module is stopped when it runs too long.
    pub meter: crate::options::Meter,
}
