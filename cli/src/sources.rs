//! The sources that an installed program carries: what it builds for a target, when it first runs or links there.
//!
//! Listed by hand, so that the library of this crate, and with it `cargo xtask`, need not be built anew whenever one of them changes; a
//! test compares the list with the folders.

/// Names and contents of files of the repository.
macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../../", $name))),)*]
    };
}

/// The files, by their paths in the repository.
pub(crate) const FILES: &[(&str, &[u8])] = files![
    "Cargo.toml"
    "abi/Cargo.toml"
    "abi/src/layout.rs"
    "abi/src/lib.rs"
    "abi/src/names.rs"
    "abi/src/trap.rs"
    "runner/program/Cargo.lock"
    "runner/program/Cargo.toml"
    "runner/program/src/arch/aarch64.rs"
    "runner/program/src/arch/mod.rs"
    "runner/program/src/arch/riscv64.rs"
    "runner/program/src/arch/x86_64.rs"
    "runner/program/src/call.rs"
    "runner/program/src/image.rs"
    "runner/program/src/main.rs"
    "runner/program/src/pipe.rs"
    "runner/program/src/protocol.rs"
    "runner/program/src/serve.rs"
    "runner/program/src/signal.rs"
    "runner/program/src/stack.rs"
    "runner/program/src/sys/aarch64.rs"
    "runner/program/src/sys/mod.rs"
    "runner/program/src/sys/riscv64.rs"
    "runner/program/src/sys/x86_64.rs"
    "runtime-lib/Cargo.toml"
    "runtime-lib/include/saggar.h"
    "runtime-lib/src/activation.rs"
    "runtime-lib/src/arch/aarch64.rs"
    "runtime-lib/src/arch/mod.rs"
    "runtime-lib/src/arch/riscv64.rs"
    "runtime-lib/src/arch/x86_64.rs"
    "runtime-lib/src/cell.rs"
    "runtime-lib/src/fault.rs"
    "runtime-lib/src/host.rs"
    "runtime-lib/src/lib.rs"
    "runtime-lib/src/memory.rs"
    "runtime-lib/src/meter.rs"
    "runtime-lib/src/polled.rs"
    "runtime-lib/src/record.rs"
    "runtime-lib/src/table.rs"
    "runtime-lib/src/vector.rs"
];

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::fs;
    use std::path::Path;

    /// Every file beneath a folder but tests and what is built, by its path in the repository.
    fn walk(root: &Path, folder: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_file() {
                found.push(name);
            } else if !["tests", "target"].iter().any(|&other| entry.file_name() == other) {
                walk(root, &name, found);
            }
        }
    }

    #[test]
    fn the_list_is_complete() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut found = vec!["Cargo.toml".to_owned()];
        for folder in ["abi", "runner/program", "runtime-lib"] {
            walk(root, folder, &mut found);
        }
        found.sort();
        let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, found, "list the files that came, and strike those that went, in cli/src/sources.rs");
    }
}
