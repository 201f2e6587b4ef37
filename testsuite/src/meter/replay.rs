//! The replay: a module and its stubs, instrumented, in wasmi, with the fuel of one domain.

use super::instrument::{FUEL, MODULE, PLACE, Place, instrument};
use super::script::{Answer, Call, Outcome, Snapshot};
use crate::diff::oracle::{Live, Step, missing, step_of};
use crate::diff::prepare::Prepared;
use crate::diff::script::Outcome as Ended;
use crate::diff::{Error, for_oracle};
use std::collections::HashMap;
use wasmi::{CompilationMode, Config, Engine, Extern, Global, Instance, Module, Mutability, Val};

/// Depth of calls in the replay: within the stack that compiled modules get.
const RECURSION: usize = 400;

/// What wasmi may burn in a call. The meter ends every run long before; this is for a meter that does not.
const ORACLE_FUEL: u64 = 1 << 40;

/// The modules of a domain, ready to be instantiated.
pub struct Replay<'p> {
    prepared: &'p Prepared,
    engine: Engine,
    /// Stubs in order, then the module: a place's module number counts so too.
    modules: Vec<(&'p str, Module)>,
}

/// Instances in a state of their own.
pub struct Machine<'p> {
    prepared: &'p Prepared,
    live: Live,
    fuel: Global,
    place: Global,
}

impl<'p> Replay<'p> {
    /// Instruments the modules and reads them.
    ///
    /// # Errors
    /// When one of them cannot be instrumented, or wasmi refuses it.
    pub fn new(prepared: &'p Prepared) -> Result<Replay<'p>, Error> {
        let mut config = Config::default();
        config.consume_fuel(true).set_max_recursion_depth(RECURSION).set_max_stack_height(16 << 20);
        config.wasm_multi_memory(true).wasm_custom_page_sizes(true).compilation_mode(CompilationMode::Lazy);
        let engine = Engine::new(&config);
        let sources = prepared.stubs.iter().map(|stub| (stub.name.as_str(), &stub.wasm));
        let mut modules = Vec::new();
        for (number, (name, wasm)) in (0..).zip(sources.chain([(prepared.name.as_str(), &prepared.wasm)])) {
            let module = Module::new(&engine, for_oracle(&instrument(wasm, number)?)).map_err(oracle_error)?;
            modules.push((name, module));
        }
        Ok(Replay { prepared, engine, modules })
    }

    /// Instantiates all modules with this much fuel.
    ///
    /// # Errors
    /// When the modules do not fit together.
    pub fn start(&self, fuel: u64) -> Result<(Machine<'p>, Option<Answer>), Error> {
        let mut live = Live::new(&self.engine, self.prepared, ORACLE_FUEL)?;
        let mut global = |value: u64| Global::new(&mut live.store, Val::I64(value.cast_signed()), Mutability::Var);
        let (fuel, place) = (global(fuel), global(0));
        let mut instances: HashMap<&str, Instance> = HashMap::new();
        let mut step = Step::Done(Ended::Returned(Vec::new()));
        for (name, module) in &self.modules {
            // By name: wasmi has an order of its own for imports.
            let mut imports: Vec<Extern> = Vec::new();
            for import in module.imports() {
                imports.push(match (import.module(), import.name()) {
                    (MODULE, FUEL) => fuel.into(),
                    (MODULE, PLACE) => place.into(),
                    (from, name) => {
                        let instance = instances.get(from).ok_or_else(|| missing(from))?;
                        instance.get_export(&live.store, name).ok_or_else(|| missing(name))?
                    }
                });
            }
            match Instance::new(&mut live.store, module, &imports) {
                Ok(instance) => {
                    instances.insert(name, instance);
                }
                Err(error) => step = step_of(&error)?,
            }
        }
        let mut machine = Machine { prepared: self.prepared, live, fuel, place };
        if let (Step::Done(Ended::Returned(_)), Some(instance)) = (&step, instances.get(self.prepared.name.as_str())) {
            let globals: Vec<String> = self.prepared.surface.globals.iter().map(|(name, _)| name.clone()).collect();
            machine.live.find(instance, self.prepared, &globals)?;
        }
        let answer = machine.answer(step);
        Ok((machine, answer))
    }
}

impl Machine<'_> {
    /// Calls an export with this much fuel; `None` when the answer is not to be had from wasmi.
    ///
    /// # Errors
    /// When wasmi fails otherwise than by a trap.
    pub fn call(&mut self, call: &Call, fuel: u64) -> Result<Option<Answer>, Error> {
        self.fuel.set(&mut self.live.store, Val::I64(fuel.cast_signed())).map_err(|error| Error::Oracle(error.to_string()))?;
        self.place.set(&mut self.live.store, Val::I64(0)).map_err(|error| Error::Oracle(error.to_string()))?;
        let step = self.live.call(self.prepared, call.function, &call.arguments, ORACLE_FUEL)?;
        Ok(self.answer(step))
    }

    fn answer(&self, step: Step) -> Option<Answer> {
        let read = |global: &Global| global.get(&self.live.store).i64().map_or(0, i64::cast_unsigned);
        let outcome = match (step, Place::from_bits(read(&self.place))) {
            (Step::Dropped(_), _) => return None,
            (Step::Done(_), Some(place)) => Outcome::Exhausted(place),
            (Step::Done(Ended::Returned(values)), None) => Outcome::Returned(values),
            (Step::Done(Ended::Trapped(code)), None) => Outcome::Trapped(code),
        };
        Some(Answer { outcome, left: read(&self.fuel) })
    }

    /// Everything that can be seen of the module now.
    #[must_use]
    pub fn look(&self) -> Snapshot {
        Snapshot { state: self.live.state(self.prepared), tables: self.live.tables() }
    }

    /// The bytes of a memory of the surface.
    #[must_use]
    pub fn memory(&self, index: usize) -> Vec<u8> {
        self.live.memory(index).to_vec()
    }
}

fn oracle_error(error: wasmi::Error) -> Error {
    Error::Oracle(error.to_string())
}
