//! Links the modules, which `cargo xtask speaker` has built and fired into the folder `SAGGAR_SPEAKER_MODULES`.
//!
//! It fires them, and not this script, so that the compiler is not built a second time. A program of one's own uses `saggar-build` here
//! (see `examples/firmware-rust`).

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=SAGGAR_SPEAKER_MODULES");
    let Some(folder) = env::var_os("SAGGAR_SPEAKER_MODULES").map(PathBuf::from) else {
        println!(
            "cargo::error=SAGGAR_SPEAKER_MODULES names no folder with fired modules: build the speaker by `cargo xtask speaker`"
        );
        return;
    };
    // A module that is new changes the folder only.
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rustc-env=SAGGAR_SPEAKER_MODULES={}", folder.display());
    println!("cargo::rustc-link-search=native={}", folder.display());
    let mut objects: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".o") || name.ends_with(".rs"))
        .collect();
    objects.sort();
    for name in objects {
        println!("cargo::rerun-if-changed={}", folder.join(&name).display());
        if name.ends_with(".o") {
            println!("cargo::rustc-link-lib=static:-bundle,+verbatim={name}");
        }
    }
}
