//! What takes for ever ends when its flag is set, wherever it is: the calls of generated modules that use up all the fuel that they
//! are given, compiled with the flag instead, while a timer sets it.
//!
//! A loop or a cycle of tail calls that does not look at the flag hangs, which is the failure that is looked for. A call that ends by
//! itself, returning, trapping, or at the end of the stack, only took long.

use super::case::{Case, STACK_BYTES};
use super::script::{Call, Calls, Effort, Outcome};
use crate::diff::{Error, Value};
use crate::fuzz::{shapes, smith};
use crate::target::{self, LinkInput, LinkOptions, Runner, RunnerOptions, link};
use saggar_abi::layout::domain;
use saggar_abi::trap::Code;
use saggar_compiler::Meter;
use saggar_compiler::target::Target;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// What was found on all targets.
#[derive(Clone, Debug, Default)]
pub struct Endless {
    /// Calls that the flag ended.
    pub interrupted: u64,
    /// Calls that ended by themselves.
    pub ended: u64,
    /// Calls that did not end, or went wrong.
    pub failures: Vec<String>,
}

/// What a call uses up that may be endless.
const PLENTY: u64 = 500_000;
/// Calls that are tried of each module.
const CALLS: usize = 8;
/// When the timer first sets the flag, and how often.
const PERIOD: Duration = Duration::from_millis(3);
/// How long an endless call may take to end after that, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Tries the modules of these seeds, of both generators, on these targets.
///
/// # Errors
/// When a module cannot be replayed, compiled or linked, or a runner cannot be started.
pub fn run(seeds: Range<u64>, targets: &[Target]) -> Result<Endless, Error> {
    let mut found = Endless::default();
    let mut runners = Vec::new();
    for &target in targets {
        let options = RunnerOptions { timeout: TIMEOUT, ..RunnerOptions::default() };
        runners.push((target, Runner::start(target.arch(), options)?));
    }
    for seed in seeds {
        for generated in [shapes::module(seed), smith::module(seed)] {
            let effort = Effort { seed, prologue: Vec::new(), calls: Calls::MadeUp(CALLS), amounts: 0, plenty: PLENTY };
            let case = Case::new(&generated.name, &generated.wasm, effort, generated.canonical_nans)?;
            let calls = endless(&case);
            for (target, runner) in &mut runners {
                if !calls.is_empty() {
                    try_calls(runner, *target, &case, &calls, &mut found)?;
                }
            }
        }
    }
    Ok(found)
}

/// The calls that used up everything, each once.
fn endless(case: &Case) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for step in case.script.episodes.iter().filter_map(|episode| episode.steps.first()) {
        let used_up = matches!(step.answer.outcome, Outcome::Exhausted(_)) && step.fuel == PLENTY;
        if used_up && !calls.contains(&step.call) {
            calls.push(step.call.clone());
        }
    }
    calls
}

fn try_calls(runner: &mut Runner, target: Target, case: &Case, calls: &[Call], found: &mut Endless) -> Result<(), Error> {
    let compiled = case.compile(target, Meter::Flag).map_err(|error| Error::Oracle(error.to_string()))?;
    let inputs: Vec<LinkInput<'_>> = compiled
        .artifacts
        .iter()
        .map(|artifact| LinkInput { name: &artifact.interface.module, bytes: &artifact.object })
        .collect();
    let image = link(target.arch(), &inputs, &LinkOptions::default())?;
    let symbol = |name: &str| image.symbol(name).ok_or_else(|| Error::NoSymbol(name.to_owned()));
    let interface = &compiled.module().interface;
    let flag = symbol(&interface.domain_symbol)? + u64::from(domain::INTERRUPT.bytes(target.pointer_bytes()));
    for call in calls {
        runner.load(&image)?;
        for artifact in &compiled.artifacts {
            let address = symbol(&artifact.interface.instantiate_symbol)?;
            runner.call(address, &[], 0, 2 * STACK_BYTES)?;
        }
        let (name, _) = &case.prepared.surface.functions[call.function];
        let export = interface.exports.iter().find(|export| export.name == *name);
        let address = symbol(&export.ok_or_else(|| Error::NoSymbol(name.clone()))?.symbol)?;
        let slots = Value::to_slots(&call.arguments);
        runner.time_next_call(flag, PERIOD)?;
        match runner.call(address, &slots, slots.len(), 2 * STACK_BYTES)? {
            target::Outcome::Completed { code, .. } if code == Code::Interrupted as u32 => found.interrupted += 1,
            target::Outcome::Completed { .. } => found.ended += 1,
            other => {
                let place = format!("{} on {}", case.prepared.name, target.arch().name());
                found.failures.push(format!("{place}: {name:?} {:?}: {other:x?}", call.arguments));
            }
        }
    }
    Ok(())
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} calls ended by the flag, {} by themselves, {} failed",
            self.interrupted,
            self.ended,
            self.failures.len()
        )?;
        self.failures.iter().try_for_each(|failure| writeln!(f, "  {failure}"))
    }
}
