//! The guests of the binding tests, and running other programs.

use saggar_compiler::target::Target;
use saggar_compiler::{Artifact, Interface, Options, bindings, compile};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A compiled guest.
pub(crate) struct Guest {
    /// What the compiler gave.
    pub(crate) artifact: Artifact,
    /// `guest.h`.
    pub(crate) header: String,
    /// `guest.rs`.
    pub(crate) rust: String,
}

/// Compiles a guest.
pub(crate) fn guest(target: Target, file: &str) -> Guest {
    let wasm = wat::parse_file(source(file)).unwrap();
    let artifact = compile(&wasm, &Options::new(target, "guest")).unwrap();
    let (header, rust) = (bindings::c(&artifact.interface), bindings::rust(&artifact.interface));
    Guest { artifact, header, rust }
}

/// A file beside this one.
pub(crate) fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bindings").join(name)
}

/// The folder of `saggar.h`.
pub(crate) fn include_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-lib/include")
}

/// The symbol of an imported function of the module `env`.
pub(crate) fn symbol_of_import<'a>(interface: &'a Interface, name: &str) -> &'a str {
    &interface.imports.iter().find(|import| import.module == "env" && import.name == name).unwrap().symbol
}

/// The entry of an exported function.
pub(crate) fn symbol_of_export<'a>(interface: &'a Interface, name: &str) -> &'a str {
    &interface.exports.iter().find(|export| export.name == name).unwrap().symbol
}

/// Runs a program, which must succeed; its standard output.
pub(crate) fn run_to_end(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (words, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{words}{complaints}", output.status);
    words.into_owned()
}

/// Rust's compiler, which finds and writes libraries in a folder.
pub(crate) fn rustc(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.args(["--edition", "2024", "-Dwarnings", "-Cdebug-assertions=on", "-L"]).arg(folder).arg("--out-dir").arg(folder);
    command
}

/// The runtime library as a crate, without Cargo: these are two files without dependencies.
pub(crate) fn build_libraries(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    run_to_end(rustc(folder).args(["--crate-type", "rlib", "--crate-name", "saggar_abi"]).arg(root.join("abi/src/lib.rs")));
    let mut runtime = rustc(folder);
    runtime.args(["--crate-type", "rlib", "--crate-name", "saggar_runtime", "--extern", "saggar_abi"]);
    run_to_end(runtime.arg(root.join("runtime-lib/src/lib.rs")));
}
