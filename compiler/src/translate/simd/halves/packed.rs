//! Several integer lanes at a time, in one 64-bit integer ("SIMD within a register": Fisher and Dietz, 1998; Warren, "Hacker's Delight",
//! chapter 2).
//!
//! `w` is the width of a lane, `H` the mask of the topmost bit of each lane. A sum or difference is computed with the topmost
//! bits taken out, so that nothing is carried into the next lane, and these are put right afterwards. A comparison gives one bit a
//! lane, the topmost; [`CodeBuilder::spread`] makes a mask of it.

use super::super::super::code::CodeBuilder;
use super::super::shape::{Lanes, Shift, Sign};
use super::Halves;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// The same number in every lane.
pub(super) fn in_all_lanes(lanes: Lanes, value: u64) -> u64 {
    let bits = lanes.bits();
    (0..64 / bits).fold(0, |all, lane| all | value << (lane * bits))
}

/// `H`: the topmost bit of each lane.
pub(super) fn topmost(lanes: Lanes) -> u64 {
    in_all_lanes(lanes, 1 << (lanes.bits() - 1))
}

impl CodeBuilder<'_, '_> {
    pub(super) fn and_bits(&mut self, value: Value, bits: u64) -> Value {
        let bits = self.bits(bits);
        self.builder.ins().band(value, bits)
    }

    fn or_bits(&mut self, value: Value, bits: u64) -> Value {
        let bits = self.bits(bits);
        self.builder.ins().bor(value, bits)
    }

    fn xor_bits(&mut self, value: Value, bits: u64) -> Value {
        let bits = self.bits(bits);
        self.builder.ins().bxor(value, bits)
    }

    /// From the topmost bit of each lane, and zeros elsewhere, the lane full of that bit: `2^w · m' − m'` for `m' = m / 2^(w−1)`, which
    /// lanes above and below do not disturb.
    pub(super) fn spread(&mut self, lanes: Lanes, tops: Value) -> Value {
        let up = self.builder.ins().ishl_imm_u(tops, 1);
        let down = self.builder.ins().ushr_imm_u(tops, i64::from(lanes.bits()) - 1);
        self.builder.ins().isub(up, down)
    }

    /// `((a & ~H) + (b & ~H)) ^ ((a ^ b) & H)`
    pub(super) fn packed_add(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        if lanes.bits() == 64 || crate::fault::active!(self.env.options, LanesCarry) {
            return self.builder.ins().iadd(left, right);
        }
        let top = topmost(lanes);
        let (low_left, low_right) = (self.and_bits(left, !top), self.and_bits(right, !top));
        let sum = self.builder.ins().iadd(low_left, low_right);
        let differing = self.builder.ins().bxor(left, right);
        let tops = self.and_bits(differing, top);
        self.builder.ins().bxor(sum, tops)
    }

    /// `(a | H) − (b & ~H)`: no lane borrows from the next. Its topmost bit says whether `a >= b` without theirs.
    fn packed_difference(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        let top = topmost(lanes);
        let (left, right) = (self.or_bits(left, top), self.and_bits(right, !top));
        self.builder.ins().isub(left, right)
    }

    /// The difference with topmost bits put right: `d ^ ((a ^ ~b) & H)`.
    pub(super) fn packed_sub(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        if lanes.bits() == 64 {
            return self.builder.ins().isub(left, right);
        }
        let difference = self.packed_difference(lanes, left, right);
        let same = self.builder.ins().bxor(left, right);
        let same = self.builder.ins().bnot(same);
        let tops = self.and_bits(same, topmost(lanes));
        self.builder.ins().bxor(difference, tops)
    }

    /// Topmost bits of the lanes in which `left < right`.
    fn packed_less(&mut self, lanes: Lanes, sign: Sign, left: Value, right: Value) -> Value {
        // Where the topmost bits differ they decide; else what lies below them does.
        let not_less_below = self.packed_difference(lanes, left, right);
        let (one, zero) = if sign == Sign::Signed { (left, right) } else { (right, left) };
        let not_zero = self.builder.ins().bnot(zero);
        let decided = self.builder.ins().band(one, not_zero);
        let differing = self.builder.ins().bxor(left, right);
        let undecided = self.builder.ins().bor(differing, not_less_below);
        let undecided = self.builder.ins().bnot(undecided);
        let less = self.builder.ins().bor(decided, undecided);
        self.and_bits(less, topmost(lanes))
    }

    /// Topmost bits of the lanes that are not zero: adding `~H` to what lies below the topmost bit carries into it.
    fn packed_not_zero(&mut self, lanes: Lanes, value: Value) -> Value {
        let top = topmost(lanes);
        let below = self.and_bits(value, !top);
        let limit = self.bits(!top);
        let carried = self.builder.ins().iadd(below, limit);
        let either = self.builder.ins().bor(carried, value);
        self.and_bits(either, top)
    }

