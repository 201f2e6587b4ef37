//! Makes a module on which a target and the oracle differ smaller, as long as they still differ.

use crate::diff::{Case, subject};
use crate::target::Runner;
use saggar_compiler::target::Target;
use std::time::{Duration, Instant};
use wasm_shrink::WasmShrink;

/// Failed attempts in a row after which a module counts as small.
const ATTEMPTS: u32 = 150;

/// How long it may take. A mutant may hang on the target, and then takes as long as the runner waits.
const TIME: Duration = Duration::from_secs(20);

/// The smallest module found; the given one when none of its mutants fails.
#[must_use]
pub fn shrink(runner: &mut Runner, target: Target, case: &Case) -> Vec<u8> {
    let start = Instant::now();
    let mut differs = |wasm: &[u8]| Ok(start.elapsed() < TIME && still_differs(runner, target, case, wasm));
    let shrinking = WasmShrink::default().attempts(ATTEMPTS).run(case.wasm.clone(), &mut differs);
    shrinking.map_or_else(|_| case.wasm.clone(), |info| info.output)
}

fn still_differs(runner: &mut Runner, target: Target, case: &Case, wasm: &[u8]) -> bool {
    let Ok(mut smaller) = Case::new("small", wasm, case.effort, case.canonical_nans) else { return false };
    smaller.meter = case.meter;
    match subject::run(runner, target, &[smaller]) {
        Ok(report) => !report.agrees(),
        // A module that does not link is a finding only where the original did not link either.
        Err(_) => false,
    }
}
