//! wasmtime as a contestant of the benchmark: explicit bounds checks, no signals, no reserved address space; the
//! same promises as our code makes.
//!
//! `saggar-bench-wasmtime FILE.wasm` answers requests like `testsuite/bench/drivers/timed.c`: a line `N REPEATS`,
//! answered with `NANOSECONDS CHECKSUM`. `saggar-bench-wasmtime --compile REPEATS FILE.wasm` writes the shortest
//! of several compilations on one thread, in nanoseconds.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};
use wasmtime::error::Context;
use wasmtime::{Config, Engine, Instance, Module, OptLevel, Result, Store, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--compile", repeats, file] => compile(&std::fs::read(file)?, repeats.parse()?),
        [file] => answer(&std::fs::read(file)?),
        _ => bail!("usage: saggar-bench-wasmtime [--compile REPEATS] FILE.wasm"),
    }
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::Speed);
    config.signals_based_traps(false);
    config.memory_reservation(0);
    config.memory_guard_size(0);
    config.memory_init_cow(false);
    // Our tables are complete after instantiation too, and calls through them need not look.
    config.table_lazy_init(false);
    Engine::new(&config)
}

fn compile(wasm: &[u8], repeats: u32) -> Result<()> {
    let engine = engine()?;
    let mut shortest = Duration::MAX;
    for _ in 0..repeats {
        let start = Instant::now();
        Module::new(&engine, wasm)?;
        shortest = shortest.min(start.elapsed());
    }
    println!("{}", shortest.as_nanos());
    Ok(())
}

fn answer(wasm: &[u8]) -> Result<()> {
    let engine = engine()?;
    let module = Module::new(&engine, wasm)?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<u32, u32>(&mut store, "run")?;
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
