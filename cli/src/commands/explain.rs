//! `explain`: from a program counter back to the module.

use crate::console::words;
use crate::failure::{Exit, Failure, Outcome};
use crate::files;
use saggar_compiler::explain::{Call, ExplainError, Explanation, Query};
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  {program} explain skill.o --pc 0x1c4
      an offset from the module's text symbol, which skill.h and skill.rs name
  {program} explain firmware.elf --pc 0x80003a8c --return-address
      the program counter of a completion, in the image that was running";

/// Say which place of a module a program counter leads to
///
/// Answers with the function, the offset in the .wasm, the operator that stands there, and the source line where the module had debug
/// information. The file is an object that `aot` wrote, or an image that was linked of such, from before it was stripped.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Object or image (ELF)
    file: PathBuf,
    /// Program counter: in an image an address, in an object an offset from the module's text symbol
    #[arg(long, value_parser = number, value_name = "ADDRESS")]
    pc: u64,
    /// The program counter is a return address, as a completion has it: explain the instruction before it
    #[arg(long)]
    return_address: bool,
    /// Print JSON instead of a list
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Outcome<Exit> {
    let bytes = files::read(&args.file)?;
    let query = Query { pc: args.pc, return_address: args.return_address };
    let explanation = saggar_compiler::explain::explain(&bytes, query).map_err(|error| failure(&error).in_file(&args.file))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&explanation).unwrap_or_default());
    } else {
        print!("{}", words(&rows(&explanation)));
    }
    Ok(Exit::Ok)
}

fn failure(error: &ExplainError) -> Failure {
    let exit = match error {
        ExplainError::NotElf(_) | ExplainError::NoMap | ExplainError::Damaged | ExplainError::Version(_) => Exit::Invalid,
        ExplainError::SeveralModules(_) | ExplainError::Outside { .. } => Exit::Usage,
    };
    Failure::new(exit, error.to_string()).help(error.help())
}

fn rows(explanation: &Explanation) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |key: &str, value: String| rows.push(vec![key.to_owned(), value]);
    row("module", explanation.module.clone());
    let mut code = explanation.kind.word().to_owned();
    if let Some(function) = explanation.function {
        code.push_str(&format!(" {function}"));
    }
    let detail = explanation
        .name
        .as_ref()
        .map(|name| format!(" \"{name}\""))
        .or_else(|| Some(format!(": {}", explanation.trap.as_ref()?)));
    row("code", format!("{code}{}, {:#x} bytes in", detail.unwrap_or_default(), explanation.code_offset));
    if let Some(offset) = explanation.wasm_offset {
        row("wasm offset", format!("{offset:#x}"));
    }
    if let Some(operator) = &explanation.operator {
        row("operator", operator.clone());
    }
    for (depth, call) in explanation.source.iter().enumerate() {
        row(if depth == 0 { "source" } else { "inlined into" }, place(call));
    }
    rows
}

fn place(call: &Call) -> String {
    match (&call.file, call.line, call.column) {
        (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}, in {}", call.function),
        (Some(file), Some(line), None) => format!("{file}:{line}, in {}", call.function),
        (Some(file), None, _) => format!("{file}, in {}", call.function),
        (None, ..) => format!("in {}", call.function),
    }
}

/// A number, decimal or `0x…`.
fn number(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    // `from_str_radix` takes a sign, which has no place here.
    let parsed = match digits {
        Some(hex) if !hex.starts_with('+') => u64::from_str_radix(hex, 16).ok(),
        Some(_) => None,
        None => text.parse().ok().filter(|_| !text.starts_with('+')),
    };
    parsed.ok_or_else(|| format!("`{text}` is no address: write it like 0x1c4"))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn addresses_are_decimal_or_hexadecimal() {
        assert_eq!(number("0x1c4"), Ok(0x1c4));
        assert_eq!(number("452"), Ok(452));
        assert_eq!(number("0xffffffffffffffff"), Ok(u64::MAX));
        for wrong in ["", "0x", "1c4", "-1", "+1", "0x+1", "0x10000000000000000"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
    }
}
