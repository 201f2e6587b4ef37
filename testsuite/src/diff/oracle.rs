//! The oracle: wasmi, an interpreter that shares no code with the code generator.
//!
//! It decides what is called: a call that runs out of fuel, or of the interpreter's stack, is dropped, and the
//! episode ends there. wasmi runs in its deterministic profile, in which arithmetic yields canonical NaNs only, so
//! that floats, and memory that holds floats, compare bit by bit.

use super::Error;
use super::detours;
use super::prepare::Prepared;
use super::script::{Call, Episode, Outcome, Script, State};
use super::value::Value;
use fastrand::Rng;
use saggar_abi::trap::Code;
use std::collections::HashMap;
use wasmi::{
    ExternRef, Global, Instance, Memory, Module, Nullable, Ref, Store, StoreLimits, StoreLimitsBuilder, Table, TrapCode, Val,
};

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Decides arguments, order of calls, and what stubs do.
    pub seed: u64,
    /// How often every function is called, each time with other arguments.
    pub rounds: u32,
    /// What a call, or an instantiation, may burn in the oracle.
    pub fuel: u64,
    /// Calls of one module at most.
    pub calls: usize,
}

/// Depth of calls in the oracle. Low, so that the oracle gives up before the stack of a compiled module ends.
const RECURSION: usize = 120;

/// A module in the oracle.
pub struct Oracle<'p> {
    prepared: &'p Prepared,
    engine: wasmi::Engine,
    module: Module,
    stubs: Vec<Module>,
    fuel: u64,
}

/// The instances of an episode, with what can be called and looked at.
pub(crate) struct Live {
    pub(crate) store: Store<StoreLimits>,
    functions: Vec<wasmi::Func>,
    memories: Vec<Memory>,
    globals: Vec<Global>,
    tables: Vec<Table>,
}

