//! Single lanes, and lanes that move: every lane taken out and put in, shuffles with every index and of every structure that code
//! generators know, and swizzles by what is in and out of range.

use super::builder::{Builder, Type};
use super::expression::{constant, vector};
use super::vector_operators::Lanes;
use fastrand::Rng;
use wasm_encoder::Instruction;

/// Every lane of every kind, taken out, put in, taken out after another was put in; vectors put together lane by lane.
pub(super) fn lanes(builder: &mut Builder, rng: &mut Rng) {
    for lanes in Lanes::ALL {
        let (count, scalar) = (lanes.count(), lanes.scalar());
        for signed in [true, false] {
            let results = vec![scalar; count.into()];
            builder.function(&[Type::V128], &results, &[], |code| {
                for lane in 0..count {
                    code.instructions().local_get(0);
                    code.instruction(&lanes.extract(lane, signed));
                }
            });
            builder.function(&[Type::V128, scalar], &results, &[Type::V128], |code| {
                for lane in 0..count {
                    code.instructions().local_get(0).local_get(1);
                    code.instruction(&lanes.replace(rng.u8(0..count))).instruction(&lanes.extract(lane, signed));
                }
            });
        }
        for chain in [false, true] {
            builder.function(&[Type::V128, scalar], &vec![Type::V128; count.into()], &[], |code| {
                for lane in 0..count {
                    // Into the parameter, or into what the lane before was put in.
                    match (chain, lane) {
                        (true, 1..) => code.instructions().local_tee(0).local_get(0),
                        _ => code.instructions().local_get(0),
                    };
                    match rng.u8(0..3) {
                        0 => constant(code, scalar, rng),
                        _ => code.instruction(&Instruction::LocalGet(1)),
                    };
                    code.instruction(&lanes.replace(lane));
                }
            });
        }
        builder.function(&vec![scalar; count.into()], &[Type::V128], &[], |code| {
            code.instruction(&Instruction::V128Const(vector(lanes, rng)));
            for lane in 0..count {
                code.instructions().local_get(lane.into());
                code.instruction(&lanes.replace(lane));
            }
        });
    }
}

/// Shuffles: one for each index, and of every structure; of two operands, of one, and with zero. Swizzles by constants.
pub(super) fn shuffles(builder: &mut Builder, rng: &mut Rng) {
    let results = [Type::V128; 4];
    for index in 0..32 {
        for lanes in [[index; 16], rotation(index), structured(rng), structured(rng), random(rng)] {
            builder.function(&[Type::V128; 2], &results, &[], |code| {
                let zero = Instruction::V128Const(0);
                let [left, right] = [Instruction::LocalGet(0), Instruction::LocalGet(1)];
                for [left, right] in [[&left, &right], [&left, &left], [&left, &zero], [&zero, &right]] {
                    code.instruction(left).instruction(right).instruction(&Instruction::I8x16Shuffle(lanes));
                }
            });
        }
    }
    for _ in 0..16 {
        builder.function(&[Type::V128; 2], &results, &[], |code| {
            let in_range = Lanes::I8x16.vector(|_| rng.u64(0..16));
            let about = Lanes::I8x16.vector(|_| [rng.u64(0..16), rng.u64(16..32), rng.u64(128..256)][rng.usize(0..3)]);
            let selector = vector(Lanes::any(rng), rng);
            code.instructions().local_get(0).v128_const(in_range).i8x16_swizzle();
            code.instructions().local_get(0).v128_const(about).i8x16_swizzle();
            code.instructions().local_get(0).v128_const(about).i8x16_relaxed_swizzle();
            code.instructions().v128_const(selector).local_get(1).v128_const(in_range).v128_xor().i8x16_swizzle();
        });
    }
}

fn random(rng: &mut Rng) -> [u8; 16] {
    [(); 16].map(|()| rng.u8(0..32))
}

/// Sixteen bytes of both operands in a row, from one on; what lies behind the second is the first again.
fn rotation(first: u8) -> [u8; 16] {
    std::array::from_fn(|place| (first + byte(place)) % 32)
}

/// A shuffle of groups of bytes that are moved together, as most are that compilers make.
fn structured(rng: &mut Rng) -> [u8; 16] {
    let width = 1 << rng.u8(0..4);
    let groups = 16 / width;
    let operand = 16 / width * rng.u8(0..2);
    let kind = rng.u8(0..11);
    let choices = random(rng);
    let first = rng.u8(0..groups);
    let group = |place: u8| match kind {
        // Interleaved: the lower halves, the upper ones.
        0 => place / 2 + place % 2 * groups,
        1 => groups / 2 + place / 2 + place % 2 * groups,
        // Every other one, from the first or the second.
        2 => place * 2,
        3 => place * 2 + 1,
        // Transposed: every other one of both in turn.
        4 => place / 2 * 2 + place % 2 * groups,
        5 => place / 2 * 2 + 1 + place % 2 * groups,
        // In reverse, broadcast, as it is; any of one operand; this one or that, each in its place.
        6 => operand + groups - 1 - place,
        7 => operand + first,
        8 => operand + place,
        9 => operand + choices[usize::from(place)] % groups,
        _ => place + choices[usize::from(place)] % 2 * groups,
    };
    std::array::from_fn(|place| group(byte(place) / width) % (2 * groups) * width + byte(place) % width)
}

fn byte(place: usize) -> u8 {
    u8::try_from(place).unwrap_or(0)
}
