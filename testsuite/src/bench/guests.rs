//! Exact costs of the DSP guests, with each meter. Nobody else compiles them here, so there is nothing beside them.

use super::counts::{Cost, Counter, Counts, METERS, ours};
use super::error::Error;
use super::tools::{output_folder, read, run, source, write};
use super::{Options, build};
use crate::guests::{self, Features, Stage};
use crate::rows;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Meter, compile};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Frames that are counted; a frame of the noise suppression does the most.
fn frames(stage: &Stage) -> u32 {
    if stage.name == "denoise" { 4 } else { 12 }
}

/// Bytes to which the guests' memories may grow.
const RESERVE_BYTES: u64 = 8 << 20;
/// Bytes of stack: optimised DSP code keeps whole frames there.
const STACK_BYTES: u32 = 256 << 10;

/// Counts what the filter lets through: without vectors and with them, on every row that runs here; with meters on default rows only.
pub(super) fn counts(options: &Options, plugin: &Path, counts: &mut Counts) -> Result<(), Error> {
    for features in Features::ALL {
        let chosen: Vec<&Stage> = guests::STAGES.iter().filter(|stage| options.wants(&features.name_of(stage.name))).collect();
        if chosen.is_empty() {
            continue;
        }
        let failed = |error: guests::BuildError| Error::program("the guests", "cargo", error.to_string());
        let built = guests::build_rust(features).map_err(failed)?;
        for stage in chosen {
            let name = features.name_of(stage.name);
            let wasm = read(&built.join(format!("saggar_guest_{}.wasm", stage.name)))?;
            let guest = Guest { name: &name, stage, wasm: &wasm };
            let costs = counts.programs.entry(name.clone()).or_default();
            for (target, cost) in on_rows(&guest, plugin, options.every_row)? {
                costs.insert(rows::name(target), cost);
            }
            options.say(&format!("counted {name}"));
        }
    }
    Ok(())
}

/// What a guest costs on each row, or each default one. Counts are exact whatever else runs, so the rows are shared out among the processors.
fn on_rows(guest: &Guest<'_>, plugin: &Path, all: bool) -> Result<Vec<(Target, Cost)>, Error> {
    let rows = Arch::ALL.into_iter().flat_map(rows::distinct);
    let targets: Vec<Target> = rows.filter(|target| all || *target == Target::new(target.arch())).collect();
    let next = AtomicUsize::new(0);
    let worker = || -> Result<Vec<(Target, Cost)>, Error> {
        let mut costs = Vec::new();
        while let Some(&target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
            costs.push((target, cost(guest, &Counter::of_row(target, plugin)?)?));
        }
        Ok(costs)
    };
    let threads = thread::available_parallelism().map_or(1, Into::into);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().expect("no worker panicked"));
        Ok(joined.collect::<Result<Vec<_>, Error>>()?.concat())
    })
}

/// A guest as it is counted.
struct Guest<'a> {
    name: &'a str,
    stage: &'a Stage,
    wasm: &'a [u8],
}

fn cost(guest: &Guest<'_>, counter: &Counter<'_>) -> Result<Cost, Error> {
    let mut cost = Cost::default();
    let mut expected = None;
    let target = counter.target();
    let meters = if target == Target::new(target.arch()) { &METERS[..] } else { &METERS[..1] };
    for meter in meters {
        let (object, memory) = object(guest, target, *meter)?;
        let driver = driver(guest, &memory, target)?;
        let driver = (counter, driver.as_path(), frames(guest.stage));
        expected = ours(&mut cost, guest.name, &object, *meter, Some(driver), expected)?;
    }
    Ok(cost)
}

/// The object of a guest, and the symbol of its memory.
fn object(guest: &Guest<'_>, target: Target, meter: Meter) -> Result<(PathBuf, String), Error> {
    let mut options = saggar_compiler::Options::new(target, "program");
    options.memory_reserve_bytes = Some(RESERVE_BYTES);
    options.stack_bytes = STACK_BYTES;
    options.meter = meter;
    let artifact = compile(guest.wasm, &options).map_err(|source| Error::Compile {
        program: guest.name.into(),
        target: format!("{} ({})", target.arch().name(), target.cpu().name),
        source,
    })?;
    let memory = artifact.interface.exports.iter().find(|export| export.name == "memory");
    let memory = memory.ok_or_else(|| Error::program(guest.name, "saggar", "it exports no memory"))?;
    let folder = output_folder(&format!("guests/{}-{}-{meter:?}", target.arch().name(), target.cpu().name))?;
    let object = folder.join(format!("{}.o", guest.name));
    write(&object, &artifact.object)?;
    Ok((object, memory.symbol.clone()))
}

/// The object of the driver for a guest.
fn driver(guest: &Guest<'_>, memory: &str, target: Target) -> Result<PathBuf, Error> {
    let arch = target.arch();
    let folder = format!("drivers/{}-{}", arch.name(), target.cpu().name);
    let object: &Path = &output_folder(&folder)?.join(format!("counted-{}.o", guest.name));
    run(Command::new("clang")
        .args(build::native_flags(arch))
        .args(["-std=gnu99", "-O2", "-ffreestanding", "-DGUEST_DSP"])
        .arg(format!("-DRATE_HZ={}", guest.stage.rate_hz))
        .arg(format!("-DFRAME={}", guest.stage.frame))
        .arg(format!("-DMEMORY_CELL={memory}"))
        .arg("-c")
        .arg(source("drivers/counted.c"))
        .arg("-o")
        .arg(object))?;
    Ok(object.to_path_buf())
}