/// How a step ended that need not count.
pub(crate) enum Step {
    Done(Outcome),
    Dropped(&'static str),
}

impl<'p> Oracle<'p> {
    /// Reads the modules.
    ///
    /// # Errors
    /// When the oracle does not take one of them.
    pub fn new(prepared: &'p Prepared, fuel: u64) -> Result<Oracle<'p>, Error> {
        let mut config = wasmi::Config::default();
        config.consume_fuel(true).set_max_recursion_depth(RECURSION).set_max_stack_height(4 << 20);
        config.wasm_multi_memory(true).wasm_custom_page_sizes(true);
        config.compilation_mode(wasmi::CompilationMode::Lazy);
        let engine = wasmi::Engine::new(&config);
        let read =
            |wasm: &[u8]| Module::new(&engine, detours::for_oracle(wasm)).map_err(|error| Error::Oracle(error.to_string()));
        let module = read(&prepared.wasm)?;
        let stubs = prepared.stubs.iter().map(|stub| read(&stub.wasm)).collect::<Result<Vec<_>, _>>()?;
        Ok(Oracle { prepared, engine, module, stubs, fuel })
    }

    /// Makes up calls and runs them.
    ///
    /// # Errors
    /// When the oracle fails otherwise than by a trap.
    pub fn script(&self, effort: &Effort) -> Result<Script, Error> {
        let mut script = Script::default();
        let mut rng = Rng::with_seed(effort.seed);
        let mut pending: Vec<usize> = Vec::new();
        for _ in 0..effort.rounds {
            let mut order: Vec<usize> = (0..self.prepared.surface.functions.len()).collect();
            rng.shuffle(&mut order);
            pending.extend(order);
        }
        pending.truncate(effort.calls);
        let per_episode = self.prepared.surface.functions.len().max(1);
        let mut pending = pending.into_iter().peekable();
        loop {
            let (mut live, instantiation) = match self.instantiate()? {
                (live, Step::Done(outcome)) => (live, outcome),
                (_, Step::Dropped(reason)) => {
                    *script.dropped.entry(reason).or_default() += 1;
                    break;
                }
            };
            let mut episode = Episode { instantiation, state: live.state(self.prepared), calls: Vec::new(), tables: Vec::new() };
            if !matches!(episode.instantiation, Outcome::Returned(_)) {
                episode.state = State::default();
                script.episodes.push(episode);
                break;
            }
            for function in pending.by_ref() {
                let arguments = self.arguments(function, &mut rng);
                match live.call(self.prepared, function, &arguments, self.fuel)? {
                    Step::Done(outcome) => {
                        let state = live.state(self.prepared);
                        episode.calls.push(Call { function, arguments, outcome, state });
                    }
                    Step::Dropped(reason) => {
                        *script.dropped.entry(reason).or_default() += 1;
                        // What the call left behind is unknown to the other side: the tables are not compared.
                        live.tables.clear();
                        break;
                    }
                }
                if episode.calls.len() >= per_episode {
                    break;
                }
            }
            episode.tables = live.tables();
            script.episodes.push(episode);
            if pending.peek().is_none() {
                break;
            }
        }
        Ok(script)
    }

    /// The bytes of a memory of the surface after the first `calls` calls of an episode.
    ///
    /// # Errors
    /// When the oracle does not answer as it did before.
    pub fn memory_after(&self, episode: &Episode, calls: usize, memory: usize) -> Result<Vec<u8>, Error> {
        let (mut live, _) = self.instantiate()?;
        for call in &episode.calls[..calls] {
            live.call(self.prepared, call.function, &call.arguments, self.fuel)?;
        }
        Ok(live.memory(memory).to_vec())
    }

    /// What an instance has in its counters after a script: the values of globals, by export name.
    ///
    /// Used to count how often something was executed, by a copy of the module that counts.
    ///
    /// # Errors
    /// When the oracle does not know the names.
    pub fn counters(&self, script: &Script, names: &[String]) -> Result<Vec<u64>, Error> {
        let mut counters = vec![0; names.len()];
        for episode in &script.episodes {
            let (mut live, step) = self.instantiate_named(names)?;
            if matches!(step, Step::Done(Outcome::Returned(_))) {
                for call in &episode.calls {
                    live.call(self.prepared, call.function, &call.arguments, self.fuel)?;
                }
            }
            for (counter, global) in counters.iter_mut().zip(&live.globals) {
                *counter += global.get(&live.store).i64().map_or(0, i64::cast_unsigned);
            }
        }
        Ok(counters)
    }

    fn arguments(&self, function: usize, rng: &mut Rng) -> Vec<Value> {
        let (_, signature) = &self.prepared.surface.functions[function];
        signature.params.iter().map(|&ty| Value::arbitrary(ty, rng)).collect()
    }

    fn instantiate(&self) -> Result<(Live, Step), Error> {
        let globals: Vec<String> = self.prepared.surface.globals.iter().map(|(name, _)| name.clone()).collect();
        self.instantiate_named(&globals)
    }

    fn instantiate_named(&self, globals: &[String]) -> Result<(Live, Step), Error> {
        let mut live = Live::new(&self.engine, self.prepared, self.fuel)?;
        let mut stubs = HashMap::new();
        for (stub, module) in self.prepared.stubs.iter().zip(&self.stubs) {
            let instance = Instance::new(&mut live.store, module, &[]).map_err(|error| Error::Oracle(error.to_string()))?;
            stubs.insert(stub.name.as_str(), instance);
        }
        // By name: wasmi has an order of its own for imports.
        let mut imports = Vec::new();
        for import in self.module.imports() {
            let stub = stubs.get(import.module()).ok_or_else(|| missing(import.module()))?;
            imports.push(stub.get_export(&live.store, import.name()).ok_or_else(|| missing(import.name()))?);
        }
        let step = match Instance::new(&mut live.store, &self.module, &imports) {
            Ok(instance) => {
                live.find(&instance, self.prepared, globals)?;
                Step::Done(Outcome::Returned(Vec::new()))
            }
            Err(error) => step_of(&error)?,
        };
        Ok((live, step))
    }
}

impl Live {
    /// A store without instances.
    pub(crate) fn new(engine: &wasmi::Engine, prepared: &Prepared, fuel: u64) -> Result<Live, Error> {
        // Growth ends where the other side's reserve ends.
        let memory_bytes = usize::try_from(prepared.memory_reserve_bytes).unwrap_or(usize::MAX);
        let table_elements = usize::try_from(prepared.table_reserve).unwrap_or(usize::MAX);
        let limits = StoreLimitsBuilder::new().memory_size(memory_bytes).table_elements(table_elements).build();
        let mut store = Store::new(engine, limits);
        store.limiter(|limits| limits);
        store.set_fuel(fuel).map_err(|error| Error::Oracle(error.to_string()))?;
        Ok(Live { store, functions: Vec::new(), memories: Vec::new(), globals: Vec::new(), tables: Vec::new() })
    }

    pub(crate) fn find(&mut self, instance: &Instance, prepared: &Prepared, globals: &[String]) -> Result<(), Error> {
        let surface = &prepared.surface;
        let find = |name: &String| instance.get_export(&self.store, name).ok_or_else(|| missing(name));
        for (name, _) in &surface.functions {
            self.functions.push(find(name)?.into_func().ok_or_else(|| missing(name))?);
        }
        for name in &surface.memories {
            self.memories.push(find(name)?.into_memory().ok_or_else(|| missing(name))?);
        }
        for name in globals {
            self.globals.push(find(name)?.into_global().ok_or_else(|| missing(name))?);
        }
        for (name, _) in &surface.tables {
            self.tables.push(find(name)?.into_table().ok_or_else(|| missing(name))?);
        }
        Ok(())
    }

