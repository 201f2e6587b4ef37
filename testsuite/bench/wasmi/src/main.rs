//! wasmi as a contestant of the benchmark. `saggar-bench-wasmi FILE.wasm` answers requests like
//! `testsuite/bench/drivers/timed.c`: a line `N REPEATS`, answered with `NANOSECONDS CHECKSUM`.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};
use wasmi::{Engine, Linker, Module, Store};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = &arguments[..] else { bail!("usage: saggar-bench-wasmi FILE.wasm") };
    let engine = Engine::default();
    let module = Module::new(&engine, std::fs::read(file)?)?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
    let run = instance.get_typed_func::<u32, u32>(&store, "run")?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (n, repeats) = line.split_once(' ').context("a request is two numbers")?;
        let (n, repeats): (u32, u32) = (n.parse()?, repeats.parse()?);
        let (mut checksum, mut shortest) = (0, Duration::MAX);
        for _ in 0..repeats {
            let start = Instant::now();
            checksum = run.call(&mut store, n)?;
            shortest = shortest.min(start.elapsed());
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "{} {checksum:08x}", shortest.as_nanos())?;
        out.flush()?;
    }
    Ok(())
}
