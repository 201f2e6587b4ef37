//! The committed costs, `costs.toml`: what they were, what they are, and which rises need a word in the changelog.

use super::counts::{Cost, Counts};
use super::error::Error;
use crate::guests::Features;
use saggar_compiler::target::Arch;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// A rise by more than this many hundredths of the committed value needs a line in the changelog that names the program.
pub const TOLERATED_RISE_PERCENT: u64 = 1;

const HEADER: &str = "\
# Exact costs of the benchmark programs (testsuite/bench/programs) and of the DSP guests, for each target: executed
# instructions of one call, ours (unmetered, metered by fuel, and with a flag) and clang -O2's, and bytes of code.
# Written by `cargo xtask bench --bless`; the test command compares. The figures of clang are those of version 14;
# another version gives others, which is reported but no failure.

";

/// Which figure differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Instructions that our code executes.
    SaggarInstructions,
    /// Instructions that clang's code executes.
    ClangInstructions,
    /// Bytes of our code.
    SaggarCodeBytes,
    /// Bytes of clang's code.
    ClangCodeBytes,
    /// Instructions that our code executes when it is metered by fuel.
    FuelInstructions,
    /// Instructions that our code executes when it looks at a flag.
    FlagInstructions,
    /// Bytes of our code metered by fuel.
    FuelCodeBytes,
    /// Bytes of our code that looks at a flag.
    FlagCodeBytes,
}

impl Metric {
    const ALL: [Metric; 8] = [
        Metric::SaggarInstructions,
        Metric::ClangInstructions,
        Metric::SaggarCodeBytes,
        Metric::ClangCodeBytes,
        Metric::FuelInstructions,
        Metric::FlagInstructions,
        Metric::FuelCodeBytes,
        Metric::FlagCodeBytes,
    ];

    fn of(self, cost: &Cost) -> Option<u64> {
        match self {
            Metric::SaggarInstructions => cost.saggar_instructions,
            Metric::ClangInstructions => cost.clang_instructions,
            Metric::SaggarCodeBytes => Some(cost.saggar_code_bytes),
            Metric::ClangCodeBytes => cost.clang_code_bytes,
            Metric::FuelInstructions => cost.fuel_instructions,
            Metric::FlagInstructions => cost.flag_instructions,
            Metric::FuelCodeBytes => cost.fuel_code_bytes,
            Metric::FlagCodeBytes => cost.flag_code_bytes,
        }
    }

    fn description(self) -> &'static str {
        match self {
            Metric::SaggarInstructions => "instructions",
            Metric::ClangInstructions => "instructions of clang's code",
            Metric::SaggarCodeBytes => "bytes of code",
            Metric::ClangCodeBytes => "bytes of clang's code",
            Metric::FuelInstructions => "instructions with fuel",
            Metric::FlagInstructions => "instructions with a flag",
            Metric::FuelCodeBytes => "bytes of code with fuel",
            Metric::FlagCodeBytes => "bytes of code with a flag",
        }
    }

    fn is_ours(self) -> bool {
        !matches!(self, Metric::ClangInstructions | Metric::ClangCodeBytes)
    }
}

/// A figure that is not what was committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The program.
    pub program: String,
    /// The architecture.
    pub arch: String,
    /// The figure.
    pub metric: Metric,
    /// What was committed; absent for a new program.
    pub committed: Option<u64>,
    /// What was measured; absent for a program that is gone.
    pub measured: Option<u64>,
}

impl Difference {
    /// By what part of the committed value it rose; negative for a fall, `None` where there is nothing to compare.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more than 52 bits")]
    pub fn rise(&self) -> Option<f64> {
        let (committed, measured) = (self.committed? as f64, self.measured? as f64);
        Some(measured / committed - 1.0)
    }

    /// Whether it is a rise of one of our own figures that the changelog must explain.
    #[must_use]
    pub fn needs_explanation(&self) -> bool {
        let (Some(committed), Some(measured)) = (self.committed, self.measured) else { return false };
        // In whole numbers, so that a rise of exactly the tolerated part is none.
        let rise = u128::from(measured.saturating_sub(committed));
        self.metric.is_ours() && rise * 100 > u128::from(committed) * u128::from(TOLERATED_RISE_PERCENT)
    }

    /// Whether one of our own figures is only in the committed file, or only among the measured ones.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.metric.is_ours() && (self.committed.is_none() || self.measured.is_none())
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |value: Option<u64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
        write!(f, "{} on {}: {} {}", self.program, self.arch, number(self.committed), self.metric.description())?;
        write!(f, " → {}", number(self.measured))?;
        match self.rise() {
            Some(rise) => write!(f, " ({:+.2} %)", 100.0 * rise),
            None => Ok(()),
        }
    }
}

/// Which of the committed figures were measured again, so that one that is gone is a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every program on every CPU row.
    Everything,
    /// Every program on the default rows, which are named after the architecture alone.
    DefaultRows,
    /// The programs among the measured ones, on every CPU row.
    TheirPrograms,
}

