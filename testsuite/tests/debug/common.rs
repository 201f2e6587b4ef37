//! Guests with debug information, and what LLVM's tools, which share no code with ours, read in files.

use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Artifact, Options, compile};
use saggar_testsuite::target::TemporaryFolder;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file beside this one.
pub(crate) fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/debug").join(name)
}

/// Runs a program to its end; what it wrote.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?} failed:\n{}\n{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// The guest in Rust, with debug information.
pub(crate) fn rust_guest() -> Vec<u8> {
    let folder = TemporaryFolder::new().unwrap();
    let file = folder.path().join("guest.wasm");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-type=cdylib", "--target=wasm32-unknown-unknown", "-Copt-level=3", "-Cdebuginfo=2"]);
    output(rustc.args(["-Cpanic=abort", "--crate-name=guest", "-o"]).arg(&file).arg(source("guest.rs")));
    std::fs::read(file).unwrap()
}

/// The guest in C, with debug information of a version.
pub(crate) fn c_guest(dwarf: &str) -> Vec<u8> {
    let folder = TemporaryFolder::new().unwrap();
    let file = folder.path().join("guest.wasm");
    let mut clang = Command::new("clang");
    clang.args(["--target=wasm32", "-O2", "-nostdlib", "-ffreestanding", "-Wl,--no-entry", dwarf, "-o"]);
    output(clang.arg(&file).arg(source("guest.c")));
    std::fs::read(file).unwrap()
}

/// A module compiled under the name `guest`.
pub(crate) fn compiled(wasm: &[u8], arch: Arch, function_sections: bool) -> Artifact {
    let mut options = Options::new(Target::new(arch), "guest");
    options.placement.function_sections = function_sections;
    compile(wasm, &options).unwrap_or_else(|error| panic!("{arch:?}: {error}"))
}

/// A file that lives as long as its folder.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    _folder: TemporaryFolder,
}

impl File {
    pub(crate) fn new(name: &str, bytes: &[u8]) -> File {
        let folder = TemporaryFolder::new().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        File { path, _folder: folder }
    }
}

/// A place in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Empty for the outermost: that name is the symbol's where there is one.
    pub(crate) function: String,
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// What LLVM's symbolizer answers for addresses, innermost call first.
pub(crate) fn symbolize(file: &Path, addresses: &[u64]) -> Vec<Vec<Place>> {
    let mut command = Command::new("llvm-symbolizer");
    command.arg(format!("--obj={}", file.display())).args(["--output-style=JSON", "--no-demangle"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("llvm-symbolizer starts");
    let questions: String = addresses.iter().map(|address| format!("{address:#x}\n")).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let answers = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers = String::from_utf8(answers.stdout).unwrap();
    let answers: Vec<Vec<Place>> = answers.lines().map(places).collect();
    assert_eq!(answers.len(), addresses.len(), "{}", file.display());
    answers
}

fn places(answer: &str) -> Vec<Place> {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let place = |symbol: &serde_json::Value| Place {
        function: text(&symbol["FunctionName"]),
        file: text(&symbol["FileName"]),
        line: symbol["Line"].as_u64().unwrap(),
        column: symbol["Column"].as_u64().unwrap(),
    };
    let mut places: Vec<Place> = answer["Symbol"].as_array().unwrap().iter().map(place).collect();
    // What belongs to no line belongs to no file.
    places.iter_mut().filter(|place| place.line == 0).for_each(|place| place.file.clear());
    if let Some(outermost) = places.last_mut() {
        outermost.function.clear();
    }
    places
}

/// Where the content of the code section begins, from which the module's debug information counts.
pub(crate) fn code_start(wasm: &[u8]) -> u32 {
    let starts = wasmparser::Parser::new(0).parse_all(wasm).filter_map(|payload| match payload.unwrap() {
        wasmparser::Payload::CodeSectionStart { unchecked_range, .. } => Some(u32::try_from(unchecked_range.start).unwrap()),
        _ => None,
    });
    starts.last().unwrap()
}
