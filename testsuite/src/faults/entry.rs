//! A check at the entry for all that a call can use, on stacks that are too small, just large enough, and in between.
//!
//! Whatever is given, either the function runs to its end, or it is not begun; and nothing is written below the limit.

use crate::target::{Call, LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link};
use saggar_abi::trap::Code;
use saggar_compiler::report::Bound;
use saggar_compiler::{Artifact, Options, compile};

/// The least headroom that there is, so that little hides in it.
const HEADROOM_BYTES: u32 = 2048;
/// What the calls get, so that whoever goes too far is measured.
const GIVEN_BYTES: u32 = 128 << 10;
/// The entry and what the runtime library puts on the stack before it measures from there.
const ENTRY_BYTES: u64 = 128;
/// What is on the stack when the check is made, at most: the entry, the way into the activation, and the thunk.
const BEFORE_CHECK_BYTES: u64 = 768;

/// A chain of functions with large frames, one of which is also exported, one in a table, and one that calls nothing.
fn module() -> String {
    let (params, same) = ("i64 ".repeat(60), "(local.get 0)".repeat(60));
    format!(
        r#"(module
          (type $wide (func (param {params}) (result i64)))
          (table 1 funcref) (elem (i32.const 0) $last)
          (func $leaf (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
          (func $last (type $wide) (i64.add (call $leaf (local.get 59)) (local.get 7)))
          (func $second (type $wide) (i64.add (call_indirect (type $wide) {same} (i32.const 0)) (local.get 30)))
          (func $first (export "middle") (param i64) (result i64) (i64.add (call $second {same}) (local.get 0)))
          (func (export "deep") (param i64) (result i64) (i64.mul (call $first (local.get 0)) (call $first (i64.const 1)))))"#
    )
}

/// Runs the case; the error is the first thing that is not as it should be.
///
/// # Errors
/// When something is not as it should be, or cannot be run.
pub fn run(options: &Options, link_options: &LinkOptions, runner_options: &RunnerOptions) -> Result<(), String> {
    let mut options = options.clone();
    "entry".clone_into(&mut options.name);
    (options.check_stack_at_entry, options.headroom_bytes) = (true, HEADROOM_BYTES);
    let wasm = wat::parse_str(module()).map_err(|error| error.to_string())?;
    let fire = |stack_bytes: u32| {
        let options = Options { stack_bytes, ..options.clone() };
        compile(&wasm, &options).map_err(|error| error.to_string())
    };
    let mut runner = Runner::start(options.target.arch(), runner_options.clone()).map_err(|error| error.to_string())?;
    let mut guest = Guest { link_options, runner: &mut runner };
    let bounds: Vec<(String, u64)> = bounds(&fire(GIVEN_BYTES)?)?;
    for (name, bound) in bounds {
        let bound = u32::try_from(bound).map_err(|_| format!("{name} can use {bound} bytes"))?;
        let (mut refused, mut ran) = (0, 0);
        for usable in [bound / 4, bound / 2, bound * 3 / 4, bound - 300, bound - 100, bound, bound + 500] {
            let what = format!("{name}, which can use {bound} bytes, with {usable}");
            let limit = u64::from(usable) + ENTRY_BYTES;
            match guest.call(&fire(HEADROOM_BYTES + usable)?, &name, limit).map_err(|error| format!("{what}: {error}"))? {
                Some(result) if result == expected(&name) => ran += 1,
                Some(result) => return Err(format!("{what}: {result} instead of {}", expected(&name))),
                None => refused += 1,
            }
        }
        if refused < 3 || ran < 1 {
            return Err(format!("{name}: {refused} calls were refused, {ran} ran"));
        }
    }
    Ok(())
}

/// The exports with their bounds.
fn bounds(artifact: &Artifact) -> Result<Vec<(String, u64)>, String> {
    let exports = artifact.report.exports.iter();
    exports
        .map(|export| match &export.stack_bytes {
            Bound::AtMost(bytes) => Ok((export.name.clone(), *bytes)),
            Bound::Unbounded(reason) => Err(format!("{} has no bound: {reason}", export.name)),
        })
        .collect()
}

/// What a function gives for 5.
fn expected(name: &str) -> u64 {
    let middle = |argument: u64| 4 * argument + 1;
    if name == "middle" { middle(5) } else { middle(5) * middle(1) }
}

struct Guest<'g> {
    link_options: &'g LinkOptions,
    runner: &'g mut Runner,
}

impl Guest<'_> {
    /// Calls a function with 5: its result, or nothing when there was too little stack. No more than `limit` bytes may be used.
    fn call(&mut self, artifact: &Artifact, name: &str, limit: u64) -> Result<Option<u64>, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let interface = &artifact.interface;
        let input = LinkInput { name: "entry", bytes: &artifact.object };
        let image = link(self.runner.arch(), &[input], self.link_options).map_err(|error| text(&error))?;
        self.runner.load(&image).map_err(|error| text(&error))?;
        let entry = interface.exports.iter().find(|export| export.name == name).map(|export| &export.symbol);
        let mut last = None;
        for symbol in [Some(&interface.instantiate_symbol), entry].into_iter().flatten() {
            let address = image.symbol(symbol).ok_or_else(|| format!("{symbol} is not in the image"))?;
            let call = Call { address, slots: vec![5], slot_count: 1, stack_bytes: GIVEN_BYTES };
            let (outcome, used) = self.runner.call_measured(&call).map_err(|error| text(&error))?;
            if used > limit {
                return Err(format!("{symbol} used {used} bytes, {limit} are above the limit"));
            }
            last = Some((outcome, used));
        }
        match last {
            Some((Outcome::Completed { code: 0, slots, .. }, _)) => Ok(slots.first().copied()),
            Some((Outcome::Completed { code, .. }, used)) if code == Code::StackOverflow as u32 => {
                if used > BEFORE_CHECK_BYTES {
                    return Err(format!("it was refused only when {used} bytes had been used"));
                }
                Ok(None)
            }
            other => Err(format!("{other:x?}")),
        }
    }
}
