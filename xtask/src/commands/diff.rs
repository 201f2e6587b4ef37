//! `diff`: a module here and in wasmi, export by export.

use crate::arches::ArchesArg;
use crate::files;
use crate::tools;
use saggar::compile_args::{CompileArgs, ProviderArg, name_from_stem};
use saggar::console::{self, Progress};
use saggar::failure::{Exit, Failure, Outcome};
use saggar::guard::Job;
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::diff::{self, Report};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "Examples:
  cargo xtask diff skill.wasm --target all
  cargo xtask diff skill.wat --target riscv64 --seeds 20 --first-seed 100
  cargo xtask diff modules/ --target aarch64 --json";

/// Compare a module with wasmi, export by export
///
/// Calls every exported function with generated arguments, compiled on the target on one side and in the interpreter wasmi on
/// the other; imports are seeded stubs, the same on both sides. Compares results, traps, globals, memories and tables.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Modules, or folders with modules (.wasm, .wat)
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Machine to run on
    #[arg(long, value_enum)]
    target: ArchesArg,
    /// How many times, each with other arguments and stubs
    #[arg(long, default_value_t = 5)]
    seeds: u32,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    first_seed: u64,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    tools::ensure(&[tools::TARGETS, tools::QEMU])?;
    let paths = files::expand(&args.paths, &["wasm", "wat"])?;
    let progress = Progress::new();
    let mut rows = Vec::new();
    for path in &paths {
        for arch in args.target.arches() {
            progress.say(&format!("{} on {}", path.display(), arch.name()));
            rows.push((path, arch, compare(path, arch, args.first_seed, args.seeds)));
        }
    }
    drop(progress);
    if args.json {
        print_json(&rows)
    } else {
        print_people(&rows)
    }
    let failed = rows.iter().find_map(|(_, _, result)| match result {
        Ok(report) => (!report.agrees()).then_some(Exit::Failed),
        Err(failure) => Some(failure.exit()),
    });
    Ok(failed.unwrap_or(Exit::Ok))
}

type Row<'a> = (&'a PathBuf, Arch, Outcome<Report>);

/// Compares one module on one architecture.
///
/// The guarded compilation comes first: what the comparison then compiles in this process is that module with more exports.
pub(crate) fn compare(path: &Path, arch: Arch, first_seed: u64, seeds: u32) -> Outcome<Report> {
    let mut compile = CompileArgs::defaults(arch);
    // Who provides imports makes no difference to whether the module compiles, but memories cannot come from a host.
    compile.default_import = ProviderArg::Domain;
    let name = name_from_stem(&path.file_stem().unwrap_or_default().to_string_lossy());
    let wasm = Job { path, name: &name, args: &compile, emit_clif: false, emit_asm: false }.compile()?.wasm;
    diff::run(&wasm, Target::new(arch), first_seed, seeds).map_err(|error| {
        Failure::new(Exit::Unsupported, format!("cannot be compared: {error}")).in_file(path).help("see the reason")
    })
}

fn print_json(rows: &[Row]) {
    let rows: Vec<_> = rows
        .iter()
        .map(|(path, arch, result)| {
            let (file, target) = (path.display().to_string(), arch.name());
            match result {
                Ok(report) => serde_json::json!({ "file": file, "target": target, "agrees": report.agrees(), "report": report }),
                Err(failure) => serde_json::json!({ "file": file, "target": target, "error": failure }),
            }
        })
        .collect();
    println!("{}", serde_json::json!({ "comparisons": rows }));
}

fn print_people(rows: &[Row]) {
    for (path, arch, result) in rows {
        match result {
            Ok(report) => print!("{} on {}: {report}", path.display(), arch.name()),
            Err(failure) => console::print_failure_line(failure),
        }
    }
}
