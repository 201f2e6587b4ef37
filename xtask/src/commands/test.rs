//! `test`: everything that must hold; what CI runs.

use crate::files;
use crate::speaker::moonshine;
use crate::stages::{self, Stage, Tally, tally_of_cargo_test};
use crate::tools;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::{Arch, CPUS, Target};
use saggar_testsuite::fuzz::{self, Kind, Plan};
use saggar_testsuite::rows::{self, Machine};
use saggar_testsuite::wast::{FileReport, summary};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

const EXAMPLES: &str = "Examples:
  cargo xtask test                    what CI runs
  cargo xtask test --only riscv64     the stages with that in their names
  cargo xtask test --all              also every CPU row, more generated modules, the times of the benchmark, and the
                                      command as `cargo install` gives it
  cargo xtask test --seeded-faults    deliberate bugs, one at a time: each must be caught";

/// Everything that must hold before a change is taken; what CI runs
///
/// Prints each stage with its duration, then how many checks passed and failed. Stages go on after a failure.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Also what takes long
    #[arg(long, conflicts_with = "seeded_faults")]
    all: bool,
    /// Only stages whose name contains this
    #[arg(long, value_name = "TEXT", conflicts_with = "seeded_faults")]
    only: Option<String>,
    /// Test the tests
    #[arg(long)]
    seeded_faults: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    if args.seeded_faults {
        return super::faults::run();
    }
    tools::ensure(&tools::EVERYTHING)?;
    let mut list = vec![
        Stage::new("format", || cargo_succeeds(&["fmt", "--all", "--check"])),
        Stage::new("lints", || {
            cargo_succeeds(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])
        }),
        Stage::new("unit and integration tests", || cargo_test(&["--workspace", "--no-fail-fast"])),
        Stage::new("size", super::size::check),
        Stage::new("example firmwares", super::firmware::check),
    ];
    list.extend(Arch::ALL.map(|arch| Stage::new(specification_name(arch), move || specification("all", Target::new(arch)))));
    list.push(Stage::new("vectors on every CPU row", vectors_on_every_row));
    list.push(Stage::new("generated modules", || generated(Plan::of_every_commit(default_targets()))));
    list.push(Stage::new("generated vectors", || generated(Plan::vectors_of_every_commit(runnable_rows()))));
    list.push(Stage::new("metered code", || super::metered::same_code("spec-2.0", 100)));
    list.push(Stage::light("exact counts", || super::bench::check(false)));
    list.push(Stage::light("fuel against its replay", || super::metered::fuel(false)));
    list.push(Stage::light("bad input", bad_input));
    list.extend(
        [Arch::Riscv64, Arch::Aarch64, Arch::X86_64].map(|arch| Stage::light(guests_name(arch), move || real_guests(arch))),
    );
    list.push(Stage::light("endless code", || super::metered::endless_code(0..40)));
    list.push(Stage::new("speaker", speaker));
    if args.all {
        list.push(Stage::new("specification on every CPU row", every_row));
        list.push(Stage::new("stack on other CPU rows", || {
            cargo_test(&["--package", "saggar-testsuite", "--test", "stack_bounds", "--", "--ignored"])
        }));
        list.push(Stage::new("more generated modules", || {
            generated(Plan::new(vec![(Kind::Shapes, 450..3_000), (Kind::Smith, 900..12_000)], default_targets()))
        }));
        list.push(Stage::new("more generated vectors", || {
            generated(Plan::new(vec![(Kind::VectorShapes, 180..3_000), (Kind::SmithVectors, 180..20_500)], runnable_rows()))
        }));
        list.push(Stage::new("more fuel against its replay", || super::metered::fuel(true)));
        list.push(Stage::new("more metered code", || super::metered::same_code("all", 1_500)));
        list.push(Stage::new("more endless code", || super::metered::endless_code(40..600)));
        list.push(Stage::new("exact counts on every CPU row", || super::bench::check(true)));
        list.push(Stage::new("benchmark", benchmark));
        list.push(Stage::new("hearing of the speaker", speaker_hearing));
        list.push(Stage::new("speaker on aarch64", speaker_on_aarch64));
        list.push(Stage::new("evaluation of the speaker", speaker_evaluation));
        list.push(Stage::new("installed command", || {
            cargo_test(&["--package", "saggar", "--test", "install", "--", "--ignored"])
        }));
    }
    if let Some(text) = &args.only {
        list.retain(|stage| stage.name().contains(text.as_str()));
        if list.is_empty() {
            return Err(Failure::usage(format!("no stage has `{text}` in its name")));
        }
    }
    Ok(stages::run(list))
}

