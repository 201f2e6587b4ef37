//! Between integer lanes of different widths.

use super::super::super::code::CodeBuilder;
use super::super::shape::{Binary, Half, Lanes, Sign};
use super::Halves;
use super::packed::{in_all_lanes, topmost};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

impl CodeBuilder<'_, '_> {
    /// Half of the lanes, each twice as wide.
    pub(super) fn extend_halves(&mut self, lanes: Lanes, half: Half, sign: Sign, operand: Halves) -> Halves {
        let half = if crate::fault::active!(self.env.options, HighHalfIsLow) { Half::Low } else { half };
        let source = operand.0[usize::from(half == Half::High)];
        self.extend_half(lanes, sign, source)
    }

    /// The lanes of a half, each twice as wide.
    pub(in super::super) fn extend_half(&mut self, lanes: Lanes, sign: Sign, source: Value) -> Halves {
        if lanes == Lanes::I64x2 {
            return Halves(self.words(source).map(|word| match sign {
                Sign::Signed => self.builder.ins().sextend(types::I64, word),
                Sign::Unsigned => self.builder.ins().uextend(types::I64, word),
            }));
        }
        let low = self.and_bits(source, 0xffff_ffff);
        let high = self.builder.ins().ushr_imm_u(source, 32);
        Halves([low, high].map(|half| {
            let apart = self.apart(lanes, half);
            self.with_sign(lanes, sign, apart)
        }))
    }

    /// Narrow lanes in the low 32 bits, moved to where the wide ones begin: first those of 16 bits, then those of 8.
    fn apart(&mut self, lanes: Lanes, low: Value) -> Value {
        let mut apart = |value: Value, shift: i64, mask: u64| {
            let up = self.builder.ins().ishl_imm_u(value, shift);
            let both = self.builder.ins().bor(value, up);
            self.and_bits(both, mask)
        };
        let shorts = apart(low, 16, 0x0000_ffff_0000_ffff);
        if lanes == Lanes::I32x4 { shorts } else { apart(shorts, 8, 0x00ff_00ff_00ff_00ff) }
    }

    /// Gives lanes whose upper halves are zero the signs of their lower ones: `2^(w+1)·s − 2·s` for the sign bit `s` is the upper
    /// half full of ones, in wrapping arithmetic.
    fn with_sign(&mut self, lanes: Lanes, sign: Sign, value: Value) -> Value {
        if sign == Sign::Unsigned {
            return value;
        }
        let narrow = i64::from(lanes.bits() / 2);
        let signs = self.and_bits(value, in_all_lanes(lanes, 1 << (narrow - 1)));
        let above = self.builder.ins().ishl_imm_u(signs, narrow + 1);
        let below = self.builder.ins().ishl_imm_u(signs, 1);
        let ones = self.builder.ins().isub(above, below);
        self.builder.ins().bor(value, ones)
    }

    /// The narrow lanes with even numbers, and those with odd ones, each in a wide lane.
    pub(super) fn even_and_odd(&mut self, lanes: Lanes, sign: Sign, half: Value) -> [Value; 2] {
        let narrow = lanes.bits() / 2;
        let mask = in_all_lanes(lanes, (1 << narrow) - 1);
        let shifted = self.builder.ins().ushr_imm_u(half, i64::from(narrow));
        [half, shifted].map(|lower| {
            let lower = self.and_bits(lower, mask);
            self.with_sign(lanes, sign, lower)
        })
    }

    /// The wide lanes of a vector as a half of narrow ones, saturated.
    pub(super) fn narrow(&mut self, lanes: Lanes, sign: Sign, wide: Halves) -> Value {
        let from = if lanes == Lanes::I8x16 { Lanes::I16x8 } else { Lanes::I32x4 };
        let bits = lanes.bits();
        let signed = sign == Sign::Signed || crate::fault::active!(self.env.options, NarrowKeepsSign);
        let (least, greatest) = if signed { (-1_i64 << (bits - 1), (1 << (bits - 1)) - 1) } else { (0, (1_i64 << bits) - 1) };
        let mask = in_all_lanes(from, (1 << bits) - 1);
        let in_lanes = |number: i64| in_all_lanes(from, number.cast_unsigned() & ((1 << from.bits()) - 1));
        let Halves([low, high]) = wide.map(self, |code, half| {
            let (least, greatest) = (code.bits(in_lanes(least)), code.bits(in_lanes(greatest)));
            let bounded = code.integer_binary(from, Binary::Max(Sign::Signed), half, least);
            let bounded = code.integer_binary(from, Binary::Min(Sign::Signed), bounded, greatest);
            let lower = code.and_bits(bounded, mask);
            code.together(lanes, lower)
        });
        let high = self.builder.ins().ishl_imm_u(high, 32);
        self.builder.ins().bor(low, high)
    }

    /// The opposite of [`CodeBuilder::apart`].
    fn together(&mut self, lanes: Lanes, value: Value) -> Value {
        let mut together = |value: Value, shift: i64, mask: u64| {
            let down = self.builder.ins().ushr_imm_u(value, shift);
            let both = self.builder.ins().bor(value, down);
            self.and_bits(both, mask)
        };
        let shorts = if lanes == Lanes::I8x16 { together(value, 8, 0x0000_ffff_0000_ffff) } else { value };
        together(shorts, 16, 0xffff_ffff)
    }

    /// Products of signed narrow lanes, each with its neighbour's added.
    pub(super) fn products_of_pairs_in_half(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        let left = self.even_and_odd(lanes, Sign::Signed, left);
        let right = self.even_and_odd(lanes, Sign::Signed, right);
        let [even, odd] = [0, 1].map(|lane| self.integer_binary(lanes, Binary::Mul, left[lane], right[lane]));
        self.packed_add(lanes, even, odd)
    }

    /// As on vectors: the one sum that is too large has wrapped to the least number, and loses one.
    pub(super) fn relaxed_dot_half(&mut self, left: Value, right: Value) -> Value {
        let sums = self.products_of_pairs_in_half(Lanes::I16x8, left, right);
        if crate::fault::active!(self.env.options, RelaxedDotWraps) {
            return sums;
        }
        let wrapped = self.bits(topmost(Lanes::I16x8));
        let minus_one = self.compare_lanes(Lanes::I16x8, IntCC::Equal, sums, wrapped);
        self.packed_add(Lanes::I16x8, sums, minus_one)
    }
}
