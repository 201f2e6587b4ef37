//! What the instrumentation has to know of a module before it rewrites it.

use crate::diff::Error;
use wasmparser::{DataKind, ElementItems, ElementKind, Parser, Payload, RefType, TypeRef};

/// A segment that `memory.init` or `table.init` may read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Its length in bytes or elements.
    pub(super) length: u64,
    /// Whether it can be used after instantiation: active segments are dropped then, declared ones never were there.
    pub(super) passive: bool,
}

/// Numbers and types of the index spaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Number of parameters by type index.
    params: Vec<u32>,
    /// Type indices of functions, imported ones first.
    functions: Vec<u32>,
    pub(super) imported_functions: u32,
    pub(super) imported_globals: u32,
    pub(super) globals: u32,
    /// Binary logarithm of each memory's page size.
    pub(super) page_bytes_log2: Vec<u32>,
    /// Element types of tables.
    pub(super) tables: Vec<RefType>,
    pub(super) data: Vec<Segment>,
    pub(super) elements: Vec<Segment>,
}

impl Facts {
    /// Reads a module, which is known to be valid.
    pub(super) fn read(wasm: &[u8]) -> Result<Facts, Error> {
        let mut facts = Facts::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(types) => {
                    for ty in types.into_iter_err_on_gc_types() {
                        facts.params.push(u32::try_from(ty?.params().len()).unwrap_or(u32::MAX));
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let ty = import?.ty;
                        facts.imported_functions += u32::from(matches!(ty, TypeRef::Func(_)));
                        facts.imported_globals += u32::from(matches!(ty, TypeRef::Global(_)));
                        facts.add(ty)?;
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        facts.functions.push(ty?);
                    }
                }
                Payload::TableSection(tables) => {
                    for table in tables {
                        facts.add(TypeRef::Table(table?.ty))?;
                    }
                }
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        facts.add(TypeRef::Memory(memory?))?;
                    }
                }
                Payload::GlobalSection(globals) => facts.globals += globals.count(),
                Payload::ElementSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let length = match segment.items {
                            ElementItems::Functions(items) => items.count(),
                            ElementItems::Expressions(_, items) => items.count(),
                        };
                        let passive = matches!(segment.kind, ElementKind::Passive);
                        facts.elements.push(Segment { length: length.into(), passive });
                    }
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let passive = matches!(segment.kind, DataKind::Passive);
                        facts.data.push(Segment { length: segment.data.len() as u64, passive });
                    }
                }
                _ => {}
            }
        }
        Ok(facts)
    }

    fn add(&mut self, ty: TypeRef) -> Result<(), Error> {
        match ty {
            TypeRef::Func(ty) => self.functions.push(ty),
            TypeRef::Table(table) if table.table64 => return Err(Error::Unsupported("a table with 64-bit indices")),
            TypeRef::Table(table) => self.tables.push(table.element_type),
            TypeRef::Memory(memory) if memory.memory64 => return Err(Error::Unsupported("a memory with 64-bit indices")),
            TypeRef::Memory(memory) => self.page_bytes_log2.push(memory.page_size_log2.unwrap_or(16)),
            TypeRef::Global(_) => self.globals += 1,
            TypeRef::Tag(_) | TypeRef::FuncExact(_) => return Err(Error::Unsupported("tags and exact types")),
        }
        Ok(())
    }

    /// Number of parameters of a function.
    pub(super) fn params_of(&self, function: u32) -> Result<u32, Error> {
        let ty = self.functions.get(function as usize).and_then(|ty| self.params.get(*ty as usize));
        ty.copied().ok_or(Error::Unsupported("a function without a type"))
    }

    pub(super) fn page_bytes_log2(&self, memory: u32) -> u32 {
        self.page_bytes_log2.get(memory as usize).copied().unwrap_or(16)
    }
}
