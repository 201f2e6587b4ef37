//! Vectors on every way that values take: parameters and results of blocks, loops and branches, both sorts of `select`, and chains of
//! operators on 32-bit lanes, which are kept apart where there are no vector registers.

use super::builder::{Builder, Type};
use super::expression::{Scope, at, global, mask, vector};
use super::operators::Numeric;
use super::vector_operators::{Lanes, VECTOR};
use super::vector_values::mix;
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, Instruction};

const VECTORS: [Type; 3] = [Type::V128; 3];

/// Parameters of the functions with blocks.
const PARAMS: [Type; 4] = [Type::V128, Type::V128, Type::V128, Type::I32];
/// Their locals: a counter, and vectors that are set aside.
const COUNTER: u32 = 4;
const ASIDE: u32 = 5;
const OTHER: u32 = 6;

/// A shuffle in which every word has bytes of both operands.
const WOVEN: [u8; 16] = [0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31];

/// Types of the blocks of a module.
struct Blocks {
    two_to_two: BlockType,
    three_to_one: BlockType,
    /// A vector and a number change places.
    mixed: BlockType,
}

/// Blocks, loops and branches with vectors as parameters and results.
pub(super) fn blocks(builder: &mut Builder, rng: &mut Rng) {
    let mut ty = |params: &[Type], results: &[Type]| BlockType::FunctionType(builder.signature(params, results));
    let blocks = Blocks {
        two_to_two: ty(&VECTORS[..2], &VECTORS[..2]),
        three_to_one: ty(&VECTORS, &VECTORS[..1]),
        mixed: ty(&[Type::V128, Type::I32], &[Type::I32, Type::V128]),
    };
    for _ in 0..8 {
        let scope = Scope::of_locals(true, &PARAMS);
        builder.function(&PARAMS, &VECTORS[..2], &[Type::I32, Type::V128, Type::V128], |code| {
            for _ in 0..2 {
                scope.push(code, Type::V128, 2, rng);
            }
            for _ in 0..rng.u32(3..8) {
                block(code, &blocks, &scope, rng);
            }
        });
    }
}

/// A block of some kind, which takes two vectors and leaves two.
fn block(code: &mut Function, blocks: &Blocks, scope: &Scope, rng: &mut Rng) {
    match rng.u8(0..6) {
        0 => {
            code.instructions().i32_const(rng.i32(1..5)).local_set(COUNTER).loop_(blocks.two_to_two).local_tee(ASIDE);
            operate(code, 2, rng);
            code.instructions().local_set(OTHER).local_get(ASIDE).local_get(OTHER);
            code.instructions().local_get(COUNTER).i32_const(1).i32_sub().local_tee(COUNTER).br_if(0).end();
        }
        1 => {
            condition(code, scope, rng);
            code.instructions().if_(blocks.two_to_two);
            operate(code, 2, rng);
            code.instructions().local_get(rng.u32(0..3)).else_();
            operate(code, 1, rng);
            code.instructions().end();
        }
        2 => {
            code.instructions().block(blocks.two_to_two);
            condition(code, scope, rng);
            code.instructions().br_if(0).local_set(ASIDE).local_get(1).local_get(ASIDE).i8x16_shuffle(WOVEN).end();
        }
        3 => {
            scope.push(code, Type::V128, 1, rng);
            code.instructions().block(blocks.three_to_one);
            operate(code, 3, rng);
            condition(code, scope, rng);
            code.instructions().br_if(0);
            operate(code, 1, rng);
            code.instructions().end().local_get(2);
        }
        4 => {
            condition(code, scope, rng);
            code.instructions().block(blocks.mixed).local_set(COUNTER).local_set(ASIDE).local_get(COUNTER).local_get(ASIDE);
            condition(code, scope, rng);
            code.instructions().br_if(0);
            operate(code, 1, rng);
            code.instructions().end().local_set(ASIDE).i32x4_splat().local_get(ASIDE).v128_xor();
        }
        _ => {
            condition(code, scope, rng);
            code.instruction(&if rng.bool() { Instruction::Select } else { Instruction::TypedSelect(Type::V128.val()) });
            code.instructions().global_set(global(Type::V128, true)).global_get(global(Type::V128, rng.bool()));
            code.instructions().global_get(global(Type::V128, true));
        }
    }
}

