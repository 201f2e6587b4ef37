//! The walls of the house, held by looking at the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the testsuite lies in the workspace").to_path_buf()
}

fn tracked() -> Vec<PathBuf> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git runs");
    assert!(output.status.success(), "git ls-files failed");
    let names = String::from_utf8(output.stdout).expect("file names are text");
    names.split('\0').filter(|name| !name.is_empty()).map(|name| root().join(name)).filter(|path| path.is_file()).collect()
}

/// What each crate of ours may depend on, of ours. Imports run downwards only.
const ALLOWED: &[(&str, &[&str])] = &[
    ("saggar", &["saggar-abi", "saggar-compiler", "saggar-runner"]),
    ("saggar-abi", &[]),
    ("saggar-build", &["saggar-compiler"]),
    ("saggar-compiler", &["saggar-abi"]),
    ("saggar-runner", &["saggar-compiler"]),
    ("saggar-runtime", &["saggar-abi"]),
    ("saggar-testsuite", &["saggar-abi", "saggar-compiler", "saggar-runner", "saggar-runtime"]),
    ("xtask", &["saggar", "saggar-abi", "saggar-compiler", "saggar-runner", "saggar-testsuite"]),
];

#[test]
fn imports_run_downwards() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(ours, ALLOWED.iter().map(|(name, _)| *name).collect(), "a crate came or went: say here what it may import");
    for package in packages {
        let name = package["name"].as_str().expect("a package has a name");
        let allowed = ALLOWED.iter().find(|(ours, _)| *ours == name).expect("every crate is listed").1;
        for dependency in package["dependencies"].as_array().expect("a package has dependencies") {
            let to = dependency["name"].as_str().expect("a dependency has a name");
            assert!(!ours.contains(to) || allowed.contains(&to), "{name} must not depend on {to}");
        }
    }
}

#[test]
fn unsafe_stays_where_it_must_be() {
    for file in [
        "abi/src/lib.rs",
        "cli/src/lib.rs",
        "cli/src/main.rs",
        "compiler/build/src/lib.rs",
        "compiler/src/lib.rs",
        "runner/src/lib.rs",
        "xtask/src/main.rs",
    ] {
        let text = fs::read_to_string(root().join(file)).expect("the file is there");
        assert!(text.contains("#![forbid(unsafe_code)]"), "{file} must forbid unsafe code");
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    // Spelled so that this file does not find itself.
    let forbidden = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["crates", ".io"],
        ["registry.np", "mjs"],
        ["index.crates", ".io"],
        ["TO", "DO"],
        ["FIX", "ME"],
    ];
    let mut found = Vec::new();
    for path in tracked() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if path.file_name().is_some_and(|name| name == "Cargo.lock") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if forbidden.iter().any(|parts| line.contains(&parts.concat())) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Every operator that the parser knows is either translated or belongs to a proposal that is named as unsupported.
#[test]
fn every_operator_is_known() {
    macro_rules! operators {
        ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            [$((stringify!($proposal), stringify!($op)),)*]
        };
    }
    let all = wasmparser::for_each_operator!(operators);
    let compiled = [
        "mvp",
        "sign_extension",
        "saturating_float_to_int",
        "bulk_memory",
        "reference_types",
        "tail_call",
        "simd",
        "relaxed_simd",
    ];
    let known_others = [
        "threads",
        "shared_everything_threads",
        "exceptions",
        "legacy_exceptions",
        "gc",
        "function_references",
        "memory_control",
        "stack_switching",
        "wide_arithmetic",
        "custom_descriptors",
        "multi_memory",
        "memory64",
        "acquire_release_atomics",
        "compact_imports",
        "custom_page_sizes",
        "multibyte_array_access",
    ];
    let supported: BTreeSet<&str> = saggar_compiler::SUPPORTED_OPERATORS.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for (proposal, operator) in all {
        seen.insert(operator);
        // Only the garbage collection proposal's drafts give `select` several results; the validator refuses it.
        if operator == "TypedSelectMulti" {
            continue;
        }
        if compiled.contains(&proposal) {
            assert!(supported.contains(operator), "{operator} of {proposal} is not translated");
        } else {
            assert!(known_others.contains(&proposal), "{operator} is of an unknown proposal, {proposal}");
            assert!(!supported.contains(operator), "{operator} of {proposal} is listed as translated");
        }
    }
    for operator in supported {
        assert!(seen.contains(operator), "{operator} is listed as translated, but the parser does not know it");
    }
}