    /// Lanes full of ones where a comparison holds.
    pub(super) fn compare_lanes(&mut self, lanes: Lanes, condition: IntCC, left: Value, right: Value) -> Value {
        use Sign::{Signed, Unsigned};
        if lanes.bits() == 64 {
            let bit = self.builder.ins().icmp(condition, left, right);
            return self.mask_of_bit(bit);
        }
        // As "less than", perhaps with sides exchanged, perhaps negated.
        let (sign, exchanged, negated) = match condition {
            IntCC::Equal | IntCC::NotEqual => {
                let differing = self.builder.ins().bxor(left, right);
                let tops = self.packed_not_zero(lanes, differing);
                let mask = self.spread(lanes, tops);
                return if condition == IntCC::Equal { self.builder.ins().bnot(mask) } else { mask };
            }
            IntCC::SignedLessThan => (Signed, false, false),
            IntCC::SignedGreaterThan => (Signed, true, false),
            IntCC::SignedLessThanOrEqual => (Signed, true, true),
            IntCC::SignedGreaterThanOrEqual => (Signed, false, true),
            IntCC::UnsignedLessThan => (Unsigned, false, false),
            IntCC::UnsignedGreaterThan => (Unsigned, true, false),
            IntCC::UnsignedLessThanOrEqual => (Unsigned, true, true),
            IntCC::UnsignedGreaterThanOrEqual => (Unsigned, false, true),
        };
        let (left, right) = if exchanged { (right, left) } else { (left, right) };
        let tops = self.packed_less(lanes, sign, left, right);
        let mask = self.spread(lanes, tops);
        if negated { self.builder.ins().bnot(mask) } else { mask }
    }

    pub(super) fn packed_least(&mut self, lanes: Lanes, sign: Sign, left: Value, right: Value) -> Value {
        let less = self.packed_less(lanes, sign, left, right);
        let mask = self.spread(lanes, less);
        self.choose(mask, left, right)
    }

    pub(super) fn packed_greatest(&mut self, lanes: Lanes, sign: Sign, left: Value, right: Value) -> Value {
        let less = self.packed_less(lanes, sign, left, right);
        let mask = self.spread(lanes, less);
        self.choose(mask, right, left)
    }

    pub(super) fn packed_add_sat(&mut self, lanes: Lanes, sign: Sign, left: Value, right: Value) -> Value {
        let sum = self.packed_add(lanes, left, right);
        if sign == Sign::Unsigned {
            let wrapped = self.packed_less(lanes, sign, sum, left);
            let ones = self.spread(lanes, wrapped);
            return self.builder.ins().bor(sum, ones);
        }
        // The sides have one sign, and the sum has the other.
        let unlike = self.builder.ins().bxor(left, right);
        let changed = self.builder.ins().bxor(left, sum);
        let like = self.builder.ins().bnot(unlike);
        let overflow = self.builder.ins().band(changed, like);
        self.saturate(lanes, overflow, left, sum)
    }

    pub(super) fn packed_sub_sat(&mut self, lanes: Lanes, sign: Sign, left: Value, right: Value) -> Value {
        let difference = self.packed_sub(lanes, left, right);
        if sign == Sign::Unsigned {
            let less = self.packed_less(lanes, sign, left, right);
            let ones = self.spread(lanes, less);
            let kept = self.builder.ins().bnot(ones);
            return self.builder.ins().band(difference, kept);
        }
        let unlike = self.builder.ins().bxor(left, right);
        let changed = self.builder.ins().bxor(left, difference);
        let overflow = self.builder.ins().band(changed, unlike);
        self.saturate(lanes, overflow, left, difference)
    }

    /// `value`, but where the topmost bit of `overflow` is set, the least number if `left` is negative, else the greatest.
    fn saturate(&mut self, lanes: Lanes, overflow: Value, left: Value, value: Value) -> Value {
        let top = topmost(lanes);
        let negative = self.and_bits(left, top);
        let negative = self.spread(lanes, negative);
        let limit = self.xor_bits(negative, !top);
        let overflow = self.and_bits(overflow, top);
        let mask = self.spread(lanes, overflow);
        self.choose(mask, limit, value)
    }

    /// `(a | b) − ((a ^ b) / 2)`: half the sum, rounded up, without a carry.
    pub(super) fn packed_average(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        let either = self.builder.ins().bor(left, right);
        let differing = self.builder.ins().bxor(left, right);
        let half = self.builder.ins().ushr_imm_u(differing, 1);
        let half = self.and_bits(half, !topmost(lanes));
        self.builder.ins().isub(either, half)
    }

