//! How code reaches the instance: where memories, tables, globals, imports and the stack limit live.
//!
//! A compiled module *is* its instance: what it owns are symbols of its object, what it imports is reached through
//! a slot that instantiation fills. Nobody else knows this; a mode with a context pointer would change this file.
//!
//! Invariants: a slot, and the base of any memory or table, never changes while an activation is inside the
//! domain (instantiation answers Busy then), so their loads may be marked read-only. The size of a memory or table
//! may change, unless the plan says that it is fixed.

use crate::cost::EntryChecks;
use crate::error::Error;
use crate::interface::{Provider, ValueType};
use crate::module::{BodyFacts, FuncIndex, GlobalIndex, MemoryIndex, Module, TableIndex, TypeIndex};
use crate::options::Options;
use crate::symbol::Symbol;
use crate::target::Target;
use cranelift_codegen::ir::{Type, types};
use std::collections::{BTreeSet, HashMap};

/// Where a memory lives and what is known of its size.
pub(crate) struct MemoryPlan {
    /// Position of its slot, if it is imported.
    pub(crate) slot: Option<u32>,
    pub(crate) minimum_bytes: u64,
    /// What the memory has at least, whenever guest code runs. Nothing for an imported one that may change: whoever defines it
    /// may be instantiated again, after it grew and was found large enough.
    pub(crate) assured_bytes: u64,
    /// Zero for an imported memory.
    pub(crate) reserve_bytes: u64,
    /// The size never changes: it is `minimum_bytes` whenever guest code runs.
    pub(crate) fixed: bool,
}

/// Where a table lives and what is known of its size.
pub(crate) struct TablePlan {
    pub(crate) slot: Option<u32>,
    pub(crate) minimum: u64,
    pub(crate) reserve: u64,
    pub(crate) fixed: bool,
}

/// Where a global lives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GlobalPlan {
    /// In the module's own storage, at this offset in bytes.
    Own(u32),
    /// Behind the slot with this position.
    Slot(u32),
    /// Nowhere: an immutable global with this literal value, as bits. It still has storage, for importers.
    Literal(u64, u32),
}

/// Everything that translation needs to know of the module and its instance.
pub(crate) struct Env<'m, 'a> {
    pub(crate) module: &'m Module<'a>,
    pub(crate) options: &'m Options,
    pub(crate) target: Target,
    pub(crate) memories: Vec<MemoryPlan>,
    pub(crate) tables: Vec<TablePlan>,
    pub(crate) globals: Vec<GlobalPlan>,
    /// Provider of each import, by position.
    pub(crate) providers: Vec<Provider>,
    /// For each type the first type that is equal to it, which stands for both.
    pub(crate) canonical_types: Vec<TypeIndex>,
    /// Functions that have a record.
    pub(crate) recorded: BTreeSet<FuncIndex>,
    pub(crate) facts: Vec<BodyFacts>,
    pub(crate) global_bytes: u32,
    /// Alignment of the globals' storage.
    pub(crate) global_align: u32,
    pub(crate) slot_count: u32,
    /// What a person should know, for the report.
    pub(crate) notes: Vec<String>,
    /// Where the stack is checked.
    pub(crate) entry_checks: EntryChecks,
}

/// Bytes of storage of a global, which is also its alignment.
fn global_bytes_of(ty: ValueType) -> u32 {
    if ty == ValueType::V128 { 16 } else { 8 }
}

