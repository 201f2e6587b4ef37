//! Accesses whose addresses are computed in the ways that broke sandboxes before: scaled and shifted indices,
//! arithmetic that overflows 32 bits, sign extensions before an index, offsets at the edges of 31 and 32 bits,
//! addresses chosen by `select` and `br_if`, and the last bytes of memory with every width.

use super::builder::{Builder, Type};
use super::expression::{EDGES, constant, mask, memarg, vector_to_i64};
use super::operators::{Access, LOADS, STORES};
use super::vector_operators::{loads, stores};
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, Instruction};

/// Offsets at which an addition to an index leaves 31 or 32 bits, or a page.
const OFFSETS: [u32; 20] = [
    0,
    1,
    3,
    8,
    0xff,
    0xfff,
    0x1000,
    0xfff7,
    0xfff8,
    0xfffc,
    0xffff,
    0x1_0000,
    0x1_fff9,
    0x00ff_ffff,
    0x7fff_fff8,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0008,
    0xffff_fff8,
    0xffff_ffff,
];

/// Parameters of all functions here: two indices, a wide one, and a value.
const PARAMS: [Type; 4] = [Type::I32, Type::I32, Type::I64, Type::I64];
const INDEX: u32 = 0;
const OTHER: u32 = 1;
const WIDE: u32 = 2;
const VALUE: u32 = 3;

/// Loads and stores at computed indices, several in a row at offsets from one base.
pub(super) fn indexed(builder: &mut Builder, rng: &mut Rng) {
    let vectors = builder.vectors;
    for _ in 0..10 {
        builder.function(&PARAMS, &[Type::I64], &[Type::I32, Type::I64], |code| {
            for _ in 0..rng.u32(1..4) {
                index(code, rng.u32(0..4), rng);
                code.instruction(&Instruction::LocalSet(4));
                for _ in 0..rng.u32(1..6) {
                    let near = rng.u32(0..24);
                    let offset = if rng.bool() { near } else { OFFSETS[rng.usize(0..OFFSETS.len())] };
                    access_at(code, offset, vectors, rng);
                }
            }
            code.instruction(&Instruction::LocalGet(5));
        });
    }
}

/// Every access with one index expression and one of the offsets: no combination is left to luck for long.
pub(super) fn every_width(builder: &mut Builder, rng: &mut Rng) {
    let offset = OFFSETS[rng.usize(0..OFFSETS.len())];
    for access in LOADS.iter().chain(STORES) {
        builder.function(&PARAMS, &[Type::I64], &[Type::I32, Type::I64], |code| {
            index(code, rng.u32(0..3), rng);
            code.instruction(&Instruction::LocalSet(4));
            one_access(code, access, offset.into(), rng);
            code.instruction(&Instruction::LocalGet(5));
        });
    }
}

/// The last bytes: for each width the address is `size − width − offset`, give or take one.
pub(super) fn last_bytes(builder: &mut Builder, rng: &mut Rng) {
    for access in LOADS.iter().chain(STORES) {
        let offset = [0, 1, 7, 0x100, 0xfff0][rng.usize(0..5)];
        builder.function(&PARAMS, &[Type::I64], &[Type::I32, Type::I64], |code| {
            let back = (1_i32 << access.width_log2) + offset + rng.i32(-1..2) - 1;
            code.instruction(&Instruction::MemorySize(0));
            code.instruction(&Instruction::I32Const(16)).instruction(&Instruction::I32Shl);
            code.instruction(&Instruction::I32Const(back)).instruction(&Instruction::I32Sub);
            code.instruction(&Instruction::LocalGet(INDEX));
            mask(code, 1);
            code.instruction(&Instruction::I32Sub).instruction(&Instruction::LocalSet(4));
            one_access(code, access, u64::from(offset.cast_unsigned()), rng);
            code.instruction(&Instruction::LocalGet(5));
        });
    }
}

/// An address that depends on the way taken: by `select`, by an `if`, by leaving blocks.
pub(super) fn chosen(builder: &mut Builder, rng: &mut Rng) {
    let vectors = builder.vectors;
    for _ in 0..8 {
        builder.function(&PARAMS, &[Type::I64], &[Type::I32, Type::I64], |code| {
            for _ in 0..rng.u32(1..5) {
                choose(code, rng.u32(1..4), rng);
                code.instruction(&Instruction::LocalTee(4));
                code.instruction(&Instruction::LocalGet(OTHER)).instruction(&Instruction::I32LtU);
                code.instruction(&Instruction::If(BlockType::Empty));
                access_at(code, OFFSETS[rng.usize(0..8)], vectors, rng);
                code.instruction(&Instruction::Else);
                // Checked by the program itself: the compiler must not take that for granted beyond this branch.
                code.instruction(&Instruction::LocalGet(4));
                mask(code, 0xffff);
                code.instruction(&Instruction::LocalSet(4));
                access_at(code, rng.u32(0..16), vectors, rng);
                code.instruction(&Instruction::End);
            }
            code.instruction(&Instruction::LocalGet(5));
        });
    }
}

