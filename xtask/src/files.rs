//! Files of this repository, beside what every command reads and writes.

pub(crate) use saggar::files::{expand, read, write};

use std::fs;
use std::path::{Path, PathBuf};

/// The text of the changelog; one that is not there explains nothing.
pub(crate) fn changelog() -> String {
    fs::read_to_string(root().join("CHANGELOG.md")).unwrap_or_default()
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
