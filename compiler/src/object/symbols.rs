//! The names of everything in the object, and the interface that the bindings are made from.

use super::{Placed, Writer};
use crate::error::Error;
use crate::instance::Env;
use crate::interface::{Export, ExternType, FunctionType, Import, Interface, Provider, ValueType};
use crate::module::{ExportDecl, ExportItem, FuncIndex};
use crate::symbol::Symbol;
use crate::trap::Stub;
use ::object::write::{self, SectionId, SymbolId, SymbolSection};
use ::object::{SymbolFlags, SymbolKind, SymbolScope};
use saggar_abi::names::{self, Family, ValueLetter};
use std::collections::HashMap;

/// Who sees a symbol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    /// This object.
    Local,
    /// Every object of the link.
    Hidden,
    /// Every object of the link, and there may be several definitions.
    HiddenWeak,
    /// Hosts, shared libraries included.
    Default,
}

/// Where a symbol is defined: section, offset, size.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Code(SectionId, u64, u64),
    Data(SectionId, u64, u64),
}

/// A trap stub in the text section.
pub(crate) struct PlacedStub {
    pub(crate) symbol: Symbol,
    pub(crate) placed: Placed,
    pub(crate) stub: Stub,
}

impl PlacedStub {
    /// Bytes of code.
    pub(crate) fn bytes(&self) -> u32 {
        u32::try_from(self.stub.bytes.len()).unwrap_or(u32::MAX)
    }
}

/// The symbols of an object so far.
#[derive(Default)]
pub(crate) struct Symbols {
    ids: HashMap<Symbol, SymbolId>,
    /// Where each defined symbol stands.
    places: HashMap<Symbol, Place>,
    /// Undefined symbols by name: two imports may ask for the same.
    undefined: HashMap<String, SymbolId>,
    pub(crate) stubs: Vec<PlacedStub>,
}

/// A wasm name as a piece of a C identifier.
pub(crate) fn component(name: &str) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = names::write_component(&mut out, name.as_bytes());
    out
}

fn symbol(family: Family, parts: &[&str], spelled_type: Option<&str>) -> String {
    let mut out = String::new();
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    let _ = names::write_symbol(&mut out, family, &parts, spelled_type);
    out
}

/// A symbol of which each module has one.
pub(crate) fn module_symbol(env: &Env<'_, '_>, family: Family) -> String {
    symbol(family, &[&env.options.name], None)
}

fn function_type(ty: &FunctionType) -> String {
    spelled_function(ty, ValueLetter::V128)
}

/// The type of a function in the link convention, where vectors pass as the target's row has them.
pub(crate) fn link_type(env: &Env<'_, '_>, ty: &FunctionType) -> String {
    spelled_function(ty, if env.target.has_vectors() { ValueLetter::V128 } else { ValueLetter::V128Halves })
}

fn spelled_function(ty: &FunctionType, vector: ValueLetter) -> String {
    let mut out = String::new();
    let letter = |ty: &ValueType| if *ty == ValueType::V128 { vector } else { ty.letter() };
    let _ = names::write_function_type(&mut out, ty.params.iter().map(letter), ty.results.iter().map(letter));
    out
}

fn extern_type(ty: &ExternType) -> String {
    let mut out = String::new();
    let _ = match ty {
        ExternType::Function(ty) => return function_type(ty),
        ExternType::Global(ty) => names::write_global_type(&mut out, ty.mutable, ty.value.letter()),
        ExternType::Memory(ty) => names::write_memory_type(&mut out, ty.page_bytes_log2),
        ExternType::Table(ty) => names::write_table_type(&mut out, ty.element.letter()),
    };
    out
}

/// The undefined symbol of an import.
fn import_symbol(env: &Env<'_, '_>, position: usize) -> String {
    let import = &env.module.imports[position];
    let ty = extern_type(&import.ty);
    let namespace = env.options.host_namespace.as_deref();
    let parts = [import.module.as_str(), import.name.as_str()];
    let of_host: Vec<&str> = namespace.into_iter().chain(parts).collect();
    let in_domain = [env.domain(), import.module.as_str(), import.name.as_str()];
    match (&import.ty, env.providers[position]) {
        (ExternType::Function(_), Provider::Host) => symbol(Family::Host, &of_host, Some(&ty)),
        (ExternType::Function(_), Provider::Foreign) => symbol(Family::Thunk, &parts, Some(&ty)),
        (ExternType::Function(ty), Provider::Domain) => symbol(Family::Link, &in_domain, Some(&link_type(env, ty))),
        _ => symbol(Family::Cell, &in_domain, Some(&ty)),
    }
}

/// The undefined symbols of all imports.
pub(crate) fn import_symbols(env: &Env<'_, '_>) -> Vec<String> {
    (0..env.module.imports.len()).map(|position| import_symbol(env, position)).collect()
}

