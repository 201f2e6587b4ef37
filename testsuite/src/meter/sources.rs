//! Where modules come from that are compared with the replay: generators, the specification's scripts, and guests.

use super::case::Case;
use super::script::{Call, Calls, Effort};
use crate::diff::prepare::prepare;
use crate::diff::{Error, Value, ValueType};
use crate::fuzz::{Generated, shapes, smith};
use crate::guests::{Features, Guests};
use crate::wast::parse;
use crate::wast::script::{Demand, Execution, InstanceIndex, Module, SPECTEST, Script};
use crate::wast::suite::TestFile;
use crate::wast::value::Value as Argument;
use fastrand::Rng;
use std::fs;

/// A module, or several.
#[derive(Clone, Debug)]
pub enum Source {
    /// A seed for wasm-smith.
    Smith(u64),
    /// A seed for the generator of shapes.
    Shape(u64),
    /// The modules of a script.
    Script(TestFile),
    /// A guest by its name: `c`, or a DSP guest.
    Guest(&'static str),
    /// SQLite.
    Sqlite,
}

/// What is plenty for generated modules.
const PLENTY: u64 = 30_000;
/// What is plenty for guests: some frames of audio.
const GUEST_PLENTY: u64 = 100_000_000;
/// Reserves beyond which a module does not go into an image with others.
const RESERVE_BYTES: u64 = 16 << 20;
const RESERVE_ELEMENTS: u64 = 1 << 17;

/// Name, sample rate and frame of the DSP guests.
const DSP: [(&str, u32, u32); 3] = [("denoise", 48_000, 480), ("voice", 16_000, 256), ("echo", 16_000, 160)];

/// The guests that are built here.
pub const GUESTS: [&str; 4] = ["denoise", "voice", "echo", "c"];

impl Source {
    /// The cases with the replay's answers; the error names what could not be replayed.
    ///
    /// # Errors
    /// When a module that should be replayed is not, or cannot be read.
    pub fn cases(&self, guests: Option<&Guests>) -> Result<Vec<Case>, String> {
        let named = |error: Error| format!("{self:?}: {error}");
        let no_guests = || "the guests are not built".to_owned();
        let read = |path: std::path::PathBuf| fs::read(path).map_err(|error| error.to_string());
        match self {
            Source::Smith(seed) => generated(&smith::module(*seed), *seed, 3).map_err(named),
            Source::Shape(seed) => generated(&shapes::module(*seed), *seed, 4).map_err(named),
            Source::Script(file) => script(file),
            Source::Guest("c") => {
                let wasm = read(guests.ok_or_else(no_guests)?.c.clone())?;
                let effort = Effort { seed: 1, prologue: Vec::new(), calls: Calls::MadeUp(12), amounts: 6, plenty: GUEST_PLENTY };
                Ok(vec![Case::new("c", &wasm, effort, true).map_err(named)?])
            }
            Source::Guest(name) => {
                let wasm = read(guests.ok_or_else(no_guests)?.dsp(name, Features::Scalar))?;
                dsp(name, &wasm).map_err(named)
            }
            Source::Sqlite => {
                let wasm = read(guests.ok_or_else(no_guests)?.sql.clone())?;
                let effort = Effort { seed: 1, prologue: Vec::new(), calls: Calls::MadeUp(8), amounts: 2, plenty: GUEST_PLENTY };
                Ok(vec![Case::new("sql", &wasm, effort, true).map_err(named)?])
            }
        }
    }
}

fn generated(generated: &Generated, seed: u64, calls: usize) -> Result<Vec<Case>, Error> {
    let calls = Calls::MadeUp(calls);
    let effort = Effort { seed, prologue: Vec::new(), calls, amounts: 8, plenty: PLENTY };
    Ok(vec![Case::new(&generated.name, &generated.wasm, effort, generated.canonical_nans)?])
}

/// A frame of silence, then a frame that runs out.
fn dsp(name: &str, wasm: &[u8]) -> Result<Vec<Case>, Error> {
    let (_, rate_hz, frame) = DSP.into_iter().find(|row| row.0 == name).ok_or(Error::Unsupported("an unknown guest"))?;
    let surface = prepare(wasm, name, 1)?.surface;
    let call = |export: &str, arguments: &[u32]| {
        let function = surface.functions.iter().position(|(name, _)| name == export);
        let arguments = arguments.iter().map(|&argument| Value::I32(argument)).collect();
        function.map(|function| Call { function, arguments }).ok_or(Error::NoSymbol(export.to_owned()))
    };
    let process = call("dsp_process", &[frame])?;
    let prologue = vec![call("dsp_init", &[rate_hz, 1, frame])?, process.clone()];
    let effort = Effort { seed: 1, prologue, calls: Calls::Given(vec![process]), amounts: 4, plenty: GUEST_PLENTY };
    Ok(vec![Case::new(name, wasm, effort, true)?])
}

/// The modules of a script with some of the calls that it makes.
fn script(file: &TestFile) -> Result<Vec<Case>, String> {
    /// Calls of a module; files have hundreds.
    const CALLS: usize = 4;
    let script = parse::parse(&file.source).map_err(|(place, reason)| format!("{}:{place:?}: {reason}", file.name))?;
    let plain: String = file.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut cases = Vec::new();
    for (index, instance) in script.instances.iter().enumerate() {
        let Module::Wasm(wasm) = &instance.module else { continue };
        if InstanceIndex(index) == SPECTEST {
            continue;
        }
        let name = format!("{plain}_{index}");
        let prepared = prepare(wasm, &name, 1).map_err(|error| format!("{name}: {error}"))?;
        if prepared.memory_reserve_bytes > RESERVE_BYTES || prepared.table_reserve > RESERVE_ELEMENTS {
            continue;
        }
        let mut calls = calls_of(&script, InstanceIndex(index), &prepared.surface.functions);
        let mut rng = Rng::with_seed(index as u64);
        rng.shuffle(&mut calls);
        calls.truncate(CALLS);
        let effort = Effort { seed: 1, prologue: Vec::new(), calls: Calls::Given(calls), amounts: 3, plenty: PLENTY };
        cases.push(Case::new(&name, wasm, effort, true).map_err(|error| format!("{name}: {error}"))?);
    }
    Ok(cases)
}

/// The calls that a script makes of an instance, with numbers for arguments, each once.
pub(crate) fn calls_of(script: &Script, wanted: InstanceIndex, functions: &[(String, crate::diff::Signature)]) -> Vec<Call> {
    let mut calls = Vec::new();
    for command in &script.commands {
        let (Demand::Complete(execution) | Demand::Return(execution, _) | Demand::Trap(execution, _)) = &command.demand else {
            continue;
        };
        let Execution::Call { instance, function, arguments } = execution else { continue };
        let index = functions.iter().position(|(name, _)| name == function);
        let (Some(index), true) = (index, *instance == wanted) else { continue };
        let arguments = functions[index].1.params.iter().zip(arguments).map(|(&ty, &argument)| number(ty, argument));
        if let Some(arguments) = arguments.collect::<Option<Vec<_>>>() {
            let call = Call { function: index, arguments };
            if !calls.contains(&call) {
                calls.push(call);
            }
        }
    }
    calls
}

fn number(ty: ValueType, argument: Argument) -> Option<Value> {
    match (ty, argument) {
        (ValueType::I32, Argument::I32(bits)) => Some(Value::I32(bits)),
        (ValueType::I64, Argument::I64(bits)) => Some(Value::I64(bits)),
        (ValueType::F32, Argument::F32(bits)) => Some(Value::F32(bits)),
        (ValueType::F64, Argument::F64(bits)) => Some(Value::F64(bits)),
        (ValueType::V128, Argument::V128(bytes)) => Some(Value::V128(u128::from_le_bytes(bytes))),
        _ => None,
    }
}
