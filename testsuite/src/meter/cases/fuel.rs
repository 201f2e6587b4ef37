//! Fuel across activations: what a nested call takes is gone from the call around it, and another domain has fuel of its own.

use super::world::{FIRST, Result, SECOND, Settings, World, expect};
use saggar_abi::trap::Code;
use saggar_compiler::Meter;

const GUEST: &str = r#"(module
  (import "host" "enter" (func $enter (param i32) (result i32)))
  (import "host" "fuel" (func $fuel (result i64)))
  (import "second" "work" (func $work (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $first (mut i64) (i64.const 0)) (global $second (mut i64) (i64.const 0)) (global $code (mut i32) (i32.const 0))
  (func (export "first") (result i64) (global.get $first))
  (func (export "second") (result i64) (global.get $second))
  (func (export "code") (result i32) (global.get $code))
  ;; get, eqz, if | loop | get, const, sub, tee, br_if | end, const, end: 5 n + 7; none at all traps
  (func (export "inner") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then unreachable))
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 1))
  ;; call, set, get, call, set, call, set, block, const, br_if | end | get, end
  (func (export "outer") (param i32) (result i32)
    (global.set $first (call $fuel))
    (global.set $code (call $enter (local.get 0)))
    (global.set $second (call $fuel))
    (block (br_if 0 (i32.const 0)))
    (global.get $code))
  ;; get, call, end
  (func (export "away") (param i32) (result i32) (call $work (local.get 0))))"#;

const OTHER: &str = r#"(module
  (func (export "work") (param i32) (result i32)
    nop nop nop
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 1)))"#;

/// What `outer` pays for its blocks.
const OUTER: [u64; 3] = [10, 1, 2];

/// What `inner` and `work` take.
fn inner(rounds: u64) -> u64 {
    5 * rounds + 7
}

/// Runs the cases; the error is the first thing that is not as it should be.
///
/// # Errors
/// When something is not as it should be, or cannot be run.
pub fn run(settings: Settings<'_>) -> Result {
    let mut world = World::new(settings, Meter::Fuel, GUEST, OTHER)?;
    world.start()?;
    nested(&mut world)?;
    exhausted_within(&mut world)?;
    other_domain(&mut world)?;
    extremes(&mut world)
}

fn low(world: &mut World, export: &str) -> Result<u64> {
    world.set_fuel(FIRST, 100)?;
    Ok(world.call(FIRST, export, &[])?.result)
}

fn nested(world: &mut World) -> Result {
    let all: u64 = OUTER.iter().sum();
    for rounds in [1, 7, 1000] {
        let given = all + inner(rounds) + 5;
        world.set_fuel(FIRST, given)?;
        let ended = world.call(FIRST, "outer", &[rounds])?;
        expect("a call with one within", (ended.code, ended.low()), (Code::Ok, 0))?;
        expect("fuel left after both", world.fuel(FIRST)?, 5)?;
        // What the host sees before and after the nested call: the block is paid for, and only the nested call takes more.
        expect("fuel before the nested call", low(world, "first")?, given - OUTER[0])?;
        expect("fuel after it", low(world, "second")?, given - OUTER[0] - inner(rounds))?;
    }
    Ok(())
}

/// A nested call that ends in a trap takes all that is left, so that nobody can begin it again and again with the same fuel.
fn exhausted_within(world: &mut World) -> Result {
    for (what, given, rounds, code) in [
        ("the nested call ran out", OUTER[0] + 50, 100, Code::OutOfFuel),
        ("the nested call trapped otherwise", 1_000_000, 0, Code::Unreachable),
    ] {
        world.set_fuel(FIRST, given)?;
        let ended = world.call(FIRST, "outer", &[rounds])?;
        expect(&format!("{what}: how the call around it ended"), ended.code, Code::OutOfFuel)?;
        expect(what, world.place(FIRST, ended)?.name.as_deref(), Some("outer"))?;
        expect(&format!("{what}: fuel left"), world.fuel(FIRST)?, 0)?;
        expect(&format!("{what}: how it ended itself"), low(world, "code")? & 0xffff_ffff, code as u64)?;
        expect(&format!("{what}: fuel that the host saw after it"), low(world, "second")?, 0)?;
    }
    expect("instantiation after that", world.instantiate(FIRST)?.code, Code::Ok)?;
    expect("everything is new", low(world, "code")? & 0xffff_ffff, 0)
}

fn other_domain(world: &mut World) -> Result {
    world.set_fuel(FIRST, 3)?;
    world.set_fuel(SECOND, inner(10) + 2)?;
    let ended = world.call(FIRST, "away", &[10])?;
    expect("a call into the other domain", (ended.code, ended.low()), (Code::Ok, 1))?;
    expect("what each has left", (world.fuel(FIRST)?, world.fuel(SECOND)?), (0, 2))?;
    world.set_fuel(FIRST, 1_000)?;
    world.set_fuel(SECOND, inner(10) - 1)?;
    let ended = world.call(FIRST, "away", &[10])?;
    expect("the other domain ran out", ended.code, Code::OutOfFuel)?;
    expect("what a trap leaves to both", (world.fuel(FIRST)?, world.fuel(SECOND)?), (0, 0))?;
    expect("the place", world.place(SECOND, ended)?.name.as_deref(), Some("work"))?;
    world.set_fuel(SECOND, 1_000)?;
    world.set_fuel(FIRST, 2)?;
    let ended = world.call(FIRST, "away", &[10])?;
    expect("the caller had too little for its own block", ended.code, Code::OutOfFuel)?;
    expect("the place", world.place(FIRST, ended)?.name.as_deref(), Some("away"))?;
    expect("the other's fuel is untouched", world.fuel(SECOND)?, 1_000)
}

/// The most that there can be is as good as any amount.
fn extremes(world: &mut World) -> Result {
    let most = i64::MAX.cast_unsigned();
    world.set_fuel(FIRST, most)?;
    expect("a call with the most", world.call(FIRST, "inner", &[10])?.code, Code::Ok)?;
    expect("what is left", world.fuel(FIRST)?, most - inner(10))?;
    world.set_fuel(FIRST, 1 << 32)?;
    expect("a call with more than 32 bits", world.call(FIRST, "inner", &[10])?.code, Code::Ok)?;
    expect("what is left", world.fuel(FIRST)?, (1 << 32) - inner(10))?;
    world.set_fuel(FIRST, 0)?;
    expect("a call with none", world.call(FIRST, "inner", &[10])?.code, Code::OutOfFuel)?;
    world.set_fuel(FIRST, inner(10) - 1)?;
    expect("a call with too little", world.call(FIRST, "inner", &[10])?.code, Code::OutOfFuel)?;
    expect("what the trap leaves", world.fuel(FIRST)?, 0)
}
