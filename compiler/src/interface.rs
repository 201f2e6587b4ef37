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
    /// Vector of 128 bits, whatever its lanes are taken for.
    V128,
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
            ValueType::V128 => ValueLetter::V128,
            ValueType::FuncRef => ValueLetter::FuncRef,
            ValueType::ExternRef => ValueLetter::ExternRef,
        }
    }

    /// As the text format spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ValueType::I32 => "i32",
            ValueType::I64 => "i64",
            ValueType::F32 => "f32",
            ValueType::F64 => "f64",
            ValueType::V128 => "v128",
            ValueType::FuncRef => "funcref",
            ValueType::ExternRef => "externref",
        }
    }

    /// Whether it is `funcref` or `externref`.
    #[must_use]
    pub fn is_reference(self) -> bool {
        matches!(self, ValueType::FuncRef | ValueType::ExternRef)
    }

    /// How many slots of [`SLOT_BYTES`](saggar_abi::layout::SLOT_BYTES) it takes where host and module exchange it.
    #[must_use]
    pub fn slots(self) -> usize {
        if self == ValueType::V128 { 2 } else { 1 }
    }
}

/// How many slots values of these types take, one after another.
#[must_use]
pub(crate) fn slots(types: &[ValueType]) -> usize {
    types.iter().map(|ty| ty.slots()).sum()
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct FunctionType {
    /// Parameters, in order.
    pub params: Vec<ValueType>,
    /// Results, in order.
    pub results: Vec<ValueType>,
}

impl FunctionType {
    /// How many slots a call needs: arguments and results share them, both from the first on.
    #[must_use]
    pub fn slots(&self) -> usize {
        slots(&self.params).max(slots(&self.results))
    }

    /// Whether a host function of this type writes its results to slots, to which it gets a pointer after its parameters: C has no
    /// way to return several values, or a vector, that is the same on every target.
    #[must_use]
    pub fn returns_through_slots(&self) -> bool {
        self.results.len() > 1 || self.results.contains(&ValueType::V128)
    }

    /// Whether calls of a host function of this type go through an adapter: where something passes through memory.
    pub(crate) fn needs_host_adapter(&self) -> bool {
        self.returns_through_slots() || self.params.contains(&ValueType::V128)
    }
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
