//! `aot`: modules in; objects, bindings and reports out.

use crate::compile_args::{CompileArgs, name_from_stem};
use crate::console::{self, Progress, grouped};
use crate::cost::budget::{Budget, Excess};
use crate::cost::{Cost, table};
use crate::failure::{Exit, Failure, Outcome};
use crate::files;
use crate::guard::{Compiled, Job};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "Examples:
  {program} aot skill.wasm --target aarch64
      skill.o, skill.rs, skill.h and skill.json in this folder
  {program} aot skill.wasm --target riscv64 --cpu rv64gc-zb -o out --memory-reserve 1MiB
  {program} aot a.wasm b.wat --target x86_64 --domain pair --import a=domain
      two modules that link to each other
  {program} aot skill.wasm --target aarch64 --budget flash=64KiB,ram=8KiB,stack=2KiB
      exit code 5, and nothing is written, when the module costs more
  {program} aot skill.wasm --target aarch64 --emit obj,asm --json

What a module costs, as the table shows it: flash is code, read-only data and initialised data; RAM is initialised data and what
starts as zero. Stack and fuel are proven upper bounds of one call by the host.";

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// The object, NAME.o
    Obj,
    /// Cranelift IR before optimisation, NAME.clif
    Clif,
    /// Assembly, NAME.asm
    Asm,
}

/// Compile modules to objects, bindings and a report of what they cost
///
/// Writes, for each module, a relocatable ELF object (NAME.o), typed bindings for Rust and C (NAME.rs, NAME.h) and a report
/// (NAME.json). The object links with the runtime library by any linker.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Modules, or folders with modules (.wasm, .wat)
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Name of the module in symbols and of the output files [default: the file's]
    #[arg(long)]
    name: Option<String>,
    /// Folder for the output
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// What to write beside bindings and report
    #[arg(long, value_enum, value_delimiter = ',', default_value = "obj")]
    emit: Vec<Emit>,
    /// Most that each module may take of flash, of ram, and of stack in any call; more is an error that says what is expensive
    #[arg(long, value_name = "flash=BYTES,ram=BYTES,stack=BYTES")]
    budget: Option<Budget>,
    /// List the functions by size
    #[arg(long)]
    functions: bool,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    compile: CompileArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    args.compile.target()?;
    let named = name_files(files::expand(&args.paths, &["wasm", "wat"])?, args.name.as_deref())?;
    let progress = Progress::new();
    let mut done = Vec::new();
    for (name, path) in &named {
        progress.say(&format!("compiling {} ({} of {})", path.display(), done.len() + 1, named.len()));
        done.push(fire(args, name, path));
    }
    drop(progress);
    if args.json {
        print_json(&done)
    } else {
        print_people(args, &done)
    }
    Ok(done.iter().find_map(|done| done.outcome.as_ref().err().map(Failure::exit)).unwrap_or(Exit::Ok))
}

/// What became of one file.
struct Done<'a> {
    name: &'a str,
    path: &'a Path,
    /// What it costs, where it compiled: as the compiler says it, and read.
    cost: Option<(Value, Cost)>,
    /// What it costs beyond the budget.
    over: Vec<Excess>,
    /// The files that were written.
    outcome: Outcome<Vec<PathBuf>>,
}

/// Compiles a file and, if it is within the budget, writes what came of it.
fn fire<'a>(args: &Args, name: &'a str, path: &'a Path) -> Done<'a> {
    let mut done = Done { name, path, cost: None, over: Vec::new(), outcome: Ok(Vec::new()) };
    done.outcome = compile(args, &mut done);
    done
}

fn compile(args: &Args, done: &mut Done<'_>) -> Outcome<Vec<PathBuf>> {
    let emit_clif = args.emit.contains(&Emit::Clif);
    let emit_asm = args.emit.contains(&Emit::Asm);
    let compiled = Job { path: done.path, name: done.name, args: &args.compile, emit_clif, emit_asm }.compile()?;
    let (_, cost) = done.cost.insert((compiled.description["report"].clone(), Cost::of(&compiled.description)?));
    done.over = args.budget.map(|budget| budget.exceeded(cost, &args.compile)).unwrap_or_default();
    if done.over.is_empty() {
        return write(args, done.name, &compiled);
    }
    let lines: Vec<String> = done.over.iter().map(Excess::line).collect();
    let explanations: Vec<String> = done.over.iter().map(Excess::explanation).collect();
    let failure = Failure::new(Exit::Limit, format!("over budget (bytes): {}", lines.join("; "))).in_file(done.path);
    Err(failure.help(explanations.join("\n")))
}

