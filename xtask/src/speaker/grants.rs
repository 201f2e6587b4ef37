//! The functions of the host that are defined for a skill: those that its manifest grants, and no others.

use saggar_compiler::{ExternType, Import, Interface, ValueType};
use saggar_skill_manifest::{Manifest, Refused};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a skill exports beside its memory: name, parameters and results (`speaker-app/skills/README.md`).
const CONTRACT: [(&str, &[ValueType], &[ValueType]); 5] = [
    ("skill_init", &[], &[ValueType::I32]),
    ("skill_alloc", &[ValueType::I32], &[ValueType::I32]),
    ("skill_on_intent", &[ValueType::I32, ValueType::I32], &[ValueType::I64]),
    ("skill_on_event", &[ValueType::I32, ValueType::I32], &[ValueType::I64]),
    ("skill_close", &[], &[]),
];

/// The export that a build with faults plants.
const FAULT: &str = "planted_fault";

/// Whether a skill exports what the contract wants; what is linked with it would not compile otherwise.
///
/// # Errors
/// What is missing, or in the way.
pub(crate) fn keeps_contract(interface: &Interface) -> Result<(), String> {
    let export = |name: &str| interface.exports.iter().find(|export| export.name == name).map(|export| &export.ty);
    if !matches!(export("memory"), Some(ExternType::Memory(_))) {
        return Err("it does not export its memory as `memory`: export it, or build the skill with this SDK".to_owned());
    }
    for (wanted, params, results) in CONTRACT {
        let right = |ty: &ExternType| matches!(ty, ExternType::Function(ty) if ty.params == params && ty.results == results);
        if !export(wanted).is_some_and(right) {
            let (params, results) = (names(params).join(", "), names(results).join(", "));
            return Err(format!(
                "it does not export the function `{wanted}({params}) -> ({results})` of the contract: build the skill with this SDK"
            ));
        }
    }
    Ok(())
}

/// Leaves of the exports those that the speaker calls: names of the others might be in the way of these in Rust.
pub(crate) fn leave_contract(interface: &mut Interface) {
    let wanted = |name: &str| name == "memory" || name == FAULT || CONTRACT.iter().any(|(wanted, ..)| *wanted == name);
    interface.exports.retain(|export| wanted(&export.name));
}

/// Definitions of the functions of the host that a skill imports and may call.
///
/// # Errors
/// For a function that it may not call, with the permission that is missing: nothing would link.
pub(crate) fn definitions(manifest: &Manifest, name: &str, imports: &[Import]) -> Result<String, String> {
    let module = camel(&format!("skill_{name}"));
    let mut text = String::new();
    let mut defined = BTreeSet::new();
    for import in imports {
        let (from, function) = (&import.module, &import.name);
        let may = match &import.ty {
            ExternType::Function(ty) => manifest.may_import(from, function, &names(&ty.params), &names(&ty.results)).map(|()| ty),
            _ => Err(Refused::Unknown),
        };
        let ty = may.map_err(|refused| format!("it imports `{from}.{function}`, but {refused}"))?;
        // A module may import one function twice.
        if !defined.insert(&import.symbol) {
            continue;
        }
        let params: Vec<String> = (0..).zip(names(&ty.params)).map(|(index, ty)| format!("a{index}: {ty}")).collect();
        let arguments: String = (0..params.len()).map(|index| format!(", a{index}")).collect();
        let result = names(&ty.results).first().map(|ty| format!(" -> {ty}")).unwrap_or_default();
        let _ = writeln!(text, "#[unsafe(export_name = {:?})]", import.symbol);
        let _ = writeln!(text, "extern \"C\" fn {name}_{function}({}){result} {{", params.join(", "));
        let _ = writeln!(text, "    // SAFETY: the compiled module alone calls this symbol, and the value ends here.");
        let _ = writeln!(text, "    let mut guest = unsafe {{ skill_{name}::{module}::inside() }};");
        let _ = writeln!(text, "    crate::skills::host::{function}(&mut guest.memory(){arguments})\n}}");
    }
    Ok(text)
}

/// The names of types in the text format, which are Rust's for those that the contract has.
fn names(types: &[ValueType]) -> Vec<&'static str> {
    types.iter().map(|ty| ty.name()).collect()
}

/// The name that bindings give the type of a module.
pub(crate) fn camel(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').filter(|word| !word.is_empty()).map(capital).collect()
}
