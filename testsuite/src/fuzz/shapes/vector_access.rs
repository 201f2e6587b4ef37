//! Vector accesses at the end of memory: every width and every lane, the last bytes and one beyond, at offsets of every size.

use super::builder::{Builder, Type};
use super::expression::{at, mask};
use super::vector_operators::{VECTOR_LOADS, VECTOR_STORES};
use super::vector_values;
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, Instruction, MemArg};

/// Parameters of all functions here: what decides where, and a value. Then an index and what was loaded.
const PARAMS: [Type; 2] = [Type::I32, Type::V128];
const LOCALS: [Type; 2] = [Type::I32, Type::V128];

/// Offsets with which an index reaches the last bytes.
const SMALL: [u32; 8] = [0, 1, 15, 16, 0x7f, 0xff0, 0x7fff, 0xfff0];

/// Offsets with which an index has to wrap to come back into memory; none may.
const LARGE: [u32; 10] = [
    0x7fff_fff0,
    0x7fff_ffef,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0010,
    0xffff_0000,
    0xffff_ffe0,
    0xffff_fff0,
    0xffff_fff1,
    0xffff_ffff,
];

/// Every access of vectors without a lane.
pub(super) fn last_bytes(builder: &mut Builder, rng: &mut Rng) {
    for access in VECTOR_LOADS.iter().chain(VECTOR_STORES) {
        at_the_end(builder, access.width_log2, [access.store; 2], access.instruction, rng);
    }
}

/// Every access of a lane, with every lane.
pub(super) fn last_lanes(builder: &mut Builder, rng: &mut Rng) {
    type WithLane = fn(MemArg, u8) -> Instruction<'static>;
    let rows: [(u32, WithLane, WithLane); 4] = [
        (
            0,
            |memarg, lane| Instruction::V128Load8Lane { memarg, lane },
            |memarg, lane| Instruction::V128Store8Lane { memarg, lane },
        ),
        (
            1,
            |memarg, lane| Instruction::V128Load16Lane { memarg, lane },
            |memarg, lane| Instruction::V128Store16Lane { memarg, lane },
        ),
        (
            2,
            |memarg, lane| Instruction::V128Load32Lane { memarg, lane },
            |memarg, lane| Instruction::V128Store32Lane { memarg, lane },
        ),
        (
            3,
            |memarg, lane| Instruction::V128Load64Lane { memarg, lane },
            |memarg, lane| Instruction::V128Store64Lane { memarg, lane },
        ),
    ];
    for (width_log2, load, store) in rows {
        for lane in 0..16 >> width_log2 {
            at_the_end(builder, width_log2, [true, false], |memarg| load(memarg, lane), rng);
            at_the_end(builder, width_log2, [true; 2], |memarg| store(memarg, lane), rng);
        }
    }
}

/// Accesses one byte before the end and at the end; then, for odd arguments, one byte beyond it or at a large offset.
fn at_the_end(
    builder: &mut Builder,
    width_log2: u32,
    [takes_vector, store]: [bool; 2],
    instruction: impl Fn(MemArg) -> Instruction<'static>,
    rng: &mut Rng,
) {
    let width = 1 << width_log2;
    let pages = builder.pages.cast_signed();
    builder.function(&PARAMS, &[Type::V128], &LOCALS, |code| {
        let access = |code: &mut Function, offset: u32, rng: &mut Rng| {
            let memarg = at(offset.into(), rng.u32(0..=width_log2));
            if takes_vector {
                code.instructions().local_get(1);
            }
            code.instruction(&instruction(memarg));
            if !store {
                code.instructions().local_get(3);
                vector_values::mix(code);
                code.instructions().local_set(3);
            }
        };
        for beyond in [-1, 0] {
            let offset = SMALL[rng.usize(0..SMALL.len())];
            end(code, width - beyond + offset.cast_signed(), None);
            access(code, offset, rng);
        }
        code.instructions().local_get(0);
        mask(code, 1);
        code.instruction(&Instruction::If(BlockType::Empty));
        let offset = if rng.bool() { SMALL[rng.usize(0..SMALL.len())] } else { LARGE[rng.usize(0..LARGE.len())] };
        let back = (width - 1).wrapping_add(offset.cast_signed());
        match rng.u8(0..4) {
            // Constant indices, where the memory's size is known or not.
            0 => end(code, back, Some(pages)),
            1 => {
                let index = [i32::MAX, i32::MAX - 16, i32::MAX - 15, -1, -16, -17, i32::MIN][rng.usize(0..7)];
                code.instructions().i32_const(index).local_set(2).local_get(2);
            }
            _ => end(code, back, None),
        }
        access(code, offset, rng);
        code.instructions().end().local_get(3);
    });
}

/// Pushes the index that lies `back` bytes before the end of memory, as it is or as it was declared.
fn end(code: &mut Function, back: i32, pages: Option<i32>) {
    match pages {
        Some(pages) => code.instructions().i32_const((pages << 16).wrapping_sub(back)),
        None => code.instructions().memory_size(0).i32_const(16).i32_shl().i32_const(back).i32_sub(),
    };
}