fn export_type(env: &Env<'_, '_>, item: ExportItem) -> ExternType {
    match item {
        ExportItem::Func(index) => ExternType::Function(env.module.func_type(index).clone()),
        ExportItem::Table(index) => ExternType::Table(env.module.tables[index.index()].ty),
        ExportItem::Memory(index) => ExternType::Memory(env.module.memories[index.index()].ty),
        ExportItem::Global(index) => ExternType::Global(env.module.globals[index.index()].ty),
    }
}

/// The symbol under which hosts reach an export, and the one for modules of the domain, where it is another.
fn export_symbols(env: &Env<'_, '_>, export: &ExportDecl) -> (String, Option<String>) {
    let ty = extern_type(&export_type(env, export.item));
    let name = &env.options.name;
    let in_domain = [env.domain(), name.as_str(), export.name.as_str()];
    match export.item {
        ExportItem::Func(func) => {
            let entry = symbol(Family::Entry, &[name, &export.name], Some(&ty));
            (entry, Some(symbol(Family::Link, &in_domain, Some(&link_type(env, env.module.func_type(func))))))
        }
        _ => (symbol(Family::Cell, &in_domain, Some(&ty)), None),
    }
}

/// The symbol under which modules of other domains run an exported function.
fn thunk_symbol(env: &Env<'_, '_>, export: &ExportDecl) -> String {
    let ty = extern_type(&export_type(env, export.item));
    symbol(Family::Thunk, &[&env.options.name, &export.name], Some(&ty))
}

/// What the outside sees.
pub(crate) fn interface(env: &Env<'_, '_>) -> Interface {
    let imports = (0..)
        .zip(&env.module.imports)
        .map(|(position, import)| Import {
            module: import.module.clone(),
            name: import.name.clone(),
            ty: import.ty.clone(),
            provider: env.providers[position],
            symbol: import_symbol(env, position),
        })
        .collect();
    let exports = env
        .module
        .exports
        .iter()
        .map(|export| {
            let (symbol, link_symbol) = export_symbols(env, export);
            Export { name: export.name.clone(), ty: export_type(env, export.item), symbol, link_symbol }
        })
        .collect();
    Interface {
        module: env.options.name.clone(),
        domain: env.domain().to_string(),
        module_symbol: module_symbol(env, Family::Module),
        instantiate_symbol: module_symbol(env, Family::Instantiate),
        domain_symbol: symbol_of_domain(env),
        text_symbol: module_symbol(env, Family::Text),
        imports,
        exports,
        stack_bytes: env.options.stack_bytes,
        headroom_bytes: env.options.headroom_bytes,
        meter: env.options.meter,
    }
}

/// The name of a symbol that only this object sees; for the map file and the debugger.
pub(crate) fn local_name(env: &Env<'_, '_>, symbol: Symbol) -> String {
    let module = component(&env.options.name);
    let func = |kind: &str, func: FuncIndex| {
        const SHOWN: usize = 80;
        let name: String = env.module.func_name(func).unwrap_or_default().chars().take(SHOWN).collect();
        format!("sg__{kind}__{module}__{}__{}", func.0, component(&name))
    };
    match symbol {
        Symbol::Func(index) => func("func", index),
        Symbol::Body(index) => func("body", index),
        Symbol::Thunk(index) => func("load", index),
        Symbol::ThunkBody(index) => func("load_body", index),
        Symbol::InstantiateLarge => format!("sg__start_body__{module}"),
        Symbol::Entry(index) => func("enter", index),
        Symbol::ReExport(index) => func("reexport", index),
        Symbol::Record(index) => func("record", index),
        Symbol::Trap(code) => format!("sg__trap__{module}__{code}"),
        Symbol::InstantiateBody => format!("sg__start__{module}"),
        Symbol::Instantiate => format!("sg__init__{module}"),
        Symbol::Globals => format!("sg__globals__{module}"),
        Symbol::Slots => format!("sg__slots__{module}"),
        Symbol::Memory(index) => format!("sg__memory__{module}__{}", index.0),
        Symbol::MemoryRecord(index) => format!("sg__memory_record__{module}__{}", index.0),
        Symbol::Table(index) => format!("sg__table__{module}__{}", index.0),
        Symbol::TableRecord(index) => format!("sg__table_record__{module}__{}", index.0),
        Symbol::Data(index) => format!("sg__data__{module}__{index}"),
        Symbol::Elements(index) => format!("sg__elements__{module}__{index}"),
        Symbol::ElementWords(index) => format!("sg__element_words__{module}__{index}"),
        other => format!("sg__{other:?}"),
    }
}

/// The name of a symbol for listings.
pub(crate) fn shown_name(env: &Env<'_, '_>, symbol: Symbol) -> String {
    match symbol {
        Symbol::Func(func) if func.index() >= env.module.imported_funcs => local_name(env, symbol),
        Symbol::Module => module_symbol(env, Family::Module),
        Symbol::State => module_symbol(env, Family::State),
        Symbol::Domain => symbol_of_domain(env),
        Symbol::Type(index) => format!("sg__{}__{}", Family::Type.word(), link_type(env, &env.module.types[index.index()])),
        _ => undefined_name(env, symbol).unwrap_or_else(|| local_name(env, symbol)),
    }
}