impl<'m, 'a> Env<'m, 'a> {
    /// Plans an instance.
    ///
    /// # Errors
    /// `Limit` when a reserve is beyond the code model's reach, `Unsupported` when an import cannot have its provider.
    pub(crate) fn new(module: &'m Module<'a>, options: &'m Options, facts: Vec<BodyFacts>) -> Result<Env<'m, 'a>, Error> {
        let mut slot_count = 0;
        let mut slot = |imported: bool| {
            imported.then(|| {
                slot_count += 1;
                slot_count - 1
            })
        };
        let notes = crate::memory_bytes::check(module, options)?;
        let grows_memory = facts.iter().any(|facts| facts.grows_memory);
        let grows_table = facts.iter().any(|facts| facts.grows_table);
        let memories: Vec<MemoryPlan> = (0..)
            .zip(&module.memories)
            .map(|(index, memory)| plan_memory(module, options, MemoryIndex(index), slot(memory.import.is_some()), grows_memory))
            .collect();
        let tables: Vec<TablePlan> = (0..)
            .zip(&module.tables)
            .map(|(index, table)| plan_table(module, options, TableIndex(index), slot(table.import.is_some()), grows_table))
            .collect();
        let (mut global_bytes, mut global_align) = (0_u32, 8);
        let mut globals = Vec::with_capacity(module.globals.len());
        for global in &module.globals {
            globals.push(if let Some(slot) = slot(global.import.is_some()) {
                GlobalPlan::Slot(slot)
            } else {
                let bytes = global_bytes_of(global.ty.value);
                let offset = global_bytes.next_multiple_of(bytes);
                (global_bytes, global_align) = (offset + bytes, bytes.max(global_align));
                match global.init.as_ref().and_then(|init| init.literal()) {
                    Some(value) if !global.ty.mutable => GlobalPlan::Literal(value, offset),
                    _ => GlobalPlan::Own(offset),
                }
            });
        }
        let mut first: HashMap<&crate::interface::FunctionType, u32> = HashMap::new();
        let canonical_types = (0..).zip(&module.types).map(|(index, ty)| TypeIndex(*first.entry(ty).or_insert(index))).collect();
        let mut recorded = module.referenced.clone();
        recorded.extend(facts.iter().flat_map(|facts| facts.references.iter().copied()));
        let providers = providers(module, options)?;
        let env = Env {
            module,
            options,
            target: options.target,
            memories,
            tables,
            globals,
            providers,
            canonical_types,
            recorded,
            facts,
            global_bytes,
            global_align,
            slot_count,
            notes,
            entry_checks: EntryChecks::default(),
        };
        env.check_reserves()?;
        Ok(env)
    }

    fn check_reserves(&self) -> Result<(), Error> {
        let pointer = u64::from(self.target.pointer_bytes());
        let memories = self.memories.iter().map(|memory| memory.reserve_bytes);
        let tables = self.tables.iter().map(|table| table.reserve.saturating_mul(pointer));
        let total = memories.chain(tables).fold(0_u64, u64::saturating_add);
        let limit = self.options.limits.reserve_bytes;
        if total > limit {
            return Err(Error::limit(format!(
                "memories and tables would reserve {total} bytes, more than the {limit} that code can reach or the limit allows"
            ))
            .help(
                "declare a smaller minimum, or lower --memory-reserve and --table-reserve; --max-reserve-bytes raises the limit",
            ));
        }
        Ok(())
    }

    /// The module's domain.
    pub(crate) fn domain(&self) -> &str {
        self.options.domain.as_deref().unwrap_or(&self.options.name)
    }

    /// Cranelift's type of a pointer.
    pub(crate) fn pointer(&self) -> Type {
        match self.target.pointer_bytes() {
            4 => types::I32,
            _ => types::I64,
        }
    }

    /// Cranelift's types of a wasm value: one, but for a vector on a row without vectors, which is two halves, the lower first.
    pub(crate) fn clif_types(&self, ty: ValueType) -> &'static [Type] {
        match ty {
            ValueType::I32 => &[types::I32],
            ValueType::I64 => &[types::I64],
            ValueType::F32 => &[types::F32],
            ValueType::F64 => &[types::F64],
            ValueType::V128 if self.target.has_vectors() => &[types::I8X16],
            ValueType::V128 => &[types::I64, types::I64],
            ValueType::FuncRef | ValueType::ExternRef if self.target.pointer_bytes() == 4 => &[types::I32],
            ValueType::FuncRef | ValueType::ExternRef => &[types::I64],
        }
    }

    /// Cranelift's types of several wasm values, one after another.
    pub(crate) fn clif_types_of(&self, values: &[ValueType]) -> Vec<Type> {
        values.iter().flat_map(|ty| self.clif_types(*ty)).copied().collect()
    }

    /// Provider of an imported function, `None` for a defined one.
    pub(crate) fn func_provider(&self, func: FuncIndex) -> Option<Provider> {
        self.module.funcs[func.index()].import.map(|import| self.providers[import])
    }

    /// Facts of a defined function's body.
    pub(crate) fn body_facts(&self, func: FuncIndex) -> &BodyFacts {
        &self.facts[func.index() - self.module.imported_funcs]
    }

    /// Offset of an own global in [`Symbol::Globals`], `None` for an imported one.
    pub(crate) fn global_offset(&self, global: GlobalIndex) -> Option<u32> {
        match self.globals[global.index()] {
            GlobalPlan::Own(offset) | GlobalPlan::Literal(_, offset) => Some(offset),
            GlobalPlan::Slot(_) => None,
        }
    }

    /// The identity of a type.
    pub(crate) fn type_symbol(&self, ty: TypeIndex) -> Symbol {
        Symbol::Type(self.canonical_types[ty.index()])
    }
}

