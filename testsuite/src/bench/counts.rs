//! Exact costs: executed instructions on aarch64 and riscv64 under QEMU, and bytes of code on every target, ours
//! beside clang's for the same source.

use super::error::Error;
use super::programs::Program;
use super::tools::{output_folder, read, repository, run};
use super::{Options, build, guests, saggar};
use crate::rows;
use crate::target::{Tools, tools};
use saggar_compiler::Meter;
use saggar_compiler::target::{Arch, Target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The costs of all programs: program → target → cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts {
    /// Keys are names of programs, then of architectures.
    pub programs: BTreeMap<String, BTreeMap<String, Cost>>,
}

/// What one program costs on one target, with its usual argument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Instructions that our code executes in one call of `run`; absent where there is no exact counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saggar_instructions: Option<u64>,
    /// The same of clang's native code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clang_instructions: Option<u64>,
    /// Bytes of our code, stubs and entries included.
    pub saggar_code_bytes: u64,
    /// Bytes of clang's native code; absent for guests, which exist as WebAssembly only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clang_code_bytes: Option<u64>,
    /// Instructions of our code metered by fuel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel_instructions: Option<u64>,
    /// Instructions of our code that looks at a flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag_instructions: Option<u64>,
    /// Bytes of our code metered by fuel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel_code_bytes: Option<u64>,
    /// Bytes of our code that looks at a flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag_code_bytes: Option<u64>,
}

/// The architectures with an exact counter.
const COUNTED: [Arch; 2] = [Arch::Aarch64, Arch::Riscv64];

/// Builds every chosen program, runs it under QEMU and counts.
///
/// # Errors
/// When a tool is missing, a program cannot be built, or a checksum differs from the native program's.
pub fn counts(options: &Options) -> Result<Counts, Error> {
    let plugin = plugin()?;
    let mut counters = Vec::new();
    for arch in Arch::ALL {
        counters.push((arch, COUNTED.contains(&arch).then(|| Counter::new(arch, &plugin)).transpose()?));
    }
    let mut counts = Counts::default();
    for program in options.chosen() {
        let module = build::wasm(program.name)?;
        let costs = counts.programs.entry(program.name.to_owned()).or_default();
        for (arch, counter) in &counters {
            costs.insert(arch.name().to_owned(), cost(program, &module, *arch, counter.as_ref())?);
        }
        options.say(&format!("counted {}", program.name));
    }
    guests::counts(options, &plugin, &mut counts)?;
    Ok(counts)
}

fn cost(program: &Program, module: &Path, arch: Arch, counter: Option<&Counter>) -> Result<Cost, Error> {
    let native = build::native(program.name, arch)?;
    let mut cost = Cost { clang_code_bytes: Some(build::code_bytes(&native)?), ..Cost::default() };
    let mut expected = None;
    if let Some(counter) = counter {
        let (checksum, instructions) = counter.count_native(program, &native)?;
        cost.clang_instructions = Some(instructions);
        expected = Some(checksum);
    }
    let name = program.name;
    for meter in METERS {
        let object = saggar::object(name, module, Target::new(arch), meter)?;
        let driver = counter.map(|counter| (counter, counter.saggar_driver.as_path(), program.n));
        expected = ours(&mut cost, name, &object, meter, driver, expected)?;
    }
    Ok(cost)
}

/// Every way of metering, the one without a meter first.
pub(super) const METERS: [Meter; 3] = [Meter::Off, Meter::Fuel, Meter::Flag];

