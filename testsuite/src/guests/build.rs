//! Builds the guests, and fetches the one that is not ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// Which features of WebAssembly a guest may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// Those that the toolchain uses by itself.
    Scalar,
    /// `simd128` as well.
    Vectors,
}

const VECTORS_SUFFIX: &str = "_simd128";

impl Features {
    /// Both.
    pub const ALL: [Features; 2] = [Features::Scalar, Features::Vectors];

    /// A guest's name with these features, as it stands in tables and in `costs.toml`.
    #[must_use]
    pub fn name_of(self, guest: &str) -> String {
        match self {
            Features::Scalar => guest.to_owned(),
            Features::Vectors => format!("{guest}{VECTORS_SUFFIX}"),
        }
    }

    /// The guest whose name with vectors this is.
    #[must_use]
    pub fn scalar_name(name: &str) -> Option<&str> {
        name.strip_suffix(VECTORS_SUFFIX)
    }
}

/// Where the built guests are.
#[derive(Clone, Debug)]
pub struct Guests {
    scalar: PathBuf,
    vectors: PathBuf,
    /// The guest in C.
    pub c: PathBuf,
    /// SQLite.
    pub sql: PathBuf,
}

/// Why guests are not there.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A program could not be started.
    #[error("cannot start {program}: {source}")]
    Start {
        /// Its name.
        program: String,
        /// What the system says.
        source: io::Error,
    },
    /// A program failed.
    #[error("{command} failed:\n{messages}")]
    Failed {
        /// The command.
        command: String,
        /// What it printed.
        messages: String,
    },
    /// What was fetched is not what was pinned.
    #[error("{} has the SHA-256 {found}, not {expected}", file.display())]
    Hash {
        /// The file.
        file: PathBuf,
        /// The hash that it has.
        found: String,
        /// The hash that is pinned.
        expected: &'static str,
    },
    /// A folder could not be made.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The npm package with SQLite, its version, and the hash of the module in it.
const SQL_PACKAGE: &str = "sql.js@1.16.0";
const SQL_FILE: &str = "package/dist/sql-wasm.wasm";
const SQL_SHA256: &str = "43bbcdd44287e5a2db3b6b5af34b1a3485a7a441285d247976c1ebe3c61f8dbf";

impl Guests {
    /// The module of a DSP guest.
    #[must_use]
    pub fn dsp(&self, name: &str, features: Features) -> PathBuf {
        let folder = match features {
            Features::Scalar => &self.scalar,
            Features::Vectors => &self.vectors,
        };
        folder.join(format!("saggar_guest_{name}.wasm"))
    }
}

/// Where the guests' sources lie, and the folder for what is built.
fn folders() -> Result<(PathBuf, PathBuf), BuildError> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = here.parent().unwrap_or(here).join("target").join("guests");
    fs::create_dir_all(&built)?;
    Ok((here.join("guests"), built))
}

/// Builds the guests in Rust that are out of date; the folder of their modules.
///
/// # Errors
/// When Cargo is missing or fails.
pub fn build_rust(features: Features) -> Result<PathBuf, BuildError> {
    let (source, mut built) = folders()?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&source).args(["build", "--release", "--quiet", "--locked"]);
    if features == Features::Vectors {
        // Joined with the flags of the guests' own configuration; in a folder of its own, so that neither build undoes the other.
        cargo.args(["--config", r#"target.wasm32-unknown-unknown.rustflags = ["-Ctarget-feature=+simd128"]"#]);
        built = built.join("simd128");
    }
    cargo.arg("--target-dir").arg(&built);
    // An outer Cargo's flags are for another target.
    for variable in
        ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER"]
    {
        cargo.env_remove(variable);
    }
    run(&mut cargo)?;
    Ok(built.join("wasm32-unknown-unknown").join("release"))
}

/// Builds what is out of date, into the target folder.
///
/// # Errors
/// When a tool is missing or fails, or what is fetched is not what is pinned.
pub fn build() -> Result<Guests, BuildError> {
    let (source, built) = folders()?;
    // Other processes build the same, into the same folder, at the same time.
    let lock = fs::File::create(built.join("lock"))?;
    lock.lock()?;
    let (scalar, vectors) = (build_rust(Features::Scalar)?, build_rust(Features::Vectors)?);
    // Another process may be reading the file that is there: it is replaced as a whole.
    let (c, new) = (built.join("mixed.wasm"), built.join("mixed.wasm.new"));
    let mut clang = Command::new("clang");
    clang.args(["--target=wasm32", "-O2", "-nostdlib", "-ffreestanding", "-Wall", "-Wextra", "-Werror"]);
    clang.args(["-Wl,--no-entry", "-Wl,-z,stack-size=16384", "-o"]).arg(&new).arg(source.join("c").join("mixed.c"));
    run(&mut clang)?;
    fs::rename(&new, &c)?;
    Ok(Guests { scalar, vectors, c, sql: fetch_sql(&built)? })
}

fn fetch_sql(built: &Path) -> Result<PathBuf, BuildError> {
    let folder = built.join("sql");
    let file = folder.join(SQL_FILE);
    if !file.is_file() {
        fs::create_dir_all(&folder)?;
        let archive = run(Command::new("npm").current_dir(&folder).args(["pack", "--silent", SQL_PACKAGE]))?;
        run(Command::new("tar").current_dir(&folder).arg("xzf").arg(archive.trim()).arg(SQL_FILE))?;
    }
    let sum = run(Command::new("sha256sum").arg(&file))?;
    let found = sum.split_whitespace().next().unwrap_or("").to_owned();
    if found == SQL_SHA256 { Ok(file) } else { Err(BuildError::Hash { file, found, expected: SQL_SHA256 }) }
}

/// Runs a program to its end; what it wrote to standard output.
fn run(command: &mut Command) -> Result<String, BuildError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|source| BuildError::Start { program, source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(BuildError::Failed { command: format!("{command:?}"), messages })
}
