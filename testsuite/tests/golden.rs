//! Golden files: a small module above, the code that it becomes on each target below.
//!
//! `BLESS=1 cargo test -p saggar-testsuite --test golden` rewrites what stands below; read the difference before you
//! commit it. A line `;;! memory-reserve = N`, `;;! table-reserve = N`, `;;! check-stack-at-entry = yes`, `;;! memory-bytes = N`,
//! `;;! meter = fuel|flag` or `;;! import NAME = domain|foreign` sets an option.
//! What is shown is the code generator's listing of the module's own functions; traps stand in it by their code.

use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Meter, Options, Provider, compile};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const MARK: &str = ";; ==> ";

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "wat") {
            out.push(path);
        }
    }
    out.sort();
}

fn options(source: &str, arch: Arch) -> Options {
    let mut options = Options::new(Target::new(arch), "g");
    options.emit_asm = true;
    options.verify = true;
    for line in source.lines().filter_map(|line| line.strip_prefix(";;! ")) {
        let (key, value) = line.split_once(" = ").expect("an option is `key = value`");
        match key {
            "memory-reserve" => options.memory_reserve_bytes = Some(value.parse().expect("a number")),
            "table-reserve" => options.table_reserve = Some(value.parse().expect("a number")),
            "check-stack-at-entry" => options.check_stack_at_entry = value == "yes",
            "memory-bytes" => options.memory_bytes = Some(value.parse().expect("a number")),
            "meter" => options.meter = if value == "fuel" { Meter::Fuel } else { Meter::Flag },
            _ => {
                let module = key.strip_prefix("import ").expect("a known option");
                let provider = if value == "foreign" { Provider::Foreign } else { Provider::Domain };
                options.providers.insert(module.to_string(), provider);
            }
        }
    }
    options
}

/// The listings of the module's functions, without those of entries, thunks and instantiation.
fn listing(asm: &str) -> String {
    let mut shown = String::new();
    let mut wanted = false;
    for line in asm.lines() {
        if line.starts_with("; sg__") {
            wanted = line.starts_with("; sg__func__") || line.starts_with("; sg__body__");
        }
        if wanted && !line.trim().is_empty() {
            writeln!(shown, ";; {line}").expect("a string can be written");
        }
    }
    shown
}

fn render(path: &Path, source: &str) -> String {
    let wasm = wat::parse_str(source).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = format!("{}\n", source.trim_end());
    for arch in Arch::ALL {
        let artifact = compile(&wasm, &options(source, arch)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let asm = artifact.asm.expect("assembly was asked for");
        write!(text, "\n{MARK}{}\n{}", arch.name(), listing(&asm)).expect("a string can be written");
    }
    text
}

#[test]
fn code_is_as_recorded() {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("golden"), &mut paths);
    assert!(paths.len() > 60, "only {} golden files were found", paths.len());
    let bless = std::env::var_os("BLESS").is_some();
    let mut changed = Vec::new();
    for path in &paths {
        let found = fs::read_to_string(path).expect("the file can be read");
        let source = found.split(MARK).next().unwrap_or_default();
        let expected = render(path, source);
        if found != expected {
            if bless {
                fs::write(path, expected).expect("the file can be written");
            } else {
                changed.push(path.display().to_string());
            }
        }
    }
    assert!(changed.is_empty(), "{} golden files differ; BLESS=1 shows how in git diff:\n{}", changed.len(), changed.join("\n"));
}
