//! What a compiled module costs, as `aot` shows it to people and holds it against a budget.
//!
//! - [`table`]: for people.
//! - [`budget`]: what it may cost, and what to do when it costs more.

pub(crate) mod budget;
pub(crate) mod table;

use crate::failure::{Exit, Failure, Outcome};
use serde::Deserialize;
use serde_json::Value;

/// The compiler's report, read back from the child's answer.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Cost {
    pub(crate) module: String,
    pub(crate) target: String,
    pub(crate) cpu: String,
    pub(crate) code_bytes: u64,
    pub(crate) read_only_bytes: u64,
    pub(crate) data_bytes: u64,
    pub(crate) zero_bytes: u64,
    pub(crate) memory_bytes: u64,
    pub(crate) table_bytes: u64,
    pub(crate) sections: Vec<Section>,
    pub(crate) functions: Vec<Function>,
    pub(crate) exports: Vec<Export>,
    pub(crate) instantiation: Option<Bounds>,
    pub(crate) notes: Vec<String>,
}

/// A loaded section.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) bytes: u64,
}

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Code,
    ReadOnly,
    Data,
    Zero,
}

/// A function.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Function {
    pub(crate) index: u32,
    pub(crate) name: Option<String>,
    pub(crate) code_bytes: u32,
    pub(crate) frame_bytes: u32,
}

/// An exported function.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Export {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) bounds: Bounds,
}

/// What a call can use at most.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Bounds {
    pub(crate) stack_bytes: Bound,
    pub(crate) fuel: Bound,
}

/// An upper bound, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtMost(u64),
    Unbounded(String),
}

impl Cost {
    /// Reads the report out of a module's description.
    pub(crate) fn of(description: &Value) -> Outcome<Cost> {
        Cost::deserialize(&description["report"])
            .map_err(|error| Failure::new(Exit::Internal, format!("the compiling process's report: {error}")))
    }

    /// Bytes that are in flash: code, constants, and what initialised data start as.
    pub(crate) fn flash_bytes(&self) -> u64 {
        self.code_bytes + self.read_only_bytes + self.data_bytes
    }

    /// Bytes that are in RAM.
    pub(crate) fn ram_bytes(&self) -> u64 {
        self.data_bytes + self.zero_bytes
    }

    /// What a host can call, by name: instantiation, which it must, and the exported functions.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&str, &Bounds)> {
        let exports = self.exports.iter().map(|export| (export.name.as_str(), &export.bounds));
        self.instantiation.iter().map(|bounds| ("(instantiate)", bounds)).chain(exports)
    }

    /// Functions by bytes of code, the largest first.
    pub(crate) fn largest_functions(&self) -> Vec<&Function> {
        let mut functions: Vec<&Function> = self.functions.iter().collect();
        functions.sort_by_key(|function| (u32::MAX - function.code_bytes, function.index));
        functions
    }
}

impl Function {
    /// Its index and its name, if it has one.
    pub(crate) fn title(&self) -> String {
        let name = self.name.as_deref().map(|name| format!(" {}", shown(name)));
        format!("#{}{}", self.index, name.unwrap_or_default())
    }
}

/// Characters of a name that are shown.
const SHOWN_CHARACTERS: usize = 48;

/// A name that a stranger gave, fit for a terminal and not too long.
pub(crate) fn shown(name: &str) -> String {
    let text = harmless(name);
    let short: String = text.chars().take(SHOWN_CHARACTERS).collect();
    if short.len() < text.len() { short + "…" } else { text }
}

/// A text with a stranger's words in it, fit for a terminal: characters that would steer it are spelled.
pub(crate) fn harmless(text: &str) -> String {
    let spell = |character: char| match character {
        '"' | '\'' | '\\' => character.to_string(),
        _ => character.escape_debug().to_string(),
    };
    text.chars().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::{Bound, Cost, harmless, shown};
    use serde_json::json;

    #[test]
    fn reports_are_read() {
        let report = json!({
            "module": "m", "target": "aarch64", "cpu": "generic", "code_bytes": 100, "read_only_bytes": 20, "data_bytes": 3,
            "zero_bytes": 64, "memory_bytes": 0, "table_bytes": 8, "notes": [], "features": [],
            "sections": [{ "name": ".text.sg.m", "kind": "code", "bytes": 100 }],
            "functions": [
                { "index": 0, "name": "small", "offset": 0, "code_bytes": 8, "frame_bytes": 16 },
                { "index": 1, "name": null, "offset": 8, "code_bytes": 92, "frame_bytes": 0 },
            ],
            "exports": [{ "name": "f", "stack_bytes": { "at_most": 96 }, "fuel": { "unbounded": "a loop" } }],
        });
        let cost = Cost::of(&json!({ "report": report })).unwrap();
        assert_eq!((cost.flash_bytes(), cost.ram_bytes()), (123, 67));
        assert_eq!(cost.exports[0].bounds.stack_bytes, Bound::AtMost(96));
        assert_eq!(cost.exports[0].bounds.fuel, Bound::Unbounded("a loop".to_owned()));
        let titles: Vec<String> = cost.largest_functions().iter().map(|function| function.title()).collect();
        assert_eq!(titles, ["#1", "#0 small"]);
        assert!(Cost::of(&json!({})).is_err());
    }

    #[test]
    fn names_do_not_steer_the_terminal() {
        assert_eq!(shown("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(shown(&"x".repeat(99)).chars().count(), 49);
        assert_eq!(shown("größe"), "größe");
        assert_eq!(harmless("the import \"a\u{7}\""), "the import \"a\\u{7}\"");
    }
}
