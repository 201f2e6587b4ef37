//! The linker that comes with Rust, and what is built for a target: the runtime library and the runner.
//!
//! Cargo decides what is out of date, once in a process and architecture. The results go to a folder of their own, so that a
//! running `cargo test` does not hold the lock that they need. Neither the caller's environment nor a person's configuration of
//! Cargo has a say in how they are built: the same sources give the same bytes, wherever they lie.

use crate::archive;
use crate::sources::{self, Place};
use crate::temporary::TemporaryFolder;
use saggar_compiler::target::Arch;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What is needed to link for an architecture and to run there.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The linker; it wants `-flavor gnu` first.
    pub rust_lld: PathBuf,
    /// The runtime library as an archive.
    pub runtime_library: PathBuf,
    /// The runner, an executable of the target's Linux.
    pub runner: PathBuf,
}

/// Why the tools are not there.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ToolchainError {
    /// A program could not be started.
    #[error("cannot start {program}: {reason}")]
    Start {
        /// Its name.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// A program failed.
    #[error("{program} failed:\n{messages}")]
    Failed {
        /// Its name and arguments.
        program: String,
        /// What it printed.
        messages: String,
    },
    /// The Rust toolchain has no linker of its own.
    #[error("{} is not there; it comes with the Rust toolchain for x86_64 Linux", .0.display())]
    NoLinker(PathBuf),
    /// Temporary files cannot be written or read.
    #[error("temporary files: {0}")]
    Files(String),
    /// The sources that the program holds cannot be unpacked.
    #[error("cannot unpack the runtime library's sources: {0}")]
    Unpack(String),
    /// What Cargo built as the runtime library is not what it should be.
    #[error("the runtime library that was built: {0}")]
    Library(String),
}

/// The tools for an architecture; built when first asked for.
///
/// # Errors
/// When Cargo cannot build them; the message is Cargo's.
pub fn tools(arch: Arch) -> Result<&'static Tools, ToolchainError> {
    static TOOLS: [OnceLock<Result<Tools, ToolchainError>>; 3] = [const { OnceLock::new() }; 3];
    let [x86_64, aarch64, riscv64] = &TOOLS;
    let cell = match arch {
        Arch::X86_64 => x86_64,
        Arch::Aarch64 => aarch64,
        Arch::Riscv64 => riscv64,
    };
    cell.get_or_init(|| build(arch)).as_ref().map_err(ToolchainError::clone)
}

/// Rust's name of the target for which runtime library and runner are built.
#[must_use]
pub fn rust_target(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "x86_64-unknown-linux-gnu",
        Arch::Aarch64 => "aarch64-unknown-none",
        Arch::Riscv64 => "riscv64gc-unknown-none-elf",
    }
}

/// The emulator that runs the target's executables, where one is needed.
#[must_use]
pub fn emulator(arch: Arch) -> Option<&'static str> {
    match arch {
        Arch::X86_64 => None,
        Arch::Aarch64 => Some("qemu-aarch64"),
        Arch::Riscv64 => Some("qemu-riscv64"),
    }
}

fn build(arch: Arch) -> Result<Tools, ToolchainError> {
    let place = sources::place()?;
    let runtime_library = runtime_library(arch)?;
    let runner = place.built.join(rust_target(arch)).join("release").join("saggar-runner");
    announce(place, "the runner", arch, &runner);
    let mut command = cargo(&place.sources.join("runner").join("program"), "build", &RUNNER_FLAGS);
    // Nothing but the linker that comes with Rust is needed, for x86-64 too, where a libc would be linked otherwise.
    command.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "rust-lld");
    run(command.args(common(arch)).arg(&place.built).arg("--release"))?;
    Ok(Tools { rust_lld: rust_lld()?, runtime_library, runner })
}

/// The runtime library for an architecture as an archive: its own code and nothing else; built when first asked for.
///
/// # Errors
/// When Cargo cannot build it; the message is Cargo's.
pub fn runtime_library(arch: Arch) -> Result<PathBuf, ToolchainError> {
    let place = sources::place()?;
    announce(place, "the runtime library", arch, &archive_in(&place.built, arch));
    build_runtime_library(arch, &place.built, "")
}

/// The header that a C host includes, by its bytes.
///
/// # Errors
/// When the sources are not there and cannot be unpacked.
pub fn header() -> Result<Vec<u8>, ToolchainError> {
    fs::read(sources::place()?.sources.join("runtime-lib/include/saggar.h")).map_err(files_error)
}

/// Says what takes a while, where it is the first time.
fn announce(place: &Place, what: &str, arch: Arch, result: &Path) {
    if !result.exists() {
        (place.announce)(&format!("building {what} for {}, once, in {}", arch.name(), place.built.display()));
    }
}

