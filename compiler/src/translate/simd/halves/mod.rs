//! Vectors without vector registers: shape → operations on two 64-bit integers, the lower lanes in the first.
//!
//! Lanes of 8 and 16 bits are mostly worked on several at a time ([`packed`]); those of 32 and 64 bits one by one ([`lanes`]). A half that was put
//! together from two 32-bit lanes is remembered by them, so that a chain of operators on such lanes never puts them together.

mod float;
mod lanes;
mod packed;
mod widen;

use super::super::Translator;
use super::super::code::CodeBuilder;
use super::shape::{Binary, Bitwise, Lanes, Shape, Unary};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// A vector: its lower and its upper 64 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halves(pub(super) [Value; 2]);

impl Halves {
    /// Of these bytes, the first lane's first.
    pub(super) fn constant(code: &mut CodeBuilder<'_, '_>, bytes: [u8; 16]) -> Halves {
        let bits = u128::from_le_bytes(bytes);
        let part = |shift: u32| u64::try_from(bits >> shift & u128::from(u64::MAX)).unwrap_or(0);
        Halves([part(0), part(64)].map(|bits| code.bits(bits)))
    }

    fn map(self, code: &mut CodeBuilder<'_, '_>, mut each: impl FnMut(&mut CodeBuilder<'_, '_>, Value) -> Value) -> Halves {
        Halves(self.0.map(|half| each(code, half)))
    }

    fn zip(
        self,
        other: Halves,
        code: &mut CodeBuilder<'_, '_>,
        mut each: impl FnMut(&mut CodeBuilder<'_, '_>, Value, Value) -> Value,
    ) -> Halves {
        Halves([0, 1].map(|half| each(code, self.0[half], other.0[half])))
    }
}

impl Translator<'_, '_> {
    /// Carries out an operator.
    pub(super) fn in_halves(&mut self, shape: Shape) {
        match shape {
            Shape::Const(bytes) => {
                let halves = Halves::constant(&mut self.code, bytes);
                self.push_halves(halves);
            }
            Shape::Splat(lanes) => {
                let value = self.pop();
                let halves = self.code.splat_halves(lanes, value);
                self.push_halves(halves);
            }
            Shape::Extract(lanes, sign, lane) => {
                let halves = self.pop_halves();
                let value = self.code.extract_half(lanes, sign, halves, lane);
                self.push(value);
            }
            Shape::Replace(lanes, lane) => {
                let value = self.pop();
                let halves = self.pop_halves();
                let halves = self.code.replace_half(lanes, halves, value, lane);
                self.push_halves(halves);
            }
            Shape::Shift(lanes, shift) => {
                let amount = self.pop();
                let halves = self.pop_halves();
                let halves = self.code.shift_halves(lanes, shift, halves, amount);
                self.push_halves(halves);
            }
            Shape::AnyTrue => {
                let Halves([low, high]) = self.pop_halves();
                let either = self.code.builder.ins().bor(low, high);
                let bit = self.code.builder.ins().icmp_imm_s(IntCC::NotEqual, either, 0);
                self.push_bit(bit);
            }
            Shape::AllTrue(lanes) => {
                let halves = self.pop_halves();
                let bit = self.code.all_true(lanes, halves);
                self.push_bit(bit);
            }
            Shape::Bitmask(lanes) => {
                let halves = self.pop_halves();
                let mask = self.code.bitmask(lanes, halves);
                self.push(mask);
            }
            Shape::Not | Shape::Unary(..) | Shape::Extend(..) | Shape::ExtAddPairwise(..) | Shape::Convert(_) => {
                let operand = self.pop_halves();
                let halves = self.code.unary_halves(shape, operand);
                self.push_halves(halves);
            }
            Shape::Bitselect | Shape::MulAdd { .. } | Shape::RelaxedDotAdd => {
                let third = self.pop_halves();
                let second = self.pop_halves();
                let first = self.pop_halves();
                let halves = self.code.ternary_halves(shape, [first, second, third]);
                self.push_halves(halves);
            }
            _ => {
                let right = self.pop_halves();
                let left = self.pop_halves();
                let halves = self.code.binary_halves(shape, left, right);
                self.push_halves(halves);
            }
        }
    }
}

impl CodeBuilder<'_, '_> {
    fn unary_halves(&mut self, shape: Shape, operand: Halves) -> Halves {
        match shape {
            Shape::Not => operand.map(self, |code, half| code.builder.ins().bnot(half)),
            Shape::Unary(lanes, unary) if lanes.is_float() => self.float_unary(lanes, unary, operand),
            Shape::Unary(Lanes::I64x2, Unary::Abs) => operand.map(self, |code, half| code.builder.ins().iabs(half)),
            Shape::Unary(lanes, unary) => operand.map(self, |code, half| match unary {
                Unary::Abs => code.packed_abs(lanes, half),
                Unary::Popcnt => code.packed_popcnt(half),
                _ => {
                    let zero = code.bits(0);
                    code.packed_sub(lanes, zero, half)
                }
            }),
            Shape::Extend(lanes, half, sign) => self.extend_halves(lanes, half, sign, operand),
            Shape::ExtAddPairwise(lanes, sign) => operand.map(self, |code, half| {
                let [even, odd] = code.even_and_odd(lanes, sign, half);
                code.packed_add(lanes, even, odd)
            }),
            Shape::Convert(conversion) => self.convert_halves(conversion, operand),
            other => unreachable!("{other:?} does not take one vector"),
        }
    }

