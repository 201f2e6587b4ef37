//! Who is timed on x86_64, and how each is built.

use super::engine::Engine;
use super::error::Error;
use super::programs::Program;
use super::tools::{output_folder, run, source};
use super::{Options, build, saggar};
use crate::target::tools;
use saggar_compiler::Meter;
use saggar_compiler::target::{Arch, Target};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Clang's native code: what all others are measured against.
pub const CLANG: &str = "clang";
/// Our code.
pub const SAGGAR: &str = "saggar";
/// wasm2c's output compiled by gcc.
pub const WASM2C_GCC: &str = "wasm2c+gcc";
/// wasm2c's output compiled by clang.
pub const WASM2C_CLANG: &str = "wasm2c+clang";
/// wasmtime with explicit bounds checks and no signals.
pub const WASMTIME: &str = "wasmtime";
/// wasmi, an interpreter.
pub const WASMI: &str = "wasmi";

/// What every program needs again.
pub(super) struct Workshop {
    runtime: &'static Path,
    native_driver: PathBuf,
    saggar_driver: PathBuf,
    /// The programs that run modules in wasmtime and wasmi, where they are wanted.
    pub(super) wasmtime: Option<PathBuf>,
    wasmi: Option<PathBuf>,
}

/// The files of one program.
pub(super) struct Built {
    pub(super) module: PathBuf,
    pub(super) native: PathBuf,
    pub(super) saggar: PathBuf,
    pub(super) wasm2c: PathBuf,
}

impl Workshop {
    pub(super) fn open(options: &Options) -> Result<Workshop, Error> {
        let rival = |name: &str| options.rivals.then(|| rival(name, options)).transpose();
        Ok(Workshop {
            runtime: &tools(Arch::X86_64)?.runtime_library,
            native_driver: build::driver("timed", "NATIVE", Arch::X86_64)?,
            saggar_driver: build::driver("timed", "SAGGAR", Arch::X86_64)?,
            wasmi: rival("wasmi")?,
            wasmtime: rival("wasmtime")?,
        })
    }

    pub(super) fn build(&self, program: &Program) -> Result<Built, Error> {
        let module = build::wasm(program.name)?;
        Ok(Built {
            native: build::native(program.name, Arch::X86_64)?,
            saggar: saggar::object(program.name, &module, Target::new(Arch::X86_64), Meter::Off)?,
            wasm2c: build::wasm2c(program.name, &module)?,
            module,
        })
    }

    /// Starts all contestants with a program; clang is the first.
    pub(super) fn start(&self, program: &Program, built: &Built) -> Result<Vec<Engine>, Error> {
        let folder = output_folder(&format!("timed/{}", program.name))?;
        let native = folder.join("clang");
        run(hosted_link(&native).arg(&self.native_driver).arg(&built.native))?;
        let ours = folder.join("saggar");
        run(hosted_link(&ours).arg(&self.saggar_driver).arg(&built.saggar).arg(self.runtime))?;

        let mut engines = vec![
            Engine::start(CLANG, program.name, Command::new(native))?,
            Engine::start(SAGGAR, program.name, Command::new(ours))?,
            Engine::start(WASM2C_GCC, program.name, Command::new(wasm2c_program(&built.wasm2c, "gcc", &folder)?))?,
            Engine::start(WASM2C_CLANG, program.name, Command::new(wasm2c_program(&built.wasm2c, "clang", &folder)?))?,
        ];
        for (name, runner) in [(WASMTIME, &self.wasmtime), (WASMI, &self.wasmi)] {
            if let Some(runner) = runner {
                let mut command = Command::new(runner);
                command.arg(&built.module);
                engines.push(Engine::start(name, program.name, command)?);
            }
        }
        Ok(engines)
    }
}

/// Links with the C library, as a native program is: its copying functions are those that the CPU likes best.
fn hosted_link(image: &Path) -> Command {
    let mut command = Command::new("clang");
    command.args(["-no-pie", "-Wl,--gc-sections", "-o"]).arg(image);
    command
}

fn wasm2c_program(source_file: &Path, compiler: &str, folder: &Path) -> Result<PathBuf, Error> {
    const RUNTIME: &str = "/usr/share/wabt/wasm2c";
    let image = folder.join(format!("wasm2c-{compiler}"));
    let object = build::wasm2c_object(source_file, compiler, "-O2")?;
    let headers = source_file.parent().unwrap_or(folder);
    run(Command::new(compiler)
        .args(["-O2", "-DGUEST_WASM2C"])
        .args(build::WASM2C_FLAGS)
        .arg("-I")
        .arg(headers)
        .args(["-I", RUNTIME])
        .arg(source("drivers/timed.c"))
        .arg(format!("{RUNTIME}/wasm-rt-impl.c"))
        .arg(object)
        .args(["-lm", "-o"])
        .arg(&image))?;
    Ok(image)
}

/// Builds the program that runs modules in another engine: a workspace of its own, since wasmtime takes minutes.
fn rival(name: &str, options: &Options) -> Result<PathBuf, Error> {
    let folder = source(name);
    options.say(&format!("building the comparison with {name} (wasmtime's first build takes minutes)"));
    run(Command::new("cargo")
        .current_dir(&folder)
        .args(["build", "--release", "--quiet", "--target-dir"])
        .arg(folder.join("target"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS"))?;
    Ok(folder.join("target/release").join(format!("saggar-bench-{name}")))
}
