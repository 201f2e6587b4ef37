//! Which modules of a script the linker must refuse, found out from the symbols of their objects.

use object::{Object as _, ObjectSymbol as _};
use std::collections::HashSet;

/// The symbols of an object that matter between modules.
pub(super) struct Symbols {
    defined: Vec<String>,
    undefined: Vec<String>,
}

impl Symbols {
    /// Reads them from an object.
    pub(super) fn read(elf: &[u8]) -> Result<Symbols, String> {
        let file = object::File::parse(elf).map_err(|error| format!("the object cannot be read: {error}"))?;
        let mut symbols = Symbols { defined: Vec::new(), undefined: Vec::new() };
        for symbol in file.symbols().filter(object::ObjectSymbol::is_global) {
            let name = symbol.name().map_err(|error| format!("a symbol cannot be read: {error}"))?;
            // The runtime library's begin with `sg_` and a letter, or `saggar_`.
            if name.starts_with("sg__") {
                let list = if symbol.is_undefined() { &mut symbols.undefined } else { &mut symbols.defined };
                list.push(name.to_owned());
            }
        }
        Ok(symbols)
    }
}

/// For each module, the first symbol that no module defines which can be linked itself; `None` for those that can be.
pub(super) fn unsatisfied(modules: &[Option<Symbols>]) -> Vec<Option<String>> {
    let mut missing: Vec<Option<String>> = modules.iter().map(|_| None).collect();
    loop {
        let linked =
            || modules.iter().zip(&missing).filter(|(_, missing)| missing.is_none()).filter_map(|(module, _)| module.as_ref());
        let defined: HashSet<&str> = linked().flat_map(|module| &module.defined).map(String::as_str).collect();
        let mut found = Vec::new();
        for (index, module) in modules.iter().enumerate().filter(|(index, _)| missing[*index].is_none()) {
            let undefined = module.iter().flat_map(|module| &module.undefined);
            if let Some(symbol) = undefined.into_iter().find(|symbol| !defined.contains(symbol.as_str())) {
                found.push((index, symbol.clone()));
            }
        }
        if found.is_empty() {
            return missing;
        }
        for (index, symbol) in found {
            missing[index] = Some(symbol);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Symbols, unsatisfied};

    fn symbols(defined: &[&str], undefined: &[&str]) -> Option<Symbols> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Some(Symbols { defined: owned(defined), undefined: owned(undefined) })
    }

    #[test]
    fn what_depends_on_a_refused_module_is_refused() {
        let modules =
            [symbols(&["a"], &[]), symbols(&["b"], &["a", "x"]), symbols(&["c"], &["a", "b"]), symbols(&[], &["a"]), None];
        let missing = unsatisfied(&modules);
        assert_eq!(missing, [None, Some("x".to_owned()), Some("b".to_owned()), None, None]);
    }
}
