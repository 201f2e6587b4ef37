//! The guests in wasmtime, as the compiler's benchmark has it: code at its best speed for this very CPU, explicit bounds checks, no
//! signals, no reserved address space. Those are the promises that fired modules keep.

use super::hosted::hosted;
use crate::module::Module;
use std::path::Path;
use wasmtime::{Config, Engine, OptLevel};

hosted!(wasmtime);

/// The engine; with `fuel`, what it compiles counts its operators.
///
/// # Errors
/// When this machine is none of wasmtime's.
pub(crate) fn engine(fuel: bool) -> Result<Engine, Problem> {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::Speed);
    config.signals_based_traps(false);
    config.memory_reservation(0);
    config.memory_guard_size(0);
    config.memory_init_cow(false);
    // Fired modules' tables are complete after instantiation too, and calls through them need not look.
    config.table_lazy_init(false);
    config.wasm_simd(true);
    config.consume_fuel(fuel);
    Engine::new(&config).map_err(Problem::engine)
}

/// Compiles and starts a module.
///
/// # Errors
/// When the file cannot be read, or is no such module.
pub(crate) fn open(engine: &Engine, fuel: bool, file: &Path) -> Result<Box<dyn Module>, Problem> {
    let module = wasmtime::Module::from_file(engine, file).map_err(Problem::engine)?;
    let mut store = Store::new(engine, ());
    if fuel {
        store.set_fuel(u64::MAX).map_err(Problem::engine)?;
    }
    let instance = Instance::new(&mut store, &module, &[]).map_err(Problem::engine)?;
    Ok(Box::new(Hosted::new(store, instance, fuel)?))
}
