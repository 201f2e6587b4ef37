//! Finds PocketSphinx by pkg-config, for the target that is built.
//!
//! The `pkg-config` crate honours `PKG_CONFIG_PATH`, `PKG_CONFIG_SYSROOT_DIR` and their spellings with the
//! target's name, and refuses a cross build until `PKG_CONFIG_ALLOW_CROSS` is set: the host's library must not
//! slip into another machine's binary.

use std::process::ExitCode;

/// What pkg-config calls the two libraries, and where Debian keeps them.
const LIBRARIES: [(&str, &str); 2] = [("pocketsphinx", "libpocketsphinx-dev"), ("sphinxbase", "libsphinxbase-dev")];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    for (library, package) in LIBRARIES {
        // The file also names sphinxad, which reads microphones: linking it would pull ALSA in for nothing, so
        // only the folders are taken from pkg-config and the library's own name is linked.
        let found = pkg_config::Config::new().cargo_metadata(false).probe(library);
        match found {
            Ok(found) => {
                for folder in &found.link_paths {
                    println!("cargo::rustc-link-search=native={}", folder.display());
                }
                println!("cargo::rustc-link-lib=dylib={library}");
            }
            Err(error) => {
                println!(
                    "cargo::error=lib{library} was not found for this target. On Debian and Ubuntu: apt install {package} \
                     pocketsphinx-en-us pkg-config. For another machine: install {package}:ARCH, set \
                     PKG_CONFIG_ALLOW_CROSS=1 and point PKG_CONFIG_PATH at its pkgconfig folder."
                );
                for line in error.to_string().lines() {
                    println!("cargo::warning={line}");
                }
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
