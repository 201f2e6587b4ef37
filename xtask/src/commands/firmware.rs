//! `firmware`: the example firmwares, built, booted and checked.

use crate::sizes;
use crate::stages::Tally;
use crate::{files, tools};
use clap::ValueEnum;
use saggar::console::{self, Progress, grouped, table};
use saggar::failure::{Exit, Failure, Outcome};
use saggar_compiler::target::Arch;
use saggar_testsuite::firmware::{self, Error, Kind, Report};

const EXAMPLES: &str = "Examples:
  cargo xtask firmware rust --target aarch64
  cargo xtask firmware c --target all
  cargo xtask firmware all --json";

/// Build, boot and check the example firmwares
///
/// Builds the guests, the firmware in Rust (examples/firmware-rust) or in C (examples/firmware-c) with them, and boots it on QEMU's
/// `virt` machine from flash. The image checks itself; what it computes is compared with the same in wasmi, and each trap is led
/// back to function and offset in its module.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Which firmware
    #[arg(value_enum)]
    firmware: KindArg,
    /// Machine to build for
    #[arg(long, value_enum, default_value = "all")]
    target: MachineArg,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// One firmware or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindArg {
    /// examples/firmware-rust
    Rust,
    /// examples/firmware-c
    C,
    /// Both, one after another
    All,
}

/// One machine or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MachineArg {
    /// 64-bit ARM
    #[value(name = "aarch64")]
    Aarch64,
    /// 64-bit RISC-V
    #[value(name = "riscv64")]
    Riscv64,
    /// Both, one after another
    #[value(name = "all")]
    All,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let kinds = match args.firmware {
        KindArg::Rust => vec![Kind::Rust],
        KindArg::C => vec![Kind::C],
        KindArg::All => Kind::ALL.to_vec(),
    };
    let arches = match args.target {
        MachineArg::Aarch64 => vec![Arch::Aarch64],
        MachineArg::Riscv64 => vec![Arch::Riscv64],
        MachineArg::All => firmware::ARCHES.to_vec(),
    };
    let reports = boot(&kinds, &arches)?;
    if args.json {
        let shown = reports.iter().map(|report| Ok(serde_json::json!({ "report": report, "sizes": size(report)? })));
        println!("{}", serde_json::json!({ "images": shown.collect::<Outcome<Vec<_>>>()? }));
    } else {
        print_people(&reports)?;
    }
    Ok(if reports.iter().all(Report::passed) { Exit::Ok } else { Exit::Failed })
}

/// All images; a stage of `test`.
pub(crate) fn check() -> Outcome<Tally> {
    let reports = boot(&Kind::ALL, &firmware::ARCHES)?;
    let mut tally = Tally::default();
    for report in &reports {
        report
            .failures
            .iter()
            .for_each(|failure| eprintln!("firmware: {} on {}: {failure}", report.firmware.name(), report.target));
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let passed = report.checks + report.values + report.traps.len();
        tally.add(Tally { passed: number(passed), failed: number(report.failures.len()) });
    }
    Ok(tally)
}

fn boot(kinds: &[Kind], arches: &[Arch]) -> Outcome<Vec<Report>> {
    tools::ensure(&[tools::TARGETS, tools::C, tools::GUESTS, tools::FIRMWARE])?;
    // The makefile of the firmware in C calls a program that compiles modules: this one.
    let program = std::env::current_exe()?;
    let progress = Progress::new();
    let mut reports = Vec::new();
    for &kind in kinds {
        for &arch in arches {
            progress.say(&format!("building and booting the firmware in {} for {}", kind.name(), arch.name()));
            reports.push(firmware::run(kind, arch, Some(&program)).map_err(not_run)?);
        }
    }
    Ok(reports)
}

fn not_run(error: Error) -> Failure {
    let failure = Failure::new(Exit::Io, error.to_string());
    match error {
        Error::Start { .. } => failure.help("`cargo xtask setup` installs what the commands need"),
        Error::Failed { .. } => failure.help("the command can be run by hand, in the folder that it names"),
        _ => failure,
    }
}

fn size(report: &Report) -> Outcome<sizes::Sizes> {
    sizes::of_image(&files::read(&report.image)?)
}

fn print_people(reports: &[Report]) -> Outcome<()> {
    let header = ["firmware", "target", "checks", "values as in wasmi", "traps", "text", "rodata", "data", "bss"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for report in reports {
        let sizes = size(report)?;
        let mut row = vec![report.firmware.name().to_owned(), report.target.to_owned()];
        row.extend([report.checks, report.values, report.traps.len()].map(|count| count.to_string()));
        row.extend([sizes.text, sizes.read_only, sizes.data, sizes.zero].map(grouped));
        rows.push(row);
    }
    println!("{}", table(&rows));
    for report in reports {
        println!("{} on {}:", report.firmware.name(), report.target);
        report.traps.iter().for_each(|trap| println!("  {trap}"));
        let failures = report.failures.iter();
        failures
            .for_each(|failure| console::print_failure_line(&Failure::new(Exit::Failed, failure.clone()).in_file(&report.image)));
    }
    let failed: usize = reports.iter().map(|report| report.failures.len()).sum();
    println!("{} images booted, {failed} failures", reports.len());
    Ok(())
}