fn plan_memory(module: &Module<'_>, options: &Options, index: MemoryIndex, slot: Option<u32>, grows: bool) -> MemoryPlan {
    let ty = module.memories[index.index()].ty;
    let bytes = |pages: u64| pages.checked_shl(ty.page_bytes_log2).unwrap_or(u64::MAX);
    let minimum_bytes = bytes(ty.minimum_pages);
    if slot.is_some() {
        let fixed = ty.maximum_pages == Some(ty.minimum_pages);
        let assured_bytes = if fixed { minimum_bytes } else { 0 };
        return MemoryPlan { slot, minimum_bytes, assured_bytes, reserve_bytes: 0, fixed };
    }
    // Without a declared maximum, a memory with 32-bit addresses ends at 4 GiB.
    let maximum_bytes = ty.maximum_pages.map_or(1 << 32, bytes);
    if let Some(given) = options.memory_bytes {
        // Fewer bytes than declared, and never more: the size is fixed, and an access beyond it traps like any other.
        let minimum_bytes = given.min(minimum_bytes);
        return MemoryPlan { slot, minimum_bytes, assured_bytes: minimum_bytes, reserve_bytes: minimum_bytes, fixed: true };
    }
    let wanted = options.memory_reserve_bytes.unwrap_or(minimum_bytes).min(maximum_bytes);
    // Whole pages, since a memory has no other sizes.
    let reserve_bytes = (wanted >> ty.page_bytes_log2 << ty.page_bytes_log2).max(minimum_bytes);
    let fixed = reserve_bytes == minimum_bytes || !(grows || module.memory_is_shared(index));
    MemoryPlan { slot, minimum_bytes, assured_bytes: minimum_bytes, reserve_bytes, fixed }
}

fn plan_table(module: &Module<'_>, options: &Options, index: TableIndex, slot: Option<u32>, grows: bool) -> TablePlan {
    let ty = module.tables[index.index()].ty;
    if slot.is_some() {
        return TablePlan { slot, minimum: ty.minimum, reserve: 0, fixed: ty.maximum == Some(ty.minimum) };
    }
    let wanted = options.table_reserve.unwrap_or(ty.minimum).min(ty.maximum.unwrap_or(u64::MAX));
    let reserve = wanted.max(ty.minimum);
    let fixed = reserve == ty.minimum || !(grows || module.table_is_shared(index));
    TablePlan { slot, minimum: ty.minimum, reserve, fixed }
}

fn providers(module: &Module<'_>, options: &Options) -> Result<Vec<Provider>, Error> {
    use crate::interface::ExternType;
    module
        .imports
        .iter()
        .map(|import| {
            let provider = options.providers.get(&import.module).copied().unwrap_or(options.default_provider);
            let is_function = matches!(import.ty, ExternType::Function(_));
            if !is_function && provider != Provider::Domain {
                return Err(Error::unsupported(format!(
                    "the import \"{}\" \"{}\" is a memory, table or global, which only a module of the same domain can provide",
                    import.module, import.name
                ))
                .at(import.wasm_offset)
                .help(format!("compile that module too, with the same --domain, and pass --import {}=domain", import.module)));
            }
            if let (ExternType::Function(ty), Provider::Foreign) = (&import.ty, provider)
                && ty.params.iter().chain(&ty.results).any(|ty| *ty == ValueType::FuncRef)
            {
                return Err(Error::unsupported(format!(
                    "the import \"{}\" \"{}\" passes a funcref to another domain",
                    import.module, import.name
                ))
                .at(import.wasm_offset)
                .help("a funcref may only be called in the domain that made it"));
            }
            Ok(provider)
        })
        .collect()
}