    fn binary_halves(&mut self, shape: Shape, left: Halves, right: Halves) -> Halves {
        match shape {
            Shape::Shuffle(lanes) => self.shuffle_halves(lanes, left, right),
            Shape::Swizzle => self.swizzle_halves(left, right),
            Shape::Bitwise(bitwise) => left.zip(right, self, |code, left, right| match bitwise {
                Bitwise::And => code.builder.ins().band(left, right),
                Bitwise::AndNot => {
                    let not = code.builder.ins().bnot(right);
                    code.builder.ins().band(left, not)
                }
                Bitwise::Or => code.builder.ins().bor(left, right),
                Bitwise::Xor => code.builder.ins().bxor(left, right),
            }),
            Shape::Binary(lanes, binary) if lanes.is_float() => self.float_binary(lanes, binary, left, right),
            Shape::Binary(lanes, binary) => {
                left.zip(right, self, |code, left, right| code.integer_binary(lanes, binary, left, right))
            }
            Shape::Compare(lanes, condition) => {
                left.zip(right, self, |code, left, right| code.compare_lanes(lanes, condition, left, right))
            }
            Shape::CompareFloat(lanes, condition) => self.float_compare(lanes, condition, left, right),
            Shape::Narrow(lanes, sign) => Halves([left, right].map(|wide| self.narrow(lanes, sign, wide))),
            Shape::ExtMul(lanes, half, sign) => {
                let [left, right] = [left, right].map(|operand| self.extend_halves(lanes, half, sign, operand));
                left.zip(right, self, |code, left, right| code.integer_binary(lanes, Binary::Mul, left, right))
            }
            Shape::Dot => left.zip(right, self, |code, left, right| code.products_of_pairs_in_half(Lanes::I32x4, left, right)),
            Shape::RelaxedDot => left.zip(right, self, |code, left, right| code.relaxed_dot_half(left, right)),
            other => unreachable!("{other:?} does not take two vectors"),
        }
    }

    fn integer_binary(&mut self, lanes: Lanes, binary: Binary, left: Value, right: Value) -> Value {
        match binary {
            Binary::Add => self.packed_add(lanes, left, right),
            Binary::Sub => self.packed_sub(lanes, left, right),
            Binary::Mul => self.multiply_lanes(lanes, left, right),
            Binary::AddSat(sign) => self.packed_add_sat(lanes, sign, left, right),
            Binary::SubSat(sign) => self.packed_sub_sat(lanes, sign, left, right),
            Binary::Min(sign) => self.packed_least(lanes, sign, left, right),
            Binary::Max(sign) => self.packed_greatest(lanes, sign, left, right),
            Binary::AverageRounded => self.packed_average(lanes, left, right),
            Binary::Q15MulRoundedSat => self.q15_multiply(left, right),
            Binary::Div | Binary::FloatMin | Binary::FloatMax | Binary::PseudoMin | Binary::PseudoMax => {
                unreachable!("{binary:?} is for floats")
            }
        }
    }

    fn ternary_halves(&mut self, shape: Shape, operands: [Halves; 3]) -> Halves {
        let [first, second, third] = operands;
        match shape {
            // `second ^ ((first ^ second) & mask)`
            Shape::Bitselect => Halves([0, 1].map(|half| {
                let mask = third.0[half];
                self.choose(mask, first.0[half], second.0[half])
            })),
            Shape::MulAdd { lanes, negated } => {
                let first = if negated { self.float_unary(lanes, Unary::Neg, first) } else { first };
                let product = self.float_binary(lanes, Binary::Mul, first, second);
                self.float_binary(lanes, Binary::Add, product, third)
            }
            Shape::RelaxedDotAdd => {
                let sums = first.zip(second, self, |code, left, right| code.relaxed_dot_half(left, right));
                let sums = self.unary_halves(Shape::ExtAddPairwise(Lanes::I32x4, super::shape::Sign::Signed), sums);
                sums.zip(third, self, |code, sums, summand| code.packed_add(Lanes::I32x4, sums, summand))
            }
            other => unreachable!("{other:?} does not take three vectors"),
        }
    }

    /// Bits of `first` where the mask has ones, else of `second`.
    fn choose(&mut self, mask: Value, first: Value, second: Value) -> Value {
        let differing = self.builder.ins().bxor(first, second);
        let chosen = self.builder.ins().band(differing, mask);
        self.builder.ins().bxor(second, chosen)
    }

    /// A bit as a mask of 64 bits.
    fn mask_of_bit(&mut self, bit: Value) -> Value {
        let wide = self.builder.ins().uextend(types::I64, bit);
        self.builder.ins().ineg(wide)
    }
}
