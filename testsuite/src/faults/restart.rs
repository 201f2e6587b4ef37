//! A module that is instantiated a second time: scripts instantiate each only once.
//!
//! Everything that calls changed must be as it was: bytes in and beyond a segment, globals, elements, dropped segments, and the
//! sizes of memory and table.

use crate::target::{LinkInput, LinkOptions, Outcome, Runner, RunnerOptions, link};
use saggar_abi::trap::Code;
use saggar_compiler::{Options, compile};

const MODULE: &str = r#"(module
    (memory 1 3) (table 2 5 funcref) (global $global (mut i32) (i32.const 5))
    (data (i32.const 8) "\07") (data $passive "\09") (elem (i32.const 1) $spoil) (elem $more funcref (ref.func $spoil))
    (func $spoil (export "spoil")
        (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 60000) (i32.const 200))
        (global.set $global (i32.const 300)) (table.set (i32.const 1) (ref.null func)) (table.set (i32.const 0) (ref.func $spoil))
        (drop (memory.grow (i32.const 1))) (i32.store (i32.const 65536) (i32.const 400))
        (drop (table.grow (ref.func $spoil) (i32.const 2))) (data.drop $passive) (elem.drop $more)
        unreachable)
    (func (export "look") (result i32 i32 i32 i32 i32 i32 i32 i32)
        (i32.load (i32.const 8)) (i32.load (i32.const 60000)) (global.get $global)
        (ref.is_null (table.get (i32.const 0))) (ref.is_null (table.get (i32.const 1))) (memory.size) (table.size)
        (memory.init $passive (i32.const 70) (i32.const 0) (i32.const 1)) (table.init $more (i32.const 0) (i32.const 0) (i32.const 1))
        (i32.load (i32.const 70)))
    (func (export "grown") (result i32)
        (drop (memory.grow (i32.const 1))) (i32.load (i32.const 65536))))"#;

/// What `look` gives after every instantiation.
const NEW: [u64; 8] = [7, 0, 5, 1, 0, 1, 2, 9];

/// Runs the case; the error is the first thing that is not as it should be.
///
/// # Errors
/// When something is not as it should be, or cannot be run.
pub fn run(options: &Options, link_options: &LinkOptions, runner_options: &RunnerOptions) -> Result<(), String> {
    let calls = calls(options, link_options, runner_options).map_err(|error| error.to_string())?;
    let low = |slots: &[u64]| slots.iter().map(|slot| slot & 0xffff_ffff).collect::<Vec<_>>();
    for (name, outcome) in calls {
        let right = match (name, &outcome) {
            ("spoil", Outcome::Completed { code, .. }) => *code == Code::Unreachable as u32,
            ("look", Outcome::Completed { code: 0, slots, .. }) => low(slots) == NEW,
            ("grown", Outcome::Completed { code: 0, slots, .. }) => low(&slots[..1]) == [0],
            (_, Outcome::Completed { code, .. }) => *code == 0,
            _ => false,
        };
        if !right {
            return Err(format!("{name}: {outcome:x?}"));
        }
    }
    Ok(())
}

/// Instantiates, looks, spoils, and all that again; the outcomes.
fn calls(
    options: &Options,
    link_options: &LinkOptions,
    runner_options: &RunnerOptions,
) -> Result<Vec<(&'static str, Outcome)>, Box<dyn std::error::Error>> {
    let mut options = options.clone();
    "restart".clone_into(&mut options.name);
    options.memory_reserve_bytes = Some(3 << 16);
    options.table_reserve = Some(5);
    let artifact = compile(&wat::parse_str(MODULE)?, &options)?;
    let arch = options.target.arch();
    let image = link(arch, &[LinkInput { name: "restart", bytes: &artifact.object }], link_options)?;
    let mut runner = Runner::start(arch, runner_options.clone())?;
    runner.load(&image)?;
    let interface = &artifact.interface;
    let mut outcomes = Vec::new();
    let order = ["instantiate", "look", "spoil", "instantiate", "look", "grown", "spoil", "instantiate", "look"];
    for name in order {
        let export = interface.exports.iter().find(|export| export.name == name);
        let symbol = export.map_or(&interface.instantiate_symbol, |export| &export.symbol);
        let address = image.symbol(symbol).ok_or_else(|| format!("{symbol} is not in the image"))?;
        outcomes.push((name, runner.call(address, &[], NEW.len(), options.stack_bytes)?));
    }
    Ok(outcomes)
}
