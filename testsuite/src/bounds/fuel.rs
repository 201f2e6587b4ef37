//! Upper bounds of fuel, held against what calls use in the replay of [`meter`](crate::meter), which shares nothing with the compiler.
//!
//! A call is given exactly its bound: it must not run out. What it used says how tight the bound is.

use crate::diff::prepare::prepare;
use crate::diff::{Error, Value};
use crate::meter::replay::Replay;
use crate::meter::script::{Call, Outcome};
use crate::meter::sources;
use crate::wast::parse;
use crate::wast::script::{InstanceIndex, Module, SPECTEST};
use crate::wast::suite::TestFile;
use fastrand::Rng;
use saggar_compiler::report::Bound;
use saggar_compiler::target::{Arch, Target};
use saggar_compiler::{Meter, Options, Provider, compile};
use std::fmt;

/// Bounds beyond this are not tried: a call that used so much would take too long in the replay.
const MOST: u64 = 1_000_000;

/// Modules with more bytes of memory or elements of tables are left out: the replay writes all of them.
const LARGEST_MEMORY: u64 = 16 << 20;
const LARGEST_TABLE: u64 = 1 << 17;

/// What calls used of their bounds.
#[derive(Clone, Debug, Default)]
pub struct FuelUse {
    /// Units that each call used, and could use.
    pub used: Vec<(u64, u64)>,
    /// Calls that were not tried, because their bound is too great.
    pub too_great: u64,
    /// Calls of exports without a bound, with the reasons.
    pub unbounded: Vec<String>,
    /// Calls that used more than their bound.
    pub wrong: Vec<String>,
}

impl FuelUse {
    /// Adds what others found.
    pub fn add(&mut self, other: FuelUse) {
        self.used.extend(other.used);
        self.too_great += other.too_great;
        self.unbounded.extend(other.unbounded);
        self.wrong.extend(other.wrong);
    }

    fn enter(&mut self, what: impl FnOnce() -> String, bound: u64, outcome: &Outcome, left: u64) {
        match outcome {
            Outcome::Exhausted(place) => self.wrong.push(format!("{}: {bound} units do not suffice; {place:?}", what())),
            // What costs nothing says nothing.
            _ if bound == 0 => {}
            _ => self.used.push((bound - left, bound)),
        }
    }
}

impl fmt::Display for FuelUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut percent: Vec<u64> = self.used.iter().map(|(used, bound)| bound * 100 / (*used).max(1)).collect();
        percent.sort_unstable();
        let exact = self.used.iter().filter(|(used, bound)| used == bound).count();
        write!(f, "{} calls within their bounds, {exact} of them exactly", self.used.len())?;
        if let (Some(least), Some(most)) = (percent.first(), percent.last()) {
            write!(f, "; bounds at {least}, {}, {most} % of what was used (least, median, most)", percent[percent.len() / 2])?;
        }
        write!(f, "; {} calls without a bound, {} with one beyond {MOST}", self.unbounded.len(), self.too_great)
    }
}

/// The target whose compiler is asked; bounds of fuel are the same for all.
#[must_use]
pub fn options() -> Options {
    Options::new(Target::new(Arch::X86_64), "")
}

