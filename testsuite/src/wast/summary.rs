//! Reports as text for people.

use super::expect::{Judgement, Note};
use super::report::{Counts, FileReport, Kind};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// Totals by kind of command, skips by feature, then every failure with its place and reason.
#[must_use]
pub fn summarise(reports: &[FileReport]) -> String {
    let mut out = String::new();
    let _ = write_summary(&mut out, reports); // writing to a string cannot fail
    out
}

/// One line for each file: passed, failed, skipped.
#[must_use]
pub fn by_file(reports: &[FileReport]) -> String {
    let mut out = String::new();
    for report in reports {
        let total = total(report.counts.values());
        let _ = writeln!(out, "{:>6} {:>6} {:>6}  {}", total.passed, total.failed, total.skipped, report.file);
    }
    out
}

/// What differs from the expectations.
#[must_use]
pub fn describe(judgement: &Judgement) -> String {
    let mut out = String::new();
    let _ = write_judgement(&mut out, judgement); // writing to a string cannot fail
    out
}

fn total<'a>(counts: impl Iterator<Item = &'a Counts>) -> Counts {
    counts.fold(Counts::default(), |mut total, counts| {
        total.add(*counts);
        total
    })
}

fn write_summary(out: &mut impl fmt::Write, reports: &[FileReport]) -> fmt::Result {
    let mut kinds: BTreeMap<Kind, Counts> = BTreeMap::new();
    let mut features: BTreeMap<&str, u64> = BTreeMap::new();
    for report in reports {
        for (kind, counts) in &report.counts {
            kinds.entry(*kind).or_default().add(*counts);
        }
        for skip in &report.skips {
            *features.entry(&skip.feature).or_default() += 1;
        }
    }
    let engine = reports.first().map_or("nothing", |report| report.engine.as_str());
    writeln!(out, "{engine}: {} files", reports.len())?;
    writeln!(out, "{:26} {:>8} {:>8} {:>8}", "", "passed", "failed", "skipped")?;
    for (kind, counts) in &kinds {
        write_counts(out, kind.name(), *counts)?;
    }
    let own = kinds.iter().filter(|(kind, _)| kind.is_own_assertion()).map(|(_, counts)| counts);
    write_counts(out, "assertions, without text", total(own))?;
    if !features.is_empty() {
        writeln!(out, "skipped for want of:")?;
        for (feature, count) in &features {
            writeln!(out, "  {count:>6}  {feature}")?;
        }
    }
    for report in reports {
        for failure in &report.failures {
            let place = failure.place;
            let kind = failure.kind.name();
            writeln!(out, "{}:{}:{}: {kind}: {}", report.file, place.line, place.column, failure.reason)?;
        }
    }
    Ok(())
}

fn write_counts(out: &mut impl fmt::Write, name: &str, counts: Counts) -> fmt::Result {
    writeln!(out, "{name:26} {:>8} {:>8} {:>8}", counts.passed, counts.failed, counts.skipped)
}

fn write_judgement(out: &mut impl fmt::Write, judgement: &Judgement) -> fmt::Result {
    writeln!(out, "{} expected failures", judgement.expected.len())?;
    write_notes(out, "unexpected failures", &judgement.unexpected)?;
    write_notes(out, "expected failures that passed; strike them from the list", &judgement.stale)?;
    for fall in &judgement.fallen {
        writeln!(out, "{}: executes {} assertions, {} are committed", fall.file, fall.now, fall.committed)?;
    }
    Ok(())
}

fn write_notes(out: &mut impl fmt::Write, title: &str, notes: &[Note]) -> fmt::Result {
    if !notes.is_empty() {
        writeln!(out, "{title}:")?;
    }
    notes.iter().try_for_each(|note| writeln!(out, "  {}:{}: {}", note.file, note.place.line, note.text))
}
