//! What code and data may refer to, as Cranelift's external names.

use crate::module::{FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex};
use cranelift_codegen::ir::UserExternalName;
use saggar_abi::names::runtime;

macro_rules! runtime_functions {
    ($($name:ident => $symbol:expr,)*) => {
        /// A function of the runtime library.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Runtime {
            $($name,)*
        }

        impl Runtime {
            const ALL: &'static [Runtime] = &[$(Runtime::$name,)*];

            /// Its symbol.
            pub(crate) fn symbol(self) -> &'static str {
                match self {
                    $(Runtime::$name => $symbol,)*
                }
            }
        }
    };
}

runtime_functions! {
    Enter => runtime::ENTER,
    EnterWithin => runtime::ENTER_WITHIN,
    Instantiate => runtime::INSTANTIATE,
    Raise => runtime::RAISE,
    Copy => runtime::COPY,
    Fill => runtime::FILL,
    MemoryGrow => runtime::MEMORY_GROW,
    TableGrow => runtime::TABLE_GROW,
    TableFill => runtime::TABLE_FILL,
    TableInit => runtime::TABLE_INIT,
    Resolve => runtime::RESOLVE,
    CopyPolled => runtime::COPY_POLLED,
    FillPolled => runtime::FILL_POLLED,
    MemoryGrowPolled => runtime::MEMORY_GROW_POLLED,
    TableGrowPolled => runtime::TABLE_GROW_POLLED,
    TableFillPolled => runtime::TABLE_FILL_POLLED,
    TableInitPolled => runtime::TABLE_INIT_POLLED,
}

/// Something with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Symbol {
    /// Code of a function with the link convention.
    Func(FuncIndex),
    /// Body of a function whose large frame is checked before it is entered.
    Body(FuncIndex),
    /// The same for a thunk.
    ThunkBody(FuncIndex),
    /// The same for the function that instantiates.
    InstantiateLarge,
    /// Module record of the module that an imported function comes from.
    ModuleOf(FuncIndex),
    /// C function that loads arguments from slots, calls a function, and stores its results.
    Thunk(FuncIndex),
    /// Entry of a function, for hosts.
    Entry(FuncIndex),
    /// Code under which an imported function is exported again.
    ReExport(FuncIndex),
    /// Function record.
    Record(FuncIndex),
    /// What an imported function resolves to outside the domain: a host's function or a foreign entry.
    External(FuncIndex),
    /// Identity of a function type.
    Type(TypeIndex),
    /// A function of the runtime library.
    Runtime(Runtime),
    /// Module record.
    Module,
    /// State record.
    State,
    /// State record of the module that the import with this position names.
    StateOf(u32),
    /// Domain record.
    Domain,
    /// Storage of defined globals.
    Globals,
    /// Addresses of imported memories, tables and globals, resolved at instantiation.
    Slots,
    /// Reference cell that the import with this position asks for.
    Cell(u32),
    /// Bytes of a defined memory.
    Memory(MemoryIndex),
    /// Record of a defined memory.
    MemoryRecord(MemoryIndex),
    /// Elements of a defined table.
    Table(TableIndex),
    /// Record of a defined table.
    TableRecord(TableIndex),
    /// Bytes of a data segment.
    Data(u32),
    /// Self-relative references of an element segment.
    Elements(u32),
    /// Words of an element segment that instantiation evaluates.
    ElementWords(u32),
    /// Stub that raises the trap with this code.
    Trap(u32),
    /// C function that instantiates.
    Instantiate,
    /// What it runs inside an activation.
    InstantiateBody,
    /// A global; only as what an export names.
    Global(GlobalIndex),
}

impl Symbol {
    /// Whether it is called, rather than read or written.
    pub(crate) fn is_code(self) -> bool {
        matches!(
            self,
            Symbol::Func(_)
                | Symbol::Body(_)
                | Symbol::ThunkBody(_)
                | Symbol::InstantiateLarge
                | Symbol::Thunk(_)
                | Symbol::Entry(_)
                | Symbol::ReExport(_)
                | Symbol::External(_)
                | Symbol::Runtime(_)
                | Symbol::Trap(_)
                | Symbol::Instantiate
                | Symbol::InstantiateBody
        )
    }