/// Every figure that differs from the committed ones, those within `scope` that are gone among them.
///
/// # Errors
/// When the committed text cannot be read.
pub fn compare(counts: &Counts, costs_toml: &str, scope: Scope) -> Result<Vec<Difference>, Error> {
    let mut committed: Counts = toml::from_str(costs_toml).map_err(|error| Error::Costs(error.to_string()))?;
    if scope == Scope::DefaultRows {
        committed.programs.values_mut().for_each(|costs| costs.retain(|row, _| Arch::ALL.iter().any(|arch| arch.name() == row)));
    }
    let mut names: BTreeSet<&String> = counts.programs.keys().collect();
    if scope != Scope::TheirPrograms {
        names.extend(committed.programs.keys());
    }
    let mut differences = Vec::new();
    for name in names {
        let (before, after) = (committed.programs.get(name), counts.programs.get(name));
        let arches: BTreeSet<&String> = before.into_iter().chain(after).flat_map(|costs| costs.keys()).collect();
        for arch in arches {
            let (before, after) = (before.and_then(|costs| costs.get(arch)), after.and_then(|costs| costs.get(arch)));
            for metric in Metric::ALL {
                let committed = before.and_then(|cost| metric.of(cost));
                let measured = after.and_then(|cost| metric.of(cost));
                if committed != measured {
                    differences.push(Difference { program: name.clone(), arch: arch.clone(), metric, committed, measured });
                }
            }
        }
    }
    Ok(differences)
}

/// The differences that must not stay: rises that the changelog does not explain (its newest section names the
/// programs that may cost more), and figures that only one side has, for which the file must be written anew.
#[must_use]
pub fn unexplained<'a>(differences: &'a [Difference], changelog: &str) -> Vec<&'a Difference> {
    let newest = changelog.split("\n## ").nth(1).unwrap_or("");
    let words: BTreeSet<&str> = newest.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let explained = |difference: &Difference| words.contains(difference.program.as_str());
    differences
        .iter()
        .filter(|difference| difference.is_missing() || difference.needs_explanation() && !explained(difference))
        .collect()
}

/// Guests that execute more with vectors than without on some row of aarch64, where they never should.
#[must_use]
pub fn costlier_with_vectors(counts: &Counts) -> Vec<String> {
    let mut found = Vec::new();
    for (name, with) in &counts.programs {
        let Some(without) = Features::scalar_name(name).and_then(|scalar| counts.programs.get(scalar)) else { continue };
        for (row, with) in with.iter().filter(|(row, _)| row.starts_with(Arch::Aarch64.name())) {
            let before = without.get(row).and_then(|cost| cost.saggar_instructions);
            let after = with.saggar_instructions;
            if let (Some(before), Some(after)) = (before, after)
                && after > before
            {
                found.push(format!("{name} on {row} executes {after} instructions, and {before} without vectors"));
            }
        }
    }
    found
}

/// The text of `costs.toml` for these costs.
///
/// # Errors
/// When the costs cannot be spelled, which does not happen.
pub fn render(counts: &Counts) -> Result<String, Error> {
    let body = toml::to_string(counts).map_err(|error| Error::Costs(error.to_string()))?;
    Ok(format!("{HEADER}{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(instructions: u64) -> Counts {
        let cost = Cost {
            saggar_instructions: Some(instructions),
            clang_instructions: Some(900),
            saggar_code_bytes: 400,
            clang_code_bytes: Some(300),
            ..Cost::default()
        };
        let mut counts = Counts::default();
        counts.programs.entry("fir".into()).or_default().insert("aarch64".into(), cost);
        counts
    }

    #[test]
    fn costs_survive_the_file() {
        let text = render(&counts(1000)).unwrap();
        assert_eq!(compare(&counts(1000), &text, Scope::Everything).unwrap(), []);
    }

    #[test]
    fn a_rise_above_one_percent_needs_a_line() {
        let text = render(&counts(1000)).unwrap();
        for (instructions, needs) in [(1010, false), (1011, true), (900, false)] {
            let differences = compare(&counts(instructions), &text, Scope::Everything).unwrap();
            assert_eq!(differences.len(), 1);
            assert_eq!(differences[0].needs_explanation(), needs, "{}", differences[0]);
        }
        let differences = compare(&counts(1011), &text, Scope::Everything).unwrap();
        let with_line = "# Changelog\n\n## Unreleased\n- `fir` costs more, since …\n";
        let in_an_old_section = "# Changelog\n\n## Unreleased\n- a first\n\n## 0.1\n- fir\n";
        assert_eq!(unexplained(&differences, with_line).len(), 0);
        assert_eq!(unexplained(&differences, in_an_old_section).len(), 1);
        assert_eq!(unexplained(&differences, "").len(), 1);
    }

    #[test]
    fn vectors_must_not_cost_more_on_aarch64() {
        let mut all = counts(1000);
        for (instructions, found) in [(1000, 0), (1001, 1)] {
            all.programs.insert("fir_simd128".into(), counts(instructions).programs.remove("fir").unwrap_or_default());
            assert_eq!(costlier_with_vectors(&all).len(), found);
        }
    }

    #[test]
    fn what_is_new_or_gone_is_a_difference() {
        let text = render(&counts(1000)).unwrap();
        assert!(compare(&Counts::default(), &text, Scope::Everything).unwrap().iter().any(Difference::is_missing));
        assert_eq!(compare(&Counts::default(), &text, Scope::TheirPrograms).unwrap(), []);
        assert!(compare(&Counts::default(), &text, Scope::DefaultRows).unwrap().iter().any(Difference::is_missing));
        let other_row = text.replace("fir.aarch64", "fir.\"aarch64/cortex-a76\"");
        assert_ne!(other_row, text);
        assert_eq!(compare(&Counts::default(), &other_row, Scope::DefaultRows).unwrap(), []);
        assert!(compare(&Counts::default(), &other_row, Scope::Everything).unwrap().iter().any(Difference::is_missing));
        let new = compare(&counts(1000), "", Scope::Everything).unwrap();
        assert!(new.iter().any(Difference::is_missing) && !unexplained(&new, "## Unreleased\n- fir\n").is_empty());
        assert!(compare(&counts(1000), "[fir.aarch64]\nbogus = 1\n", Scope::Everything).is_err());
    }
}