fn default_targets() -> Vec<Target> {
    Arch::ALL.map(Target::new).to_vec()
}

/// Every row that runs here; of those with the same code the first. The others are said to be left out.
fn runnable_rows() -> Vec<Target> {
    for cpu in CPUS {
        let target = Target::find(cpu.arch.name(), Some(cpu.name));
        if let Some((target, Machine::Absent(reason))) = target.map(|target| (target, rows::machine(target))) {
            eprintln!("--- {} is left out: {reason}", rows::name(target));
        }
    }
    Arch::ALL.into_iter().flat_map(rows::distinct).collect()
}

fn specification_name(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "specification on x86_64",
        Arch::Aarch64 => "specification on aarch64",
        Arch::Riscv64 => "specification on riscv64",
    }
}

/// Broken, excessive and contrived modules. Next to nothing of their handling depends on the target, so one will do.
fn bad_input() -> Outcome<Tally> {
    let report = fuzz::bad_input::run(Target::new(Arch::Aarch64));
    for (expected, tried) in &report.tried {
        eprintln!("{expected}: {tried}");
    }
    eprintln!("slowest: {:.1} s, {}", report.slowest.0.as_secs_f64(), report.slowest.1);
    report.failures.iter().for_each(|failure| eprintln!("{failure}"));
    let failed = u64::try_from(report.failures.len()).unwrap_or(u64::MAX);
    Ok(Tally { passed: report.tried.values().sum::<u64>().saturating_sub(failed), failed })
}

fn guests_name(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "real programs on x86_64",
        Arch::Aarch64 => "real programs on aarch64",
        Arch::Riscv64 => "real programs on riscv64",
    }
}

/// DSP crates, a program in C and SQLite, here and in wasmi.
fn real_guests(arch: Arch) -> Outcome<Tally> {
    let report = saggar_testsuite::guests::run(arch).map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    eprint!("{report}");
    let passed = report.dsp.iter().filter(|dsp| dsp.difference.is_none()).count();
    let agreed = report.compared.iter().filter(|(_, report)| report.agrees()).count();
    let failed = report.dsp.len() - passed + report.compared.len() - agreed;
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Ok(Tally { passed: number(passed + agreed), failed: number(failed) })
}

/// Runs Cargo on the workspace; its exit code is the check.
fn cargo_succeeds(arguments: &[&str]) -> Outcome<Tally> {
    let status = cargo().args(arguments).stdin(Stdio::null()).stdout(std::io::stderr()).status()?;
    Ok(Tally::check(&format!("cargo {}", arguments.join(" ")), status.success()))
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(files::root());
    command
}

/// Tests that Rust's harness finds, their output passed on.
fn cargo_test(arguments: &[&str]) -> Outcome<Tally> {
    cargo_tests(cargo().arg("test").args(arguments))
}

/// The same of a command.
fn cargo_tests(command: &mut Command) -> Outcome<Tally> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().ok_or_else(|| Failure::new(Exit::Internal, "a child without pipes"))?;
    let mut tally = Tally::default();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        eprintln!("{line}");
        tally.add(tally_of_cargo_test(&line));
    }
    // Tests that do not compile, or a process that died, leave no line behind.
    if !child.wait()?.success() && tally.failed == 0 {
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
        tally.add(Tally::check(&format!("cargo {}", arguments.join(" ")), false));
    }
    Ok(tally)
}

/// The crates of the speaker whose tests take little time. Those of `saggar-speech` and `saggar-trials`, which hear for minutes, are run by
/// `--all`.
const SPEAKER_ROOMS: [&str; 6] =
    ["saggar-intents", "saggar-skill-manifest", "saggar-store", "saggar-media", "saggar-net", "saggar-wyoming"];

/// The speaker, its DSP guests, its skills, and the comparison of its DSP.
const SPEAKER_WORKSPACES: [&str; 4] =
    ["speaker-app/Cargo.toml", "speaker-app/dsp/Cargo.toml", "speaker-app/skills/Cargo.toml", "speaker-app/bench/Cargo.toml"];