/// Enters what our object costs: its bytes, and with a driver and its argument the instructions. The checksum must be the expected
/// one, and is what the next object's must be.
pub(super) fn ours(
    cost: &mut Cost,
    name: &str,
    object: &Path,
    meter: Meter,
    driver: Option<(&Counter<'_>, &Path, u32)>,
    expected: Option<u32>,
) -> Result<Option<u32>, Error> {
    let bytes = build::code_bytes(object)?;
    let counted = driver.map(|(counter, driver, n)| counter.count_saggar(name, driver, n, object)).transpose()?;
    let executed = counted.map(|(_, instructions)| instructions);
    let checksum = counted.map(|(checksum, _)| checksum);
    if let Some((found, expected)) = checksum.zip(expected)
        && found != expected
    {
        return Err(Error::Checksum { program: name.into(), engine: format!("saggar, meter {meter:?}"), found, expected });
    }
    match meter {
        Meter::Off => (cost.saggar_instructions, cost.saggar_code_bytes) = (executed, bytes),
        Meter::Fuel => (cost.fuel_instructions, cost.fuel_code_bytes) = (executed, Some(bytes)),
        Meter::Flag => (cost.flag_instructions, cost.flag_code_bytes) = (executed, Some(bytes)),
    }
    Ok(checksum)
}

/// Builds the counting plugin.
fn plugin() -> Result<PathBuf, Error> {
    let target = output_folder("icount")?;
    let manifest = repository().join("testsuite/icount/Cargo.toml");
    // Flags for the programs of this workspace are none for a library that QEMU loads.
    run(Command::new("cargo")
        .args(["build", "--release", "--quiet", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS"))?;
    Ok(target.join("release/libsaggar_icount.so"))
}

/// What is needed to link and count on one architecture.
pub(super) struct Counter<'a> {
    target: Target,
    /// The emulator's model; `None` for its default.
    cpu: Option<String>,
    plugin: &'a Path,
    native_driver: PathBuf,
    saggar_driver: PathBuf,
    memory_functions: Vec<String>,
    tools: &'static Tools,
}

impl<'a> Counter<'a> {
    fn new(arch: Arch, plugin: &'a Path) -> Result<Counter<'a>, Error> {
        Ok(Counter {
            target: Target::new(arch),
            cpu: None,
            plugin,
            native_driver: build::driver("counted", "NATIVE", arch)?,
            saggar_driver: build::driver("counted", "SAGGAR", arch)?,
            memory_functions: build::memory_functions(arch)?,
            tools: tools(arch)?,
        })
    }

    /// A counter for guests on a row of the target's table that runs here. On x86-64 the emulator has what every row declares.
    pub(super) fn of_row(target: Target, plugin: &'a Path) -> Result<Counter<'a>, Error> {
        let cpu = rows::runner_options(target).and_then(|options| options.cpu);
        let cpu = if target.arch() == Arch::X86_64 { Some("max".to_owned()) } else { cpu };
        Ok(Counter {
            target,
            cpu,
            plugin,
            native_driver: PathBuf::new(),
            saggar_driver: PathBuf::new(),
            memory_functions: Vec::new(),
            tools: tools(target.arch())?,
        })
    }

    /// What it counts on.
    pub(super) fn target(&self) -> Target {
        self.target
    }

    /// Checksum and instructions of the native program.
    fn count_native(&self, program: &Program, object: &Path) -> Result<(u32, u64), Error> {
        let image = object.with_extension("elf");
        run(self.link(&image).arg(&self.native_driver).arg(object).args(&self.memory_functions))?;
        self.count(program.name, program.n, "clang", &image)
    }

    /// Checksum and instructions of our program, called by a driver with an argument.
    fn count_saggar(&self, name: &str, driver: &Path, n: u32, object: &Path) -> Result<(u32, u64), Error> {
        let image = object.with_extension("elf");
        run(self.link(&image).arg(driver).arg(object).arg(&self.tools.runtime_library))?;
        self.count(name, n, "saggar", &image)
    }

    fn link(&self, image: &Path) -> Command {
        let mut command = Command::new(&self.tools.rust_lld);
        command.args(["-flavor", "gnu", "-static", "--gc-sections", "--fatal-warnings", "-o"]).arg(image);
        command
    }

    fn count(&self, name: &str, n: u32, engine: &str, image: &Path) -> Result<(u32, u64), Error> {
        let engine = format!("{engine} on {}", rows::name(self.target));
        let log = image.with_extension("log");
        let plugin = format!("{},log={}", self.plugin.display(), log.display());
        let mut qemu = Command::new(format!("qemu-{}", self.target.arch().name()));
        if let Some(cpu) = &self.cpu {
            qemu.args(["-cpu", cpu]);
        }
        let output = run(qemu.args(["-plugin", &plugin]).arg(image).arg(n.to_string()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let checksum = u32::from_str_radix(text.trim(), 16);
        let checksum = checksum.map_err(|_| Error::program(name, &engine, format!("wrote {text:?}, not a checksum")))?;
        let log = String::from_utf8_lossy(&read(&log)?).into_owned();
        let instructions =
            between_marks(&log).ok_or_else(|| Error::program(name, &engine, format!("the counter wrote {log:?}")))?;
        Ok((checksum, instructions))
    }
}

/// The instructions between mark 0 and mark 1, each of which must have been executed exactly once. The counter
/// writes a line `TAG COUNT` at each mark.
fn between_marks(log: &str) -> Option<u64> {
    let marks: Vec<Option<(u32, u64)>> = log
        .lines()
        .map(|line| line.split_once(' ').and_then(|(tag, count)| Some((tag.parse().ok()?, count.parse().ok()?))))
        .collect();
    match marks[..] {
        [Some((0, start)), Some((1, end))] => end.checked_sub(start),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::between_marks;

    #[test]
    fn logs_of_the_counter() {
        assert_eq!(between_marks("0 12\n1 42\n"), Some(30));
        for bad in ["", "0 12\n", "1 12\n0 42\n", "0 12\n1 42\n1 43\n", "0 12\nx 42\n"] {
            assert_eq!(between_marks(bad), None, "{bad:?}");
        }
    }
}
