//! Where the sources of what is built for a target lie.
//!
//! Programs of the repository use the repository's own, in place. A program that was installed carries them, and unpacks them into
//! a folder of the person's cache whose name is their hash, where they are also built. Any number of processes may do so at once:
//! a file is written under another name and then renamed, so that none ever reads half of one, and one that is there and right
//! is left alone. One that was damaged since is mended.

use crate::toolchain::ToolchainError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Files that a program carries, by their paths in the repository: its manifest, `abi`, `runtime-lib`, and the runner's program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The files.
    pub files: &'static [(&'static str, &'static [u8])],
    /// Tells a person what takes a while.
    pub announce: fn(&str),
}

/// Where sources lie and where they are built.
#[derive(Debug)]
pub(crate) struct Place {
    /// The folder that stands for the repository's.
    pub(crate) sources: PathBuf,
    /// Cargo's target folder.
    pub(crate) built: PathBuf,
    /// Tells a person what takes a while.
    pub(crate) announce: fn(&str),
}

static EMBEDDED: OnceLock<Embedded> = OnceLock::new();

/// From here on, what is built for a target is built from these files; to be called once, before anything is built.
///
/// A program that lies in the repository's folder, as one that Cargo has just built, uses the repository's own all the same.
pub fn use_embedded(embedded: Embedded) {
    let in_repository = std::env::current_exe().is_ok_and(|program| program.starts_with(repository()));
    if !in_repository {
        // A second call would find the first one's files, which are the same program's.
        let _ = EMBEDDED.set(embedded);
    }
}

/// The folder in which Rust's programs run, so that what a person configures for it holds for all of them alike.
///
/// # Errors
/// When the sources cannot be unpacked.
pub fn folder() -> Result<&'static Path, ToolchainError> {
    Ok(&place()?.sources)
}

/// The place; unpacked when first asked for.
pub(crate) fn place() -> Result<&'static Place, ToolchainError> {
    static PLACE: OnceLock<Result<Place, ToolchainError>> = OnceLock::new();
    let find = || match EMBEDDED.get() {
        None => Ok(Place { sources: repository(), built: repository().join("target").join("device"), announce: |_| {} }),
        Some(embedded) => unpack(embedded, &cache()?),
    };
    PLACE.get_or_init(find).as_ref().map_err(ToolchainError::clone)
}

/// The repository that this crate was built in.
pub(crate) fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder for caches of the person who runs this, as the XDG specification says.
fn cache() -> Result<PathBuf, ToolchainError> {
    let set = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set.or_else(|| std::env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".cache")));
    folder.ok_or_else(|| ToolchainError::Unpack("there is no folder for it; set XDG_CACHE_HOME to one".to_owned()))
}

fn unpack(embedded: &Embedded, cache: &Path) -> Result<Place, ToolchainError> {
    let folder = cache.join("saggar").join(format!("{:016x}", hash(embedded.files)));
    let sources = folder.join("sources");
    for (name, bytes) in embedded.files {
        let path = sources.join(name);
        let mended = (*name == "Cargo.toml").then(|| manifest(bytes)).transpose()?;
        write_where_different(&path, mended.as_deref().unwrap_or(bytes))
            .map_err(|error| ToolchainError::Unpack(format!("{}: {error}", path.display())))?;
    }
    Ok(Place { sources, built: folder.join("device"), announce: embedded.announce })
}

/// A name for this version of the sources.
fn hash(files: &[(&str, &[u8])]) -> u64 {
    let all: Vec<u8> = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), &[0], bytes, &[0]].concat()).collect();
    crate::hash(&all)
}

/// The repository's manifest, as that of a workspace of the runtime library and what it needs.
fn manifest(bytes: &[u8]) -> Result<Vec<u8>, ToolchainError> {
    let strange = || ToolchainError::Unpack("the workspace's manifest is not as expected".to_owned());
    let text = std::str::from_utf8(bytes).map_err(|_| strange())?;
    let mut lines = Vec::new();
    let mut found = 0;
    for line in text.lines() {
        match line.split(" = ").next() {
            Some("members") => {
                lines.push(r#"members = ["abi", "runtime-lib"]"#);
                found += 1;
            }
            // Each on one line, so that nothing of them is left.
            Some("default-members" | "exclude") if line.ends_with(']') => found += 1,
            _ => lines.push(line),
        }
    }
    if found == 3 { Ok((lines.join("\n") + "\n").into_bytes()) } else { Err(strange()) }
}

/// Writes a file, unless it is there and the same.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_where_different(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder)?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!(".{}-{number}", process::id()));
    let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // It is the first error that counts.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{Embedded, manifest, repository, unpack};
    use crate::TemporaryFolder;
    use std::fs;
    use std::path::Path;
    use std::thread;

    const FILES: &[(&str, &[u8])] = &[("abi/src/lib.rs", b"one"), ("runtime-lib/Cargo.toml", b"two")];
    const EMBEDDED: Embedded = Embedded { files: FILES, announce: |_| {} };

    fn check_contents(sources: &Path) {
        for (name, bytes) in FILES {
            assert_eq!(fs::read(sources.join(name)).unwrap(), *bytes, "{name}");
        }
    }

    fn check(sources: &Path) {
        check_contents(sources);
        let entries = fs::read_dir(sources.join("abi/src")).unwrap().count();
        assert_eq!(entries, 1, "nothing is left of the way there");
    }

    #[test]
    fn many_unpack_at_once() {
        let cache = TemporaryFolder::new().unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                // Another may be on its way meanwhile, which leaves nothing only once it is there.
                scope.spawn(|| check_contents(&unpack(&EMBEDDED, cache.path()).unwrap().sources));
            }
        });
        check(&unpack(&EMBEDDED, cache.path()).unwrap().sources);
    }

    #[test]
    fn damage_is_mended_and_what_is_right_is_left_alone() {
        let cache = TemporaryFolder::new().unwrap();
        let sources = unpack(&EMBEDDED, cache.path()).unwrap().sources;
        let written = |name: &str| fs::metadata(sources.join(name)).unwrap().modified().unwrap();
        fs::write(sources.join(FILES[0].0), "half").unwrap();
        let before = written(FILES[1].0);
        unpack(&EMBEDDED, cache.path()).unwrap();
        check(&sources);
        assert_eq!(written(FILES[1].0), before);
    }

    #[test]
    fn other_sources_lie_elsewhere() {
        let cache = TemporaryFolder::new().unwrap();
        let other = Embedded { files: &FILES[..1], ..EMBEDDED };
        let (one, two) = (unpack(&EMBEDDED, cache.path()).unwrap(), unpack(&other, cache.path()).unwrap());
        assert_ne!((one.sources, one.built), (two.sources, two.built));
    }

    #[test]
    fn the_manifest_keeps_all_but_the_other_members() {
        let bytes = fs::read(repository().join("Cargo.toml")).unwrap();
        let text = String::from_utf8(manifest(&bytes).unwrap()).unwrap();
        for part in ["members = [\"abi\", \"runtime-lib\"]", "[workspace.package]", "[profile.device]", "[workspace.lints.rust]"]
        {
            assert!(text.contains(part), "`{part}` is missing:\n{text}");
        }
        assert!(!text.contains("testsuite\"]"), "{text}");
        assert!(manifest(b"[workspace]\nmembers = [\n").is_err());
    }
}