    pub(crate) fn call(&mut self, prepared: &Prepared, function: usize, arguments: &[Value], fuel: u64) -> Result<Step, Error> {
        let (_, signature) = &prepared.surface.functions[function];
        let inputs: Vec<Val> = arguments.iter().map(|&value| to_val(value, &mut self.store)).collect();
        let mut outputs: Vec<Val> = signature.results.iter().map(|&ty| to_val(Value::zero(ty), &mut self.store)).collect();
        self.store.set_fuel(fuel).map_err(|error| Error::Oracle(error.to_string()))?;
        match self.functions[function].call(&mut self.store, &inputs, &mut outputs) {
            Ok(()) => Ok(Step::Done(Outcome::Returned(outputs.iter().map(|val| from_val(val, &self.store)).collect()))),
            Err(error) => step_of(&error),
        }
    }

    pub(crate) fn state(&self, prepared: &Prepared) -> State {
        let memories = self.memories.iter().map(|memory| {
            let bytes = memory.data(&self.store);
            (bytes.len() as u64, crate::target::hash(bytes))
        });
        let globals = self.globals.iter().take(prepared.surface.globals.len());
        let globals = globals.map(|global| from_val(&global.get(&self.store), &self.store)).collect();
        State { memories: memories.collect(), globals }
    }

    /// The bytes of a memory of the surface.
    pub(crate) fn memory(&self, index: usize) -> &[u8] {
        self.memories[index].data(&self.store)
    }

    pub(crate) fn tables(&self) -> Vec<Vec<Value>> {
        let elements = |table: &Table| {
            let size = table.size(&self.store);
            (0..size).filter_map(|index| table.get(&self.store, index)).map(|element| from_ref(&element, &self.store)).collect()
        };
        self.tables.iter().map(elements).collect()
    }
}

pub(crate) fn missing(name: &str) -> Error {
    Error::Oracle(format!("no export {name:?}"))
}

fn to_val(value: Value, store: &mut Store<StoreLimits>) -> Val {
    match value {
        Value::I32(bits) => Val::I32(bits.cast_signed()),
        Value::I64(bits) => Val::I64(bits.cast_signed()),
        Value::F32(bits) => Val::F32(wasmi::F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(wasmi::F64::from_bits(bits)),
        Value::V128(bits) => Val::V128(bits.into()),
        Value::Func(_) => Val::FuncRef(Nullable::Null),
        Value::Extern(0) => Val::ExternRef(Nullable::Null),
        Value::Extern(number) => Val::ExternRef(Nullable::Val(ExternRef::new(store, number))),
    }
}

fn from_val(value: &Val, store: &Store<StoreLimits>) -> Value {
    match value {
        Val::I32(value) => Value::I32(value.cast_unsigned()),
        Val::I64(value) => Value::I64(value.cast_unsigned()),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::FuncRef(value) => Value::Func(!value.is_null()),
        Val::ExternRef(value) => from_extern(value, store),
        Val::V128(value) => Value::V128(value.as_u128()),
    }
}

fn from_ref(value: &Ref, store: &Store<StoreLimits>) -> Value {
    match value {
        Ref::Func(value) => Value::Func(!value.is_null()),
        Ref::Extern(value) => from_extern(value, store),
    }
}

fn from_extern(value: &Nullable<ExternRef>, store: &Store<StoreLimits>) -> Value {
    let number = value.val().and_then(|object| object.data(store).downcast_ref::<u32>().copied());
    Value::Extern(number.unwrap_or(0))
}

/// What an error of the oracle means: a trap, a reason to drop, or a failure of the comparison.
pub(crate) fn step_of(error: &wasmi::Error) -> Result<Step, Error> {
    use wasmi::errors::{ErrorKind, InstantiationError};
    if let ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) = error.kind() {
        return Ok(Step::Done(Outcome::Trapped(Code::TableOutOfBounds)));
    }
    let code = match error.as_trap_code() {
        Some(TrapCode::OutOfFuel) => return Ok(Step::Dropped("oracle out of fuel")),
        Some(TrapCode::StackOverflow) => return Ok(Step::Dropped("oracle out of stack")),
        Some(TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory) => return Ok(Step::Dropped("oracle out of memory")),
        Some(TrapCode::UnreachableCodeReached) => Code::Unreachable,
        Some(TrapCode::MemoryOutOfBounds) => Code::MemoryOutOfBounds,
        Some(TrapCode::TableOutOfBounds) => Code::TableOutOfBounds,
        Some(TrapCode::IndirectCallToNull) => Code::UninitializedElement,
        Some(TrapCode::IntegerDivisionByZero) => Code::IntegerDivisionByZero,
        Some(TrapCode::IntegerOverflow) => Code::IntegerOverflow,
        Some(TrapCode::BadConversionToInteger) => Code::BadConversionToInteger,
        Some(TrapCode::BadSignature) => Code::BadSignature,
        None => return Err(Error::Oracle(error.to_string())),
    };
    Ok(Step::Done(Outcome::Trapped(code)))
}
