//! Builds guests and images where they lie, by the commands that a person uses: the guests' makefile, Cargo for the firmware in
//! Rust, and make for the one in C. One process at a time.

use super::{Error, Kind, read};
use crate::target::toolchain;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Meter, Options, Placement, bindings, compile};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The guests, as bytes.
#[derive(Clone, Debug)]
pub struct Guests {
    /// The decoder, in C.
    pub wave: Vec<u8>,
    /// The equaliser, in Rust.
    pub equaliser: Vec<u8>,
}

fn repository() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The folder of the examples.
#[must_use]
pub fn examples() -> PathBuf {
    repository().join("examples")
}

/// Where what Cargo builds of the firmware in Rust goes.
fn target_folder() -> PathBuf {
    repository().join("target").join("firmware")
}

/// An image that was built.
#[derive(Clone, Debug)]
pub struct Image {
    /// The ELF file. Another process may build it again at any time.
    pub path: PathBuf,
    /// What it holds.
    pub elf: Vec<u8>,
}

/// Keeps other processes and threads out, until it is dropped.
fn lock() -> Result<File, Error> {
    let path = target_folder().join("lock");
    let lock = || {
        fs::create_dir_all(target_folder())?;
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    };
    lock().map_err(|source| Error::File { path: path.clone(), source })
}

/// Builds the guests, where they are out of date.
///
/// # Errors
/// When they cannot be built.
pub fn guests() -> Result<Guests, Error> {
    let _lock = lock()?;
    make_guests()
}

fn make_guests() -> Result<Guests, Error> {
    let folder = examples().join("guests");
    run(clean("make").arg("--quiet").arg("-C").arg(&folder))?;
    let built = |name: &str| read(&folder.join("built").join(name));
    Ok(Guests { wave: built("wave.wasm")?, equaliser: built("equaliser.wasm")? })
}

/// Builds an image with its guests, where it is out of date. `saggar` as in [`run`](super::run).
///
/// # Errors
/// When it cannot be built; the message is the tool's.
pub fn image(kind: Kind, arch: Arch, saggar: Option<&Path>) -> Result<Image, Error> {
    let _lock = lock()?;
    let guests = make_guests()?;
    let path = match kind {
        Kind::Rust => rust(arch),
        Kind::C => c(arch, &guests, saggar),
    }?;
    Ok(Image { elf: read(&path)?, path })
}

/// Builds an image anew, although nothing is out of date.
///
/// # Errors
/// As [`image`].
pub fn image_again(kind: Kind, arch: Arch) -> Result<Image, Error> {
    let _lock = lock()?;
    let guests = make_guests()?;
    let path = match kind {
        Kind::Rust => {
            run(cargo("clean", arch).args(["--package", "firmware-rust"]))?;
            rust(arch)
        }
        Kind::C => {
            let old = c_image(arch);
            if old.exists() {
                fs::remove_file(&old).map_err(|source| Error::File { path: old, source })?;
            }
            c(arch, &guests, None)
        }
    }?;
    Ok(Image { elf: read(&path)?, path })
}

/// Cargo on the firmware in Rust.
fn cargo(subcommand: &str, arch: Arch) -> Command {
    let target = toolchain::rust_target(arch);
    let mut command = clean(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(examples().join("firmware-rust")).arg(subcommand);
    command.args(["--quiet", "--release", "--locked", "--target", target, "--target-dir"]).arg(target_folder());
    // Debug information names files; not where they lie here. Beside the flags of the firmware's own configuration.
    let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", target.to_uppercase().replace('-', "_"));
    command.env(variable, format!("--remap-path-prefix={}=saggar", repository().display()));
    command
}

fn rust(arch: Arch) -> Result<PathBuf, Error> {
    run(&mut cargo("build", arch))?;
    Ok(target_folder().join(toolchain::rust_target(arch)).join("release").join("firmware-rust"))
}

fn c_folder() -> PathBuf {
    examples().join("firmware-c")
}

fn c_image(arch: Arch) -> PathBuf {
    c_folder().join("built").join(arch.name()).join("firmware-c")
}

const C_PARTS: [&str; 6] = ["wave.o", "wave.h", "equaliser.o", "equaliser.h", "libsaggar_runtime.a", "saggar.h"];

fn c(arch: Arch, guests: &Guests, saggar: Option<&Path>) -> Result<PathBuf, Error> {
    let image = c_image(arch);
    let folder = image.parent().unwrap_or(&image).to_path_buf();
    let file_error = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::File { path, source }
    };
    fs::create_dir_all(&folder).map_err(file_error(&folder))?;
    let mut make = clean("make");
    make.arg("--quiet").arg("-C").arg(c_folder()).arg(format!("TARGET={}", arch.name()));
    match saggar {
        // What may be there is not by this very program.
        Some(program) => {
            for part in C_PARTS {
                let path = folder.join(part);
                if path.exists() {
                    fs::remove_file(&path).map_err(file_error(&path))?;
                }
            }
            make.arg(format!("SAGGAR={}", program.display()));
        }
        None => {
            for (part, bytes) in C_PARTS.into_iter().zip(c_parts(arch, guests)?) {
                let path = folder.join(part);
                fs::write(&path, bytes).map_err(file_error(&path))?;
            }
        }
    }
    run(&mut make)?;
    Ok(image)
}

/// What the commands `aot` and `library` write, with the flags that the makefile gives them.
fn c_parts(arch: Arch, guests: &Guests) -> Result<[Vec<u8>; 6], Error> {
    let fire = |name: &'static str, wasm: &[u8], set: fn(&mut Options)| {
        let mut options = Options::new(Target::new(arch), name);
        (options.stack_bytes, options.headroom_bytes) = (8 << 10, 4 << 10);
        set(&mut options);
        let artifact = compile(wasm, &options).map_err(|error| Error::Compile(name, error))?;
        Ok::<_, Error>((artifact.object, bindings::c(&artifact.interface).into_bytes()))
    };
    let wave = fire("wave", &guests.wave, |options| {
        options.meter = Meter::Flag;
        options.memory_bytes = Some(8 << 10);
    })?;
    let equaliser = fire("equaliser", &guests.equaliser, |options| {
        options.meter = Meter::Fuel;
        options.placement = Placement {
            section_prefix: ".dsp".to_owned(),
            function_sections: true,
            memory_section: Some(".fast.equaliser".to_owned()),
            memory_align: Some(64),
        };
    })?;
    let library = read(&toolchain::runtime_library(arch)?)?;
    Ok([wave.0, wave.1, equaliser.0, equaliser.1, library, toolchain::header()?])
}

/// A program without what an outer Cargo or make set for its own children.
fn clean(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for variable in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_TARGET_DIR",
        "RUSTC_WORKSPACE_WRAPPER",
        "MAKEFLAGS",
        "MFLAGS",
        "MAKELEVEL",
    ] {
        command.env_remove(variable);
    }
    command
}

/// Runs a program to its end.
fn run(command: &mut Command) -> Result<(), Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|source| Error::Start { program, source })?;
    if output.status.success() {
        return Ok(());
    }
    let messages = [output.stdout, output.stderr].concat();
    Err(Error::Failed { command: format!("{command:?}"), messages: String::from_utf8_lossy(&messages).into_owned() })
}
