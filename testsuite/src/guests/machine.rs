//! A guest that can be called and whose memory can be reached: compiled on a target, or in wasmi.

use crate::bounds::stack::{self, StackUse};
use crate::diff::{self, Value, ValueType, memory_record, resolve, slots_of};
use crate::target::{self, Call, LinkInput, LinkOptions, Runner};
use saggar_abi::trap::Code;
use saggar_compiler::Artifact;
use saggar_compiler::report::Bound;
use saggar_compiler::target::Target;

/// What can be done with a guest, on either side. Answers of `None` are traps and failures.
pub(super) trait Machine {
    /// Calls an export of numbers; the result is that of an export with one.
    fn call(&mut self, export: &str, arguments: &[Value], result: Option<ValueType>) -> Result<Option<Value>, String>;
    /// Reads memory.
    fn read(&mut self, address: u32, length: usize) -> Result<Vec<u8>, String>;
    /// Writes memory.
    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), String>;
    /// Hash of all memory.
    fn memory_hash(&mut self) -> Result<u64, String>;
}

/// A compiled guest.
pub(super) struct Compiled<'r> {
    runner: &'r mut Runner,
    artifact: Artifact,
    image: target::Image,
    memory: u64,
    stack_bytes: u32,
    /// What its calls used of the stack.
    pub(super) stack: StackUse,
}

impl<'r> Compiled<'r> {
    /// Links a guest that imports nothing, and instantiates it.
    pub(super) fn start(runner: &'r mut Runner, target: Target, artifact: Artifact) -> Result<Compiled<'r>, diff::Error> {
        let input = LinkInput { name: &artifact.interface.module, bytes: &artifact.object };
        let image = target::link(target.arch(), &[input], &LinkOptions::default())?;
        runner.load(&image)?;
        let memory = artifact.interface.exports.iter().find(|export| export.name == "memory");
        let memory = memory.ok_or_else(|| diff::Error::NoSymbol("memory".to_owned()))?;
        let memory = resolve(&image, &memory.symbol)?;
        let stack_bytes = artifact.interface.stack_bytes + (64 << 10);
        let mut guest = Compiled { runner, artifact, image, memory, stack_bytes, stack: StackUse::default() };
        let symbol = guest.artifact.interface.instantiate_symbol.clone();
        let bound = guest.artifact.report.instantiation.stack_bytes.clone();
        guest.enter(&symbol, Vec::new(), 0, &bound).map_err(diff::Error::Oracle)?;
        Ok(guest)
    }

    fn enter(&mut self, symbol: &str, slots: Vec<u64>, slot_count: usize, bound: &Bound) -> Result<Vec<u64>, String> {
        let address = self.image.symbol(symbol).ok_or_else(|| format!("no symbol {symbol}"))?;
        let given = stack::given(bound, self.stack_bytes);
        let call = Call { address, slots, slot_count, stack_bytes: given.map_or(self.stack_bytes, |(_, given)| given) };
        let outcome = match given {
            None => {
                self.stack.enter_unbounded();
                self.runner.call_batch(&[call]).map_err(|error| error.to_string())?.pop()
            }
            Some((bound, _)) => {
                let (outcome, used) = self.runner.call_measured(&call).map_err(|error| error.to_string())?;
                self.stack.enter(|| symbol.to_owned(), used, bound)?;
                Some(outcome)
            }
        };
        match outcome {
            Some(target::Outcome::Completed { code, slots, .. }) if code == Code::Ok as u32 => Ok(slots),
            Some(target::Outcome::Completed { code, pc, .. }) => {
                let reason = Code::from_number(code).map_or("an unknown code", Code::description);
                Err(format!("{symbol}: {reason}, pc {pc:#x}"))
            }
            other => Err(format!("{symbol}: {other:x?}")),
        }
    }

    fn place(&mut self, address: u32, length: usize) -> Result<u64, String> {
        let (base, bytes) = memory_record(self.runner, self.memory).map_err(|error| error.to_string())?;
        let end = u64::from(address) + length as u64;
        if end <= bytes { Ok(base + u64::from(address)) } else { Err(format!("{end:#x} is beyond the memory")) }
    }
}

impl Machine for Compiled<'_> {
    fn call(&mut self, export: &str, arguments: &[Value], result: Option<ValueType>) -> Result<Option<Value>, String> {
        let found = self.artifact.interface.exports.iter().find(|candidate| candidate.name == export);
        let symbol = found.ok_or_else(|| format!("no export {export}"))?.symbol.clone();
        let report = self.artifact.report.exports.iter().find(|candidate| candidate.name == export);
        let bound = report.map(|report| report.stack_bytes.clone()).ok_or_else(|| format!("{export} is not in the report"))?;
        let slots = Value::to_slots(arguments);
        let results = result.as_slice();
        let slots = self.enter(&symbol, slots, slots_of(results), &bound)?;
        Ok(Value::from_slots(results, &slots).pop())
    }

