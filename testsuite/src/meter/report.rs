//! What the comparison gives: counts, and every difference.

use super::script::Outcome;
use crate::diff::Mismatch;
use std::collections::BTreeMap;
use std::fmt;

/// The result of a comparison on a target; reports of several modules add up.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Modules compared.
    pub modules: u64,
    /// Times that they were instantiated.
    pub episodes: u64,
    /// Calls and instantiations that returned on both sides, with the same results, state and fuel left.
    pub returned: u64,
    /// Those that ran out of fuel at the same operator, with the same state.
    pub exhausted: u64,
    /// Those that trapped otherwise, alike.
    pub trapped: u64,
    /// What was not compared, by the reason.
    pub dropped: BTreeMap<String, u64>,
    /// Everything that differed.
    pub mismatches: Vec<Mismatch>,
}

impl Report {
    /// Whether nothing differed.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.mismatches.is_empty()
    }

    /// Everything that was found to be the same.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.returned + self.exhausted + self.trapped
    }

    /// Adds the counts and differences of another report.
    pub fn add(&mut self, other: Report) {
        self.modules += other.modules;
        self.episodes += other.episodes;
        self.returned += other.returned;
        self.exhausted += other.exhausted;
        self.trapped += other.trapped;
        for (reason, count) in other.dropped {
            *self.dropped.entry(reason).or_default() += count;
        }
        self.mismatches.extend(other.mismatches);
    }

    pub(super) fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Returned(_) => self.returned += 1,
            Outcome::Trapped(_) => self.trapped += 1,
            Outcome::Exhausted(_) => self.exhausted += 1,
        }
    }

    pub(super) fn drop(&mut self, reason: &str) {
        *self.dropped.entry(reason.to_owned()).or_default() += 1;
    }

    pub(super) fn add_dropped(&mut self, dropped: &BTreeMap<&'static str, u64>) {
        for (reason, count) in dropped {
            *self.dropped.entry((*reason).to_owned()).or_default() += count;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} modules, {} instances; {} returned, {} out of fuel, {} trapped otherwise; {} mismatches",
            self.modules,
            self.episodes,
            self.returned,
            self.exhausted,
            self.trapped,
            self.mismatches.len()
        )?;
        for (reason, count) in &self.dropped {
            writeln!(f, "  dropped: {reason} {count}")?;
        }
        self.mismatches.iter().try_for_each(|mismatch| writeln!(f, "  {mismatch}"))
    }
}
