//! Single lanes: taken out, put in, moved, and worked on one by one.

use super::super::super::code::CodeBuilder;
use super::super::shape::{Lanes, Sign};
use super::super::shuffle::word;
use super::Halves;
use super::packed::in_all_lanes;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

impl CodeBuilder<'_, '_> {
    /// The two 32-bit lanes of a half, as integers. Where it was put together from two, these.
    pub(super) fn words(&mut self, half: Value) -> [Value; 2] {
        if let Some(words) = self.words.get(&half) {
            return *words;
        }
        let low = self.builder.ins().ireduce(types::I32, half);
        let high = self.builder.ins().ushr_imm_u(half, 32);
        [low, self.builder.ins().ireduce(types::I32, high)]
    }

    /// A half of two 32-bit lanes. Its value is remembered by its lanes: whoever can see it can see them.
    pub(super) fn join_words(&mut self, words: [Value; 2]) -> Value {
        let [low, high] = words.map(|word| self.builder.ins().uextend(types::I64, word));
        let high = self.builder.ins().ishl_imm_u(high, 32);
        let half = self.builder.ins().bor(low, high);
        self.words.insert(half, words);
        half
    }

    /// The lanes of which a half was put together, if it was.
    pub(in super::super) fn joined_words(&self, half: Value) -> Option<[Value; 2]> {
        self.words.get(&half).copied()
    }

    /// Which half a lane lies in, and by how many bits it is shifted there.
    fn position(lanes: Lanes, lane: u8) -> (usize, i64) {
        let bit = u32::from(lane) * lanes.bits();
        (usize::from(bit >= 64), i64::from(bit % 64))
    }

    pub(in super::super) fn splat_halves(&mut self, lanes: Lanes, value: Value) -> Halves {
        let value = self.as_integer(value);
        let half = match lanes.bits() {
            64 => value,
            32 => self.join_words([value, value]),
            bits => {
                let lane = self.builder.ins().uextend(types::I64, value);
                let lane = self.and_bits(lane, (1 << bits) - 1);
                let each = self.bits(in_all_lanes(lanes, 1));
                self.builder.ins().imul(lane, each)
            }
        };
        Halves([half, half])
    }

    /// A float as the integer of its bits; anything else as it is.
    pub(super) fn as_integer(&mut self, value: Value) -> Value {
        match self.builder.func.dfg.value_type(value) {
            types::F32 => self.as_type(value, types::I32),
            types::F64 => self.as_type(value, types::I64),
            _ => value,
        }
    }

    pub(in super::super) fn extract_half(&mut self, lanes: Lanes, sign: Sign, halves: Halves, lane: u8) -> Value {
        let (half, shift) = Self::position(lanes, lane);
        let half = halves.0[half];
        match lanes.bits() {
            64 => self.as_type(half, lanes.lane()),
            32 => {
                let word = self.words(half)[usize::from(shift != 0)];
                self.as_type(word, lanes.lane())
            }
            _ => {
                let shifted = self.builder.ins().ushr_imm_u(half, shift);
                let value = self.builder.ins().ireduce(lanes.lane(), shifted);
                let lost = crate::fault::active!(self.env.options, ExtractSignLost);
                match sign {
                    Sign::Signed if !lost => self.builder.ins().sextend(types::I32, value),
                    _ => self.builder.ins().uextend(types::I32, value),
                }
            }
        }
    }

    pub(in super::super) fn replace_half(&mut self, lanes: Lanes, halves: Halves, value: Value, lane: u8) -> Halves {
        let (position, shift) = Self::position(lanes, lane);
        let value = self.as_integer(value);
        let half = halves.0[position];
        let changed = match lanes.bits() {
            64 => value,
            32 => {
                let mut words = self.words(half);
                words[usize::from(shift != 0)] = value;
                self.join_words(words)
            }
            bits => {
                let full = (1_u64 << bits) - 1;
                let value = if self.builder.func.dfg.value_type(value) == types::I64 {
                    value
                } else {
                    self.builder.ins().uextend(types::I64, value)
                };
                let value = self.and_bits(value, full);
                let value = self.builder.ins().ishl_imm_u(value, shift);
                let others = self.and_bits(half, !(full << shift));
                self.builder.ins().bor(others, value)
            }
        };
        let mut halves = halves;
        halves.0[position] = changed;
        halves
    }

    /// Each half of the result from runs of bytes that lie side by side in one half of an operand.
    pub(super) fn shuffle_halves(&mut self, lanes: [u8; 16], left: Halves, right: Halves) -> Halves {
        let swapped = crate::fault::active!(self.env.options, ShuffleOperandsSwapped);
        let (left, right) = if swapped { (right, left) } else { (left, right) };
        let sources = [left.0[0], left.0[1], right.0[0], right.0[1]];
        let mut halves = lanes.chunks(8).map(|bytes| {
            if let Some(words) = self.shuffled_words(bytes, sources) {
                return self.join_words(words);
            }
            let mut result = None;
            let mut at = 0;
            while at < 8 {
                let first = bytes[at];
                let run = (1..8 - at)
                    .take_while(|length| {
                        let next = usize::from(first) + length;
                        usize::from(bytes[at + length]) == next && next / 8 == usize::from(first) / 8
                    })
                    .count()
                    + 1;
                let part = self.moved_bytes(sources[usize::from(first / 8)], usize::from(first % 8), at, run);
                result = Some(match result {
                    None => part,
                    Some(other) => self.builder.ins().bor(other, part),
                });
                at += run;
            }
            result.expect("a half has bytes")
        });
        let first = halves.next().expect("a shuffle has sixteen lanes");
        let second = halves.next().expect("a shuffle has sixteen lanes");
        drop(halves);
        Halves([first, second])
    }