/// Gives every file a module name; two files of one name would overwrite each other's output.
fn name_files(paths: Vec<PathBuf>, name: Option<&str>) -> Outcome<Vec<(String, PathBuf)>> {
    if let (Some(_), 2..) = (name, paths.len()) {
        return Err(Failure::usage("--name needs a single file"));
    }
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut named = Vec::new();
    for path in paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = name.map_or_else(|| name_from_stem(&stem), str::to_owned);
        if let Some(other) = seen.insert(name.clone(), path.clone()) {
            let (path, other) = (path.display(), other.display());
            return Err(Failure::usage(format!("{other} and {path} would both be called `{name}`"))
                .help("compile them one at a time, with --name or into different folders with -o"));
        }
        named.push((name, path));
    }
    Ok(named)
}

fn write(args: &Args, name: &str, compiled: &Compiled) -> Outcome<Vec<PathBuf>> {
    // A name may hold anything; as a file name it is made an identifier like a default name.
    let stem = name_from_stem(name);
    let description = serde_json::to_string_pretty(&compiled.description).unwrap_or_default() + "\n";
    let files = [
        ("o", args.emit.contains(&Emit::Obj).then_some(compiled.object.as_slice())),
        ("rs", Some(compiled.rust.as_bytes())),
        ("h", Some(compiled.c.as_bytes())),
        ("json", Some(description.as_bytes())),
        ("clif", compiled.clif.as_deref().map(str::as_bytes)),
        ("asm", compiled.asm.as_deref().map(str::as_bytes)),
    ];
    let mut outputs = Vec::new();
    for (extension, bytes) in files {
        if let Some(bytes) = bytes {
            let path = args.output.join(format!("{stem}.{extension}"));
            files::write(&path, bytes)?;
            outputs.push(path);
        }
    }
    Ok(outputs)
}

fn print_json(done: &[Done]) {
    let files: Vec<Value> = done
        .iter()
        .map(|done| {
            let report = done.cost.as_ref().map(|(report, _)| report);
            match &done.outcome {
                Ok(outputs) => json!({
                    "file": done.path, "name": done.name, "ok": true, "outputs": outputs, "report": report,
                }),
                Err(failure) => json!({
                    "file": done.path, "name": done.name, "ok": false, "error": failure, "exit_code": failure.exit().code(),
                    "report": report, "over_budget": done.over,
                }),
            }
        })
        .collect();
    println!("{}", json!({ "files": files }));
}

fn print_people(args: &Args, done: &[Done]) {
    let [only] = done else { return print_many(done) };
    if let Some((_, cost)) = &only.cost {
        println!("{}", table::render(cost, args.functions));
    }
    match &only.outcome {
        Ok(outputs) => {
            let outputs: Vec<String> = outputs.iter().map(|path| path.display().to_string()).collect();
            println!("wrote {}", outputs.join(", "));
        }
        Err(failure) => console::print_failure(failure),
    }
}

/// One line for each module and one for each failed file, and one for all.
fn print_many(done: &[Done]) {
    let header = ["module", "code", "rodata", "data", "bss", "(memory)", "functions", "largest frame"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(done.iter().filter_map(|done| Some(row(done.name, &done.cost.as_ref()?.1))));
    if rows.len() > 1 {
        print!("{}", console::table(&rows));
    }
    let mut kinds: BTreeMap<Exit, usize> = BTreeMap::new();
    for failure in done.iter().filter_map(|done| done.outcome.as_ref().err()) {
        console::print_failure_line(failure);
        *kinds.entry(failure.exit()).or_default() += 1;
    }
    let failed: usize = kinds.values().sum();
    let by_kind: Vec<String> = kinds.iter().map(|(kind, count)| format!("{}: {count}", kind.phrase())).collect();
    let detail = if failed == 0 { String::new() } else { format!(" ({})", by_kind.join(", ")) };
    println!("{} compiled, {failed} failed{detail}", done.len() - failed);
}

fn row(name: &str, cost: &Cost) -> Vec<String> {
    let frame = cost.functions.iter().map(|function| function.frame_bytes).max().unwrap_or(0);
    let mut row = vec![name.to_owned()];
    row.extend([cost.code_bytes, cost.read_only_bytes, cost.data_bytes, cost.zero_bytes].map(grouped));
    row.push(format!("({})", grouped(cost.memory_bytes)));
    row.push(cost.functions.len().to_string());
    row.push(grouped(frame.into()));
    row
}

#[cfg(test)]
mod tests {
    use super::name_files;
    use std::path::PathBuf;

    #[test]
    fn names_do_not_collide() {
        let paths = |list: &[&str]| list.iter().map(PathBuf::from).collect();
        assert!(name_files(paths(&["a/x.wasm", "b/x.wat"]), None).is_err());
        assert!(name_files(paths(&["x-y.wasm", "x_y.wasm"]), None).is_err());
        assert!(name_files(paths(&["a.wasm", "b.wasm"]), Some("n")).is_err());
        let named = name_files(paths(&["a/x.wasm", "b/y.wat"]), None).unwrap();
        assert_eq!(named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    }
}