/// The speaker: its rooms, its skills in an interpreter, the program itself, and of its evaluation what must hold at every commit.
fn speaker() -> Outcome<Tally> {
    // Builds the skills in three languages, and runs them in an interpreter.
    let skills = files::root().join("speaker-app/skills");
    let status = Command::new("make").arg("check").current_dir(skills).stdin(Stdio::null()).stdout(std::io::stderr()).status()?;
    let mut tally = Tally::check("make check of the skills", status.success());
    for workspace in SPEAKER_WORKSPACES {
        tally.add(cargo_succeeds(&["fmt", "--manifest-path", workspace, "--all", "--check"])?);
    }
    // The program, with its modules fired and linked.
    super::speaker::build(super::speaker::Machine::Native, super::speaker::Shape { scalar: false, faults: true })?;
    tally.add(Tally::one(true));
    // In one command, so that what they share is built once.
    let mut tests = cargo();
    tests.args(["test", "--manifest-path", SPEAKER_WORKSPACES[0], "--locked", "--no-fail-fast", "-p", "saggar-speaker"]);
    tests.args(SPEAKER_ROOMS.iter().flat_map(|room| ["-p", *room])).args(["--features", "saggar-speaker/faults"]);
    tests.env(moonshine::VARIABLE, moonshine::folder(super::speaker::native()?)?);
    tally.add(cargo_tests(tests.env("SAGGAR_SPEAKER_MODULES", super::speaker::modules("-faults")?))?);
    for part in ["allocation", "intents", "faults"] {
        tally.add(super::speaker::evaluate(&["eval", "--quick", "--only", part])?);
    }
    Ok(tally)
}

/// Lints, and what hears for minutes.
fn speaker_hearing() -> Outcome<Tally> {
    let mut lints = cargo();
    lints.args(["clippy", "--quiet", "--manifest-path", SPEAKER_WORKSPACES[0], "--workspace"]);
    lints.args(["--all-targets", "--features", "saggar-speaker/faults", "--", "--deny", "warnings"]).stdin(Stdio::null());
    super::speaker::build(super::speaker::Machine::Native, super::speaker::Shape { scalar: false, faults: true })?;
    let linted = lints.env("SAGGAR_SPEAKER_MODULES", super::speaker::modules("-faults")?).stdout(std::io::stderr()).status()?;
    let mut tally = Tally::check("lints of the speaker", linted.success());
    for workspace in &SPEAKER_WORKSPACES[1..3] {
        let lints = ["clippy", "--quiet", "--manifest-path", workspace, "--workspace", "--all-targets", "--locked"];
        tally.add(cargo_succeeds(&[&lints[..], &["--", "--deny", "warnings"]].concat())?);
    }
    let rooms =
        ["--manifest-path", "speaker-app/Cargo.toml", "--no-fail-fast", "--locked", "-p", "saggar-speech", "-p", "saggar-trials"];
    // The modules of the DSP as this machine's code.
    let modules = ["--manifest-path", SPEAKER_WORKSPACES[1], "--workspace", "--locked"];
    tally.add(cargo_tests(cargo().args(["test", "--release"]).args(modules))?);
    tally.add(cargo_tests(
        cargo().arg("test").args(rooms).env(moonshine::VARIABLE, moonshine::folder(super::speaker::native()?)?),
    )?);
    Ok(tally)
}

/// A conversation with the speaker for 64-bit ARM under QEMU: a few commands, each woken, understood and answered as it should be.
fn speaker_on_aarch64() -> Outcome<Tally> {
    tools::ensure(&[tools::SPEAKER_AARCH64])?;
    let program = super::speaker::build(super::speaker::Machine::Aarch64, super::speaker::Shape::default())?;
    let mut qemu = super::speaker_cross::emulated(&program)?;
    let output =
        qemu.args(["session", "--set", "work", "--voice", "0", "--first", EMULATED_COMMANDS]).stdin(Stdio::null()).output()?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let mut tally = Tally::one(output.status.success());
    let mut commands = 0;
    for line in String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.starts_with('{')) {
        eprintln!("{line}");
        let outcome: serde_json::Value = serde_json::from_str(line)
            .map_err(|error| Failure::new(Exit::Internal, format!("the speaker's session prints what is no JSON: {error}")))?;
        tally.add(Tally::one(["woken", "understood", "answered"].iter().all(|what| outcome[what] == true)));
        commands += 1;
    }
    tally.add(Tally::one(commands.to_string() == EMULATED_COMMANDS));
    Ok(tally)
}

/// How many commands the emulated speaker hears: each takes a minute.
const EMULATED_COMMANDS: &str = "3";

