//! `wast`: test scripts in the specification's language, on the path that ships.
//!
//! The suites that the testsuite carries run in this process. Files that a person points at run in a child each, because a
//! script holds modules, and a module may find what brings the compiler down.

use crate::arches::ArchesArg;
use crate::files;
use crate::script_child;
use crate::tools;
use saggar::console::Progress;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::wast::expect::{self, Expectations, Judgement};
use saggar_testsuite::wast::suite::{self, TestFile};
use saggar_testsuite::wast::{FileReport, Session, Settings, parallel, run_file, summary};
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

const EXAMPLES: &str = "Examples:
  cargo xtask wast my-tests/ --target riscv64
  cargo xtask wast a.wast b.wast --target all --json
  cargo xtask wast --suite spec-2.0 --target aarch64
  cargo xtask wast --suite all --target x86_64 --bless     record how many assertions each file executes

Files are compared with nothing but themselves. Suites are compared with testsuite/expect: a failure that is not listed there,
a listed one that passes, and a file that executes fewer assertions than before are failures.";

/// Run WebAssembly test scripts
///
/// Compiles every module of a script, links them together, runs them on the target and judges each assertion. Prints counts by
/// kind of assertion and by file, and the reason of every failure. A script that cannot be parsed, crashes or hangs is
/// that file's failure.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Scripts, or folders with scripts (.wast)
    #[arg(value_name = "FILE|DIR", required_unless_present = "suite", conflicts_with = "suite")]
    paths: Vec<PathBuf>,
    /// Suite that the testsuite carries: own, spec-1.0, spec-2.0, spec-3.0, latest, proposals, all
    #[arg(long, value_name = "NAME")]
    suite: Option<String>,
    /// Machine to run on
    #[arg(long, value_enum)]
    target: ArchesArg,
    /// CPU row to compile for [default: the smallest of the target]
    #[arg(long)]
    cpu: Option<String>,
    /// CPU model of the emulator, such as cortex-a53 or sifive-u54 [default: the emulator's]
    #[arg(long, value_name = "MODEL")]
    emulated_cpu: Option<String>,
    /// Seconds that one file may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    time_cap: u64,
    /// Record how many assertions each file of the suite executes
    #[arg(long, requires = "suite")]
    bless: bool,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    tools::ensure(&[tools::TARGETS, tools::QEMU])?;
    let mut results = Vec::new();
    for arch in args.target.arches() {
        let settings = settings(arch, args.cpu.as_deref(), args.emulated_cpu.as_deref())?;
        let (reports, judgement) = match &args.suite {
            Some(suite) => {
                let reports = run_suite(suite, &settings)?;
                let judgement = judge(&reports)?;
                (reports, Some(judgement))
            }
            None => (run_paths(args, arch)?, None),
        };
        if args.bless {
            expect::bless(&expect::folder(), &reports).map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
        }
        if !args.json {
            print_people(&reports, judgement.as_ref());
        }
        results.push((reports, judgement));
    }
    if args.json {
        let runs: Vec<_> = results
            .iter()
            .map(|(reports, judgement)| serde_json::json!({ "reports": reports, "judgement": judgement }))
            .collect();
        println!("{}", serde_json::json!({ "runs": runs }));
    }
    let good = results.iter().all(|(reports, judgement)| match judgement {
        Some(judgement) => judgement.is_good(),
        None => reports.iter().all(|report| report.failures.is_empty()),
    });
    Ok(if good { Exit::Ok } else { Exit::Failed })
}

/// How to compile and run for an architecture.
pub(crate) fn settings(arch: Arch, cpu: Option<&str>, emulated_cpu: Option<&str>) -> Outcome<Settings> {
    let target = Target::find(arch.name(), cpu)
        .ok_or_else(|| Failure::usage(format!("{} has no CPU `{}`", arch.name(), cpu.unwrap_or_default())))?;
    let mut settings = Settings::new(target);
    if let Some(cpu) = emulated_cpu {
        settings.runner.cpu = Some(cpu.to_owned());
    }
    Ok(settings)
}

/// Runs a suite in this process, a session for each processor.
pub(crate) fn run_suite(name: &str, settings: &Settings) -> Outcome<Vec<FileReport>> {
    let suite = suite::files(name).map_err(|error| Failure::usage(error.to_string()))?;
    let threads = available_parallelism().map_or(1, Into::into);
    let mut sessions: Vec<Session> = (0..threads).map(|_| Session::new(settings.clone())).collect();
    let progress = Progress::new();
    let reports = parallel::run_files(&suite, &mut sessions, |file: &TestFile, session| {
        progress.say(&format!("{} {}", settings.target_name(), file.name));
        run_file(&file.name, &file.source, session)
    });
    if reports.len() == suite.len() {
        return Ok(reports);
    }
    Err(Failure::new(Exit::Internal, format!("{} of {} files have no report", suite.len() - reports.len(), suite.len())))
}

/// Compares reports with the committed expectations.
pub(crate) fn judge(reports: &[FileReport]) -> Outcome<Judgement> {
    let expectations = Expectations::load(&expect::folder()).map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    Ok(expectations.judge(reports))
}

/// Runs a person's files, each in a child.
fn run_paths(args: &Args, arch: Arch) -> Outcome<Vec<FileReport>> {
    let paths = files::expand(&args.paths, &["wast"])?;
    let request = script_child::Request {
        file: String::new(),
        arch: arch.name().to_owned(),
        cpu: args.cpu.clone(),
        emulated_cpu: args.emulated_cpu.clone(),
    };
    let time = Duration::from_secs(args.time_cap);
    let mut workers = vec![(); available_parallelism().map_or(1, Into::into)];
    let files: Vec<TestFile> =
        paths.iter().map(|path| TestFile { name: path.display().to_string(), source: String::new() }).collect();
    let progress = Progress::new();
    Ok(parallel::run_files(&files, &mut workers, |file, ()| {
        progress.say(&format!("{} {}", arch.name(), file.name));
        script_child::run(&script_child::Request { file: file.name.clone(), ..request.clone() }, time)
    }))
}

fn print_people(reports: &[FileReport], judgement: Option<&Judgement>) {
    println!("passed failed skipped  file\n{}", summary::by_file(reports));
    print!("{}", summary::summarise(reports));
    if let Some(judgement) = judgement {
        print!("{}", summary::describe(judgement));
    }
    println!();
}
