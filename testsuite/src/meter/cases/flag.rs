//! Whatever goes on for ever ends when its flag is set, exactly where it next looks, and nothing else does.

use super::world::{FIRST, Result, SECOND, Settings, World, expect};
use saggar_abi::trap::Code;
use saggar_compiler::Meter;
use std::time::Duration;

const GUEST: &str = include_str!("flag_first.wat");
const OTHER: &str = include_str!("flag_second.wat");

/// Flags as the host's `tick` knows them.
const FLAG_FIRST: u64 = 1;
const FLAG_SECOND: u64 = 2;
/// A number of ticks that never comes.
const NEVER: u64 = 0;

/// Runs the cases; the error is the first thing that is not as it should be.
///
/// # Errors
/// When something is not as it should be, or cannot be run.
pub fn run(settings: Settings<'_>) -> Result {
    let mut world = World::new(settings, Meter::Flag, GUEST, OTHER)?;
    world.start()?;
    timed(&mut world)?;
    counted(&mut world)?;
    stale(&mut world)?;
    nested(&mut world)?;
    other_domain(&mut world)?;
    starting(&mut world)
}

fn rounds(world: &mut World, module: usize) -> Result<u64> {
    Ok(world.call(module, "rounds", &[])?.result)
}

/// Everything that spins is stopped by a timer, at a place in some function; then the module works, and starts again as new.
fn timed(world: &mut World) -> Result {
    let exports = world.modules[FIRST].interface.exports.iter().map(|export| export.name.clone());
    let spinning: Vec<String> = exports.filter(|name| name.starts_with("spin_")).collect();
    expect("functions that spin", spinning.len() >= 20, true)?;
    for name in spinning {
        let ended = world.call_timed(FIRST, Duration::from_millis(2), FIRST, &name)?;
        expect(&name, ended.code, Code::Interrupted)?;
        let place = world.place(FIRST, ended).map_err(|error| format!("{name}: {error}"))?;
        expect(&format!("{name} ended at an operator"), place.wasm_offset.is_some(), true)?;
        expect(&format!("a call after {name}"), world.call(FIRST, "finite", &[])?.low(), 100)?;
    }
    let counter = |world: &mut World| -> Result<bool> { Ok(world.memory(FIRST)?[128..132].iter().any(|&byte| byte != 0)) };
    expect("what `spin_store` and `spin_global` did is there", counter(world)? && rounds(world, FIRST)? > 0, true)?;
    expect("instantiation again", world.instantiate(FIRST)?.code, Code::Ok)?;
    expect("what they did is gone", counter(world)? || rounds(world, FIRST)? > 0, false)
}

/// The round in which the flag is set is the last: a loop looks at its head, a function at its entry.
fn counted(world: &mut World) -> Result {
    for name in ["ticks_loop", "ticks_while", "ticks_inner", "ticks_switch", "ticks_tail", "ticks_down"] {
        for count in [1, 2, 5, 300] {
            expect("instantiation", world.instantiate(FIRST)?.code, Code::Ok)?;
            world.tick(count, FLAG_FIRST)?;
            let what = format!("{name}, stopped in round {count}");
            expect(&what, world.call(FIRST, name, &[])?.code, Code::Interrupted)?;
            expect(&what, rounds(world, FIRST)?, count)?;
        }
    }
    Ok(())
}

/// A flag that was set before a call began does not end it.
fn stale(world: &mut World) -> Result {
    for _ in 0..2 {
        world.set_flag(FIRST, 1)?;
        let ended = world.call(FIRST, "finite", &[])?;
        expect("a call with a stale flag", (ended.code, ended.low()), (Code::Ok, 100))?;
        world.set_flag(FIRST, 1)?;
        expect("instantiation with a stale flag", world.instantiate(FIRST)?.code, Code::Ok)?;
        world.set_flag(SECOND, 1)?;
        let ended = world.call(FIRST, "to_quick", &[])?;
        expect("a call into a domain with a stale flag", (ended.code, ended.low()), (Code::Ok, 70))?;
    }
    Ok(())
}

/// A nested call neither forgets the flag nor keeps it to itself.
fn nested(world: &mut World) -> Result {
    let interrupted = Code::Interrupted as u64;
    let code = |world: &mut World| Ok::<u64, String>(world.call(FIRST, "code", &[])?.low());
    for (name, ticks, inner_rounds, end) in [
        ("outer", 4, 4, Code::Interrupted),
        // Set before the nested call begins: that does not get as far as its first round.
        ("outer_ticks", 1, 0, Code::Interrupted),
        // Who never looks returns.
        ("outer_straight", 2, 2, Code::Ok),
    ] {
        expect("instantiation", world.instantiate(FIRST)?.code, Code::Ok)?;
        world.tick(ticks, FLAG_FIRST)?;
        expect(name, world.call(FIRST, name, &[])?.code, end)?;
        expect(&format!("the call within {name}"), code(world)?, interrupted)?;
        expect(&format!("rounds within {name}"), rounds(world, FIRST)?, inner_rounds)?;
    }
    // And without a flag everything returns: `inner` leaves its loop.
    world.tick(NEVER, FLAG_FIRST)?;
    expect("finite", world.call(FIRST, "inner", &[0])?.code, Code::Ok)
}

/// A chain of two domains.
fn other_domain(world: &mut World) -> Result {
    let ended = world.call_timed(SECOND, Duration::from_millis(2), FIRST, "to_spin")?;
    expect("a loop in the other domain", ended.code, Code::Interrupted)?;
    expect("the place of its end", world.place(SECOND, ended)?.name.as_deref(), Some("spin"))?;
    // The callee's flag, the caller's and then the callee's, and the caller's alone, which the callee does not see.
    for (flags, callee_rounds) in [(FLAG_SECOND, 6), (FLAG_FIRST | FLAG_SECOND, 6), (FLAG_FIRST, 100)] {
        world.tick(NEVER, flags)?;
        world.start()?;
        world.tick(6, flags)?;
        let what = format!("flags {flags} set in the other domain");
        let ended = world.call(FIRST, "to_ticking", &[])?;
        expect(&what, ended.code, Code::Interrupted)?;
        let in_callee = world.place(SECOND, ended).is_ok();
        expect(&format!("{what}: ended there"), in_callee, flags & FLAG_SECOND != 0)?;
        expect(&format!("{what}: rounds"), rounds(world, SECOND)?, callee_rounds)?;
    }
    // A caller that was interrupted does not begin a call into another domain.
    world.tick(NEVER, FLAG_FIRST)?;
    world.start()?;
    world.tick(1, FLAG_FIRST)?;
    expect("a call after the flag was set", world.call(FIRST, "ticks_to_quick", &[])?.code, Code::Interrupted)?;
    expect("rounds of that call", rounds(world, SECOND)?, 0)?;
    expect("the next call", world.call(FIRST, "to_quick", &[])?.code, Code::Ok)
}

/// A start function is stopped, and the module is then not instantiated.
fn starting(world: &mut World) -> Result {
    world.tick(2, FLAG_SECOND)?;
    expect("instantiation that is interrupted", world.instantiate(SECOND)?.code, Code::Interrupted)?;
    expect("a call of what did not start", world.call(SECOND, "quick", &[])?.code, Code::NotInstantiated)?;
    expect("a call into it", world.call(FIRST, "to_quick", &[])?.code, Code::ForeignRefused)?;
    world.tick(NEVER, FLAG_SECOND)?;
    expect("instantiation again", world.instantiate(SECOND)?.code, Code::Ok)?;
    expect("a call into what has started", world.call(FIRST, "to_quick", &[])?.low(), 70)
}
