//! What a comparison gives: counts, and every difference with what is needed to see it again.

use super::Case;
use crate::bounds::StackUse;
use crate::rows;
use saggar_abi::trap::Code;
use saggar_compiler::target::Target;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// The result of a comparison; reports of several modules add up.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Modules compared.
    pub modules: u64,
    /// Instantiations that both sides answered alike.
    pub instantiations: u64,
    /// Calls that returned on both sides, with the same results and state.
    pub returned: u64,
    /// Calls that trapped alike on both sides, by trap.
    pub trapped: BTreeMap<String, u64>,
    /// Calls that were not compared, by the reason.
    pub dropped: BTreeMap<String, u64>,
    /// Traps whose place was looked up and belongs to an operator that can trap so.
    pub places_checked: u64,
    /// What calls used of the stack, against the bounds of the compiler's report.
    pub stack: StackUse,
    /// Everything that differed.
    pub mismatches: Vec<Mismatch>,
}

/// A difference.
#[derive(Clone, Debug, Serialize)]
pub struct Mismatch {
    /// The module.
    pub module: String,
    /// Target, as on the command line.
    pub target: String,
    /// Seed that makes the same script again.
    pub seed: u64,
    /// Episode, and calls in it before this one.
    pub place: (usize, usize),
    /// The export that was called; `None`: instantiation.
    pub export: Option<String>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What differs: the outcome, a global, a memory.
    pub what: String,
    /// What the oracle answered.
    pub expected: String,
    /// What the compiled module answered.
    pub found: String,
}

impl Report {
    /// Whether nothing differed.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.mismatches.is_empty()
    }

    /// Calls that trapped alike, all traps together.
    #[must_use]
    pub fn trapped_total(&self) -> u64 {
        self.trapped.values().sum()
    }

    /// Calls that were not compared, all reasons together.
    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.dropped.values().sum()
    }

    /// Adds the counts and differences of another report.
    pub fn add(&mut self, other: Report) {
        self.modules += other.modules;
        self.instantiations += other.instantiations;
        self.returned += other.returned;
        self.places_checked += other.places_checked;
        for (code, count) in other.trapped {
            *self.trapped.entry(code).or_default() += count;
        }
        for (reason, count) in other.dropped {
            *self.dropped.entry(reason).or_default() += count;
        }
        self.stack.add(other.stack);
        self.mismatches.extend(other.mismatches);
    }

    pub(crate) fn count_trap(&mut self, code: Code) {
        *self.trapped.entry(code.name().to_owned()).or_default() += 1;
    }

    pub(crate) fn count_drop(&mut self, reason: &str, calls: u64) {
        *self.dropped.entry(reason.to_owned()).or_default() += calls;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} modules, {} instantiations; calls: {} returned, {} trapped, {} dropped; {} mismatches",
            self.modules,
            self.instantiations,
            self.returned,
            self.trapped_total(),
            self.dropped_total(),
            self.mismatches.len()
        )?;
        for (code, count) in &self.trapped {
            writeln!(f, "  trapped: {code} {count}")?;
        }
        for (reason, count) in &self.dropped {
            writeln!(f, "  dropped: {reason} {count}")?;
        }
        writeln!(f, "  {}", self.stack)?;
        self.mismatches.iter().try_for_each(|mismatch| writeln!(f, "  {mismatch}"))
    }
}

impl Mismatch {
    /// The difference that there is when a case does not even run.
    pub(crate) fn failed(case: &Case, target: Target, what: &str, message: &str) -> Mismatch {
        Mismatch {
            module: case.prepared.name.clone(),
            target: rows::name(target),
            seed: case.effort.seed,
            place: (0, 0),
            export: None,
            arguments: Vec::new(),
            what: what.to_owned(),
            expected: "does it".to_owned(),
            found: message.to_owned(),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let export = self.export.as_deref().unwrap_or("(instantiation)");
        write!(f, "{} on {}, seed {}, episode {} call {}: ", self.module, self.target, self.seed, self.place.0, self.place.1)?;
        write!(f, "{export:?}({}): {}: ", self.arguments.join(", "), self.what)?;
        write!(f, "wasmi {}, compiled {}", self.expected, self.found)
    }
}
