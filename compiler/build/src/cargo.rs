//! What Cargo tells a build script, and what it wants to hear.

use crate::error::Error;
use std::path::{Path, PathBuf};

/// What Cargo tells.
#[derive(Clone, Debug)]
pub(crate) struct Cargo {
    /// The target that is being built, by Cargo's name.
    pub(crate) target: String,
    /// Its architecture, operating system and byte order, as in `cfg`.
    pub(crate) arch: String,
    pub(crate) os: String,
    pub(crate) endian: String,
    /// Features of its CPU that are on, as in `cfg`.
    pub(crate) features: Vec<String>,
    /// Where to write to.
    pub(crate) out_dir: PathBuf,
    /// Where the package lies; a module's path counts from here.
    pub(crate) manifest_dir: PathBuf,
}

impl Cargo {
    /// What Cargo tells this process.
    ///
    /// # Errors
    /// When Cargo did not start it as a build script.
    pub(crate) fn here() -> Result<Cargo, Error> {
        let get = |name: &'static str| std::env::var(name).map_err(|_| Error::NotABuildScript(name));
        // A target without any feature has no such variable.
        let features = std::env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
        let target = get("TARGET")?;
        Ok(Cargo {
            features: all_features(&target, &features),
            target,
            arch: get("CARGO_CFG_TARGET_ARCH")?,
            os: get("CARGO_CFG_TARGET_OS")?,
            endian: get("CARGO_CFG_TARGET_ENDIAN")?,
            out_dir: get("OUT_DIR")?.into(),
            manifest_dir: get("CARGO_MANIFEST_DIR")?.into(),
        })
    }

    /// What Cargo wants to hear of an object that was made from a module.
    ///
    /// The object is linked as it is, like a library with a name of its own: Cargo passes that on from a library crate to the
    /// program that uses it, which it does not do with arguments for the linker.
    pub(crate) fn lines(&self, module: &Path, object: &str, notes: &[String]) -> Vec<String> {
        let mut lines = vec![
            format!("cargo::rerun-if-changed={}", module.display()),
            format!("cargo::rustc-link-search=native={}", self.out_dir.display()),
            format!("cargo::rustc-link-lib=static:-bundle,+verbatim={object}"),
        ];
        // A line is all that a warning may be.
        lines.extend(notes.iter().map(|note| format!("cargo::warning={object}: {}", note.replace('\n', " "))));
        lines
    }
}

/// The features that are listed, and those that Rust does not list because their names are not stable: on RISC-V floating point,
/// which the target's name tells.
fn all_features(target: &str, listed: &str) -> Vec<String> {
    let mut features: Vec<String> = listed.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let extensions = target.strip_prefix("riscv64").and_then(|rest| rest.split('-').next()).unwrap_or_default();
    // `gc`, or a profile such as `a23`; every profile has what `gc` has.
    if extensions.contains('g') || extensions.starts_with("a2") {
        features.extend(["f", "d"].map(str::to_owned));
    }
    features
}

#[cfg(test)]
mod tests {
    use super::all_features;

    #[test]
    fn the_name_tells_of_floating_point() {
        assert_eq!(all_features("riscv64gc-unknown-none-elf", "a,c,m"), ["a", "c", "m", "f", "d"]);
        assert_eq!(all_features("riscv64a23-unknown-linux-gnu", ""), ["f", "d"]);
        assert_eq!(all_features("riscv64imac-unknown-none-elf", "a,c,m"), ["a", "c", "m"]);
        assert_eq!(all_features("aarch64-unknown-none", "neon"), ["neon"]);
    }
}
