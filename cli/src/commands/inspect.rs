//! `inspect`: what a module imports, exports and uses, whether or not it can be compiled.

use crate::compile_args::{CompileArgs, name_from_stem};
use crate::console::words;
use crate::failure::{Exit, Outcome};
use crate::guard::Job;
use saggar_compiler::target::Arch;
use serde_json::Value;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  {program} inspect skill.wasm
  {program} inspect skill.wat --json | jq .imports";

/// Say what a module imports, exports and uses
///
/// Lists imports and exports with their types and symbols, memories and tables, and the features that the module uses.
/// Works for modules that cannot be compiled too, and says why not.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Module (.wasm, .wat)
    file: PathBuf,
    /// Name of the module in symbols [default: the file's]
    #[arg(long)]
    name: Option<String>,
    /// Print JSON instead of a list
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let stem = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let name = args.name.clone().unwrap_or_else(|| name_from_stem(&stem));
    // Symbols depend on no flag but the name.
    let compile = CompileArgs::defaults(Arch::X86_64);
    let job = Job { path: &args.file, name: &name, args: &compile, emit_clif: false, emit_asm: false };
    let description = job.inspect()?;
    if args.json {
        println!("{description:#}")
    } else {
        print_people(&description)
    }
    Ok(Exit::Ok)
}

fn list<'a>(description: &'a Value, key: &str) -> &'a [Value] {
    description[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

fn print_people(description: &Value) {
    println!(
        "module {}: {} bytes, {} functions of its own",
        text(&description["name"]),
        description["bytes"],
        description["functions"]
    );
    let features: Vec<String> = list(description, "features").iter().map(text).collect();
    println!("features: {}", if features.is_empty() { "the first version's only".to_owned() } else { features.join(", ") });
    match description["refused"].as_str() {
        Some(reason) => println!("compiles: no: {reason}"),
        None => println!("compiles: nothing stands against it"),
    }
    section("memories", list(description, "memories"), |row| vec![text(&row["type"]), text(&row["from"])]);
    section("tables", list(description, "tables"), |row| vec![text(&row["type"]), text(&row["from"])]);
    section("imports", list(description, "imports"), |row| {
        vec![format!("{:?} {:?}", text(&row["module"]), text(&row["name"])), text(&row["type"]), text(&row["symbol"])]
    });
    section("exports", list(description, "exports"), |row| {
        vec![format!("{:?}", text(&row["name"])), text(&row["type"]), text(&row["symbol"])]
    });
}

fn section(title: &str, items: &[Value], row: impl Fn(&Value) -> Vec<String>) {
    println!("{title}: {}", items.len());
    let rows: Vec<Vec<String>> = items.iter().map(|item| [vec![String::new()], row(item)].concat()).collect();
    print!("{}", words(&rows));
}