fn choose(code: &mut Function, depth: u32, rng: &mut Rng) {
    if depth == 0 {
        return index(code, 1, rng);
    }
    match rng.u32(0..3) {
        0 => {
            choose(code, depth - 1, rng);
            choose(code, depth - 1, rng);
            index(code, 1, rng);
            code.instruction(&Instruction::Select);
        }
        1 => {
            index(code, 1, rng);
            code.instruction(&Instruction::If(BlockType::Result(Type::I32.val())));
            choose(code, depth - 1, rng);
            code.instruction(&Instruction::Else);
            choose(code, depth - 1, rng);
            code.instruction(&Instruction::End);
        }
        _ => {
            code.instruction(&Instruction::Block(BlockType::Result(Type::I32.val())));
            choose(code, depth - 1, rng);
            code.instruction(&Instruction::LocalGet(OTHER));
            mask(code, 1 << rng.u32(0..5));
            code.instruction(&Instruction::BrIf(0)).instruction(&Instruction::Drop);
            choose(code, depth - 1, rng);
            code.instruction(&Instruction::End);
        }
    }
}

/// Pushes an index: an argument, taken through a chain of arithmetic.
pub(super) fn index(code: &mut Function, steps: u32, rng: &mut Rng) {
    match rng.u32(0..5) {
        0 => code.instruction(&Instruction::LocalGet(WIDE)).instruction(&Instruction::I32WrapI64),
        1 => code.instruction(&Instruction::LocalGet(OTHER)),
        2 => constant(code, Type::I32, rng),
        _ => code.instruction(&Instruction::LocalGet(INDEX)),
    };
    for _ in 0..steps {
        step(code, rng);
    }
    if rng.u32(0..3) == 0 {
        mask(code, [0xffff, 0xfff8, 0xff, 0x1_ffff][rng.usize(0..4)]);
    }
}

fn step(code: &mut Function, rng: &mut Rng) {
    let amount = Instruction::I32Const(rng.i32(0..34));
    let edge = Instruction::I32Const(EDGES[rng.usize(0..EDGES.len())]);
    let scale = Instruction::I32Const([2, 3, 4, 8, 12, 16, 0x1_0001, 0x2000_0000][rng.usize(0..8)]);
    match rng.u32(0..12) {
        0 | 1 => code.instruction(&amount).instruction(&Instruction::I32Shl),
        2 => code.instruction(&amount).instruction(&Instruction::I32ShrU),
        3 => code.instruction(&amount).instruction(&Instruction::I32ShrS),
        4 => code.instruction(&scale).instruction(&Instruction::I32Mul),
        5 => code.instruction(&edge).instruction(&Instruction::I32Add),
        6 => code.instruction(&Instruction::LocalGet(OTHER)).instruction(&Instruction::I32Add),
        7 => code.instruction(&edge).instruction(&Instruction::I32Sub),
        8 => code.instruction(&if rng.bool() { Instruction::I32Extend8S } else { Instruction::I32Extend16S }),
        9 => code.instruction(&amount).instruction(&Instruction::I32Rotl),
        _ => {
            // Out to 64 bits, where the upper half becomes something, and back.
            code.instruction(&if rng.bool() { Instruction::I64ExtendI32S } else { Instruction::I64ExtendI32U });
            match rng.u32(0..4) {
                0 => code.instruction(&Instruction::LocalGet(WIDE)).instruction(&Instruction::I64Add),
                1 => code.instruction(&Instruction::I64Const(rng.i64(0..40))).instruction(&Instruction::I64Shl),
                2 => code.instruction(&Instruction::I64Extend32S),
                _ => code.instruction(&Instruction::I64Const(-1)).instruction(&Instruction::I64Xor),
            };
            code.instruction(&Instruction::I32WrapI64)
        }
    };
}

/// A load or store, at the index in local 4, mixed into local 5.
fn access_at(code: &mut Function, offset: u32, vectors: bool, rng: &mut Rng) {
    let accesses = if rng.bool() { loads(vectors) } else { stores(vectors) };
    let access = accesses[rng.usize(0..accesses.len())];
    one_access(code, access, offset.into(), rng);
}

fn one_access(code: &mut Function, access: &Access, offset: u64, rng: &mut Rng) {
    let instruction = (access.instruction)(memarg(offset, access, rng));
    if access.store {
        code.instruction(&Instruction::LocalGet(4)).instruction(&Instruction::LocalGet(VALUE));
        from_i64(code, access.value);
        code.instruction(&instruction);
        return;
    }
    code.instruction(&Instruction::LocalGet(4)).instruction(&instruction);
    match access.value {
        Type::I32 => code.instruction(&Instruction::I64ExtendI32S),
        Type::I64 => code,
        Type::F32 => code.instruction(&Instruction::I32ReinterpretF32).instruction(&Instruction::I64ExtendI32U),
        Type::F64 => code.instruction(&Instruction::I64ReinterpretF64),
        Type::V128 => vector_to_i64(code),
    };
    code.instruction(&Instruction::LocalGet(5)).instruction(&Instruction::I64Const(7)).instruction(&Instruction::I64Rotl);
    code.instruction(&Instruction::I64Xor).instruction(&Instruction::LocalSet(5));
}

/// Makes the `i64` on the stack a value of a type, bits kept.
fn from_i64(code: &mut Function, ty: Type) {
    match ty {
        Type::I32 => code.instruction(&Instruction::I32WrapI64),
        Type::I64 => code,
        Type::F32 => code.instruction(&Instruction::I32WrapI64).instruction(&Instruction::F32ReinterpretI32),
        Type::F64 => code.instruction(&Instruction::F64ReinterpretI64),
        Type::V128 => code.instruction(&Instruction::I64x2Splat),
    };
}
