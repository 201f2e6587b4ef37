//! Makes a module fit for comparison: every memory, table and global becomes an export, and every import gets a
//! stub module that provides it.
//!
//! The bytes that come out are what both sides run, so both see the same imports by construction. Import module
//! names get the module's own name as a prefix, so that many modules with their stubs can be linked in one image;
//! an item that is imported twice with different types is given one stub module a type. Function bodies and
//! everything else are copied byte for byte.

use super::Error;
use super::stub::{self, Item, ItemType, Stub};
use super::value::{Signature, ValueType};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportKind, ExportSection, ImportSection, RawSection, SectionId};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

/// A module with its stubs.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The module's name in symbols.
    pub name: String,
    /// The module, with all state exported.
    pub wasm: Vec<u8>,
    /// Providers of its imports, in no need of each other.
    pub stubs: Vec<Stub>,
    /// What can be called and looked at.
    pub surface: Surface,
    /// Bytes to which memories may grow, on both sides.
    pub memory_reserve_bytes: u64,
    /// Elements to which tables may grow, on both sides.
    pub table_reserve: u64,
}

/// What of a module can be called and looked at, by export name.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// Every exported function.
    pub functions: Vec<(String, Signature)>,
    /// Every memory.
    pub memories: Vec<String>,
    /// Every global.
    pub globals: Vec<(String, ValueType)>,
    /// Every table; the type is that of its elements.
    pub tables: Vec<(String, ValueType)>,
}

/// What was read of the module.
#[derive(Default)]
struct Shape {
    types: Vec<Signature>,
    functions: Vec<u32>,
    memories: Vec<wasmparser::MemoryType>,
    globals: Vec<wasmparser::GlobalType>,
    tables: Vec<wasmparser::TableType>,
    imports: Vec<(String, String, TypeRef)>,
    exports: Vec<(String, ExternalKind, u32)>,
}

/// How far beyond the largest minimum memories can grow.
const SPARE_PAGES: u64 = 6;
/// Bytes of a page of the usual kind.
const PAGE_BYTES_LOG2: u32 = 16;
/// How far beyond the largest minimum tables can grow.
const SPARE_ELEMENTS: u64 = 40;

/// Prepares a module; `seed` decides what the stubs do.
///
/// # Errors
/// When the module cannot be read, or uses types that this suite cannot pass.
pub fn prepare(wasm: &[u8], name: &str, seed: u64) -> Result<Prepared, Error> {
    let shape = Shape::read(wasm)?;
    let (stubs, imports) = stub::plan(&shape.items()?, name, seed)?;
    let (surface, extra) = shape.surface()?;
    let wasm = rewrite(wasm, &shape, &stubs, &imports, &extra)?;
    let bytes = |memory: &wasmparser::MemoryType| memory.initial << memory.page_size_log2.unwrap_or(PAGE_BYTES_LOG2);
    let largest_bytes = shape.memories.iter().map(bytes).max().unwrap_or(0).next_multiple_of(1 << PAGE_BYTES_LOG2);
    let largest_table = shape.tables.iter().map(|table| table.initial).max().unwrap_or(0);
    Ok(Prepared {
        name: name.to_owned(),
        wasm,
        stubs,
        surface,
        memory_reserve_bytes: largest_bytes + (SPARE_PAGES << PAGE_BYTES_LOG2),
        table_reserve: largest_table + SPARE_ELEMENTS,
    })
}

