//! Runs scripts on wasmi, to catch errors of the harness: wasmi must pass what our compiler passes.
//!
//! wasmi gets the same features, the same bytes with the same renamed imports, and the same `spectest`.

mod convert;

use crate::wast::engine::{Acceptance, Engine, Outcome};
use crate::wast::expect::Note;
use crate::wast::report::{FileReport, Place};
use crate::wast::run;
use crate::wast::script::{InstanceIndex, Module, Script};
use crate::wast::value::Value;
use std::collections::HashSet;
use wasmi::errors::ErrorKind;
use wasmi::{Config, Error, Extern, Instance, Linker, Store, Val};

/// Runs a file. The report has the same form as that of a target.
#[must_use]
pub fn run_file(name: &str, source: &str) -> FileReport {
    run::run(name, source, &mut Oracle::new())
}

/// Places at which wasmi fails and ours does not: there the harness, or our compiler with it, may be wrong in our
/// favour. Both lists of reports are of the same files.
#[must_use]
pub fn disagreements(ours: &[FileReport], wasmi: &[FileReport]) -> Vec<Note> {
    let failed: HashSet<(&str, Place)> =
        ours.iter().flat_map(|report| report.failures.iter().map(|failure| (report.file.as_str(), failure.place))).collect();
    let theirs = wasmi.iter().flat_map(|report| report.failures.iter().map(|failure| (report.file.as_str(), failure)));
    theirs
        .filter(|(file, failure)| !failed.contains(&(*file, failure.place)))
        .map(|(file, failure)| Note { file: file.to_owned(), place: failure.place, text: failure.reason.clone() })
        .collect()
}

/// wasmi, with the instances of one script.
struct Oracle {
    store: Store<()>,
    linker: Linker<()>,
    /// Name and bytes of each instance's module; `None` where it is not to run.
    modules: Vec<Option<(String, Vec<u8>)>>,
    instances: Vec<Option<Instance>>,
}

impl Oracle {
    fn new() -> Oracle {
        let mut config = Config::default();
        config.wasm_multi_memory(true).wasm_memory64(false).wasm_custom_page_sizes(true).wasm_wide_arithmetic(false);
        let engine = wasmi::Engine::new(&config);
        let store = Store::new(&engine, ());
        Oracle { store, linker: Linker::new(&engine), modules: Vec::new(), instances: Vec::new() }
    }

    fn try_instantiate(&mut self, index: InstanceIndex) -> Result<(), Error> {
        let Some((name, wasm)) = &self.modules[index.0] else {
            return Err(Error::new("the module is not to run"));
        };
        let module = wasmi::Module::new(self.linker.engine(), wasm)?;
        let instance = self.linker.instantiate_and_start(&mut self.store, &module)?;
        self.instances[index.0] = Some(instance);
        let exports: Vec<(String, Extern)> =
            instance.exports(&self.store).map(|export| (export.name().to_owned(), export.into_extern())).collect();
        for (item, export) in exports {
            self.linker.define(name, &item, export)?;
        }
        Ok(())
    }

    fn try_call(&mut self, instance: InstanceIndex, function: &str, arguments: &[Value]) -> Result<Vec<Value>, Error> {
        let instance = self.instance(instance)?;
        let function = instance.get_func(&self.store, function).ok_or_else(|| Error::new("no such exported function"))?;
        let results = function.ty(&self.store).results().len();
        let arguments: Vec<Val> = function
            .ty(&self.store)
            .params()
            .iter()
            .zip(arguments)
            .map(|(ty, argument)| convert::to_wasmi(&mut self.store, *ty, *argument))
            .collect();
        let mut values = vec![Val::I32(0); results];
        function.call(&mut self.store, &arguments, &mut values)?;
        Ok(values.iter().map(|value| convert::from_wasmi(&self.store, value)).collect())
    }

    fn try_read_global(&mut self, instance: InstanceIndex, global: &str) -> Result<Vec<Value>, Error> {
        let instance = self.instance(instance)?;
        let global = instance.get_global(&self.store, global).ok_or_else(|| Error::new("no such exported global"))?;
        Ok(vec![convert::from_wasmi(&self.store, &global.get(&self.store))])
    }

    fn instance(&self, index: InstanceIndex) -> Result<Instance, Error> {
        self.instances[index.0].ok_or_else(|| Error::new("not instantiated"))
    }
}

impl Engine for Oracle {
    fn name(&self) -> String {
        "wasmi".to_owned()
    }

    fn prepare(&mut self, script: &Script) -> Result<(), String> {
        self.modules = script
            .instances
            .iter()
            .map(|instance| match &instance.module {
                Module::Wasm(wasm) => Some((instance.name.clone(), wasm.clone())),
                Module::Needs(_) | Module::Broken(_) => None,
            })
            .collect();
        self.instances = vec![None; self.modules.len()];
        Ok(())
    }

    fn check(&mut self, wasm: &[u8]) -> Acceptance {
        match wasmi::Module::new(self.linker.engine(), wasm) {
            Ok(_) => Acceptance::Accepted,
            Err(error) => Acceptance::Refused(error.to_string()),
        }
    }

    fn instantiate(&mut self, instance: InstanceIndex) -> Outcome {
        outcome(self.try_instantiate(instance).map(|()| Vec::new()))
    }

    fn call(&mut self, instance: InstanceIndex, function: &str, arguments: &[Value]) -> Outcome {
        outcome(self.try_call(instance, function, arguments))
    }

    fn read_global(&mut self, instance: InstanceIndex, global: &str) -> Outcome {
        outcome(self.try_read_global(instance, global))
    }
}

fn outcome(result: Result<Vec<Value>, Error>) -> Outcome {
    match result {
        Ok(values) => Outcome::Returned(values),
        Err(error) => match error.kind() {
            ErrorKind::TrapCode(code) => Outcome::Trapped(convert::trap(*code)),
            ErrorKind::Instantiation(error) => convert::instantiation(error),
            // Only a segment can be out of bounds outside a running function.
            ErrorKind::Memory(_) => Outcome::Trapped(vec!["out of bounds memory access".to_owned()]),
            ErrorKind::Linker(error) => Outcome::Unlinkable(error.to_string()),
            kind => Outcome::Broken(kind.to_string()),
        },
    }
}
