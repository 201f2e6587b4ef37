//! `bench`: exact counts on aarch64 and riscv64, times on x86_64.

use crate::files;
use crate::stages::Tally;
use crate::tools;
use saggar::failure::{Exit, Failure, Outcome};
use saggar_testsuite::bench::{self, Counts, Difference, Options, Scope, Verdict, table};
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  cargo xtask bench
  cargo xtask bench --only fir,sha --counts
  cargo xtask bench --no-rivals --rounds 5
  cargo xtask bench --bless            record the exact counts in costs.toml
  cargo xtask bench --heavy sql-wasm.wasm --only fir --times";

/// Measure generated code against other compilers
///
/// Exact executed instructions on aarch64 and riscv64 beside clang -O2's; on x86_64 times beside clang, wasm2c, wasmtime and
/// wasmi in one interleaved run, code sizes and compile times. The exact counts are compared with costs.toml: a rise above
/// 1 % needs a line in the newest section of CHANGELOG.md that names the program.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Programs to take, by names or parts of names
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    only: Vec<String>,
    /// Only the exact counts
    #[arg(long, conflicts_with = "times")]
    counts: bool,
    /// Only the times
    #[arg(long)]
    times: bool,
    /// Leave wasmtime and wasmi out; building wasmtime takes minutes, once
    #[arg(long)]
    no_rivals: bool,
    /// Turns of each engine with each program
    #[arg(long, default_value_t = 11)]
    rounds: usize,
    /// A large module whose compilation is measured as well
    #[arg(long, value_name = "FILE")]
    heavy: Option<PathBuf>,
    /// Write costs.toml anew
    #[arg(long, conflicts_with_all = ["times", "only"])]
    bless: bool,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// The committed counts.
fn costs_file() -> PathBuf {
    files::root().join("costs.toml")
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    tools::ensure(&[tools::TARGETS, tools::QEMU, tools::C, tools::BENCH])?;
    let options = Options {
        filter: args.only.clone(),
        rounds: args.rounds,
        rivals: !args.no_rivals,
        heavy_module: args.heavy.clone(),
        progress: |line| eprintln!("{line}"),
        every_row: true,
    };
    let mut good = true;
    let mut report = serde_json::Map::new();
    if !args.times {
        let counts = bench::counts(&options).map_err(failed)?;
        let differences = differences(&counts, if args.only.is_empty() { Scope::Everything } else { Scope::TheirPrograms })?;
        let unexplained = unexplained(&differences);
        let costlier = bench::costlier_with_vectors(&counts);
        good &= unexplained.is_empty() && costlier.is_empty();
        if !args.json {
            print!("{}", table::counts(&counts));
            differences.iter().for_each(|difference| println!("{difference}"));
            unexplained.iter().for_each(|difference| println!("needs a line in CHANGELOG.md: {difference}"));
            costlier.iter().for_each(|line| println!("{line}"));
        }
        report.insert("counts".to_owned(), json!(counts));
        report.insert("differences".to_owned(), json!(differences));
        // Last, so that what changed was compared with the old figures: a rise needs its line all the same.
        if args.bless {
            files::write(&costs_file(), bench::render(&counts).map_err(failed)?.as_bytes())?;
        }
    }
    if !args.counts && !args.bless {
        let times = bench::times(&options).map_err(failed)?;
        good &= !matches!(times.verdict(), Verdict::Missed);
        if !args.json {
            print!("{}", table::times(&times));
        }
        report.insert("times".to_owned(), json!(times));
    }
    // The times hold it already.
    if let Some(module) = args.heavy.as_ref().filter(|_| args.counts || args.bless) {
        let heavy = bench::heavy(module, &options).map_err(failed)?;
        good &= heavy.within_limits();
        if !args.json {
            print!("{}", table::heavy(&heavy));
        }
        report.insert("heavy".to_owned(), json!(heavy));
    }
    if args.json {
        println!("{}", serde_json::Value::Object(report));
    }
    Ok(if good { Exit::Ok } else { Exit::Failed })
}

/// The exact counts against the committed ones, on every CPU row or on the default ones; a stage of `test`.
pub(crate) fn check(every_row: bool) -> Outcome<Tally> {
    let counts = bench::counts(&Options { every_row, ..Options::default() }).map_err(failed)?;
    let differences = differences(&counts, if every_row { Scope::Everything } else { Scope::DefaultRows })?;
    let bad = unexplained(&differences);
    differences.iter().for_each(|difference| eprintln!("{difference}"));
    bad.iter().for_each(|difference| eprintln!("needs a line in CHANGELOG.md: {difference}"));
    let costlier = bench::costlier_with_vectors(&counts);
    costlier.iter().for_each(|line| eprintln!("{line}"));
    let failed = u64::try_from(bad.len() + costlier.len()).unwrap_or(u64::MAX);
    let all = counts.programs.values().map(|targets| u64::try_from(targets.len()).unwrap_or(0)).sum::<u64>();
    Ok(Tally { passed: all.saturating_sub(failed), failed })
}

fn differences(counts: &Counts, scope: Scope) -> Outcome<Vec<Difference>> {
    let committed =
        if costs_file().exists() { String::from_utf8_lossy(&files::read(&costs_file())?).into_owned() } else { String::new() };
    bench::compare(counts, &committed, scope).map_err(failed)
}

fn unexplained(differences: &[Difference]) -> Vec<&Difference> {
    bench::unexplained(differences, &files::changelog())
}

fn failed(error: bench::Error) -> Failure {
    Failure::new(Exit::Io, error.to_string())
}