impl Shape {
    fn read(wasm: &[u8]) -> Result<Shape, Error> {
        let mut shape = Shape::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(types) => {
                    for ty in types.into_iter_err_on_gc_types() {
                        shape.types.push(signature(&ty?)?);
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        shape.imports.push((import.module.to_owned(), import.name.to_owned(), import.ty));
                        shape.add(import.ty)?;
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        shape.functions.push(ty?);
                    }
                }
                Payload::TableSection(tables) => {
                    for table in tables {
                        shape.add(TypeRef::Table(table?.ty))?;
                    }
                }
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        shape.add(TypeRef::Memory(memory?))?;
                    }
                }
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        shape.add(TypeRef::Global(global?.ty))?;
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        shape.exports.push((export.name.to_owned(), export.kind, export.index));
                    }
                }
                _ => {}
            }
        }
        Ok(shape)
    }

    fn add(&mut self, ty: TypeRef) -> Result<(), Error> {
        match ty {
            TypeRef::Func(index) => self.functions.push(index),
            TypeRef::Table(table) => self.tables.push(table),
            TypeRef::Memory(memory) if memory.memory64 || memory.shared => {
                return Err(Error::Unsupported("a memory of another kind"));
            }
            TypeRef::Memory(memory) => self.memories.push(memory),
            TypeRef::Global(global) => self.globals.push(global),
            TypeRef::Tag(_) | TypeRef::FuncExact(_) => return Err(Error::Unsupported("tags and exact types")),
        }
        Ok(())
    }

    /// The imports, as the stubs have to provide them.
    fn items(&self) -> Result<Vec<Item>, Error> {
        let mut items = Vec::with_capacity(self.imports.len());
        for (module, name, ty) in &self.imports {
            let ty = match *ty {
                TypeRef::Func(index) => ItemType::Function(self.function_type(index)?.clone()),
                TypeRef::Table(table) => {
                    ItemType::Table { element: element_type(&table)?, minimum: table.initial, maximum: table.maximum }
                }
                TypeRef::Memory(memory) => {
                    ItemType::Memory { minimum: memory.initial, maximum: memory.maximum, page_size_log2: memory.page_size_log2 }
                }
                TypeRef::Global(global) => ItemType::Global { value: value_type(global.content_type)?, mutable: global.mutable },
                TypeRef::Tag(_) | TypeRef::FuncExact(_) => return Err(Error::Unsupported("tags and exact types")),
            };
            items.push(Item { module: module.clone(), name: name.clone(), ty });
        }
        Ok(items)
    }

    fn function_type(&self, type_index: u32) -> Result<&Signature, Error> {
        self.types.get(type_index as usize).ok_or(Error::Unsupported("a type index out of range"))
    }

    /// What can be called and looked at, and the exports that have to be added for it.
    fn surface(&self) -> Result<(Surface, Vec<AddedExport>), Error> {
        let mut surface = Surface::default();
        for (name, kind, index) in &self.exports {
            if *kind == ExternalKind::Func {
                let ty = self.functions.get(*index as usize).ok_or(Error::Unsupported("a function index out of range"))?;
                surface.functions.push((name.clone(), self.function_type(*ty)?.clone()));
            }
        }
        let mut extra = Vec::new();
        for index in 0..count(self.memories.len()) {
            surface.memories.push(self.exported_name(ExternalKind::Memory, ExportKind::Memory, index, &mut extra));
        }
        for (index, global) in (0..).zip(&self.globals) {
            let name = self.exported_name(ExternalKind::Global, ExportKind::Global, index, &mut extra);
            surface.globals.push((name, value_type(global.content_type)?));
        }
        for (index, table) in (0..).zip(&self.tables) {
            let name = self.exported_name(ExternalKind::Table, ExportKind::Table, index, &mut extra);
            surface.tables.push((name, element_type(table)?));
        }
        Ok((surface, extra))
    }

    /// A name under which the thing is exported; one is made up and noted in `extra` where there is none.
    fn exported_name(
        &self,
        kind: ExternalKind,
        export: ExportKind,
        index: u32,
        extra: &mut Vec<(String, ExportKind, u32)>,
    ) -> String {
        if let Some((name, ..)) = self.exports.iter().find(|(_, k, i)| *k == kind && *i == index) {
            return name.clone();
        }
        let mut name = format!("saggar {export:?} {index}");
        while self.exports.iter().any(|(taken, ..)| *taken == name) {
            name.push('\'');
        }
        extra.push((name.clone(), export, index));
        name
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn signature(ty: &wasmparser::FuncType) -> Result<Signature, Error> {
    let list = |types: &[wasmparser::ValType]| types.iter().map(|&ty| value_type(ty)).collect::<Result<Vec<_>, _>>();
    Ok(Signature { params: list(ty.params())?, results: list(ty.results())? })
}

fn value_type(ty: wasmparser::ValType) -> Result<ValueType, Error> {
    ValueType::from_parser(ty).ok_or(Error::Unsupported("a value type beyond numbers, funcref and externref"))
}

fn element_type(table: &wasmparser::TableType) -> Result<ValueType, Error> {
    value_type(wasmparser::ValType::Ref(table.element_type))
}

/// Where a section stands among the others; zero for custom sections, which may stand anywhere.
fn rank(id: u8) -> u8 {
    match id {
        13 => 6,         // tags stand between memories and globals
        6..=9 => id + 1, // global, export, start, element
        12 => 11,        // data count stands before the code
        10..=11 => id + 2,
        _ => id,
    }
}

fn rewrite(
    wasm: &[u8],
    shape: &Shape,
    stubs: &[Stub],
    imports: &[(usize, String)],
    extra: &[(String, ExportKind, u32)],
) -> Result<Vec<u8>, Error> {
    let mut module = wasm_encoder::Module::new();
    let export_rank = rank(SectionId::Export.into());
    let mut exports_done = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else { continue };
        if !exports_done && rank(id) >= export_rank {
            module.section(&exports(shape, extra));
            exports_done = true;
        }
        if id == u8::from(SectionId::Import) {
            module.section(&import_section(shape, stubs, imports)?);
        } else if id != u8::from(SectionId::Export) {
            module.section(&RawSection { id, data: bytes(wasm, range)? });
        }
    }
    if !exports_done {
        module.section(&exports(shape, extra));
    }
    Ok(module.finish())
}

fn bytes(wasm: &[u8], range: std::ops::Range<u64>) -> Result<&[u8], Error> {
    let range = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
    range.and_then(|(start, end)| wasm.get(start..end)).ok_or(Error::Unsupported("a section out of range"))
}

fn import_section(shape: &Shape, stubs: &[Stub], imports: &[(usize, String)]) -> Result<ImportSection, Error> {
    let mut section = ImportSection::new();
    for ((_, _, ty), (stub, name)) in shape.imports.iter().zip(imports) {
        let ty = RoundtripReencoder.entity_type(*ty).map_err(|_| Error::Unsupported("an import type"))?;
        section.import(&stubs[*stub].name, name, ty);
    }
    Ok(section)
}

fn exports(shape: &Shape, extra: &[(String, ExportKind, u32)]) -> ExportSection {
    let mut section = ExportSection::new();
    for (name, kind, index) in &shape.exports {
        section.export(name, (*kind).into(), *index);
    }
    for (name, kind, index) in extra {
        section.export(name, *kind, *index);
    }
    section
}

/// An export that a module gets so that something can be looked at: its name, kind and index.
type AddedExport = (String, ExportKind, u32);
