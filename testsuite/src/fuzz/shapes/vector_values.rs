//! Every vector operator on the values at which it changes: on all pairs of edges, and on constants, for which code generators
//! have other patterns.

use super::builder::{Builder, Type};
use super::expression::{at, constant, vector};
use super::operators::Numeric;
use super::vector_operators::{Lanes, VECTOR};
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, Instruction, InstructionSink};

/// Vectors of each pool. In memory, there is one pool of edges for each kind of lanes, and then one of shift amounts.
const POOL: u32 = 16;
const VECTOR_BYTES: u32 = 16;
const POOL_BYTES: u32 = POOL * VECTOR_BYTES;

/// Amounts about the widths of lanes, which are what amounts are taken modulo.
const AMOUNTS: [i32; 16] = [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, -1, i32::MIN, 0x7000_0003];

/// How many parts the operators are in: a module has one of them, or it would be long.
const PARTS: usize = 5;

/// The pools.
pub(super) fn pools(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for lanes in Lanes::ALL {
        for _ in 0..POOL {
            bytes.extend(lanes.vector(|_| lanes.edge(rng)).to_le_bytes());
        }
    }
    for amount in AMOUNTS {
        bytes.extend(i128::from(amount).to_le_bytes());
    }
    bytes
}

/// The operators of one part, with the lanes of their operands.
fn part(rng: &mut Rng) -> Vec<(Lanes, &'static Numeric)> {
    let first = rng.usize(0..PARTS);
    let all = VECTOR.iter().flat_map(|(lanes, rows)| rows.iter().map(|row| (*lanes, row)));
    all.skip(first).step_by(PARTS).collect()
}

/// Each operator on all pairs of its pool, in a loop; the results are mixed into one.
pub(super) fn pairs(builder: &mut Builder, rng: &mut Rng) {
    for (lanes, row) in part(rng) {
        builder.function(&[Type::I32], &[Type::V128], &[Type::I32, Type::V128], |code| {
            let step = if row.params.len() == 1 { POOL } else { 1 };
            code.instruction(&Instruction::Loop(BlockType::Empty));
            code.instruction(&Instruction::LocalGet(2));
            for (place, &ty) in row.params.iter().enumerate() {
                operand(&mut code.instructions(), place, ty, lanes);
            }
            code.instruction(&row.instruction);
            if row.result == Type::I32 {
                code.instructions().i32x4_splat();
            }
            mix(code);
            let mut code = code.instructions();
            code.local_set(2).local_get(1).i32_const(step.cast_signed()).i32_add().local_tee(1);
            code.i32_const((POOL * POOL).cast_signed()).i32_lt_u().br_if(0).end().local_get(2);
        });
    }
}

/// Pushes an operand: the first by the upper digit of the counter in local 1, the second by the lower, the third by both and the parameter.
fn operand(code: &mut InstructionSink<'_>, place: usize, ty: Type, lanes: Lanes) {
    code.local_get(1);
    match place {
        0 => code.i32_const(0xf0).i32_and(),
        1 => code.i32_const(4).i32_shl().i32_const(0xf0).i32_and(),
        _ => code.i32_const(5).i32_mul().local_get(0).i32_add().i32_const(4).i32_shl().i32_const(0xf0).i32_and(),
    };
    let pool = lanes.number() * POOL_BYTES;
    let amounts = u32::try_from(Lanes::ALL.len()).unwrap_or(0) * POOL_BYTES;
    let at = |offset: u32| at(offset.into(), 0);
    match ty {
        Type::I32 if place == 1 => code.i32_load(at(amounts)),
        Type::I32 => code.i32_load(at(pool)),
        Type::I64 => code.i64_load(at(pool)),
        Type::F32 => code.f32_load(at(pool)),
        Type::F64 => code.f64_load(at(pool)),
        Type::V128 => code.v128_load(at(pool)),
    };
}

/// Mixes a vector into the one beneath it, so that no bit of either is lost.
pub(super) fn mix(code: &mut Function) {
    let odd = i128::from(0x9e37_79b9_7f4a_7c15_u64) | i128::from(0x2545_f491_4f6c_dd1d_u64) << 64;
    code.instructions().v128_xor().v128_const(odd).i64x2_mul();
}

/// Each operator with constant operands: the last, the first, all, and none.
pub(super) fn constants(builder: &mut Builder, rng: &mut Rng) {
    for (lanes, row) in part(rng) {
        builder.function(row.params, &[row.result; 6], &[], |code| {
            let last = row.params.len() - 1;
            for kind in 0..6 {
                for (index, &ty) in (0..).zip(row.params) {
                    let place = usize::try_from(index).unwrap_or(0);
                    let is_constant = match kind {
                        0 | 1 => place == last,
                        2 | 3 => place == 0,
                        4 => true,
                        _ => false,
                    };
                    match ty {
                        _ if !is_constant => code.instruction(&Instruction::LocalGet(index)),
                        Type::V128 => code.instruction(&Instruction::V128Const(vector(lanes, rng))),
                        Type::I32 if place > 0 => code.instruction(&Instruction::I32Const(AMOUNTS[rng.usize(0..AMOUNTS.len())])),
                        _ => constant(code, ty, rng),
                    };
                }
                code.instruction(&row.instruction);
            }
        });
    }
}
