//! Links the modules, which `cargo xtask speaker eval --only dsp` has built and fired into the folder `SAGGAR_SPEAKER_MODULES`: those
//! of the speaker, and the same ones without vectors (`_scalar`), without a meter (`_unmetered`), and without either.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=SAGGAR_SPEAKER_MODULES");
    let Some(folder) = env::var_os("SAGGAR_SPEAKER_MODULES").map(PathBuf::from) else {
        println!(
            "cargo::error=SAGGAR_SPEAKER_MODULES names no folder with fired modules: run `cargo xtask speaker eval --only dsp`"
        );
        return;
    };
    println!("cargo::rustc-env=SAGGAR_SPEAKER_MODULES={}", folder.display());
    println!("cargo::rustc-link-search=native={}", folder.display());
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    for name in names {
        if name.ends_with(".o") || name.ends_with(".rs") {
            println!("cargo::rerun-if-changed={}", folder.join(&name).display());
        }
        if name.ends_with(".o") {
            println!("cargo::rustc-link-lib=static:-bundle,+verbatim={name}");
        }
    }
}
