//! Operations on many bytes or elements are interrupted within 4 KiB.

use super::world::{FIRST, Result, Settings, World, expect};
use saggar_abi::layout::POLL_BYTES;
use saggar_abi::trap::Code;
use saggar_compiler::Meter;
use std::time::Duration;

/// Bytes of the data segment; each has the low bits of its number.
const SEGMENT_BYTES: usize = 200_000;
/// Elements of the element segment.
const SEGMENT_ELEMENTS: usize = 20_000;
/// Bytes of the memory.
const MEMORY_BYTES: usize = 16 << 20;
/// Elements of the table.
const TABLE_ELEMENTS: usize = 60_000;
/// What may be written after the flag was set: one piece.
const MOST_BYTES: usize = POLL_BYTES as usize;
const MOST_ELEMENTS: usize = POLL_BYTES as usize / 8;

fn guest() -> String {
    let data: String = (0..SEGMENT_BYTES).map(|number| char::from(b'0' + pattern(number) % 64)).collect();
    // A backslash would begin an escape.
    let data = data.replace('\\', "~");
    let elements = "$f ".repeat(SEGMENT_ELEMENTS);
    let pages = MEMORY_BYTES >> 16;
    format!(
        r#"(module
      (import "host" "tick" (func $tick))
      (memory (export "memory") {pages}) (table (export "table") {TABLE_ELEMENTS} {} funcref)
      (data $d "{data}") (elem $e func {elements})
      (func $f)
      (func (export "inner") (param i32) (result i32) (local.get 0))
      (func (export "fill") (param i32 i32 i32)
        (call $tick) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
      (func (export "copy") (param i32 i32 i32)
        (call $tick) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
      (func (export "init") (param i32 i32 i32)
        (call $tick) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
      (func (export "fill_constant") (call $tick) (memory.fill (i32.const 64) (i32.const 1) (i32.const 1000000)))
      (func (export "table_fill") (param i32 i32 i32)
        (call $tick) (table.fill (local.get 0) (ref.func $f) (local.get 2)))
      (func (export "table_copy") (param i32 i32 i32)
        (call $tick) (table.copy (local.get 0) (local.get 1) (local.get 2)))
      (func (export "table_init") (param i32 i32 i32)
        (call $tick) (table.init $e (local.get 0) (local.get 1) (local.get 2)))
      (func (export "grow") (param i32) (result i32) (call $tick) (memory.grow (local.get 0)))
      (func (export "table_grow") (param i32) (result i32) (call $tick) (table.grow (ref.func $f) (local.get 0)))
      (func (export "size") (result i32) (memory.size))
      (func (export "table_size") (result i32) (table.size))
      (func (export "fills") (local i32)
        (loop
          (memory.fill (i32.const 0) (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const {MEMORY_BYTES}))
          (br 0)))
      (func (export "copies")
        (loop
          (i32.store (i32.const {last}) (i32.add (i32.load (i32.const {last})) (i32.const 1)))
          (memory.copy (i32.const 0) (i32.const 4) (i32.const {last}))
          (br 0))))"#,
        TABLE_ELEMENTS * 2,
        last = MEMORY_BYTES - 4,
    )
}

/// A byte that differs from its neighbours near and far.
#[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
fn pattern(number: usize) -> u8 {
    (number ^ number >> 8 ^ number >> 16) as u8
}

const OTHER: &str = "(module)";

/// Runs the cases; the error is the first thing that is not as it should be.
///
/// # Errors
/// When something is not as it should be, or cannot be run.
pub fn run(settings: Settings<'_>) -> Result {
    let mut world = World::new(settings, Meter::Flag, &guest(), OTHER)?;
    world.start()?;
    memory(&mut world)?;
    table(&mut world)?;
    growth(&mut world)?;
    midway(&mut world)
}

/// Where a flag is set just before an operation, at most one piece of it is written, from the side from which it writes; and
/// without the flag, all of it.
fn memory(world: &mut World) -> Result {
    let before: Vec<u8> = (0..MEMORY_BYTES).map(pattern).collect();
    let segment: Vec<u8> = (0..SEGMENT_BYTES).map(|number| b'0' + pattern(number) % 64).collect();
    let segment: Vec<u8> = segment.into_iter().map(|byte| if byte == b'\\' { b'~' } else { byte }).collect();
    let length = 1_000_000;
    for (name, to, from, length) in [
        ("fill", 64, 7, length),
        ("fill", 3, 7, 5_000),
        ("copy", 64, 2_000_000, length),
        ("copy", 2_000_000, 64, length),
        // Ranges that overlap, both ways, by nearly all and by less than a piece.
        ("copy", 64, 65, length),
        ("copy", 65, 64, length),
        ("copy", 100, 100 + 995_905, length),
        ("copy", 100 + 995_905, 100, length),
        ("copy", 64, 64, length),
        ("init", 64, 10, 150_001),
    ] {
        let mut after = before.clone();
        match name {
            "fill" => after[to..to + length].fill(7),
            "copy" => after.copy_within(from..from + length, to),
            _ => after[to..to + length].copy_from_slice(&segment[from..from + length]),
        }
        let what = format!("{name} of {length} bytes from {from} to {to}");
        let arguments = [to as u64, from as u64, length as u64];
        for (ticks, end) in [(1, Code::Interrupted), (0, Code::Ok)] {
            world.write_memory(FIRST, 0, &before)?;
            world.tick(ticks, 1)?;
            expect(&what, world.call(FIRST, name, &arguments)?.code, end)?;
            let found = world.memory(FIRST)?;
            let most = if end == Code::Ok { length } else { MOST_BYTES };
            written_on_one_side(&before, &after, &found, to..to + length, most, end == Code::Ok)
                .map_err(|error| format!("{what}: {error}"))?;
        }
    }
    world.write_memory(FIRST, 0, &before)?;
    world.tick(1, 1)?;
    expect("fill of a constant length", world.call(FIRST, "fill_constant", &[])?.code, Code::Interrupted)?;
    let found = world.memory(FIRST)?;
    let changed = found.iter().zip(&before).filter(|(found, before)| found != before).count();
    expect("bytes that it wrote are within one piece", changed <= MOST_BYTES, true)
}

/// Compares memory with what it was and what it would be: of the range at most `most` items have changed, all of them from the
/// first on or all of them up to the last, and nothing else has. All of them where it is to be `complete`.
fn written_on_one_side<T: PartialEq>(
    before: &[T],
    after: &[T],
    found: &[T],
    range: std::ops::Range<usize>,
    most: usize,
    complete: bool,
) -> Result {
    let outside = |index: &usize| !range.contains(index);
    if (0..before.len()).filter(outside).any(|index| found[index] != before[index]) {
        return Err("something outside of the range has changed".to_owned());
    }
    if complete {
        return expect("all of it is written", found == after, true);
    }
    let untouched = |index: &usize| found[*index] == before[*index];
    let done = |index: &usize| found[*index] == after[*index];
    let from_first = range.clone().take_while(done).count();
    let rest_as_before = range.clone().skip(from_first).all(|index| untouched(&index));
    let from_last = range.clone().rev().take_while(done).count();
    let start_as_before = range.clone().rev().skip(from_last).all(|index| untouched(&index));
    if !rest_as_before && !start_as_before {
        return Err("what is written is no piece at one end of the range".to_owned());
    }
    let written = range.clone().filter(|index| !untouched(index)).count();
    if written > most { Err(format!("{written} items were written after the flag was set")) } else { Ok(()) }
}

fn table(world: &mut World) -> Result {
    for (name, to, from, length) in [
        ("table_fill", 5_u64, 0_u64, 50_000_u64),
        ("table_init", 7, 3, 19_000),
        ("table_copy", 7, 30_000, 30_000),
        ("table_copy", 9, 8, 50_000),
        ("table_copy", 8, 9, 50_000),
    ] {
        // Instantiation gives nulls; half of the table is filled, so that a copy shows.
        expect("instantiation", world.instantiate(FIRST)?.code, Code::Ok)?;
        world.tick(0, 1)?;
        if name == "table_copy" {
            expect("filling", world.call(FIRST, "table_fill", &[20_000, 0, 15_000])?.code, Code::Ok)?;
        }
        let before = world.table(FIRST)?;
        let arguments = [to, from, length];
        let what = format!("{name} of {length} elements from {from} to {to}");
        world.tick(1, 1)?;
        expect(&what, world.call(FIRST, name, &arguments)?.code, Code::Interrupted)?;
        let interrupted = world.table(FIRST)?;
        // Done again without a flag, it is done whole.
        world.tick(0, 1)?;
        expect(&what, world.call(FIRST, name, &arguments)?.code, Code::Ok)?;
        let changed = interrupted.iter().zip(&before).filter(|(found, before)| found != before).count();
        expect(&format!("{what}: {changed} elements are within one piece"), changed <= MOST_ELEMENTS, true)?;
        let whole = world.table(FIRST)?;
        let changed = whole.iter().zip(&before).filter(|(found, before)| found != before).count();
        expect(&format!("{what}: without the flag it changes the table"), changed > 0, true)?;
    }
    Ok(())
}

/// A growth that is interrupted leaves the size as it was, and can be made again.
fn growth(world: &mut World) -> Result {
    for (name, size, delta, old) in
        [("grow", "size", 100, MEMORY_BYTES >> 16), ("table_grow", "table_size", 50_000, TABLE_ELEMENTS)]
    {
        let old = old as u64;
        expect("instantiation", world.instantiate(FIRST)?.code, Code::Ok)?;
        let low = |world: &mut World, export: &str| Ok::<u64, String>(world.call(FIRST, export, &[])?.low());
        world.tick(1, 1)?;
        let ended = world.call(FIRST, name, &[delta])?;
        let reserved = name == "grow";
        if reserved {
            expect(name, ended.code, Code::Interrupted)?;
            expect(&format!("{size} after it"), low(world, size)?, old)?;
            world.tick(0, 1)?;
            let again = world.call(FIRST, name, &[delta])?;
            expect(&format!("{name} again"), (again.code, again.low()), (Code::Ok, old))?;
            expect(&format!("{size} after that"), low(world, size)?, old + delta)?;
            let new = &world.memory(FIRST)?[MEMORY_BYTES..];
            expect("what was gained is zero", new.iter().all(|&byte| byte == 0), true)?;
        } else {
            // No more is reserved than the minimum: it is refused at once.
            expect(name, (ended.code, ended.low()), (Code::Ok, 0xffff_ffff))?;
        }
    }
    Ok(())
}

/// Interrupted by a timer in the middle, memory is as far as the operation came: whole pieces of the new, then the old.
fn midway(world: &mut World) -> Result {
    expect("instantiation", world.instantiate(FIRST)?.code, Code::Ok)?;
    let mut in_the_middle = 0;
    for attempt in 0..8 {
        let period = Duration::from_millis(20 + 7 * attempt);
        expect("fills", world.call_timed(FIRST, period, FIRST, "fills")?.code, Code::Interrupted)?;
        let found = world.memory(FIRST)?;
        let new = found[0];
        let boundary = found.iter().take_while(|&&byte| byte == new).count();
        if boundary == found.len() {
            continue;
        }
        in_the_middle += 1;
        expect("the boundary is that of a piece", boundary % MOST_BYTES, 0)?;
        let old = found[boundary];
        expect("the old round is the one before the new", old, new.wrapping_sub(1))?;
        expect("everything behind it is old", found[boundary..].iter().all(|&byte| byte == old), true)?;
    }
    expect("some fills ended in the middle", in_the_middle > 0, true)?;
    expect("copies", world.call_timed(FIRST, Duration::from_millis(30), FIRST, "copies")?.code, Code::Interrupted)
}
