//! Compiles one module on one thread and says what the process took: `compile-cost FILE.wasm ARCH` writes
//! `CPU_SECONDS PEAK_BYTES OBJECT_BYTES`. A process of its own, so that nothing else counts.
//!
//! The figures are those of the kernel (`/proc/self`): CPU time in steps of 10 ms, peak of resident memory.

use saggar_compiler::target::Target;
use saggar_compiler::{Options, compile};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, arch] = &arguments[..] else {
        return Err("usage: compile-cost FILE.wasm ARCH".into());
    };
    let mut options = Options::new(Target::find(arch, None).ok_or("no such architecture")?, "module");
    options.threads = 1;
    let artifact = compile(&std::fs::read(file)?, &options)?;
    println!("{} {} {}", cpu_seconds()?, peak_bytes()?, artifact.object.len());
    Ok(())
}

/// User and system time of this process so far.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    /// The kernel reports to programs in hundredths of a second, whatever its own clock.
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field is a name in parentheses and may hold spaces; user and system time are fields 14 and 15.
    let after_name = stat.rsplit_once(')').ok_or("no process name")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let (user, system) = (fields.get(11).ok_or("no user time")?, fields.get(12).ok_or("no system time")?);
    Ok((user.parse::<f64>()? + system.parse::<f64>()?) / TICKS_A_SECOND)
}

fn peak_bytes() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak of memory")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}
