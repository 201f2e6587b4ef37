//! What a run of a `.wast` file found: counts by kind of command, failures with their place, skips with the
//! feature that caused them. Plain data, for people (see [`summary`](super::summary)) and for other tools.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kinds of commands that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The file as a whole: it parses, links, and does not bring the runner down.
    File,
    /// A module that must be valid, and be instantiated where the script says so.
    Module,
    /// A name given to an instance.
    Register,
    /// A call or a read of a global whose result nobody looks at; it must not trap.
    Action,
    /// Results must be as given.
    AssertReturn,
    /// A call must trap, for the given reason.
    AssertTrap,
    /// A call must use up the stack.
    AssertExhaustion,
    /// An instantiation must trap, for the given reason.
    AssertUninstantiable,
    /// A module's imports must not be satisfied.
    AssertUnlinkable,
    /// A module must be refused by validation.
    AssertInvalid,
    /// Bytes must be refused as malformed.
    AssertMalformedBinary,
    /// Text must be refused. Tests the library that parses text, so totals keep it apart.
    AssertMalformedText,
    /// Assertions of proposals that have commands of their own.
    Other,
}

impl Kind {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Module => "module",
            Kind::Register => "register",
            Kind::Action => "action",
            Kind::AssertReturn => "assert_return",
            Kind::AssertTrap => "assert_trap",
            Kind::AssertExhaustion => "assert_exhaustion",
            Kind::AssertUninstantiable => "assert_uninstantiable",
            Kind::AssertUnlinkable => "assert_unlinkable",
            Kind::AssertInvalid => "assert_invalid",
            Kind::AssertMalformedBinary => "assert_malformed (binary)",
            Kind::AssertMalformedText => "assert_malformed (text)",
            Kind::Other => "other",
        }
    }

    /// Whether it is an assertion that this project decides, as against the text parser or mere scaffolding.
    #[must_use]
    pub const fn is_own_assertion(self) -> bool {
        matches!(
            self,
            Kind::AssertReturn
                | Kind::AssertTrap
                | Kind::AssertExhaustion
                | Kind::AssertUninstantiable
                | Kind::AssertUnlinkable
                | Kind::AssertInvalid
                | Kind::AssertMalformedBinary
        )
    }
}

/// How many commands of one kind ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// As the script demands.
    pub passed: u64,
    /// Otherwise.
    pub failed: u64,
    /// Not run, because they need a feature that is not supported.
    pub skipped: u64,
}

impl Counts {
    /// Adds another set.
    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// A line and a column of a `.wast` file, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column in bytes.
    pub column: u32,
}

/// A command that did not end as the script demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its kind.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// What was wrong.
    pub reason: String,
}

/// A command that was not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// Its kind.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// The feature that it needs, by the name of the proposal.
    pub feature: String,
}

/// The result of one file on one engine and target.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileReport {
    /// The file, as its suite names it.
    pub file: String,
    /// The target (`aarch64/cortex-a53`), or the name of the other engine.
    pub engine: String,
    /// Counts by kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// Every failure, in the order of the script.
    pub failures: Vec<Failure>,
    /// Every skip, in the order of the script.
    pub skips: Vec<Skip>,
}

/// How one command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As demanded.
    Passed,
    /// Not as demanded, because of this.
    Failed(String),
    /// Not run, for want of this feature.
    Skipped(String),
}

impl FileReport {
    /// An empty report.
    #[must_use]
    pub fn new(file: &str, engine: &str) -> FileReport {
        FileReport { file: file.to_owned(), engine: engine.to_owned(), ..FileReport::default() }
    }

    /// Enters the end of one command.
    pub fn enter(&mut self, kind: Kind, place: Place, verdict: Verdict) {
        let counts = self.counts.entry(kind).or_default();
        match verdict {
            Verdict::Passed => counts.passed += 1,
            Verdict::Failed(reason) => {
                counts.failed += 1;
                self.failures.push(Failure { kind, place, reason });
            }
            Verdict::Skipped(feature) => {
                counts.skipped += 1;
                self.skips.push(Skip { kind, place, feature });
            }
        }
    }

    /// Assertions of our own that passed or failed: what the committed counts record.
    #[must_use]
    pub fn executed(&self) -> u64 {
        let own = self.counts.iter().filter(|(kind, _)| kind.is_own_assertion());
        own.map(|(_, counts)| counts.passed + counts.failed).sum()
    }
}
