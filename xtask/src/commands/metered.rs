//! Stages of `test` about deadlines: fuel against its replay, code of either meter against what it does without, and endless code
//! under the flag.

use crate::stages::Tally;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::Meter;
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::fuzz;
use saggar_testsuite::meter::{self, endless};
use saggar_testsuite::wast::suite::{self, TestFile};
use saggar_testsuite::wast::{FileReport, Session, Settings, parallel, run_file, summary};
use std::ops::Range;

fn targets() -> Vec<Target> {
    Arch::ALL.map(Target::new).to_vec()
}

/// Fuel on every target, compared with modules that charge by themselves in wasmi; `everything`: what takes long.
pub(super) fn fuel(everything: bool) -> Outcome<Tally> {
    let plan = if everything { meter::Plan::of_everything(targets()) } else { meter::Plan::of_every_commit(targets()) };
    let plan = plan.map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    let found = meter::run(&plan).map_err(failed)?;
    eprint!("{found}");
    let passed = found.targets.values().map(meter::Report::compared).sum();
    let mismatches: usize = found.targets.values().map(|report| report.mismatches.len()).sum();
    Ok(Tally { passed, failed: number(mismatches + found.refused.len()).max(u64::from(!found.passed())) })
}

/// Calls that take for ever, ended by a timer.
pub(super) fn endless_code(seeds: Range<u64>) -> Outcome<Tally> {
    let found = endless::run(seeds, &targets()).map_err(failed)?;
    eprint!("{found}");
    // A generator that no longer makes what is endless would leave nothing to be tested.
    let nothing = u64::from(found.interrupted == 0);
    Ok(Tally { passed: found.interrupted + found.ended, failed: number(found.failures.len()).max(nothing) })
}

/// The specification's scripts and generated modules with each meter, more fuel than they use, and no flag: nothing may differ.
/// `generated` is how many modules of each generator.
pub(super) fn same_code(suite: &str, generated: u64) -> Outcome<Tally> {
    let mut tally = Tally::default();
    for meter in [Meter::Fuel, Meter::Flag] {
        for arch in Arch::ALL {
            eprintln!("--- {meter:?} on {}", arch.name());
            tally.add(scripts(suite, arch, meter)?);
        }
        let seeds = vec![(fuzz::Kind::Shapes, 0..generated), (fuzz::Kind::Smith, 0..generated)];
        let plan = fuzz::Plan { meter, ..fuzz::Plan::new(seeds, targets()) };
        let report = fuzz::run(&plan).map_err(failed)?;
        for (target, report) in &report.targets {
            eprint!("{meter:?} on {target}: {report}");
        }
        let passed = report.targets.values().map(|report| report.returned + report.trapped_total()).sum();
        let mismatches: usize = report.targets.values().map(|report| report.mismatches.len()).sum();
        report.failures.iter().for_each(|failure| eprintln!("{meter:?}: {}", failure.what));
        tally.add(Tally { passed, failed: number(mismatches + report.refused.len()) });
    }
    Ok(tally)
}

fn scripts(suite: &str, arch: Arch, meter: Meter) -> Outcome<Tally> {
    // To a meter all vector operators are alike; of their many files those that access memory will do.
    let files = suite::files(suite).map_err(|error| Failure::usage(error.to_string()))?.into_iter();
    let wanted = |file: &TestFile| !file.name.contains("simd") || file.name.contains("load") || file.name.contains("store");
    let files: Vec<TestFile> = files.filter(wanted).collect();
    let mut settings = Settings::new(Target::new(arch));
    settings.options.meter = meter;
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    let mut sessions: Vec<Session> = (0..threads).map(|_| Session::new(settings.clone())).collect();
    let reports: Vec<FileReport> =
        parallel::run_files(&files, &mut sessions, |file: &TestFile, session| run_file(&file.name, &file.source, session));
    let judgement = super::wast::judge(&reports)?;
    eprint!("{}", summary::describe(&judgement));
    let counts = reports.iter().flat_map(|report| report.counts.iter()).filter(|(kind, _)| kind.is_own_assertion());
    let missing = files.len() - reports.len();
    let failed = judgement.unexpected.len() + judgement.stale.len() + judgement.fallen.len() + missing;
    Ok(Tally { passed: counts.map(|(_, counts)| counts.passed).sum(), failed: number(failed) })
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn failed(error: saggar_testsuite::diff::Error) -> Failure {
    Failure::new(Exit::Io, error.to_string())
}
