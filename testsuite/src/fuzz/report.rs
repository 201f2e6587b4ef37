//! What fuzzing gives.

use super::Kind;
use super::count::{Counts, Family};
use crate::diff;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The result of a plan.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The comparison by target.
    pub targets: BTreeMap<String, diff::Report>,
    /// Which operators have to be executed.
    pub families: Vec<Family>,
    /// Executions by operator, in the oracle: what the targets executed too, once each.
    pub counts: Counts,
    /// Modules that the oracle refused; each is a failure of this suite.
    pub refused: Vec<String>,
    /// Modules on which a target and the oracle differ.
    pub failures: Vec<Failure>,
}

/// A module on which a target and the oracle differ.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The difference.
    pub what: String,
    /// The module.
    pub file: PathBuf,
    /// A smaller module on which they differ too.
    pub small_file: PathBuf,
}

/// Each operator of a family whose kinds of modules were generated has to be executed that often in a run.
pub const LEAST_EXECUTIONS: u64 = 100;

impl Report {
    /// An empty one for kinds of modules.
    pub(super) fn of(kinds: impl Iterator<Item = Kind>) -> Report {
        let mut report = Report::default();
        for kind in kinds {
            let family = if kind.has_vectors() { Family::Vector } else { Family::Scalar };
            if !report.families.contains(&family) {
                report.families.push(family);
            }
        }
        report
    }

    /// The operators that were executed too rarely.
    #[must_use]
    pub fn rare(&self) -> Vec<(&'static str, u64)> {
        self.counts.rarer_than(LEAST_EXECUTIONS, &self.families)
    }

    /// Whether nothing differed, nothing was refused and every operator was executed often enough.
    #[must_use]
    pub fn passed(&self) -> bool {
        let agrees = self.targets.values().all(diff::Report::agrees);
        agrees && self.refused.is_empty() && self.failures.is_empty() && self.rare().is_empty()
    }

    pub(super) fn add(&mut self, other: Report) {
        for (target, report) in other.targets {
            self.targets.entry(target).or_default().add(report);
        }
        self.counts.add(&other.counts);
        self.refused.extend(other.refused);
        self.failures.extend(other.failures);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (target, report) in &self.targets {
            write!(f, "{target}: {report}")?;
        }
        for refused in &self.refused {
            writeln!(f, "refused by wasmi: {refused}")?;
        }
        for failure in &self.failures {
            writeln!(f, "failure: {}\n  {}\n  {}", failure.what, failure.file.display(), failure.small_file.display())?;
        }
        let counts = self.counts.by_operator(&self.families);
        writeln!(f, "executions by operator, rarest first ({} operators):", counts.len())?;
        for line in counts.chunks(8) {
            let line: Vec<String> = line.iter().map(|(name, count)| format!("{name} {count}")).collect();
            writeln!(f, "  {}", line.join(", "))?;
        }
        let rare = self.rare();
        if !rare.is_empty() {
            writeln!(f, "executed less than {LEAST_EXECUTIONS} times: {rare:?}")?;
        }
        Ok(())
    }
}
