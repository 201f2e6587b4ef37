//! Code size and compile time.

use super::contestants::Built;
use super::error::Error;
use super::programs::Program;
use super::tools::{repository, run};
use super::{Options, build, saggar};
use saggar_compiler::target::{Arch, Target};
use serde::Serialize;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Compilations of a small program of which the shortest counts.
const REPEATS: u32 = 5;

/// Code size and compile time of one program on x86_64. Compile times are the shortest of several, on one thread.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Weight {
    /// Bytes of clang's native code.
    pub clang_bytes: u64,
    /// Bytes of our code, stubs and entries included.
    pub saggar_bytes: u64,
    /// Bytes of wasm2c's output compiled by gcc -O2; its runtime is not counted.
    pub wasm2c_o2_bytes: u64,
    /// The same by gcc -Os.
    pub wasm2c_os_bytes: u64,
    /// Milliseconds of our compilation, in the build that runs the benchmark.
    pub saggar_ms: f64,
    /// Milliseconds of wasmtime's compilation of the same module, where it takes part.
    pub wasmtime_ms: Option<f64>,
    /// Milliseconds of clang -O2 for wasm2c's output, its start included.
    pub wasm2c_clang_ms: f64,
}

pub(super) fn weigh(program: &Program, built: &Built, wasmtime: Option<&Path>) -> Result<Weight, Error> {
    let mut wasm2c_clang = Duration::MAX;
    for _ in 0..REPEATS {
        let start = Instant::now();
        build::wasm2c_object(&built.wasm2c, "clang", "-O2")?;
        wasm2c_clang = wasm2c_clang.min(start.elapsed());
    }
    let saggar_time = saggar::compile_time(program.name, &built.module, Target::new(Arch::X86_64), REPEATS)?;
    Ok(Weight {
        clang_bytes: build::code_bytes(&built.native)?,
        saggar_bytes: build::code_bytes(&built.saggar)?,
        wasm2c_o2_bytes: build::code_bytes(&build::wasm2c_object(&built.wasm2c, "gcc", "-O2")?)?,
        wasm2c_os_bytes: build::code_bytes(&build::wasm2c_object(&built.wasm2c, "gcc", "-Os")?)?,
        saggar_ms: milliseconds(saggar_time),
        wasmtime_ms: wasmtime.map(|runner| wasmtime_compile_ms(program, runner, &built.module)).transpose()?,
        wasm2c_clang_ms: milliseconds(wasm2c_clang),
    })
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The wasmtime program, asked for the shortest of several compilations, writes nanoseconds.
fn wasmtime_compile_ms(program: &Program, runner: &Path, module: &Path) -> Result<f64, Error> {
    let output = run(Command::new(runner).args(["--compile", &REPEATS.to_string()]).arg(module))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let nanoseconds: u64 =
        text.parse().map_err(|_| Error::program(program.name, "wasmtime", format!("wrote {text:?}, not a time")))?;
    Ok(milliseconds(Duration::from_nanos(nanoseconds)))
}

/// Limits for the compilation of a large module on one thread.
pub const HEAVY_CPU_SECONDS: f64 = 2.5;
/// The peak of resident memory that it may reach, in bytes.
pub const HEAVY_PEAK_BYTES: u64 = 500_000_000;

/// What the compilation of a large module takes, on one thread, in a process of its own.
#[derive(Clone, Debug, Serialize)]
pub struct HeavyCompile {
    /// The module's file name.
    pub module: String,
    /// Its size in bytes.
    pub module_bytes: u64,
    /// One row an architecture.
    pub targets: Vec<HeavyTarget>,
}

/// The figures of one architecture.
#[derive(Clone, Debug, Serialize)]
pub struct HeavyTarget {
    /// The architecture.
    pub arch: &'static str,
    /// CPU time of the whole process, user and system.
    pub cpu_seconds: f64,
    /// Peak of resident memory.
    pub peak_bytes: u64,
    /// Bytes of the object.
    pub object_bytes: u64,
}

impl HeavyCompile {
    /// Whether every architecture stays within the limits.
    #[must_use]
    pub fn within_limits(&self) -> bool {
        self.targets.iter().all(|target| target.cpu_seconds <= HEAVY_CPU_SECONDS && target.peak_bytes <= HEAVY_PEAK_BYTES)
    }
}

/// Compiles a large module for each architecture and says what that took.
///
/// # Errors
/// When the module cannot be compiled.
pub fn heavy(module: &Path, options: &Options) -> Result<HeavyCompile, Error> {
    let module_bytes = std::fs::metadata(module).map_err(|source| Error::File { path: module.into(), source })?.len();
    let name = module.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut targets = Vec::new();
    for arch in Arch::ALL {
        options.say(&format!("compiling {name} for {} on one thread", arch.name()));
        let output = run(Command::new("cargo")
            .current_dir(repository())
            .args(["run", "--quiet", "-p", "saggar-testsuite", "--bin", "compile-cost", "--"])
            .arg(std::path::absolute(module).map_err(|source| Error::File { path: module.into(), source })?)
            .arg(arch.name()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let target = parse_cost(arch.name(), &text);
        targets.push(target.ok_or_else(|| Error::program(&name, "compile-cost", format!("wrote {text:?}")))?);
    }
    Ok(HeavyCompile { module: name, module_bytes, targets })
}

/// `CPU_SECONDS PEAK_BYTES OBJECT_BYTES`
fn parse_cost(arch: &'static str, text: &str) -> Option<HeavyTarget> {
    let mut words = text.split_whitespace();
    Some(HeavyTarget {
        arch,
        cpu_seconds: words.next()?.parse().ok()?,
        peak_bytes: words.next()?.parse().ok()?,
        object_bytes: words.next()?.parse().ok()?,
    })
}
