//! A Rust host calls a module through the generated `guest.rs`, natively.

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "bindings/common.rs"]
mod common;

use common::{build_libraries, guest, run_to_end, rustc, source};
use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::target::TemporaryFolder;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes guest and host side by side; the host's source.
fn place_sources(folder: &Path, wat: &str, host: &str) -> PathBuf {
    let guest = guest(Target::new(Arch::X86_64), wat);
    std::fs::write(folder.join("guest.o"), &guest.artifact.object).unwrap();
    std::fs::write(folder.join("guest.rs"), &guest.rust).unwrap();
    std::fs::copy(source(host), folder.join(host)).unwrap();
    folder.join(host)
}

fn host_command(folder: &Path, host: &Path) -> Command {
    let mut command = rustc(folder);
    command.args(["--crate-type", "bin", "--crate-name", "host", "--extern", "saggar_runtime"]);
    command.arg(format!("-Clink-arg={}", folder.join("guest.o").display())).arg(host);
    command
}

fn build_and_run(wat: &str, host: &str) {
    let folder = TemporaryFolder::new().unwrap();
    build_libraries(folder.path());
    let host = place_sources(folder.path(), wat, host);
    run_to_end(&mut host_command(folder.path(), &host));
    let output = run_to_end(&mut Command::new(folder.path().join("host")));
    assert_eq!(output.trim(), "all checks passed");
}

#[test]
fn a_rust_host() {
    build_and_run("guest.wat", "host.rs");
}

#[test]
fn a_rust_host_exchanges_vectors() {
    build_and_run("vectors.wat", "vectors.rs");
}

/// A slice of guest memory that is used after the next call does not compile.
#[test]
fn a_slice_ends_with_the_next_call() {
    let folder = TemporaryFolder::new().unwrap();
    build_libraries(folder.path());
    let host = place_sources(folder.path(), "guest.wat", "host.rs");
    let text = std::fs::read_to_string(&host).unwrap();
    let late = text.replace("/* the slice ends here */", "assert!(!early.is_empty());");
    assert_ne!(text, late, "the host marks the place");
    std::fs::write(&host, late).unwrap();
    let output = host_command(folder.path(), &host).output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && complaints.contains("E0499"), "borrowed twice: {complaints}");
}