    /// A half of a shuffle whose sources are known by their words, and that moves only such.
    fn shuffled_words(&mut self, bytes: &[u8], sources: [Value; 4]) -> Option<[Value; 2]> {
        let mut words = Vec::new();
        for bytes in bytes.chunks(4) {
            let word = usize::from(word(bytes)?);
            words.push(self.joined_words(sources[word / 2])?[word % 2]);
        }
        words.try_into().ok()
    }

    /// `count` bytes from one place of a half at another of an otherwise empty one.
    fn moved_bytes(&mut self, source: Value, from: usize, to: usize, count: usize) -> Value {
        if count == 8 {
            return source;
        }
        let bits = |bytes: usize| i64::try_from(bytes * 8).unwrap_or(0);
        // Up to the top, where what is above falls off, then down to the place: no constant is needed but for the middle.
        let up = bits(8 - from - count);
        let mut value = source;
        if up > 0 {
            value = self.builder.ins().ishl_imm_u(value, up);
        }
        let down = bits(8 - count);
        value = self.builder.ins().ushr_imm_u(value, down);
        if to > 0 {
            value = self.builder.ins().ishl_imm_u(value, bits(to));
        }
        value
    }

    /// Byte by byte: the lane that each of `indices` names, or zero beyond the last.
    pub(super) fn swizzle_halves(&mut self, source: Halves, indices: Halves) -> Halves {
        let [low, high] = source.0;
        indices.map(self, |code, indices| {
            let mut result = code.bits(0);
            for byte in 0..8 {
                let index = code.builder.ins().ushr_imm_u(indices, byte * 8);
                let index = code.and_bits(index, 0xff);
                let in_high = code.and_bits(index, 8);
                let half = code.builder.ins().select(in_high, high, low);
                let place = code.and_bits(index, 7);
                let shift = code.builder.ins().ishl_imm_u(place, 3);
                let lane = code.builder.ins().ushr(half, shift);
                let lane = code.and_bits(lane, 0xff);
                let inside = code.builder.ins().icmp_imm_s(IntCC::UnsignedLessThan, index, 16);
                let mask = code.mask_of_bit(inside);
                let lane = code.builder.ins().band(lane, mask);
                let lane = code.builder.ins().ishl_imm_u(lane, byte * 8);
                result = code.builder.ins().bor(result, lane);
            }
            result
        })
    }

    /// Works on the lanes of 16 bits of two halves one by one, each extended with its sign to 64 bits.
    fn each_short(&mut self, left: Value, right: Value, mut each: impl FnMut(&mut Self, Value, Value) -> Value) -> Value {
        let mut result = None;
        for lane in 0..4 {
            let [left, right] = [left, right].map(|half| {
                let up = self.builder.ins().ishl_imm_u(half, 48 - 16 * lane);
                self.builder.ins().sshr_imm_u(up, 48)
            });
            let value = each(self, left, right);
            // To its place, with nothing above it.
            let value = self.builder.ins().ishl_imm_u(value, 48);
            let value = self.builder.ins().ushr_imm_u(value, 48 - 16 * lane);
            result = Some(match result {
                None => value,
                Some(others) => self.builder.ins().bor(others, value),
            });
        }
        result.expect("a half has four lanes of 16 bits")
    }

    /// Products without what goes beyond a lane; lanes of 16, 32 and 64 bits.
    pub(super) fn multiply_lanes(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        match lanes {
            Lanes::I64x2 => self.builder.ins().imul(left, right),
            Lanes::I32x4 => self.each_word([left, right], types::I32, |code, [left, right]| code.builder.ins().imul(left, right)),
            _ => self.each_short(left, right, |code, left, right| code.builder.ins().imul(left, right)),
        }
    }

    /// `(a·b + 2^14) / 2^15`, which is too large only for the product of two least numbers.
    pub(super) fn q15_multiply(&mut self, left: Value, right: Value) -> Value {
        self.each_short(left, right, |code, left, right| {
            let product = code.builder.ins().imul(left, right);
            let rounded = code.builder.ins().iadd_imm_s(product, 0x4000);
            let scaled = code.builder.ins().sshr_imm_u(rounded, 15);
            let greatest = code.bits(0x7fff);
            code.builder.ins().smin(scaled, greatest)
        })
    }

    /// Works on the 32-bit lanes of halves one by one, as `ty`.
    pub(super) fn each_word<const N: usize>(
        &mut self,
        halves: [Value; N],
        ty: Type,
        mut each: impl FnMut(&mut Self, [Value; N]) -> Value,
    ) -> Value {
        let words = halves.map(|half| self.words(half));
        let results = [0, 1].map(|lane| {
            let lanes = words.map(|words| self.as_type(words[lane], ty));
            let value = each(self, lanes);
            self.as_integer(value)
        });
        self.join_words(results)
    }
}
