//! Generated modules, compared with the oracle on every target.
//!
//! [`smith`] makes random valid modules, [`shapes`] those at which sandboxes broke before, [`count`] says what was
//! executed of all that, and [`shrink`] makes a failing module small. [`bad_input`] is about bytes that are no
//! modules, or far too big ones. Everything follows from seeds.

pub mod bad_input;
pub mod count;
mod kind;
mod nans;
mod report;
pub mod shapes;
pub mod shrink;
pub mod smith;

pub use kind::Kind;
pub use report::{Failure, LEAST_EXECUTIONS, Report};
pub use smith::Generated;

use crate::diff::{self, Case, Error, subject};
use crate::rows;
use crate::target::{Runner, RunnerOptions};
use saggar_compiler::Meter;
use saggar_compiler::target::Target;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, thread};

/// What is generated, and where it runs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Seeds by kind of module.
    pub seeds: Vec<(Kind, Range<u64>)>,
    /// Targets on which every module runs, each on the smallest machine that its row claims.
    pub targets: Vec<Target>,
    /// How compiled code is metered; it gets more fuel than it can use.
    pub meter: Meter,
    /// Threads, each with a runner a target.
    pub threads: usize,
    /// Where modules that fail are written.
    pub failures: PathBuf,
}

impl Plan {
    /// Some seeds on some targets.
    #[must_use]
    pub fn new(seeds: Vec<(Kind, Range<u64>)>, targets: Vec<Target>) -> Plan {
        Plan {
            seeds,
            targets,
            meter: Meter::Off,
            threads: thread::available_parallelism().map_or(1, Into::into),
            failures: Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz-failures"),
        }
    }

    /// Without vectors, what `cargo xtask test` runs on every commit.
    #[must_use]
    pub fn of_every_commit(targets: Vec<Target>) -> Plan {
        Plan::new(vec![(Kind::Shapes, 0..450), (Kind::Smith, 0..900)], targets)
    }

    /// With vectors, what `cargo xtask test` runs on every commit.
    #[must_use]
    pub fn vectors_of_every_commit(targets: Vec<Target>) -> Plan {
        Plan::new(vec![(Kind::VectorShapes, 0..180), (Kind::SmithVectors, 0..180)], targets)
    }
}

/// Modules that are linked into one image.
const TOGETHER: usize = 50;

/// How long a call may take. The oracle's fuel lets through what takes some milliseconds.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Runs a plan.
///
/// # Errors
/// When a runner cannot be started, or failing modules cannot be written. What a module does wrong is in the report.
///
/// # Panics
/// When a worker thread panics, which is a defect of this suite.
pub fn run(plan: &Plan) -> Result<Report, Error> {
    let seeds: Vec<(Kind, u64)> = plan.seeds.iter().flat_map(|(kind, range)| range.clone().map(|seed| (*kind, seed))).collect();
    let chunks: Vec<&[(Kind, u64)]> = seeds.chunks(TOGETHER).collect();
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Report::of(plan.seeds.iter().filter(|(_, range)| !range.is_empty()).map(|(kind, _)| *kind)));
    let worker = || -> Result<(), Error> {
        let mut worker = Worker::start(plan)?;
        while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let report = worker.chunk(chunk)?;
            total.lock().expect("no worker panicked").add(report);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.threads.max(1)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panicked"))
    })?;
    Ok(total.into_inner().expect("no worker panicked"))
}

/// A thread's runners.
struct Worker<'p> {
    plan: &'p Plan,
    runners: Vec<(Target, Runner)>,
}

impl<'p> Worker<'p> {
    fn start(plan: &'p Plan) -> Result<Worker<'p>, Error> {
        let start = |&target: &Target| {
            let options = rows::runner_options(target).ok_or(Error::Unsupported("a row that has no machine here"))?;
            Ok((target, Runner::start(target.arch(), RunnerOptions { timeout: TIMEOUT, ..options })?))
        };
        let runners = plan.targets.iter().map(start).collect::<Result<_, Error>>()?;
        Ok(Worker { plan, runners })
    }

    fn chunk(&mut self, seeds: &[(Kind, u64)]) -> Result<Report, Error> {
        let mut report = Report::default();
        let mut cases = Vec::with_capacity(seeds.len());
        for &(kind, seed) in seeds {
            let (generated, effort) = kind.generate(seed);
            match Case::new(&generated.name, &generated.wasm, effort, generated.canonical_nans) {
                Ok(mut case) => {
                    case.meter = self.plan.meter;
                    report.counts.add(&count::count(&case)?);
                    cases.push(case);
                }
                // The oracle has to take whatever a generator makes, or the comparison would shrink unseen.
                Err(error) => report.refused.push(format!("{}: {error}", generated.name)),
            }
        }
        for (target, runner) in &mut self.runners {
            let compared = compare(runner, *target, &cases)?;
            for case in &cases {
                // The first difference of a module leads to the others.
                if let Some(mismatch) = compared.mismatches.iter().find(|mismatch| mismatch.module == case.prepared.name) {
                    report.failures.push(save(self.plan, runner, *target, case, mismatch.to_string())?);
                }
            }
            report.targets.entry(rows::name(*target)).or_default().add(compared);
        }
        Ok(report)
    }
}

/// Compares cases in one image; where that fails as a whole, one by one, to see which of them it is.
fn compare(runner: &mut Runner, target: Target, cases: &[Case]) -> Result<diff::Report, Error> {
    let failure = match subject::run(runner, target, cases) {
        Ok(report) => return Ok(report),
        Err(error) => error,
    };
    if let [case] = cases {
        let mut report = diff::Report::default();
        report.mismatches.push(diff::Mismatch::failed(case, target, "linking and running", &failure.to_string()));
        return Ok(report);
    }
    let mut report = diff::Report::default();
    for case in cases {
        report.add(compare(runner, target, std::slice::from_ref(case))?);
    }
    if report.agrees() { Err(failure) } else { Ok(report) }
}

/// Writes a module that fails, and a small one that fails too.
fn save(plan: &Plan, runner: &mut Runner, target: Target, case: &Case, what: String) -> Result<Failure, Error> {
    fs::create_dir_all(&plan.failures)?;
    let name = format!("{}-{}-{}", case.prepared.name, target.arch().name(), target.cpu().name);
    let file = plan.failures.join(format!("{name}.wasm"));
    fs::write(&file, &case.wasm)?;
    let small = shrink::shrink(runner, target, case);
    let small_file = plan.failures.join(format!("{name}.small.wasm"));
    fs::write(&small_file, &small)?;
    Ok(Failure { what, file, small_file })
}
