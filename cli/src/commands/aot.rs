//! `aot`: modules in; objects, bindings and reports out.

use crate::compile_args::{CompileArgs, name_from_stem};
use crate::console::{self, Progress, grouped, table};
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
  {program} aot skill.wasm --target aarch64 --emit obj,asm --json";

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
        done.push((name, path, compile(args, name, path)));
    }
    drop(progress);
    if args.json {
        print_json(&done)
    } else {
        print_people(&done)
    }
    Ok(done.iter().find_map(|(_, _, result)| result.as_ref().err().map(Failure::exit)).unwrap_or(Exit::Ok))
}

type Done<'a> = (&'a String, &'a PathBuf, Outcome<Written>);

struct Written {
    description: Value,
    outputs: Vec<PathBuf>,
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

fn compile(args: &Args, name: &str, path: &Path) -> Outcome<Written> {
    let emit_clif = args.emit.contains(&Emit::Clif);
    let emit_asm = args.emit.contains(&Emit::Asm);
    let compiled = Job { path, name, args: &args.compile, emit_clif, emit_asm }.compile()?;
    write(args, name, &compiled)
}

fn write(args: &Args, name: &str, compiled: &Compiled) -> Outcome<Written> {
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
    Ok(Written { description: compiled.description.clone(), outputs })
}

fn print_json(done: &[Done]) {
    let files: Vec<Value> = done
        .iter()
        .map(|(name, path, result)| match result {
            Ok(written) => json!({
                "file": path, "name": name, "ok": true, "outputs": written.outputs, "report": written.description["report"],
            }),
            Err(failure) => {
                json!({ "file": path, "name": name, "ok": false, "error": failure, "exit_code": failure.exit().code() })
            }
        })
        .collect();
    println!("{}", json!({ "files": files }));
}

fn print_people(done: &[Done]) {
    let header = ["module", "code", "rodata", "data", "bss", "(memory)", "functions", "largest frame"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for (name, _, result) in done {
        if let Ok(written) = result {
            rows.push(row(name, &written.description["report"]));
        }
    }
    if rows.len() > 1 {
        print!("{}", table(&rows));
    }
    if let [(_, _, Ok(written))] = done {
        let outputs: Vec<String> = written.outputs.iter().map(|path| path.display().to_string()).collect();
        println!("wrote {}", outputs.join(", "));
    }
    match done {
        [(_, _, Err(failure))] => console::print_failure(failure),
        _ => summary(done),
    }
}

/// One line for each failed file, and one for all.
fn summary(done: &[Done]) {
    if done.len() < 2 {
        return;
    }
    let mut kinds: BTreeMap<Exit, usize> = BTreeMap::new();
    for failure in done.iter().filter_map(|(_, _, result)| result.as_ref().err()) {
        console::print_failure_line(failure);
        *kinds.entry(failure.exit()).or_default() += 1;
    }
    let failed: usize = kinds.values().sum();
    let by_kind: Vec<String> = kinds.iter().map(|(kind, count)| format!("{}: {count}", kind.phrase())).collect();
    let detail = if failed == 0 { String::new() } else { format!(" ({})", by_kind.join(", ")) };
    println!("{} compiled, {failed} failed{detail}", done.len() - failed);
}

fn row(name: &str, report: &Value) -> Vec<String> {
    let number = |key: &str| grouped(report[key].as_u64().unwrap_or(0));
    let functions = report["functions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let frame = functions.iter().filter_map(|function| function["frame_bytes"].as_u64()).max().unwrap_or(0);
    let mut row = vec![name.to_owned()];
    row.extend(["code_bytes", "read_only_bytes", "data_bytes", "zero_bytes"].map(number));
    row.push(format!("({})", number("memory_bytes")));
    row.push(functions.len().to_string());
    row.push(grouped(frame));
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
