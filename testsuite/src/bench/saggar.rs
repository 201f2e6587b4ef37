//! Our own builds: a module is compiled in this process.

use super::error::Error;
use super::tools::{output_folder, read, write};
use saggar_compiler::target::Target;
use saggar_compiler::{Meter, Options};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The name under which a program is compiled; the drivers know it.
const MODULE_NAME: &str = "program";

/// Compiles a program's module to an object, metered or not.
pub(super) fn object(program: &str, module: &Path, target: Target, meter: Meter) -> Result<PathBuf, Error> {
    let artifact = compile(program, &read(module)?, target, meter)?;
    let folder = match meter {
        Meter::Off => "saggar",
        Meter::Fuel => "saggar-fuel",
        Meter::Flag => "saggar-flag",
    };
    let folder = output_folder(&format!("{folder}/{}-{}", target.arch().name(), target.cpu().name))?;
    let object = folder.join(format!("{program}.o"));
    write(&object, &artifact.object)?;
    Ok(object)
}

/// The shortest of several compilations of a module on one thread.
pub(super) fn compile_time(program: &str, module: &Path, target: Target, repeats: u32) -> Result<Duration, Error> {
    let bytes = read(module)?;
    let mut shortest = Duration::MAX;
    for _ in 0..repeats {
        let start = Instant::now();
        compile(program, &bytes, target, Meter::Off)?;
        shortest = shortest.min(start.elapsed());
    }
    Ok(shortest)
}

fn compile(program: &str, wasm: &[u8], target: Target, meter: Meter) -> Result<saggar_compiler::Artifact, Error> {
    let mut options = Options::new(target, MODULE_NAME);
    options.threads = 1;
    options.meter = meter;
    saggar_compiler::compile(wasm, &options).map_err(|source| Error::Compile {
        program: program.into(),
        target: format!("{} ({})", target.arch().name(), target.cpu().name),
        source,
    })
}
