//! Starting other programs, and where files lie.

use super::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the repository.
pub(super) fn repository() -> &'static Path {
    let testsuite = Path::new(env!("CARGO_MANIFEST_DIR"));
    testsuite.parent().unwrap_or(testsuite)
}

/// A file below `testsuite/bench`.
pub(super) fn source(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bench").join(relative)
}

/// The folder for everything that is built here, made if need be.
pub(super) fn output_folder(relative: &str) -> Result<PathBuf, Error> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from);
    let folder = target.join("bench").join(relative);
    std::fs::create_dir_all(&folder).map_err(|source| Error::File { path: folder.clone(), source })?;
    Ok(folder)
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::File { path: path.into(), source })
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(|source| Error::File { path: path.into(), source })
}

/// How to get a tool that is missing.
fn help(tool: &str) -> &'static str {
    match tool {
        "clang" | "wasm-ld" => "install clang and lld",
        "gcc" | "ar" => "install gcc and binutils",
        "wasm2c" => "install wabt",
        "qemu-aarch64" | "qemu-riscv64" => "install qemu-user",
        "cargo" => "install Rust with rustup",
        _ => "install it",
    }
}

/// Runs a command to its end; anything but success is an error that shows what it said.
pub(super) fn run(command: &mut Command) -> Result<Output, Error> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|source| Error::MissingTool { help: help(&tool), tool, source })?;
    if output.status.success() {
        return Ok(output);
    }
    Err(Error::ToolFailed {
        tool: format!("{command:?}"),
        status: output.status.to_string(),
        output: shortened(&String::from_utf8_lossy(&output.stderr)),
    })
}

/// The first lines of a text: a compiler's or linker's first complaint is the one that matters.
fn shortened(text: &str) -> String {
    const LINES: usize = 20;
    let mut lines: Vec<&str> = text.lines().take(LINES).collect();
    if text.lines().count() > LINES {
        lines.push("…");
    }
    lines.join("\n")
}
