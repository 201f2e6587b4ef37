//! What a host includes to call a compiled module: [`c`] gives the text of `skill.h`, [`rust`](rust()) that of `skill.rs`.
//!
//! Both are made from an [`Interface`] alone. Symbols in it are exact and ugly; the names that people use are made
//! here: a wasm name may be empty, hold any byte, be a keyword, or become the same identifier as another one.
//!
//! A host function that gives more than one result, or a vector, takes, after its parameters, a pointer to an array of slots
//! ([`SLOT_BYTES`](saggar_abi::layout::SLOT_BYTES) each) to which it writes them; C has no other way that is the same on every target. For the same
//! reason a vector among its parameters is a pointer to its 16 bytes.

mod c;
mod names;
mod rust;
mod rust_values;

pub use c::c;
pub use rust::rust;

use crate::interface::{Export, ExternType, FunctionType, Import, Interface, Provider, ValueType};
use names::{Namer, identifier, printable};

/// A function that the host must provide, with the pretty name of the import.
struct HostFunction<'a> {
    import: &'a Import,
    ty: &'a FunctionType,
    name: String,
}

/// The imports that the host provides, each symbol once, with unique pretty names.
fn host_functions(interface: &Interface) -> Vec<HostFunction<'_>> {
    let mut namer = Namer::new(names::is_rust_keyword);
    let mut seen = std::collections::BTreeSet::new();
    let mut functions = Vec::new();
    for import in &interface.imports {
        if let (ExternType::Function(ty), Provider::Host) = (&import.ty, import.provider)
            && seen.insert(import.symbol.as_str())
        {
            let name = namer.claim(&identifier(&format!("{}_{}", import.module, import.name)));
            functions.push(HostFunction { import, ty, name });
        }
    }
    functions
}

/// What linking joins without the host's doing, one line each: for the head of the bindings.
fn linked_imports(interface: &Interface) -> Vec<String> {
    let linked = interface.imports.iter().filter(|import| import.provider != Provider::Host);
    let line = |import: &Import| {
        let who = if import.provider == Provider::Foreign { "another domain" } else { "the same domain" };
        format!("\"{}\" \"{}\", from a module of {who}", printable(&import.module), printable(&import.name))
    };
    linked.map(line).collect()
}

/// A function type as the text format spells it.
fn signature(ty: &FunctionType) -> String {
    let words = |types: &[ValueType]| types.iter().map(|ty| format!("{ty:?}").to_lowercase()).collect::<Vec<_>>().join(", ");
    format!("({}) -> ({})", words(&ty.params), words(&ty.results))
}

/// The first comment of every accessor: which export it is.
fn export_line(export: &Export, what: &str) -> String {
    format!("{what} \"{}\"", printable(&export.name))
}

/// Each type with the number of its first slot.
fn with_slots(types: &[ValueType]) -> impl Iterator<Item = (usize, ValueType)> {
    let mut slot = 0;
    types.iter().map(move |ty| {
        let first = slot;
        slot += ty.slots();
        (first, *ty)
    })
}