    /// As Cranelift names it.
    pub(crate) fn name(self) -> UserExternalName {
        let (namespace, index) = match self {
            Symbol::Func(index) => (0, index.0),
            Symbol::Body(index) => (1, index.0),
            Symbol::Thunk(index) => (2, index.0),
            Symbol::Entry(index) => (3, index.0),
            Symbol::ReExport(index) => (4, index.0),
            Symbol::Record(index) => (5, index.0),
            Symbol::External(index) => (6, index.0),
            Symbol::Type(index) => (7, index.0),
            Symbol::Runtime(function) => (8, function as u32),
            Symbol::Module => (9, 0),
            Symbol::State => (9, 1),
            Symbol::Domain => (9, 2),
            Symbol::Globals => (9, 3),
            Symbol::Slots => (9, 4),
            Symbol::Instantiate => (9, 5),
            Symbol::InstantiateBody => (9, 6),
            Symbol::StateOf(index) => (10, index),
            Symbol::Cell(index) => (11, index),
            Symbol::Memory(index) => (12, index.0),
            Symbol::MemoryRecord(index) => (13, index.0),
            Symbol::Table(index) => (14, index.0),
            Symbol::TableRecord(index) => (15, index.0),
            Symbol::Data(index) => (16, index),
            Symbol::Elements(index) => (17, index),
            Symbol::ElementWords(index) => (18, index),
            Symbol::Trap(code) => (19, code),
            Symbol::Global(index) => (20, index.0),
            Symbol::ThunkBody(index) => (21, index.0),
            Symbol::ModuleOf(index) => (22, index.0),
            Symbol::InstantiateLarge => (9, 7),
        };
        UserExternalName::new(namespace, index)
    }

    /// Back from Cranelift's name; `None` for one that [`Symbol::name`] does not give.
    pub(crate) fn from_name(name: &UserExternalName) -> Option<Symbol> {
        let index = name.index;
        Some(match name.namespace {
            0 => Symbol::Func(FuncIndex(index)),
            1 => Symbol::Body(FuncIndex(index)),
            2 => Symbol::Thunk(FuncIndex(index)),
            3 => Symbol::Entry(FuncIndex(index)),
            4 => Symbol::ReExport(FuncIndex(index)),
            5 => Symbol::Record(FuncIndex(index)),
            6 => Symbol::External(FuncIndex(index)),
            7 => Symbol::Type(TypeIndex(index)),
            8 => Symbol::Runtime(*Runtime::ALL.get(index as usize)?),
            9 => *[
                Symbol::Module,
                Symbol::State,
                Symbol::Domain,
                Symbol::Globals,
                Symbol::Slots,
                Symbol::Instantiate,
                Symbol::InstantiateBody,
                Symbol::InstantiateLarge,
            ]
            .get(index as usize)?,
            10 => Symbol::StateOf(index),
            11 => Symbol::Cell(index),
            12 => Symbol::Memory(MemoryIndex(index)),
            13 => Symbol::MemoryRecord(MemoryIndex(index)),
            14 => Symbol::Table(TableIndex(index)),
            15 => Symbol::TableRecord(TableIndex(index)),
            16 => Symbol::Data(index),
            17 => Symbol::Elements(index),
            18 => Symbol::ElementWords(index),
            19 => Symbol::Trap(index),
            20 => Symbol::Global(GlobalIndex(index)),
            21 => Symbol::ThunkBody(FuncIndex(index)),
            22 => Symbol::ModuleOf(FuncIndex(index)),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Runtime, runtime};

    #[test]
    fn every_function_of_the_runtime_library_is_known() {
        let known: Vec<&str> = Runtime::ALL.iter().map(|function| function.symbol()).collect();
        assert_eq!(known, runtime::ALL);
    }
}