/// The runner lies low, out of the way of the images, which begin at [`IMAGE_BASE`](crate::link::IMAGE_BASE).
const RUNNER_FLAGS: [&str; 6] = [
    "-Clinker-flavor=ld.lld",
    "-Crelocation-model=static",
    "-Cforce-unwind-tables=no",
    "-Clink-arg=-static",
    "-Clink-arg=-e_start",
    "-Clink-arg=--image-base=0x10000",
];

/// A device has no unwinder, and tables for one would be loaded with the program. The library refers to nothing by an absolute
/// address in either model, but in the other one x86-64 would call its own functions through a table in writable memory.
const LIBRARY_FLAGS: [&str; 2] = ["-Cforce-unwind-tables=no", "-Crelocation-model=static"];

/// The runtime library with one of the deliberate bugs that its features `fault-…` are, for the test of the tests. In a folder of
/// its own, so that it is never taken for the one that ships.
///
/// # Errors
/// When Cargo cannot build it; the message is Cargo's.
pub fn faulty_runtime_library(arch: Arch, feature: &str) -> Result<PathBuf, ToolchainError> {
    build_runtime_library(arch, &sources::repository().join("target").join("faults").join(feature), feature)
}

/// Flags of every build for a target; the folder comes next.
fn common(arch: Arch) -> [OsString; 4] {
    ["--quiet", "--target", rust_target(arch), "--target-dir"].map(OsString::from)
}

/// Builds the runtime library in a folder, with a feature beyond what it always has unless that is empty; the archive.
fn build_runtime_library(arch: Arch, folder: &Path, feature: &str) -> Result<PathBuf, ToolchainError> {
    let sources = &sources::place()?.sources;
    // Debug information names the sources by where they lie.
    let remap = format!("--remap-path-prefix={}=saggar", sources.display());
    let mut library = cargo(sources, "rustc", &[&LIBRARY_FLAGS[..], &[&remap]].concat());
    library.args(common(arch)).arg(folder);
    library.args(["--package", "saggar-runtime", "--profile", "device", "--lib", "--crate-type", "staticlib"]);
    run(library.args(["--features", &format!("staticlib-panic-handler,{feature}")]))?;
    let built = fs::read(folder.join(rust_target(arch)).join("device").join(ARCHIVE)).map_err(files_error)?;
    let own = archive::of_members(&built, "saggar_").map_err(ToolchainError::Library)?;
    let path = archive_in(folder, arch);
    sources::write_where_different(&path, &own).map_err(files_error)?;
    Ok(path)
}

const ARCHIVE: &str = "libsaggar_runtime.a";

fn archive_in(folder: &Path, arch: Arch) -> PathBuf {
    folder.join(rust_target(arch)).join(ARCHIVE)
}

/// Compiles Rust for an architecture, without the standard library, to an object that can be linked with modules: host functions,
/// and what tests need that is not WebAssembly. The source is a whole crate in one file.
///
/// # Errors
/// When rustc does not take the source, or cannot be run.
pub fn rust_object(arch: Arch, source: &str) -> Result<Vec<u8>, ToolchainError> {
    let folder = TemporaryFolder::new().map_err(files_error)?;
    let input = folder.path().join("guest.rs");
    let output = folder.path().join("guest.o");
    fs::write(&input, source).map_err(files_error)?;
    let mut command = rustc()?;
    command.args(["--target", rust_target(arch), "--crate-type", "lib", "--emit", "obj", "--edition", "2024", "-Copt-level=2"]);
    command.args(["-Cpanic=abort", "-Cforce-unwind-tables=no", "-Ccodegen-units=1", "-Crelocation-model=static"]);
    run(command.arg("-o").arg(&output).arg(&input))?;
    fs::read(&output).map_err(files_error)
}

/// Cargo, without what an outer Cargo or its caller set for other targets, and with these flags for the compiler whatever its
/// configuration says.
fn cargo(folder: &Path, subcommand: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).arg(subcommand);
    for variable in ["RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER"] {
        command.env_remove(variable);
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    // There is nothing to fetch: neither has a dependency from outside.
    command.arg("--offline");
    command
}

/// The compiler that Cargo would take.
fn rustc() -> Result<Command, ToolchainError> {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(sources::folder()?);
    Ok(command)
}

fn files_error(error: std::io::Error) -> ToolchainError {
    ToolchainError::Files(error.to_string())
}

fn rust_lld() -> Result<PathBuf, ToolchainError> {
    let sysroot = run(rustc()?.args(["--print", "sysroot"]))?;
    let linker = Path::new(sysroot.trim()).join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
    if linker.is_file() { Ok(linker) } else { Err(ToolchainError::NoLinker(linker)) }
}

/// Runs a program to its end; what it wrote to standard output.
fn run(command: &mut Command) -> Result<String, ToolchainError> {
    let output = command.output().map_err(|error| ToolchainError::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        reason: error.to_string(),
    })?;
    if !output.status.success() {
        return Err(ToolchainError::Failed {
            program: format!("{command:?}"),
            messages: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
