//! Linking: objects and the runtime library become one static image at a fixed place.
//!
//! It is the plain linker's work on the objects that are shipped, so this is part of what is tested. Warnings are errors.

use crate::image::Image;
use crate::temporary::TemporaryFolder;
use crate::toolchain::{ToolchainError, tools};
use saggar_compiler::target::Arch;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// Where images begin. The runner lies below.
pub const IMAGE_BASE: u64 = 0x4000_0000;

/// An object to link.
#[derive(Clone, Copy, Debug)]
pub struct LinkInput<'a> {
    /// What to call it in messages.
    pub name: &'a str,
    /// The ELF object.
    pub bytes: &'a [u8],
}

/// How to link.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// Drop what nothing refers to, from `keep` on.
    pub gc_sections: bool,
    /// Symbols that count as referred to. One that nothing defines is not an error.
    pub keep: Vec<String>,
    /// Link the runtime library, as far as anything refers to it.
    pub runtime_library: bool,
    /// Another archive in its place; `None`: what ships.
    pub other_runtime_library: Option<PathBuf>,
    /// Further arguments for the linker.
    pub arguments: Vec<String>,
}

impl Default for LinkOptions {
    fn default() -> LinkOptions {
        LinkOptions {
            gc_sections: false,
            keep: Vec::new(),
            runtime_library: true,
            other_runtime_library: None,
            arguments: Vec::new(),
        }
    }
}

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Symbols are referred to that nothing defines.
    #[error("undefined symbols: {}", symbols.join(", "))]
    Undefined {
        /// The symbols, sorted.
        symbols: Vec<String>,
    },
    /// The linker failed for another reason, or warned.
    #[error("the linker failed:\n{messages}")]
    Failed {
        /// What it printed.
        messages: String,
    },
    /// The linker's output is not an image.
    #[error("the linked image cannot be read: {0}")]
    Image(#[from] object::Error),
    /// Files could not be written or read.
    #[error("files for the linker: {0}")]
    Io(#[from] io::Error),
    /// There is no linker or no runtime library.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
}

/// Links objects into an image at [`IMAGE_BASE`].
///
/// # Errors
/// When a symbol is undefined ([`LinkError::Undefined`], however many other complaints there are), or the linker fails or warns.
pub fn link(arch: Arch, inputs: &[LinkInput<'_>], options: &LinkOptions) -> Result<Image, LinkError> {
    Ok(Image::parse(&link_elf(arch, inputs, options)?)?)
}

/// As [`link`], but the bytes of the ELF executable.
///
/// # Errors
/// As [`link`].
pub fn link_elf(arch: Arch, inputs: &[LinkInput<'_>], options: &LinkOptions) -> Result<Vec<u8>, LinkError> {
    let tools = tools(arch)?;
    let folder = TemporaryFolder::new()?;
    let output = folder.path().join("image");
    let mut command = Command::new(&tools.rust_lld);
    command.args(["-flavor", "gnu", "-static", "-no-pie", "--fatal-warnings", "--error-limit=0", "--no-demangle"]);
    // The entry point is not used, but a linker that finds none warns.
    command.arg(format!("--image-base={IMAGE_BASE:#x}")).arg(format!("--entry={IMAGE_BASE:#x}"));
    command.args(["-z", "norelro", "-z", "max-page-size=4096", "--build-id=none"]);
    command.arg(if options.gc_sections { "--gc-sections" } else { "--no-gc-sections" });
    command.args(options.keep.iter().map(|symbol| format!("--undefined={symbol}")));
    command.args(&options.arguments).arg("-o").arg(&output);
    for (index, input) in inputs.iter().enumerate() {
        command.arg(write_input(folder.path(), index, input)?);
    }
    if options.runtime_library {
        command.arg(options.other_runtime_library.as_ref().unwrap_or(&tools.runtime_library));
    }
    let result = command.output()?;
    if result.status.success() {
        return Ok(fs::read(&output)?);
    }
    let messages = String::from_utf8_lossy(&result.stderr).into_owned();
    let symbols = undefined_symbols(&messages);
    Err(if symbols.is_empty() { LinkError::Failed { messages } } else { LinkError::Undefined { symbols } })
}

/// Writes an object under a name that is a file name whatever it is called.
fn write_input(folder: &Path, index: usize, input: &LinkInput<'_>) -> io::Result<PathBuf> {
    let plain: String = input.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect();
    let path = folder.join(format!("{index}_{plain}.o"));
    fs::write(&path, input.bytes)?;
    Ok(path)
}

/// The symbols of messages such as `ld: error: undefined symbol: NAME` and `undefined hidden symbol: NAME`.
fn undefined_symbols(messages: &str) -> Vec<String> {
    let symbols: BTreeSet<&str> = messages
        .lines()
        .filter_map(|line| line.split_once("error: undefined ").and_then(|(_, rest)| rest.split_once("symbol: ")))
        .map(|(_, symbol)| symbol.trim())
        .collect();
    symbols.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::undefined_symbols;

    #[test]
    fn undefined_symbols_are_found_once_each() {
        let messages = "rust-lld: error: undefined symbol: sg__b\n>>> referenced by a.o\nrust-lld: error: undefined hidden symbol: sg__a\n\
            rust-lld: error: undefined symbol: sg__b\n>>> referenced by c.o";
        assert_eq!(undefined_symbols(messages), ["sg__a", "sg__b"]);
        assert!(undefined_symbols("rust-lld: error: duplicate symbol: x").is_empty());
    }
}
