//! The modules as a host gets them: no imports, the contract's exports, memory in kilobytes, and no zeros in their files. Builds them.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasmparser::{Parser, Payload};

const CONTRACT: [&str; 8] = ["dsp_init", "dsp_in", "dsp_ref", "dsp_out", "dsp_process", "dsp_param", "dsp_latency", "dsp_reset"];
const WAKE: [&str; 8] = [
    "wake_begin",
    "wake_end",
    "wake_template_count",
    "wake_clear",
    "wake_state_ptr",
    "wake_state_len",
    "wake_state_capacity",
    "wake_restore",
];

/// Names, the most bytes of the file (vectors included), and the most pages of 64 KiB that a memory has at first.
const MODULES: [(&str, usize, u64); 7] = [
    ("canceller", 40_000, 3),
    ("denoise", 520_000, 3),
    ("echo", 540_000, 9),
    ("equaliser", 24_000, 1),
    ("resample", 340_000, 2),
    ("voice", 90_000, 2),
    ("wake", 40_000, 2),
];

/// Zeros in a row that a file may have: those of tables, such as the weights of `denoise`.
const MOST_ZEROS: usize = 2_048;

fn build(flags: &str, target: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = workspace.join("target").join(target);
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(&target)
        .env("RUSTFLAGS", flags)
        .current_dir(workspace)
        .status()
        .expect("cargo runs");
    assert!(status.success());
    target.join("wasm32-unknown-unknown/release")
}

fn examine(folder: &Path) {
    for (name, most_bytes, most_pages) in MODULES {
        let module = std::fs::read(folder.join(format!("saggar_dsp_{name}.wasm"))).expect("was built");
        let (mut exports, mut pages) = (Vec::new(), 0);
        for payload in Parser::new(0).parse_all(&module) {
            match payload.expect("is valid") {
                Payload::ImportSection(imports) => assert_eq!(imports.count(), 0, "{name} imports"),
                Payload::ExportSection(section) => {
                    exports.extend(section.into_iter().map(|export| export.expect("is valid").name.to_owned()));
                }
                Payload::DataSection(section) => {
                    for segment in section {
                        let data = segment.expect("is valid").data;
                        let zeros = data.split(|byte| *byte != 0).map(<[u8]>::len).max().unwrap_or(0);
                        // A static that begins with anything but zeros is in the file with all of its zeros.
                        assert!(zeros <= MOST_ZEROS, "{name} has {zeros} zeros in a row in its file");
                    }
                }
                Payload::MemorySection(section) => {
                    pages = section.into_iter().map(|memory| memory.expect("is valid").initial).sum();
                }
                _ => {}
            }
        }
        println!("{name:10} {:7} bytes {pages:3} pages", module.len());
        assert!(module.len() <= most_bytes && pages <= most_pages, "{name}: {} bytes, {pages} pages", module.len());
        let more = if name == "wake" { &WAKE[..] } else { &[] };
        for wanted in CONTRACT.iter().chain(more) {
            assert!(exports.iter().any(|export| export == wanted), "{name} lacks {wanted}");
        }
    }
}

#[test]
fn modules_import_nothing() {
    examine(&build("", "modules"));
}

#[test]
fn vectors_change_nothing_of_that() {
    examine(&build("-Ctarget-feature=+simd128", "modules-simd"));
}
