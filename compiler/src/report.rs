//! What a module costs, and where its code came from.

use serde::Serialize;

/// Sizes in bytes, as they will stand in the linked image.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The module's name.
    pub module: String,
    /// Target and CPU, as the command line names them.
    pub target: String,
    /// CPU row.
    pub cpu: String,
    /// Bytes of code, stubs and entries included.
    pub code_bytes: u64,
    /// Bytes of read-only data.
    pub read_only_bytes: u64,
    /// Bytes of initialised writable data.
    pub data_bytes: u64,
    /// Bytes of RAM that starts as zero: memories, tables, globals, records.
    pub zero_bytes: u64,
    /// Bytes of these that are linear memory.
    pub memory_bytes: u64,
    /// Bytes of these that are table elements.
    pub table_bytes: u64,
    /// Loaded sections that are not empty, in the object's order.
    pub sections: Vec<SectionReport>,
    /// Functions with their cost, in the order of the code.
    pub functions: Vec<FunctionReport>,
    /// Exported functions with the bounds of what a call can use.
    pub exports: Vec<ExportReport>,
    /// The same for instantiation.
    pub instantiation: InstantiationReport,
    /// What a person should know before the module ships.
    pub notes: Vec<String>,
    /// Features beyond the first version of WebAssembly that the module uses.
    pub features: Vec<String>,
}

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionUse {
    /// Code.
    Code,
    /// Constants.
    ReadOnly,
    /// RAM that starts as zero.
    Zero,
}

/// The cost of one section.
#[derive(Clone, Debug, Serialize)]
pub struct SectionReport {
    /// Its name, for linker scripts.
    pub name: String,
    /// What it holds.
    pub kind: SectionUse,
    /// Bytes of it.
    pub bytes: u64,
}

/// The cost of one function.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FunctionReport {
    /// Index in the module's function index space.
    pub index: u32,
    /// Name from the name section or an export, if there is one.
    pub name: Option<String>,
    /// Offset from the start of the module's code; where each function has a section of its own, as though these were joined.
    pub offset: u32,
    /// Bytes of code.
    pub code_bytes: u32,
    /// Bytes of stack that one activation takes.
    pub frame_bytes: u32,
}

/// What a call of an exported function can use at most.
#[derive(Clone, Debug, Serialize)]
pub struct ExportReport {
    /// The export's name.
    pub name: String,
    /// Bytes of stack, counted from the host's call of the entry. Interrupts that run on the same stack are not among them, and the
    /// runtime library counts as built with optimisation.
    pub stack_bytes: Bound,
    /// Units of fuel, as `--meter fuel` counts them. What host functions call back is not among them.
    pub fuel: Bound,
}

/// What instantiation can use at most.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InstantiationReport {
    /// Bytes of stack, counted from the host's call of the function that instantiates.
    pub stack_bytes: Bound,
    /// Units of fuel: those of the start function, if there is one.
    pub fuel: Bound,
}

/// An upper bound, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Never more than this.
    AtMost(u64),
    /// No bound could be proven; the reason, for people: `recursion: a → b → a`.
    Unbounded(String),
}

/// Leads from a place in the code to a place in the module.
#[derive(Clone, Debug, Default)]
pub struct CodeMap {
    /// Ranges of code, ascending by `start`, not overlapping.
    pub ranges: Vec<CodeRange>,
    /// Functions, ascending by offset.
    pub functions: Vec<FunctionReport>,
}

/// A range of code that belongs to one place of the module. Offsets count from the module's text symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Byte offset in the module.
    pub wasm_offset: u32,
}

/// Where a program counter leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Function index.
    pub function: u32,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Byte offset in the module, if the code belongs to an operator.
    pub wasm_offset: Option<u32>,
}

impl Default for Bound {
    fn default() -> Bound {
        Bound::AtMost(0)
    }
}

impl CodeMap {
    /// The place to which a *return address* belongs: the instruction before it.
    #[must_use]
    pub fn locate_return_address(&self, offset: u32) -> Option<Location> {
        self.locate(offset.checked_sub(1)?)
    }

    /// The place to which the instruction that covers this offset belongs.
    #[must_use]
    pub fn locate(&self, offset: u32) -> Option<Location> {
        let after = self.functions.partition_point(|function| function.offset <= offset);
        let function = self.functions.get(after.checked_sub(1)?)?;
        if offset >= function.offset + function.code_bytes {
            return None;
        }
        let after = self.ranges.partition_point(|range| range.start <= offset);
        let range = after.checked_sub(1).and_then(|index| self.ranges.get(index)).filter(|range| offset < range.end);
        Some(Location {
            function: function.index,
            name: function.name.clone(),
            wasm_offset: range.map(|range| range.wasm_offset),
        })
    }
}
