//! The detectors, and the search for the first that catches a bug.

use super::bugs::{Bug, Place};
use super::{callbacks, entry, restart};
use crate::bounds::fuel;
use crate::diff::{self, Case, Effort, subject};
use crate::fuzz::{Generated, shapes, smith};
use crate::meter::{self, cases};
use crate::target::{Runner, ToolchainError, toolchain};
use crate::wast::expect::{self, ExpectError, Expectations};
use crate::wast::suite::{self, SuiteError, TestFile};
use crate::wast::{FileReport, Session, Settings, parallel, run_file};
use saggar_compiler::fault::Fault;
use saggar_compiler::target::{Arch, Target};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Generated modules: some of every family of shapes.
const SHAPES: u64 = 60;
const SMITH: u64 = 60;
/// Modules in one image; a bug that keeps an image from being linked is caught by all of them at once.
const TOGETHER: usize = 15;

/// What caught a bug.
#[derive(Clone, Debug)]
pub struct Catch {
    /// The target on which it was.
    pub target: String,
    /// File and line, the name of a case, or of a generated module with its seed.
    pub by: String,
    /// What was wrong.
    pub message: String,
}

impl fmt::Display for Catch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.target, self.by, self.message)
    }
}

/// Why a detector could not be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A suite is not there.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// The list of expected failures is not there.
    #[error(transparent)]
    Expectations(#[from] ExpectError),
    /// A faulty runtime library cannot be built.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// The oracle refuses a generated module.
    #[error(transparent)]
    Comparison(#[from] diff::Error),
}

/// Everything that looks for bugs.
pub struct Detectors {
    own: Vec<TestFile>,
    specification: Vec<TestFile>,
    expectations: Expectations,
    /// Made when first asked for: the oracle takes its time for them.
    cases: Vec<Case>,
}

impl Detectors {
    /// Reads the scripts.
    ///
    /// # Errors
    /// When a suite or the list of expected failures cannot be read.
    pub fn new() -> Result<Detectors, Error> {
        let mut own = suite::files("own")?;
        own.sort_by_key(|file| file.source.len());
        // Scripts of vectors come last: reading them takes as long as running everything else.
        let mut specification = suite::files("spec-2.0")?;
        specification.sort_by_key(|file| file.name.contains("simd"));
        let expectations = Expectations::load(&expect::folder())?;
        Ok(Detectors { own, specification, expectations, cases: Vec::new() })
    }

    /// The first catch of a bug on a target.
    ///
    /// # Errors
    /// When a detector cannot be run.
    pub fn catch(&mut self, arch: Arch, bug: Option<&Bug>) -> Result<Option<Catch>, Error> {
        let mut settings = Settings::new(Target::new(arch));
        let mut fault = None;
        match bug.map(|bug| bug.place) {
            None => {}
            Some(Place::Compiler(in_compiler)) => fault = Some(in_compiler),
            Some(Place::Runtime(feature)) => {
                settings.link.other_runtime_library = Some(toolchain::faulty_runtime_library(arch, feature)?);
            }
        }
        settings.options.fault = fault;
        let found = self.by_scripts(&settings, &self.own).or_else(|| by_case(&settings));
        if let Some(catch) = found.or_else(|| self.by_scripts(&settings, &self.specification)) {
            return Ok(Some(catch));
        }
        if let Some(catch) = by_replay(&settings)? {
            return Ok(Some(catch));
        }
        // Comparisons with the oracle link the library that ships; and the code that they make on one target is enough, for
        // bugs of the compiler that only another target has were looked for by the scripts.
        let is_in_library = settings.link.other_runtime_library.is_some();
        if is_in_library || arch != Arch::X86_64 { Ok(None) } else { self.by_comparison(&settings, fault) }
    }

    /// The first file in which something fails that nobody expects.
    fn by_scripts(&self, settings: &Settings, files: &[TestFile]) -> Option<Catch> {
        // The least index of a file that failed; what comes after it need not run, what comes before it runs to its end.
        let least = AtomicUsize::new(usize::MAX);
        let threads = std::thread::available_parallelism().map_or(1, Into::into);
        let mut sessions: Vec<Session> = (0..threads).map(|_| Session::new(settings.clone())).collect();
        let reports = parallel::run_files(files, &mut sessions, |file, session| {
            let index = files.iter().position(|other| std::ptr::eq(other, file)).unwrap_or(0);
            if index > least.load(Ordering::Relaxed) {
                return FileReport::new(&file.name, "not run");
            }
            let report = run_file(&file.name, &file.source, session);
            if !self.expectations.judge(std::slice::from_ref(&report)).unexpected.is_empty() {
                least.fetch_min(index, Ordering::Relaxed);
            }
            report
        });
        let report = reports.get(least.load(Ordering::Relaxed))?;
        let judgement = self.expectations.judge(std::slice::from_ref(report));
        let note = judgement.unexpected.first()?;
        let by = format!("{}:{}", note.file, note.place.line);
        Some(Catch { target: settings.target_name(), by, message: note.text.clone() })
    }

    /// The first generated module on which compiled code and oracle differ.
    fn by_comparison(&mut self, settings: &Settings, fault: Option<Fault>) -> Result<Option<Catch>, Error> {
        if self.cases.is_empty() {
            self.cases = (0..SHAPES).map(shape).chain((0..SMITH).map(random)).collect::<Result<_, _>>()?;
        }
        for case in &mut self.cases {
            case.fault = fault;
        }
        let target = settings.options.target;
        let caught = |by: String, message: String| Some(Catch { target: settings.target_name(), by, message });
        let mut runner = Runner::start(target.arch(), settings.runner.clone()).map_err(diff::Error::from)?;
        for cases in self.cases.chunks(TOGETHER) {
            match subject::run(&mut runner, target, cases) {
                Ok(report) => {
                    if let Some(mismatch) = report.mismatches.first() {
                        return Ok(caught(format!("diff of {}", mismatch.module), mismatch.to_string()));
                    }
                }
                Err(error) => return Ok(caught(format!("diff from {} on", cases[0].prepared.name), error.to_string())),
            }
        }
        Ok(None)
    }
}

/// What is no script.
fn by_case(settings: &Settings) -> Option<Catch> {
    let Settings { options, link, runner, .. } = settings;
    let metered = cases::Settings { options, link, runner };
    let list: [(&str, &dyn Fn() -> Result<(), String>); 7] = [
        ("callbacks", &|| callbacks::run(options, link, runner)),
        ("restart", &|| restart::run(options, link, runner)),
        ("entry", &|| entry::run(options, link, runner)),
        ("bounds of fuel", &|| fuel::case(options)),
        ("flag", &|| cases::flag(metered)),
        ("bulk", &|| cases::bulk(metered)),
        ("fuel", &|| cases::fuel(metered)),
    ];
    let (name, message) = list.into_iter().find_map(|(name, case)| case().err().map(|message| (name, message)))?;
    Some(Catch { target: settings.target_name(), by: format!("case {name}"), message })
}

/// The first module written for it that uses its fuel otherwise than the replay.
fn by_replay(settings: &Settings) -> Result<Option<Catch>, Error> {
    let target = settings.options.target;
    let mut runner = Runner::start(target.arch(), settings.runner.clone()).map_err(diff::Error::from)?;
    let caught = |by: String, message: String| Some(Catch { target: settings.target_name(), by, message });
    for shape in meter::shapes::all().map_err(diff::Error::Oracle)? {
        let mut cases = shape.cases(1, 3)?;
        for case in &mut cases {
            case.fault = settings.options.fault;
        }
        match meter::subject::run(&mut runner, target, &cases, &settings.link) {
            Ok(report) => {
                if let Some(mismatch) = report.mismatches.first() {
                    return Ok(caught(format!("fuel of {}", shape.name), mismatch.to_string()));
                }
            }
            Err(error) => return Ok(caught(format!("fuel of {}", shape.name), error.to_string())),
        }
    }
    Ok(None)
}

fn shape(seed: u64) -> Result<Case, diff::Error> {
    case(&shapes::module(seed), Effort { seed, rounds: 2, fuel: 200_000, calls: 200 })
}

fn random(seed: u64) -> Result<Case, diff::Error> {
    // Even seeds: modules that may trap. What wasm-smith puts before a division so that it does not, a `select` on `i32.eqz`, is
    // executed wrongly by wasmi 2.0.0.
    let seed = 2 * seed;
    case(&smith::module(seed), Effort { seed, rounds: 2, fuel: 60_000, calls: 60 })
}

fn case(generated: &Generated, effort: Effort) -> Result<Case, diff::Error> {
    Case::new(&generated.name, &generated.wasm, effort, generated.canonical_nans)
}
