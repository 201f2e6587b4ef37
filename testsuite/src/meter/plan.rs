//! Many modules on every target, in parallel.

use super::case::Case;
use super::report::Report;
use super::sources::{GUESTS, Source};
use super::subject;
use crate::diff::Error;
use crate::guests::{self, Guests};
use crate::target::{LinkOptions, Runner, RunnerError, RunnerOptions};
use crate::wast::suite;
use saggar_compiler::target::Target;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fmt, fs, thread};

/// What is compared, and where it runs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Modules. Neighbours go into one image.
    pub sources: Vec<Source>,
    /// Targets on which every module runs.
    pub targets: Vec<Target>,
    /// Threads, each with a runner a target.
    pub threads: usize,
    /// Where modules that differ are written.
    pub failures: PathBuf,
}

/// The result of a plan.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The comparison by target.
    pub targets: BTreeMap<String, Report>,
    /// Modules that could not be replayed; each is a failure of this suite.
    pub refused: Vec<String>,
    /// Files of modules that differ.
    pub failures: Vec<PathBuf>,
}

/// Sources that are linked into one image.
const TOGETHER: usize = 16;
/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(20);

impl Plan {
    /// What the test command runs on every commit: all guests but SQLite, some generated modules, and a sample of the specification.
    ///
    /// # Errors
    /// When the specification's scripts cannot be read.
    pub fn of_every_commit(targets: Vec<Target>) -> Result<Plan, suite::SuiteError> {
        let sources = GUESTS.into_iter().map(Source::Guest);
        let sources = sources.chain((0..90).map(Source::Smith)).chain((0..75).map(Source::Shape));
        Ok(Plan::new(sources.chain(specification(6)?).collect(), targets))
    }

    /// What takes long: many more generated modules, the whole specification, and SQLite.
    ///
    /// # Errors
    /// When the specification's scripts cannot be read.
    pub fn of_everything(targets: Vec<Target>) -> Result<Plan, suite::SuiteError> {
        let sources = [Source::Sqlite].into_iter().chain((90..2_000).map(Source::Smith)).chain((75..900).map(Source::Shape));
        Ok(Plan::new(sources.chain(specification(1)?).collect(), targets))
    }

    /// A plan with a thread for each processor.
    #[must_use]
    pub fn new(sources: Vec<Source>, targets: Vec<Target>) -> Plan {
        let threads = thread::available_parallelism().map_or(1, Into::into);
        let failures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/meter-failures");
        Plan { sources, targets, threads, failures }
    }
}

/// Every so many of the specification's scripts, without those of vectors.
fn specification(step: usize) -> Result<Vec<Source>, suite::SuiteError> {
    let files = suite::files("spec-2.0")?.into_iter().filter(|file| !file.name.contains("simd"));
    Ok(files.step_by(step).map(Source::Script).collect())
}

/// Runs a plan.
///
/// # Errors
/// When a runner or the guests cannot be had, or failing modules cannot be written. What a module does wrong is in the result.
///
/// # Panics
/// When a worker thread panics, which is a defect of this suite.
pub fn run(plan: &Plan) -> Result<Comparison, Error> {
    let wants_guests = plan.sources.iter().any(|source| matches!(source, Source::Guest(_) | Source::Sqlite));
    let guests = wants_guests.then(guests::build).transpose().map_err(|error| Error::Oracle(error.to_string()))?;
    let chunks: Vec<&[Source]> = plan.sources.chunks(TOGETHER).collect();
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Comparison::default());
    let worker = || -> Result<(), Error> {
        let options = RunnerOptions { timeout: TIMEOUT, ..RunnerOptions::default() };
        let start = |&target: &Target| Ok((target, Runner::start(target.arch(), options.clone())?));
        let mut runners: Vec<(Target, Runner)> = plan.targets.iter().map(start).collect::<Result<_, RunnerError>>()?;
        while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = compare(plan, &mut runners, guests.as_ref(), chunk)?;
            total.lock().expect("no worker panicked").add(found);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.threads.max(1)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panicked"))
    })?;
    Ok(total.into_inner().expect("no worker panicked"))
}

fn compare(
    plan: &Plan,
    runners: &mut [(Target, Runner)],
    guests: Option<&Guests>,
    sources: &[Source],
) -> Result<Comparison, Error> {
    let mut found = Comparison::default();
    let mut cases: Vec<Case> = Vec::new();
    for source in sources {
        match source.cases(guests) {
            Ok(more) => cases.extend(more),
            Err(refused) => found.refused.push(refused),
        }
    }
    for (target, runner) in runners {
        let report = subject::run(runner, *target, &cases, &LinkOptions::default())?;
        for case in &cases {
            if report.mismatches.iter().any(|mismatch| mismatch.module == case.prepared.name) {
                fs::create_dir_all(&plan.failures)?;
                let file = plan.failures.join(format!("{}-{}.wasm", case.prepared.name, target.arch().name()));
                fs::write(&file, &case.prepared.wasm)?;
                found.failures.push(file);
            }
        }
        found.targets.entry(target.arch().name().to_owned()).or_default().add(report);
    }
    Ok(found)
}

impl Comparison {
    /// Whether nothing differed, and nothing was refused.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.refused.is_empty() && self.targets.values().all(Report::agrees)
    }

    fn add(&mut self, other: Comparison) {
        for (target, report) in other.targets {
            self.targets.entry(target).or_default().add(report);
        }
        self.refused.extend(other.refused);
        self.failures.extend(other.failures);
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (target, report) in &self.targets {
            write!(f, "{target}: {report}")?;
        }
        self.refused.iter().try_for_each(|refused| writeln!(f, "not replayed: {refused}"))?;
        self.failures.iter().try_for_each(|file| writeln!(f, "differs: {}", file.display()))
    }
}
