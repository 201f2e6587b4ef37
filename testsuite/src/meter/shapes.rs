//! Modules written for this, one for each kind of operator, with costs that were counted by hand: `testsuite/meter/*.wat`.
//!
//! A line `;;! NAME ARGUMENTS = COST` asks for a call that returns, `;;! NAME ARGUMENTS traps = COST` for one that ends in a trap;
//! without a cost, the call is compared, but nobody counted. A call that does not end takes all it is given, which
//! `;;! NAME ARGUMENTS within AMOUNT` limits where the stack would end first.

use super::case::Case;
use super::script::{Call, Calls, Effort, Outcome};
use crate::diff::prepare::{Prepared, prepare};
use crate::diff::{Error, Value, ValueType};
use std::fs;
use std::path::{Path, PathBuf};

/// A module with the calls that its text asks for.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The file's name without its ending.
    pub name: String,
    /// The module.
    pub wasm: Vec<u8>,
    /// It, prepared under that name.
    pub prepared: Prepared,
    /// The calls.
    pub wanted: Vec<Wanted>,
}

/// A call that a text asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The line that asks for it.
    pub line: String,
    /// The call.
    pub call: Call,
    /// What is plenty for it.
    pub plenty: u64,
    /// What it costs, counted by hand, and whether it traps.
    pub expected: Option<(u64, bool)>,
}

/// What is plenty where nothing else is said.
const PLENTY: u64 = 20_000;

/// The folder of the texts.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("meter")
}

/// All of them, in the order of their names.
///
/// # Errors
/// When a text cannot be read; what is wrong with it is in the error.
pub fn all() -> Result<Vec<Shape>, String> {
    let entries = fs::read_dir(folder()).map_err(|error| error.to_string())?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wat"));
    paths.sort();
    paths.iter().map(|path| read(path).map_err(|error| format!("{}: {error}", path.display()))).collect()
}

fn read(path: &Path) -> Result<Shape, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let wasm = wat::parse_str(&text).map_err(|error| error.to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let prepared = prepare(&wasm, &name, 1).map_err(|error| error.to_string())?;
    let lines = text.lines().filter_map(|line| line.strip_prefix(";;! "));
    let wanted = lines.map(|line| wanted(&prepared, line).ok_or_else(|| format!("what does `{line}` ask for?")));
    Ok(Shape { wanted: wanted.collect::<Result<_, _>>()?, name, prepared, wasm })
}

fn wanted(prepared: &Prepared, line: &str) -> Option<Wanted> {
    let (call, cost) = match line.split_once('=') {
        Some((call, cost)) => (call, Some(cost.trim().parse().ok()?)),
        None => (line, None),
    };
    let mut words: Vec<&str> = call.split_whitespace().collect();
    let traps = words.last() == Some(&"traps");
    words.truncate(words.len() - usize::from(traps));
    let mut plenty = PLENTY;
    if let [first @ .., "within", amount] = &words[..] {
        plenty = amount.parse().ok()?;
        words = first.to_vec();
    }
    let (name, arguments) = words.split_first()?;
    let function = prepared.surface.functions.iter().position(|(function, _)| function == name)?;
    let params = &prepared.surface.functions[function].1.params;
    let arguments = params.iter().zip(arguments).map(|(&ty, text)| value(ty, text)).collect::<Option<Vec<_>>>()?;
    let complete = arguments.len() == params.len() && words.len() == params.len() + 1;
    complete.then(|| Wanted {
        line: line.to_owned(),
        call: Call { function, arguments },
        plenty,
        expected: cost.map(|cost| (cost, traps)),
    })
}

fn value(ty: ValueType, text: &str) -> Option<Value> {
    let bits: u64 = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    Some(Value::from_bytes(ty, &bits.to_le_bytes()))
}

impl Shape {
    /// A comparison of every call that the text asks for, each with so many random amounts.
    ///
    /// # Errors
    /// When the module cannot be replayed.
    pub fn cases(&self, seed: u64, amounts: usize) -> Result<Vec<Case>, Error> {
        let mut plenties: Vec<u64> = self.wanted.iter().map(|wanted| wanted.plenty).collect();
        plenties.sort_unstable();
        plenties.dedup();
        // Modules in an image need names of their own.
        let name = |plenty: u64| if plenty == PLENTY { self.name.clone() } else { format!("{}_{plenty}", self.name) };
        let case = |plenty: u64| {
            let calls = self.wanted.iter().filter(|wanted| wanted.plenty == plenty).map(|wanted| wanted.call.clone());
            let calls = Calls::Given(calls.collect());
            let effort = Effort { seed, prologue: Vec::new(), calls, amounts, plenty };
            Case::new(&name(plenty), &self.wasm, effort, true)
        };
        plenties.into_iter().map(case).collect()
    }

    /// The calls whose cost the replay does not find to be what was counted by hand, each with what it found.
    ///
    /// # Errors
    /// When the module cannot be replayed.
    pub fn miscounted(&self) -> Result<Vec<String>, Error> {
        let replay = super::replay::Replay::new(&self.prepared)?;
        let mut wrong = Vec::new();
        for wanted in &self.wanted {
            let Some(expected) = wanted.expected else { continue };
            let (mut machine, _) = replay.start(wanted.plenty)?;
            let found = machine.call(&wanted.call, wanted.plenty)?;
            let found = found.map(|answer| (wanted.plenty - answer.left, answer.outcome));
            let same = match &found {
                Some((cost, Outcome::Returned(_))) => (*cost, false) == expected,
                Some((cost, Outcome::Trapped(_))) => (*cost, true) == expected,
                _ => false,
            };
            if !same {
                wrong.push(format!("{}: {}: {found:?}", self.name, wanted.line));
            }
        }
        Ok(wrong)
    }
}
