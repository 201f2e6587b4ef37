//! What a caller may choose.

use crate::interface::Provider;
use crate::target::Target;
use std::collections::BTreeMap;

/// How a module is compiled.
#[derive(Clone, Debug)]
pub struct Options {
    /// Machine to compile for.
    pub target: Target,
    /// The module's name in symbols; what other modules' imports call it.
    pub name: String,
    /// The domain it belongs to; `None`: one of its own, with the module's name.
    pub domain: Option<String>,
    /// Who provides the imports of a module name, where it is not the host.
    pub providers: BTreeMap<String, Provider>,
    /// Who provides imports of module names that `providers` does not list.
    pub default_provider: Provider,
    /// Put before the names in the symbols of host functions: modules that import the same function are then given one each, so
    /// that a host can grant a function to one module and not to another.
    pub host_namespace: Option<String>,
    /// Bytes to reserve for each memory of the module; `None`: its declared minimum.
    pub memory_reserve_bytes: Option<u64>,
    /// Elements to reserve for each table of the module; `None`: its declared minimum.
    pub table_reserve: Option<u64>,
    /// Bytes of stack an activation may use, counted from the host's call, headroom included.
    pub stack_bytes: u32,
    /// Bytes of `stack_bytes` that guest code leaves for host callbacks, the runtime library and interrupts.
    pub headroom_bytes: u32,
    /// Bytes that each memory of the module's own really gets, for modules of toolchains that know no pages smaller than 64 KiB;
    /// `None`: what it declares. `memory.size` and `memory.grow` still count pages, rounded down.
    pub memory_bytes: Option<u64>,
    /// Bytes of stack that any host function may use, what it calls back included, for the bounds of the report; `None`: unknown, so
    /// that an export that calls the host has no bound.
    pub host_stack_bytes: Option<u32>,
    /// Where the stack of an export has a bound, check it once on entry and not in each function. A call for which less stack is left
    /// than its bound, host functions apart, then traps before it begins, though it might have used less.
    pub check_stack_at_entry: bool,
    /// How a guest that runs too long is stopped.
    pub meter: Meter,
    /// Where the parts of the object go.
    pub placement: Placement,
    /// Make every NaN that arithmetic produces the canonical one, so that floats have the same bits everywhere.
    pub canonical_nans: bool,
    /// Threads to compile with; 0: as many as there are processors. The output does not depend on it.
    pub threads: usize,
    /// Let the code generator check what translation gives it: for tests of this compiler.
    pub verify: bool,
    /// Fill in [`Artifact::clif`](crate::Artifact::clif).
    pub emit_clif: bool,
    /// Fill in [`Artifact::asm`](crate::Artifact::asm).
    pub emit_asm: bool,
    /// What a module may demand.
    pub limits: Limits,
    /// A deliberate bug to compile in, by name; for the test of the tests.
    #[cfg(feature = "seeded-faults")]
    pub fault: Option<crate::fault::Fault>,
}

impl Options {
    /// Defaults for a target and a module name.
    #[must_use]
    pub fn new(target: Target, name: impl Into<String>) -> Options {
        Options {
            target,
            name: name.into(),
            domain: None,
            providers: BTreeMap::new(),
            default_provider: Provider::Host,
            host_namespace: None,
            memory_reserve_bytes: None,
            table_reserve: None,
            stack_bytes: 64 * 1024,
            headroom_bytes: 8 * 1024,
            memory_bytes: None,
            host_stack_bytes: None,
            check_stack_at_entry: false,
            meter: Meter::Off,
            placement: Placement::default(),
            canonical_nans: false,
            threads: 0,
            verify: false,
            emit_clif: false,
            emit_asm: false,
            limits: Limits::default(),
            #[cfg(feature = "seeded-faults")]
            fault: None,
        }
    }
}

/// How a guest that runs too long is stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// It is not.
    #[default]
    Off,
    /// Each operator costs a unit of fuel, which the host hands out before a call. Deterministic.
    Fuel,
    /// A byte that an interrupt or another thread sets is polled at loops, function entries and during bulk operations.
    Flag,
}

/// Where the parts of an object go: names and alignment of sections, for linker scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Put before every name of a section that is loaded: `.fast` makes `.text.sg.skill` into `.fast.text.sg.skill`.
    pub section_prefix: String,
    /// A section for each function and each piece of read-only data, so that a linker can place and drop them one by one.
    pub function_sections: bool,
    /// Name of the section of linear memories; `None`: `.bss.memory.sg.` and the module's name.
    pub memory_section: Option<String>,
    /// Alignment of linear memories in bytes, a power of two; `None`: 16.
    pub memory_align: Option<u32>,
}

/// Upper bounds on what a module may contain. Exceeding one is an error of kind `Limit` that names the bound.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one function body.
    pub function_bytes: usize,
    /// Operators of one function body.
    pub function_operators: usize,
    /// Locals of one function, parameters included.
    pub function_locals: usize,
    /// Targets of one `br_table`.
    pub br_table_targets: u32,
    /// Depth of nested blocks in one function.
    pub nesting: usize,
    /// Values of one function, as the code generator counts them: a small body can ask for very many, by calls with many results
    /// or by loops around many locals.
    pub function_values: usize,
    /// Segments of the module, elements that instantiation must evaluate, and operators of its constant expressions, together.
    pub constant_work: usize,
    /// Functions of the module.
    pub functions: usize,
    /// Bytes of the whole module.
    pub module_bytes: usize,
    /// Bytes of all reserved memories and tables together: what the code model reaches.
    pub reserve_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            function_bytes: 1 << 20,
            function_operators: 400_000,
            function_locals: 10_000,
            br_table_targets: 50_000,
            nesting: 2_000,
            function_values: 500_000,
            constant_work: 50_000,
            functions: 100_000,
            module_bytes: 64 << 20,
            reserve_bytes: 1 << 30,
        }
    }
}