/// Pushes a number that decides a branch.
fn condition(code: &mut Function, scope: &Scope, rng: &mut Rng) {
    match rng.u8(0..4) {
        0 => {
            code.instructions().local_get(rng.u32(0..3)).v128_any_true();
        }
        1 => {
            scope.push(code, Type::V128, 1, rng);
            code.instructions().i32x4_bitmask();
        }
        _ => scope.push(code, Type::I32, 1, rng),
    }
    mask(code, 1);
}

/// An operator that takes so many vectors and leaves one.
fn operate(code: &mut Function, operands: usize, rng: &mut Rng) {
    code.instruction(&any_row(&Lanes::ALL, operands, rng).instruction);
}

/// An operator of some lanes that takes so many vectors and gives one.
fn any_row(lanes: &[Lanes], operands: usize, rng: &mut Rng) -> &'static Numeric {
    let fits = |row: &&Numeric| row.params == &VECTORS[..operands] && row.result == Type::V128;
    let rows = VECTOR.iter().filter(|(of, _)| lanes.contains(of)).flat_map(|(_, rows)| rows.iter()).filter(fits);
    let rows: Vec<&Numeric> = rows.collect();
    rows[rng.usize(0..rows.len())]
}

/// Branch tables whose targets take two vectors.
pub(super) fn tables(builder: &mut Builder, rng: &mut Rng) {
    let block = BlockType::FunctionType(builder.signature(&[], &VECTORS[..2]));
    for _ in 0..6 {
        let labels = rng.u32(1..16);
        let length = [0, 1, 2, 5, 40][rng.usize(0..5)];
        builder.function(&[Type::I32, Type::V128, Type::V128], &VECTORS[..2], &[], |code| {
            for _ in 0..labels {
                code.instructions().block(block);
            }
            // A vector beneath the ones that are taken along, which a branch has to drop.
            code.instructions().local_get(2).local_get(1).local_get(2).local_get(0);
            let targets: Vec<u32> = (0..length).map(|_| rng.u32(0..labels)).collect();
            code.instructions().br_table(targets, rng.u32(0..labels));
            for _ in 0..labels {
                code.instructions().end().v128_const(vector(Lanes::any(rng), rng));
                operate(code, 2, rng);
                code.instructions().local_tee(1);
                mix(code);
                code.instructions().local_get(1);
            }
        });
    }
}

/// Long straight ways of operators on 32-bit lanes over locals, with few of others between them, and stores at the end.
pub(super) fn chains(builder: &mut Builder, rng: &mut Rng) {
    let words = [Lanes::I32x4, Lanes::F32x4];
    let locals: u32 = 7;
    let place = |place: u32| at((0x800 + 16 * place).into(), 4);
    for _ in 0..5 {
        builder.function(&PARAMS, &[Type::V128], &[Type::V128; 4], |code| {
            let local = |rng: &mut Rng| [0, 1, 2, 4, 5, 6, 7][rng.usize(0..7)];
            let mut open = 0;
            for _ in 0..rng.u32(20..80) {
                let lanes = if rng.u8(0..10) == 0 { &Lanes::ALL[..] } else { &words[..] };
                let to = local(rng);
                match rng.u8(0..16) {
                    0 => {
                        code.instructions().local_get(3).i32_const(0x7f0).i32_and().v128_load(at(0, 0)).local_set(to);
                    }
                    1 => {
                        code.instructions().i32_const(0).local_get(to).v128_store(place(rng.u32(0..locals)));
                    }
                    2 if open == 0 => {
                        open = rng.u32(2..9);
                        code.instructions().local_get(3).i32_const(1 << rng.u32(0..5)).i32_and().if_(BlockType::Empty);
                    }
                    3 => {
                        let (of, from, into) = (words[rng.usize(0..2)], rng.u8(0..4), rng.u8(0..4));
                        code.instructions().local_get(to).local_get(local(rng));
                        code.instruction(&of.extract(from, true)).instruction(&of.replace(into));
                        code.instructions().local_set(to);
                    }
                    _ => {
                        let operands = [1, 2, 2, 2, 3][rng.usize(0..5)];
                        for _ in 0..operands {
                            code.instructions().local_get(local(rng));
                        }
                        code.instruction(&any_row(lanes, operands, rng).instruction);
                        code.instructions().local_set(to);
                    }
                }
                if open == 1 {
                    code.instructions().end();
                }
                open = u32::saturating_sub(open, 1);
            }
            if open > 0 {
                code.instructions().end();
            }
            code.instructions().local_get(0);
            for (number, local) in (0..).zip([1, 2, 4, 5, 6, 7]) {
                code.instructions().i32_const(0).local_get(local).v128_store(place(number)).local_get(local);
                mix(code);
            }
        });
    }
}