/// Calls exports of a module with their bounds of fuel: those of `choose`, which is given the functions that there are.
///
/// # Errors
/// When the module cannot be compiled or replayed.
pub fn compare(
    options: &Options,
    name: &str,
    wasm: &[u8],
    choose: impl FnOnce(&[(String, crate::diff::Signature)]) -> Vec<Call>,
) -> Result<FuelUse, Error> {
    let prepared = prepare(wasm, name, 1)?;
    if prepared.memory_reserve_bytes > LARGEST_MEMORY || prepared.table_reserve > LARGEST_TABLE {
        return Ok(FuelUse::default());
    }
    let mut options = options.clone();
    name.clone_into(&mut options.name);
    options.meter = Meter::Fuel;
    options.threads = 1;
    options.default_provider = Provider::Domain;
    options.memory_reserve_bytes = Some(prepared.memory_reserve_bytes);
    options.table_reserve = Some(prepared.table_reserve);
    // The module as it came: prepared, it exports its tables, and then nothing is known of indirect calls.
    let report = compile(wasm, &options).map_err(|error| Error::Oracle(format!("{name}: {error}")))?.report;
    let mut found = FuelUse::default();
    let replay = Replay::new(&prepared)?;
    let started = match report.instantiation.fuel {
        Bound::AtMost(bound) if bound <= MOST => {
            let (machine, answer) = replay.start(bound)?;
            if let Some(answer) = &answer {
                found.enter(|| format!("the instantiation of {name}"), bound, &answer.outcome, answer.left);
            }
            answer.filter(|answer| matches!(answer.outcome, Outcome::Returned(_))).map(|_| machine)
        }
        _ => None,
    };
    let Some(mut machine) = started else { return Ok(found) };
    for call in choose(&prepared.surface.functions) {
        let export = &prepared.surface.functions[call.function].0;
        match report.exports.iter().find(|report| report.name == *export).map(|report| &report.fuel) {
            Some(Bound::AtMost(bound)) if *bound <= MOST => {
                // Out of stack in wasmi: the next call begins anew.
                let Some(answer) = machine.call(&call, *bound)? else { continue };
                found.enter(|| format!("{export:?} of {name} with {:?}", call.arguments), *bound, &answer.outcome, answer.left);
            }
            Some(Bound::AtMost(_)) => found.too_great += 1,
            Some(Bound::Unbounded(reason)) => found.unbounded.push(format!("{export:?} of {name}: {reason}")),
            None => found.wrong.push(format!("{export:?} of {name} is not in the report")),
        }
    }
    Ok(found)
}

/// Calls every export a few times, with any arguments.
///
/// # Errors
/// As [`compare`].
pub fn compare_with_any(options: &Options, name: &str, wasm: &[u8], seed: u64) -> Result<FuelUse, Error> {
    const ROUNDS: usize = 4;
    let mut rng = Rng::with_seed(seed);
    compare(options, name, wasm, |functions| {
        let mut calls = Vec::new();
        for _ in 0..ROUNDS {
            for (function, (_, signature)) in functions.iter().enumerate() {
                let arguments = signature.params.iter().map(|&ty| Value::arbitrary(ty, &mut rng)).collect();
                calls.push(Call { function, arguments });
            }
        }
        calls
    })
}

/// The modules of a script with all calls that the script makes of them.
///
/// # Errors
/// When the script cannot be read, or a module not be replayed.
pub fn compare_script(file: &TestFile) -> Result<FuelUse, String> {
    let script = parse::parse(&file.source).map_err(|(place, reason)| format!("{}:{place:?}: {reason}", file.name))?;
    let mut found = FuelUse::default();
    for (index, instance) in script.instances.iter().enumerate() {
        let index = InstanceIndex(index);
        let Module::Wasm(wasm) = &instance.module else { continue };
        if index == SPECTEST {
            continue;
        }
        let name = format!("{} of {}", instance.name, file.name);
        let compared = compare(&options(), "m", wasm, |functions| sources::calls_of(&script, index, functions));
        found.add(compared.map_err(|error| format!("{name}: {error}"))?);
    }
    Ok(found)
}

/// A small module with something of everything, for the test of the tests.
///
/// # Errors
/// When a call uses more than its bound, or the module cannot be run.
pub fn case(options: &Options) -> Result<(), String> {
    const MODULE: &str = r#"(module (memory (export "memory") 1)
        (func $loop (export "loop") (result i32) (local i32)
            (loop (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 20)))) (local.get 0))
        (func (export "if") (param i32) (if (local.get 0) (then (drop (call $loop))) (else nop)))
        (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))"#;
    let wasm = wat::parse_str(MODULE).map_err(|error| error.to_string())?;
    let found = compare_with_any(options, "bounds", &wasm, 1).map_err(|error| error.to_string())?;
    match found.wrong.first() {
        Some(wrong) => Err(wrong.clone()),
        None if found.used.len() < 10 => Err(format!("only {} calls were compared", found.used.len())),
        None => Ok(()),
    }
}
