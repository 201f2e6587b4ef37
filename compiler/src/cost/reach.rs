//! What others can do: which functions they may call, and what they may have put where an indirect call looks.
//!
//! A reference to a function can come into the module and go out of it by shared tables, by globals, and by the parameters
//! and results of functions that cross the border. Where none of these ways exists, a table holds what the module itself refers to and
//! nothing else, and only the module calls what has no other name.

use crate::instance::Env;
use crate::interface::{ExternType, FunctionType, Provider, ValueType};
use crate::module::{Callee, ExportItem, FuncIndex, TableIndex};

/// Ways of references over the border.
pub(super) struct Reach {
    /// Why an indirect call may reach functions that are not the module's.
    pub(super) inward: Option<String>,
    /// References to functions of the module may be in the hands of others.
    pub(super) outward: bool,
}

impl Reach {
    /// The ways of a module.
    pub(super) fn new(env: &Env<'_, '_>) -> Reach {
        Reach { inward: inward(env), outward: outward(env) }
    }

    /// Why nothing is known of what a function calls, if that is so: a reason for people.
    pub(super) fn unknown_callee(&self, env: &Env<'_, '_>, func: FuncIndex) -> Option<String> {
        if let Some(import) = env.module.funcs[func.index()].import {
            let what = match env.providers[import] {
                Provider::Host => return None,
                Provider::Domain => "another module of the domain",
                Provider::Foreign => "another domain",
            };
            let import = &env.module.imports[import];
            return Some(format!("a call of {what}: the import {} {}", short(&import.module), short(&import.name)));
        }
        let inward = self.inward.as_ref()?;
        let indirect = env.body_facts(func).callees.iter().any(|call| matches!(call.callee, Callee::Indirect(..)));
        indirect.then(|| format!("an indirect call in {}, which may lead anywhere: {inward}", label(env, func)))
    }

    /// Functions of the module that others may call: by their names, or by a reference.
    pub(super) fn roots(&self, env: &Env<'_, '_>) -> Vec<bool> {
        let mut roots = vec![false; env.module.funcs.len()];
        let exported = env.module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Func(func) => Some(func),
            _ => None,
        });
        let start = env.module.start.map(|(func, _)| func);
        let referenced = env.recorded.iter().copied().filter(|_| self.outward);
        for func in exported.chain(start).chain(referenced) {
            if let Some(root) = roots.get_mut(func.index()) {
                *root = true;
            }
        }
        roots
    }
}

fn is_shared_table(env: &Env<'_, '_>, table: usize) -> bool {
    env.module.tables[table].ty.element == ValueType::FuncRef
        && env.module.table_is_shared(TableIndex(u32::try_from(table).unwrap_or(u32::MAX)))
}

fn shared_table(env: &Env<'_, '_>) -> Option<usize> {
    (0..env.module.tables.len()).find(|table| is_shared_table(env, *table))
}

fn imported_functions<'e>(env: &'e Env<'_, '_>) -> impl Iterator<Item = &'e FunctionType> {
    env.module.imports.iter().filter_map(|import| match &import.ty {
        ExternType::Function(ty) => Some(ty),
        _ => None,
    })
}

/// Functions of any origin that others may call.
fn callable<'e>(env: &'e Env<'_, '_>) -> impl Iterator<Item = &'e FunctionType> {
    let exported = env.module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Func(func) => Some(func),
        _ => None,
    });
    let known = |func: &FuncIndex| func.index() < env.module.funcs.len();
    exported.chain(env.recorded.iter().copied()).filter(known).map(|func| env.module.func_type(func))
}

fn passes(types: &[ValueType]) -> bool {
    types.contains(&ValueType::FuncRef)
}

/// Globals of references to functions that are on both sides of the border: whether each is imported, and whether it can be changed.
fn shared_globals(env: &Env<'_, '_>) -> Vec<(bool, bool)> {
    let mut exported = vec![false; env.module.globals.len()];
    for export in &env.module.exports {
        if let ExportItem::Global(global) = export.item {
            exported[global.index()] = true;
        }
    }
    let references = env.module.globals.iter().zip(exported).filter(|(global, _)| global.ty.value == ValueType::FuncRef);
    let shared = references.filter(|(global, exported)| global.import.is_some() || *exported);
    shared.map(|(global, _)| (global.import.is_some(), global.ty.mutable)).collect()
}

fn inward(env: &Env<'_, '_>) -> Option<String> {
    if let Some(table) = shared_table(env) {
        let how = if env.module.tables[table].import.is_some() { "imported" } else { "exported" };
        return Some(format!("table {table} is {how}"));
    }
    if imported_functions(env).any(|ty| passes(&ty.results)) {
        return Some("an imported function returns a funcref".to_owned());
    }
    if callable(env).any(|ty| passes(&ty.params)) {
        return Some("a function that others may call takes a funcref".to_owned());
    }
    if shared_globals(env).into_iter().any(|(imported, mutable)| imported || mutable) {
        return Some("a funcref is in a global that others may set".to_owned());
    }
    None
}

fn outward(env: &Env<'_, '_>) -> bool {
    shared_table(env).is_some()
        || imported_functions(env).any(|ty| passes(&ty.params))
        || callable(env).any(|ty| passes(&ty.results))
        || shared_globals(env).into_iter().any(|(imported, mutable)| !imported || mutable)
}

/// A name for a message: in quotes, and not longer than a line.
pub(super) fn short(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut kept: String = name.chars().take(LONGEST).collect();
    if kept.len() < name.len() {
        kept.push('…');
    }
    format!("{kept:?}")
}

/// A function for a message: its name, or its index.
pub(super) fn label(env: &Env<'_, '_>, func: FuncIndex) -> String {
    match env.module.func_name(func) {
        Some(name) => short(name),
        None => format!("function {}", func.0),
    }
}

/// A cycle for a message: `"a" → "b" → "a"`.
pub(super) fn chain(env: &Env<'_, '_>, functions: &[FuncIndex]) -> String {
    const MOST: usize = 8;
    let names: Vec<String> = functions.iter().take(MOST).map(|func| label(env, *func)).collect();
    let rest = if functions.len() > MOST { " → …" } else { "" };
    format!("{}{rest}", names.join(" → "))
}
