//! The guests in wasmi, in its default configuration, which has no vectors.

use super::hosted::hosted;
use crate::module::Module;
use std::path::Path;
use wasmi::{Engine, Linker};

hosted!(wasmi);

/// Starts a module.
///
/// # Errors
/// When the file cannot be read, or is no such module.
pub(crate) fn open(engine: &Engine, file: &Path) -> Result<Box<dyn Module>, Problem> {
    let bytes = std::fs::read(file).map_err(|error| Problem::Engine(format!("{}: {error}", file.display())))?;
    let module = wasmi::Module::new(engine, bytes).map_err(Problem::engine)?;
    let mut store = Store::new(engine, ());
    let instance = Linker::new(engine).instantiate_and_start(&mut store, &module).map_err(Problem::engine)?;
    Ok(Box::new(Hosted::new(store, instance, false)?))
}