/// All of the speaker's evaluation, on the set that only gives figures, in real time where it is about that; the conversation of `--room`;
/// and its DSP beside other engines.
fn speaker_evaluation() -> Outcome<Tally> {
    let mut tally = super::speaker::evaluate(&["eval", "--set", "report"])?;
    tally.add(super::speaker::evaluate(&["--room"])?);
    tally.add(Tally::check("the DSP beside other engines", super::speaker_bench::run(&[], None)? == Exit::Ok));
    // What measures is measured.
    for command in ["test", "clippy"] {
        let mut checks = cargo();
        checks.args([command, "--release", "--locked", "--manifest-path", SPEAKER_WORKSPACES[3], "--all-targets"]);
        checks.args(if command == "clippy" { &["--", "--deny", "warnings"][..] } else { &[] });
        checks.env("SAGGAR_SPEAKER_MODULES", super::speaker_bench::modules()).stdin(Stdio::null()).stdout(std::io::stderr());
        tally.add(Tally::check(&format!("cargo {command} of the comparison"), checks.status()?.success()));
    }
    Ok(tally)
}

/// A suite on one target, against the committed expectations, on the smallest machine that the row claims.
fn specification(suite: &str, target: Target) -> Outcome<Tally> {
    let cpu = target.cpu();
    let model = match rows::machine(target) {
        Machine::Model(model) => model,
        Machine::Absent(reason) => {
            eprintln!("{}: not run: {reason}", rows::name(target));
            return Ok(Tally::default());
        }
    };
    eprintln!("--- {}", rows::name(target));
    let settings = super::wast::settings(cpu.arch, Some(cpu.name), model)?;
    let reports = super::wast::run_suite(suite, &settings)?;
    judged(&reports)
}

fn judged(reports: &[FileReport]) -> Outcome<Tally> {
    let judgement = super::wast::judge(reports)?;
    eprint!("{}{}", summary::summarise(reports), summary::describe(&judgement));
    let counts = reports.iter().flat_map(|report| report.counts.iter()).filter(|(kind, _)| kind.is_own_assertion());
    let passed = counts.map(|(_, counts)| counts.passed).sum();
    let failed = judgement.unexpected.len() + judgement.stale.len() + judgement.fallen.len();
    Ok(Tally { passed, failed: u64::try_from(failed).unwrap_or(u64::MAX) })
}

/// The folders of vectors, and our own scripts, on every row with code of its own; the default rows run all suites anyway.
fn vectors_on_every_row() -> Outcome<Tally> {
    let mut tally = Tally::default();
    for target in Arch::ALL.into_iter().flat_map(rows::distinct) {
        if target != Target::new(target.arch()) {
            tally.add(specification("vectors", target)?);
        }
    }
    tally.add(wider_registers()?);
    Ok(tally)
}

/// The same code where vector registers are wider than the vectors.
fn wider_registers() -> Outcome<Tally> {
    let target =
        Target::find("riscv64", Some("rv64gcv")).ok_or_else(|| Failure::new(Exit::Internal, "a row without a target"))?;
    let settings = super::wast::settings(target.arch(), Some(target.cpu().name), Some(rows::RISCV64_WIDE))?;
    eprintln!("--- {} with registers of 256 bits", rows::name(target));
    let reports = super::wast::run_suite("vectors", &settings)?;
    judged(&reports)
}

/// All suites on every row that can run here; rows with the same code once.
fn every_row() -> Outcome<Tally> {
    let mut tally = Tally::default();
    for target in runnable_rows() {
        tally.add(specification("all", target)?);
    }
    Ok(tally)
}

/// Generated modules here and in wasmi.
fn generated(plan: Plan) -> Outcome<Tally> {
    let report = fuzz::run(&plan).map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    eprint!("{report}");
    let passed = report.targets.values().map(|report| report.returned + report.trapped_total()).sum();
    let mismatches: usize = report.targets.values().map(|report| report.mismatches.len()).sum();
    let failed = mismatches + report.refused.len() + report.rare().len();
    let failed = u64::try_from(failed).unwrap_or(u64::MAX);
    Ok(Tally { passed, failed: failed.max(u64::from(!report.passed())) })
}

fn benchmark() -> Outcome<Tally> {
    let status = Command::new("/proc/self/exe").args(["bench", "--times"]).stdin(Stdio::null()).status()?;
    Ok(Tally::one(status.success()))
}
