//! What is known to fail, and how many assertions each file must execute.
//!
//! `testsuite/expect/` holds lists of expected failures (`*.txt`: file, colon, line, then the reason) and `counts.txt`
//! (file, then the number of its executed assertions). An expected failure that passes is a failure, so that the
//! lists cannot grow stale; a count may only rise, so that no assertion is lost unseen.

use super::report::{FileReport, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A file of expectations that is missing or malformed.
#[derive(Debug, thiserror::Error)]
pub enum ExpectError {
    /// It cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not of the form that it should have.
    #[error("{path}:{line}: expected `{form}`")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Its line.
        line: usize,
        /// What a line looks like.
        form: &'static str,
    },
}

/// The committed expectations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// File and line of each command that is known to fail, with the reason.
    pub failures: BTreeMap<(String, u32), String>,
    /// Executed assertions of each file.
    pub counts: BTreeMap<String, u64>,
}

/// A place in a file, with a text about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// The file.
    pub file: String,
    /// The place in it.
    pub place: Place,
    /// The reason of the failure, or the reason for which one was expected.
    pub text: String,
}

/// A file that executes fewer assertions than it should.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fall {
    /// The file.
    pub file: String,
    /// The committed count.
    pub committed: u64,
    /// The count now.
    pub now: u64,
}

/// Reports against expectations.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Judgement {
    /// Failures that nobody expected.
    pub unexpected: Vec<Note>,
    /// Failures that were expected.
    pub expected: Vec<Note>,
    /// Expected failures that did not occur.
    pub stale: Vec<Note>,
    /// Counts that fell.
    pub fallen: Vec<Fall>,
}

impl Judgement {
    /// Whether all is as expected.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.unexpected.is_empty() && self.stale.is_empty() && self.fallen.is_empty()
    }
}

const COUNTS: &str = "counts.txt";

/// The folder of the committed expectations.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("expect")
}

impl Expectations {
    /// Reads every list of a folder.
    ///
    /// # Errors
    /// When one cannot be read, or has a malformed line.
    pub fn load(folder: &Path) -> Result<Expectations, ExpectError> {
        let mut expectations = Expectations::default();
        let entries = std::fs::read_dir(folder).map_err(|source| ExpectError::Io { path: folder.to_owned(), source })?;
        for entry in entries {
            let path = entry.map_err(|source| ExpectError::Io { path: folder.to_owned(), source })?.path();
            if path.extension().is_none_or(|extension| extension != "txt") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|source| ExpectError::Io { path: path.clone(), source })?;
            let is_counts = path.file_name().is_some_and(|name| name == COUNTS);
            let form = if is_counts { "FILE COUNT" } else { "FILE:LINE REASON" };
            for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
                let entered = if is_counts { expectations.enter_count(line) } else { expectations.enter_failure(line) };
                entered.ok_or_else(|| ExpectError::Malformed { path: path.clone(), line: index + 1, form })?;
            }
        }
        Ok(expectations)
    }

    fn enter_count(&mut self, line: &str) -> Option<()> {
        let (file, count) = line.split_once(' ')?;
        self.counts.insert(file.to_owned(), count.parse().ok()?);
        Some(())
    }

    fn enter_failure(&mut self, line: &str) -> Option<()> {
        let (place, reason) = line.split_once(' ')?;
        let (file, line) = place.rsplit_once(':')?;
        self.failures.insert((file.to_owned(), line.parse().ok()?), reason.to_owned());
        Some(())
    }

    /// Compares reports of one engine with the expectations. Only the files that ran are considered.
    #[must_use]
    pub fn judge(&self, reports: &[FileReport]) -> Judgement {
        let mut judgement = Judgement::default();
        let mut occurred = BTreeSet::new();
        for report in reports {
            for failure in &report.failures {
                let key = (report.file.clone(), failure.place.line);
                let note = Note { file: report.file.clone(), place: failure.place, text: failure.reason.clone() };
                let list = if self.failures.contains_key(&key) { &mut judgement.expected } else { &mut judgement.unexpected };
                list.push(note);
                occurred.insert(key);
            }
            let committed = self.counts.get(&report.file).copied().unwrap_or(0);
            let now = report.executed();
            if now < committed {
                judgement.fallen.push(Fall { file: report.file.clone(), committed, now });
            }
        }
        let files: BTreeSet<&str> = reports.iter().map(|report| report.file.as_str()).collect();
        for ((file, line), reason) in &self.failures {
            if files.contains(file.as_str()) && !occurred.contains(&(file.clone(), *line)) {
                let place = Place { line: *line, column: 0 };
                judgement.stale.push(Note { file: file.clone(), place, text: reason.clone() });
            }
        }
        judgement
    }
}

/// Writes the counts of these reports into the folder's `counts.txt`; counts of other files stay.
///
/// # Errors
/// When the folder cannot be read or the file cannot be written.
pub fn bless(folder: &Path, reports: &[FileReport]) -> Result<(), ExpectError> {
    let mut counts = Expectations::load(folder)?.counts;
    counts.extend(reports.iter().map(|report| (report.file.clone(), report.executed())));
    let mut text = "# Assertions that each file executes (not: skipped ones, and those that test the text parser).\n\
                    # A count may only rise. `cargo xtask wast --suite all --bless` rewrites this file.\n"
        .to_owned();
    for (file, count) in counts {
        let _ = writeln!(text, "{file} {count}"); // writing to a string cannot fail
    }
    let path = folder.join(COUNTS);
    std::fs::write(&path, text).map_err(|source| ExpectError::Io { path, source })
}

#[cfg(test)]
mod tests {
    use super::{Expectations, bless};
    use crate::wast::report::{FileReport, Kind, Place, Verdict};

    fn report(passed: u64, failing_line: Option<u32>) -> FileReport {
        let mut report = FileReport::new("own/a.wast", "none");
        for _ in 0..passed {
            report.enter(Kind::AssertReturn, Place::default(), Verdict::Passed);
        }
        if let Some(line) = failing_line {
            report.enter(Kind::AssertReturn, Place { line, column: 1 }, Verdict::Failed("wrong".to_owned()));
        }
        report
    }

    fn expectations(lines: &[&str]) -> Expectations {
        let mut expectations = Expectations::default();
        for line in lines {
            expectations.enter_failure(line).unwrap();
        }
        expectations
    }

    #[test]
    fn an_expected_failure_that_passes_is_a_failure() {
        let expectations = expectations(&["own/a.wast:7 known defect", "own/b.wast:9 of another file"]);
        assert!(expectations.judge(&[report(1, Some(7))]).is_good());
        let stale = expectations.judge(&[report(2, None)]);
        assert!(!stale.is_good());
        assert_eq!(stale.stale.len(), 1);
    }

    #[test]
    fn an_unexpected_failure_is_one() {
        assert!(!expectations(&["own/a.wast:7 known defect"]).judge(&[report(1, Some(8)), report(1, Some(7))]).is_good());
    }

    #[test]
    fn a_count_that_falls_is_a_failure() {
        let folder = std::env::temp_dir().join(format!("saggar-expect-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        bless(&folder, &[report(5, None)]).unwrap();
        let expectations = Expectations::load(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(expectations.judge(&[report(6, None)]).is_good());
        let judgement = expectations.judge(&[report(4, None)]);
        assert_eq!((judgement.fallen[0].committed, judgement.fallen[0].now), (5, 4));
    }
}