    /// `(a ^ m) + (m & 1)` for the mask `m` of negative lanes. The sum stays in its lane: what is not negated is at most `2^(w−1) − 1`.
    pub(super) fn packed_abs(&mut self, lanes: Lanes, value: Value) -> Value {
        let negative = self.and_bits(value, topmost(lanes));
        let mask = self.spread(lanes, negative);
        let complement = self.builder.ins().bxor(value, mask);
        let one = self.builder.ins().ushr_imm_u(negative, i64::from(lanes.bits()) - 1);
        self.builder.ins().iadd(complement, one)
    }

    /// Ones in each byte: sums of pairs, of fours, of eights.
    pub(super) fn packed_popcnt(&mut self, value: Value) -> Value {
        let half = self.builder.ins().ushr_imm_u(value, 1);
        let half = self.and_bits(half, 0x5555_5555_5555_5555);
        let pairs = self.builder.ins().isub(value, half);
        let low = self.and_bits(pairs, 0x3333_3333_3333_3333);
        let high = self.builder.ins().ushr_imm_u(pairs, 2);
        let high = self.and_bits(high, 0x3333_3333_3333_3333);
        let fours = self.builder.ins().iadd(low, high);
        let high = self.builder.ins().ushr_imm_u(fours, 4);
        let sums = self.builder.ins().iadd(fours, high);
        self.and_bits(sums, 0x0f0f_0f0f_0f0f_0f0f)
    }

    /// Shifts all lanes by an `i32`, modulo their width.
    pub(super) fn shift_halves(&mut self, lanes: Lanes, shift: Shift, halves: Halves, amount: Value) -> Halves {
        let bits = lanes.bits();
        if bits == 64 {
            return halves.map(self, |code, half| match shift {
                Shift::Left => code.builder.ins().ishl(half, amount),
                Shift::Right(Sign::Signed) => code.builder.ins().sshr(half, amount),
                Shift::Right(Sign::Unsigned) => code.builder.ins().ushr(half, amount),
            });
        }
        let amount = self.builder.ins().band_imm_u(amount, i64::from(bits - 1));
        // One lane full of ones, shifted as the lanes are: what of a lane stays in it.
        let ones = (1_u64 << bits) - 1;
        let full = self.bits(ones);
        let kept = match shift {
            Shift::Left => {
                let shifted = self.builder.ins().ishl(full, amount);
                self.and_bits(shifted, ones)
            }
            Shift::Right(_) => self.builder.ins().ushr(full, amount),
        };
        let each = self.bits(in_all_lanes(lanes, 1));
        let kept = self.builder.ins().imul(kept, each);
        halves.map(self, |code, half| {
            let shifted = match shift {
                Shift::Left => code.builder.ins().ishl(half, amount),
                Shift::Right(_) => code.builder.ins().ushr(half, amount),
            };
            if shift != Shift::Right(Sign::Signed) {
                return code.builder.ins().band(shifted, kept);
            }
            let negative = code.and_bits(half, topmost(lanes));
            let sign = code.spread(lanes, negative);
            code.choose(kept, shifted, sign)
        })
    }

    /// Whether no lane is zero.
    pub(super) fn all_true(&mut self, lanes: Lanes, halves: Halves) -> Value {
        if lanes.bits() == 64 {
            let [low, high] = halves.0.map(|half| self.builder.ins().icmp_imm_s(IntCC::NotEqual, half, 0));
            return self.builder.ins().band(low, high);
        }
        let [low, high] = halves.0.map(|half| self.packed_not_zero(lanes, half));
        let both = self.builder.ins().band(low, high);
        let top = self.bits(topmost(lanes));
        self.builder.ins().icmp(IntCC::Equal, both, top)
    }

    /// The topmost bits of all lanes side by side, as an `i32`.
    pub(super) fn bitmask(&mut self, lanes: Lanes, halves: Halves) -> Value {
        let bits = lanes.bits();
        let count = 64 / bits;
        let [low, high] = halves.0.map(|half| {
            if bits == 64 {
                return self.builder.ins().ushr_imm_u(half, 63);
            }
            let tops = self.and_bits(half, topmost(lanes));
            let each = self.builder.ins().ushr_imm_u(tops, i64::from(bits - 1));
            // Lane `i` has its bit at `w·i`; the product has it at `64 − w + i` too, above which and between which nothing falls:
            // `w·i − (w−1)·j` for `i != j` lies outside `0..w`.
            let gather = (0..count).fold(0_u64, |all, lane| all | 1 << (64 - bits - (bits - 1) * lane));
            let gather = self.bits(gather);
            let product = self.builder.ins().imul(each, gather);
            self.builder.ins().ushr_imm_u(product, i64::from(64 - bits))
        });
        let high = self.builder.ins().ishl_imm_u(high, i64::from(count));
        let mask = self.builder.ins().bor(low, high);
        self.builder.ins().ireduce(types::I32, mask)
    }
}