    fn read(&mut self, address: u32, length: usize) -> Result<Vec<u8>, String> {
        let place = self.place(address, length)?;
        self.runner.read(place, length).map_err(|error| error.to_string())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), String> {
        let place = self.place(address, bytes.len())?;
        self.runner.write(place, bytes).map_err(|error| error.to_string())
    }

    fn memory_hash(&mut self) -> Result<u64, String> {
        let (base, bytes) = memory_record(self.runner, self.memory).map_err(|error| error.to_string())?;
        self.runner.hash(base, bytes).map_err(|error| error.to_string())
    }
}

/// A guest in wasmi.
pub(super) struct Interpreted {
    store: wasmi::Store<()>,
    instance: wasmi::Instance,
    memory: wasmi::Memory,
}

impl Interpreted {
    /// Instantiates a guest that imports nothing.
    pub(super) fn start(wasm: &[u8]) -> Result<Interpreted, diff::Error> {
        let oracle = |error: wasmi::Error| diff::Error::Oracle(error.to_string());
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, diff::for_oracle(wasm)).map_err(oracle)?;
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Instance::new(&mut store, &module, &[]).map_err(oracle)?;
        let memory = instance.get_memory(&store, "memory").ok_or_else(|| diff::Error::Oracle("no memory".to_owned()))?;
        Ok(Interpreted { store, instance, memory })
    }
}

impl Machine for Interpreted {
    fn call(&mut self, export: &str, arguments: &[Value], result: Option<ValueType>) -> Result<Option<Value>, String> {
        let function = self.instance.get_func(&self.store, export).ok_or_else(|| format!("no export {export}"))?;
        let inputs: Vec<wasmi::Val> = arguments.iter().map(|value| number(*value)).collect::<Result<_, _>>()?;
        let mut outputs = vec![wasmi::Val::I32(0); usize::from(result.is_some())];
        function.call(&mut self.store, &inputs, &mut outputs).map_err(|error| format!("{export}: {error}"))?;
        Ok(match outputs.first() {
            Some(wasmi::Val::I32(bits)) => Some(Value::I32(bits.cast_unsigned())),
            Some(wasmi::Val::F32(bits)) => Some(Value::F32(bits.to_bits())),
            Some(other) => return Err(format!("{export} answers {other:?}")),
            None => None,
        })
    }

    fn read(&mut self, address: u32, length: usize) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; length];
        self.memory.read(&self.store, address as usize, &mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), String> {
        self.memory.write(&mut self.store, address as usize, bytes).map_err(|error| error.to_string())
    }

    fn memory_hash(&mut self) -> Result<u64, String> {
        Ok(target::hash(self.memory.data(&self.store)))
    }
}

fn number(value: Value) -> Result<wasmi::Val, String> {
    match value {
        Value::I32(bits) => Ok(wasmi::Val::I32(bits.cast_signed())),
        Value::F32(bits) => Ok(wasmi::Val::F32(wasmi::F32::from_bits(bits))),
        other => Err(format!("{other} is no argument of the contract")),
    }
}