fn symbol_of_domain(env: &Env<'_, '_>) -> String {
    symbol(Family::Domain, &[env.domain()], None)
}

/// The symbol of something that the linker resolves.
fn undefined_name(env: &Env<'_, '_>, symbol_: Symbol) -> Option<String> {
    let import_of = |func: FuncIndex| env.module.funcs[func.index()].import;
    Some(match symbol_ {
        Symbol::Func(func) | Symbol::External(func) => import_symbol(env, import_of(func)?),
        Symbol::Runtime(function) => function.symbol().to_string(),
        Symbol::ModuleOf(func) => symbol(Family::Module, &[&env.module.imports[import_of(func)?].module], None),
        Symbol::StateOf(position) => symbol(Family::State, &[&env.module.imports[position as usize].module], None),
        Symbol::Cell(position) => import_symbol(env, position as usize),
        _ => return None,
    })
}

impl Writer<'_, '_> {
    /// Defines a symbol.
    pub(crate) fn define(&mut self, symbol: Symbol, name: String, binding: Binding, place: Place) {
        let id = self.define_extra(name, binding, place);
        self.symbols.ids.insert(symbol, id);
        self.symbols.places.insert(symbol, place);
    }

    /// Defines a further name.
    pub(crate) fn define_extra(&mut self, name: String, binding: Binding, place: Place) -> SymbolId {
        let (kind, section, value, size) = match place {
            Place::Code(section, offset, size) => (SymbolKind::Text, section, offset, size),
            Place::Data(section, offset, size) => (SymbolKind::Data, section, offset, size),
        };
        let scope = match binding {
            Binding::Local => SymbolScope::Compilation,
            Binding::Hidden | Binding::HiddenWeak => SymbolScope::Linkage,
            Binding::Default => SymbolScope::Dynamic,
        };
        self.object.add_symbol(write::Symbol {
            name: name.into_bytes(),
            value,
            size,
            kind,
            scope,
            weak: binding == Binding::HiddenWeak,
            section: SymbolSection::Section(section),
            flags: SymbolFlags::None,
        })
    }

    /// Every trap stub.
    pub(crate) fn stubs(&self) -> &[PlacedStub] {
        &self.symbols.stubs
    }

    /// The place of a symbol that is defined here.
    pub(crate) fn place(&self, symbol: Symbol) -> Option<Place> {
        self.symbols.places.get(&symbol).copied()
    }

    /// The object's symbol, an undefined one where it is not defined here.
    pub(crate) fn symbol_id(&mut self, symbol: Symbol) -> Result<SymbolId, Error> {
        if let Some(id) = self.symbols.ids.get(&symbol) {
            return Ok(*id);
        }
        let name = undefined_name(self.env, symbol).ok_or_else(|| Error::internal(format!("{symbol:?} is not defined")))?;
        let id = self.undefined(name);
        self.symbols.ids.insert(symbol, id);
        Ok(id)
    }

    /// Whether an undefined symbol is referred to already.
    pub(crate) fn is_undefined(&self, name: &str) -> bool {
        self.symbols.undefined.contains_key(name)
    }

    /// An undefined symbol.
    pub(crate) fn undefined(&mut self, name: String) -> SymbolId {
        if let Some(id) = self.symbols.undefined.get(&name) {
            return *id;
        }
        let id = self.object.add_symbol(write::Symbol {
            name: name.clone().into_bytes(),
            value: 0,
            size: 0,
            kind: SymbolKind::Unknown,
            scope: SymbolScope::Unknown,
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::None,
        });
        self.symbols.undefined.insert(name, id);
        id
    }

    /// Names what the module exports.
    pub(crate) fn place_exports(&mut self) -> Result<(), Error> {
        let env = self.env;
        for export in &env.module.exports {
            let (outside, link) = export_symbols(env, export);
            match export.item {
                ExportItem::Func(func) => {
                    let missing = || Error::internal(format!("the export \"{}\" has no code", export.name));
                    let entry = self.place(Symbol::Entry(func)).ok_or_else(missing)?;
                    self.define_extra(outside, Binding::Default, entry);
                    let thunk = self.place(Symbol::Thunk(func)).ok_or_else(missing)?;
                    self.define_extra(thunk_symbol(env, export), Binding::Hidden, thunk);
                    let code = self.place(Symbol::ReExport(func)).or_else(|| self.place(Symbol::Func(func)));
                    self.define_extra(link.unwrap_or_default(), Binding::Hidden, code.ok_or_else(missing)?);
                }
                item => {
                    let place = self.place_cell(item)?;
                    self.define_extra(outside, Binding::Hidden, place);
                }
            }
        }
        let instantiate = self.place(Symbol::Instantiate).ok_or_else(|| Error::internal("no code to instantiate"))?;
        self.define_extra(module_symbol(env, Family::Instantiate), Binding::Default, instantiate);
        Ok(())
    }
}
