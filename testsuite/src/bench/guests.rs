//! Exact costs of the DSP guests, with each meter. Nobody else compiles them here, so there is nothing beside them.

use super::counts::{Cost, Counter, Counts, METERS, ours};
use super::error::Error;
use super::tools::{output_folder, read, run, source, write};
use super::{Options, build};
use crate::guests;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Meter, compile};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A guest with its format, and how many frames are counted.
struct Guest {
    name: &'static str,
    rate_hz: u32,
    frame: u32,
    frames: u32,
}

const GUESTS: [Guest; 3] = [
    Guest { name: "denoise", rate_hz: 48_000, frame: 480, frames: 4 },
    Guest { name: "voice", rate_hz: 16_000, frame: 256, frames: 12 },
    Guest { name: "echo", rate_hz: 16_000, frame: 160, frames: 12 },
];

/// Bytes to which the guests' memories may grow.
const RESERVE_BYTES: u64 = 8 << 20;
/// Bytes of stack: optimised DSP code keeps whole frames there.
const STACK_BYTES: u32 = 256 << 10;

/// Counts what the filter lets through.
pub(super) fn counts(options: &Options, counters: &[(Arch, Option<Counter<'_>>)], counts: &mut Counts) -> Result<(), Error> {
    let chosen: Vec<&Guest> = GUESTS.iter().filter(|guest| options.wants(guest.name)).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let built = guests::build_rust().map_err(|error| Error::program("the guests", "cargo", error.to_string()))?;
    for guest in chosen {
        let wasm = read(&built.join(format!("saggar_guest_{}.wasm", guest.name)))?;
        for (arch, counter) in counters {
            let costs = counts.programs.entry(guest.name.to_owned()).or_default();
            costs.insert(arch.name().to_owned(), cost(guest, &wasm, *arch, counter.as_ref())?);
        }
        options.say(&format!("counted {}", guest.name));
    }
    Ok(())
}

fn cost(guest: &Guest, wasm: &[u8], arch: Arch, counter: Option<&Counter<'_>>) -> Result<Cost, Error> {
    let mut cost = Cost::default();
    let mut expected = None;
    for meter in METERS {
        let (object, memory) = object(guest, wasm, arch, meter)?;
        let driver = counter.map(|_| driver(guest, &memory, arch)).transpose()?;
        let driver = counter.zip(driver.as_deref()).map(|(counter, driver)| (counter, driver, guest.frames));
        expected = ours(&mut cost, guest.name, &object, meter, driver, expected)?;
    }
    Ok(cost)
}

/// The object of a guest, and the symbol of its memory.
fn object(guest: &Guest, wasm: &[u8], arch: Arch, meter: Meter) -> Result<(PathBuf, String), Error> {
    let target = Target::new(arch);
    let mut options = saggar_compiler::Options::new(target, "program");
    options.memory_reserve_bytes = Some(RESERVE_BYTES);
    options.stack_bytes = STACK_BYTES;
    options.meter = meter;
    let artifact = compile(wasm, &options).map_err(|source| Error::Compile {
        program: guest.name.into(),
        target: format!("{} ({})", arch.name(), target.cpu().name),
        source,
    })?;
    let memory = artifact.interface.exports.iter().find(|export| export.name == "memory");
    let memory = memory.ok_or_else(|| Error::program(guest.name, "saggar", "it exports no memory"))?;
    let folder = output_folder(&format!("guests/{}-{meter:?}", arch.name()))?;
    let object = folder.join(format!("{}.o", guest.name));
    write(&object, &artifact.object)?;
    Ok((object, memory.symbol.clone()))
}

/// The object of the driver for a guest.
fn driver(guest: &Guest, memory: &str, arch: Arch) -> Result<PathBuf, Error> {
    let object: &Path = &output_folder(&format!("drivers/{}", arch.name()))?.join(format!("counted-{}.o", guest.name));
    run(Command::new("clang")
        .args(build::native_flags(arch))
        .args(["-std=gnu99", "-O2", "-ffreestanding", "-DGUEST_DSP"])
        .arg(format!("-DRATE_HZ={}", guest.rate_hz))
        .arg(format!("-DFRAME={}", guest.frame))
        .arg(format!("-DMEMORY_CELL={memory}"))
        .arg("-c")
        .arg(source("drivers/counted.c"))
        .arg("-o")
        .arg(object))?;
    Ok(object.to_path_buf())
}
