//! Values that cross the boundary between host and guest, and how arguments are made up.
//!
//! Floats are kept as bits: a comparison of numbers would call two different NaNs equal to nothing, and the two
//! zeros equal to each other.

use fastrand::Rng;
use std::fmt;
use wasmparser::ValType;

/// A value as host and guest exchange it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `i32`
    I32(u32),
    /// `i64`
    I64(u64),
    /// The bits of an `f32`.
    F32(u32),
    /// The bits of an `f64`.
    F64(u64),
    /// The bits of a `v128`, the first lane's lowest.
    V128(u128),
    /// `funcref`: whether it refers to anything. Which function it is has no number that both sides share.
    Func(bool),
    /// `externref`: the number that stands for the object of the host's, zero for null.
    Extern(u32),
}

/// The types that a [`Value`] can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// Vector of 128 bits.
    V128,
    /// Function reference.
    Func,
    /// Reference to something of the host's.
    Extern,
}

impl ValueType {
    /// The type, if it is one that this suite can pass.
    #[must_use]
    pub fn from_parser(ty: ValType) -> Option<ValueType> {
        Some(match ty {
            ValType::I32 => ValueType::I32,
            ValType::I64 => ValueType::I64,
            ValType::F32 => ValueType::F32,
            ValType::F64 => ValueType::F64,
            ValType::V128 => ValueType::V128,
            ValType::Ref(reference) if reference.is_func_ref() => ValueType::Func,
            ValType::Ref(reference) if reference.is_extern_ref() => ValueType::Extern,
            _ => return None,
        })
    }

    /// The same type for the encoder.
    #[must_use]
    pub fn to_encoder(self) -> wasm_encoder::ValType {
        match self {
            ValueType::I32 => wasm_encoder::ValType::I32,
            ValueType::I64 => wasm_encoder::ValType::I64,
            ValueType::F32 => wasm_encoder::ValType::F32,
            ValueType::F64 => wasm_encoder::ValType::F64,
            ValueType::V128 => wasm_encoder::ValType::V128,
            ValueType::Func => wasm_encoder::ValType::Ref(wasm_encoder::RefType::FUNCREF),
            ValueType::Extern => wasm_encoder::ValType::Ref(wasm_encoder::RefType::EXTERNREF),
        }
    }

    /// Bytes of such a value in memory, on the targets of today.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            ValueType::I32 | ValueType::F32 => 4,
            ValueType::V128 => 16,
            _ => 8,
        }
    }
}

/// How many slots values of these types take.
#[must_use]
pub fn slots(types: &[ValueType]) -> usize {
    types.iter().map(|ty| if *ty == ValueType::V128 { 2 } else { 1 }).sum()
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// Parameters in order.
    pub params: Vec<ValueType>,
    /// Results in order.
    pub results: Vec<ValueType>,
}

/// What lies above a 32-bit argument in its slot: a callee that looked at it would be caught.
const ABOVE: u64 = 0xdead_beef << 32;

impl Value {
    /// The slots by which values are passed to a compiled module.
    #[must_use]
    pub fn to_slots(values: &[Value]) -> Vec<u64> {
        let mut slots = Vec::with_capacity(values.len());
        for value in values {
            let last = match *value {
                Value::I32(bits) | Value::F32(bits) => ABOVE | u64::from(bits),
                Value::I64(bits) | Value::F64(bits) => bits,
                Value::V128(bits) => {
                    slots.push(half(bits));
                    half(bits >> 64)
                }
                Value::Func(present) => u64::from(present),
                Value::Extern(number) => u64::from(number),
            };
            slots.push(last);
        }
        slots
    }

    /// The values of these types that slots hold; what is missing is zero.
    #[must_use]
    pub fn from_slots(types: &[ValueType], slots: &[u64]) -> Vec<Value> {
        let mut slots = slots.iter().copied().chain(std::iter::repeat(0));
        types.iter().map(|&ty| Value::take(ty, &mut slots)).collect()
    }

    /// The value of a type whose storage has these bytes.
    #[must_use]
    pub fn from_bytes(ty: ValueType, bytes: &[u8]) -> Value {
        let words = bytes.chunks(8).map(|word| word.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte)));
        Value::take(ty, &mut words.chain(std::iter::repeat(0)))
    }

    /// A zero, or null.
    #[must_use]
    pub fn zero(ty: ValueType) -> Value {
        Value::take(ty, &mut std::iter::repeat(0))
    }

    fn take(ty: ValueType, slots: &mut impl Iterator<Item = u64>) -> Value {
        let slot = slots.next().unwrap_or(0);
        match ty {
            ValueType::I32 => Value::I32(low(slot)),
            ValueType::I64 => Value::I64(slot),
            ValueType::F32 => Value::F32(low(slot)),
            ValueType::F64 => Value::F64(slot),
            ValueType::V128 => Value::V128(u128::from(slot) | u128::from(slots.next().unwrap_or(0)) << 64),
            ValueType::Func => Value::Func(slot != 0),
            ValueType::Extern => Value::Extern(if slot > 0xffff_ffff { u32::MAX } else { low(slot) }),
        }
    }

    /// Whether it is a NaN.
    #[must_use]
    pub fn is_nan(self) -> bool {
        match self {
            Value::F32(bits) => f32::from_bits(bits).is_nan(),
            Value::F64(bits) => f64::from_bits(bits).is_nan(),
            _ => false,
        }
    }

    /// Makes up an argument: mostly values at which something changes, sometimes any.
    #[must_use]
    pub fn arbitrary(ty: ValueType, rng: &mut Rng) -> Value {
        match ty {
            ValueType::I32 => Value::I32(arbitrary_i32(rng)),
            ValueType::I64 => Value::I64(arbitrary_i64(rng)),
            ValueType::F32 => Value::F32(arbitrary_f32(rng)),
            ValueType::F64 => Value::F64(arbitrary_f64(rng)),
            ValueType::V128 => Value::V128(arbitrary_v128(rng)),
            // A host cannot make up a function.
            ValueType::Func => Value::Func(false),
            ValueType::Extern => Value::Extern(rng.u32(0..4)),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::I32(bits) => write!(f, "i32:{bits:#x}"),
            Value::I64(bits) => write!(f, "i64:{bits:#x}"),
            Value::F32(bits) => write!(f, "f32:{bits:#010x} ({})", f32::from_bits(bits)),
            Value::F64(bits) => write!(f, "f64:{bits:#018x} ({})", f64::from_bits(bits)),
            Value::V128(bits) => write!(f, "v128:{bits:#034x}"),
            Value::Func(present) => f.write_str(if present { "funcref" } else { "null funcref" }),
            Value::Extern(0) => f.write_str("null externref"),
            Value::Extern(number) => write!(f, "externref {number}"),
        }
    }
}

/// The low half of a vector.
fn half(bits: u128) -> u64 {
    u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0)
}

/// The low half of a slot.
#[must_use]
pub(crate) fn low(slot: u64) -> u32 {
    let [a, b, c, d, ..] = slot.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

const EDGES_32: [u32; 16] = [
    0,
    1,
    2,
    0xffff_ffff,
    0xffff_fffe,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xffff,
    0x1_0000,
    0x1_0001,
    0xfff8,
    0xff,
    0x80,
    0x7fff,
    0x8000,
];

fn arbitrary_i32(rng: &mut Rng) -> u32 {
    match rng.u32(0..8) {
        0..=2 => EDGES_32[rng.usize(0..EDGES_32.len())],
        3..=5 => rng.u32(0..64),
        6 => rng.u32(0..0x2_0000),
        _ => rng.u32(..),
    }
}

fn arbitrary_i64(rng: &mut Rng) -> u64 {
    match rng.u32(0..8) {
        0 => u64::from(EDGES_32[rng.usize(0..EDGES_32.len())]),
        1 => u64::from(EDGES_32[rng.usize(0..EDGES_32.len())]) << 32,
        2 => [u64::MAX, 1 << 63, (1 << 63) - 1, 1 << 32, (1 << 32) - 1, 1 << 31][rng.usize(0..6)],
        3..=5 => rng.u64(0..64),
        _ => rng.u64(..),
    }
}

/// Zeros, infinities, quiet and signalling NaNs of both signs, subnormals, and the edges of the integer types.
const EDGES_F32: [u32; 20] = [
    0,
    0x8000_0000,
    0x3f80_0000,
    0xbf80_0000,
    0x7f80_0000,
    0xff80_0000,
    0x7fc0_0000,
    0xffc0_0000,
    0x7fa0_0000,
    0xff80_0001,
    1,
    0x8000_0001,
    0x007f_ffff,
    0x4f00_0000,
    0xcf00_0000,
    0x4f80_0000,
    0x5f00_0000,
    0xdf00_0000,
    0x5f80_0000,
    0x3f00_0000,
];

const EDGES_F64: [u64; 20] = [
    0,
    0x8000_0000_0000_0000,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0xfff8_0000_0000_0000,
    0x7ff4_0000_0000_0000,
    0xfff0_0000_0000_0001,
    1,
    0x8000_0000_0000_0001,
    0x000f_ffff_ffff_ffff,
    0x41e0_0000_0000_0000,
    0xc1e0_0000_0020_0000,
    0x41ef_ffff_ffff_ffff,
    0x43e0_0000_0000_0000,
    0xc3e0_0000_0000_0000,
    0x43f0_0000_0000_0000,
    0x3fe0_0000_0000_0000,
];

fn arbitrary_f32(rng: &mut Rng) -> u32 {
    match rng.u32(0..4) {
        0..=1 => EDGES_F32[rng.usize(0..EDGES_F32.len())],
        2 => (rng.f32() * 200.0 - 100.0).to_bits(),
        _ => rng.u32(..),
    }
}

fn arbitrary_f64(rng: &mut Rng) -> u64 {
    match rng.u32(0..4) {
        0..=1 => EDGES_F64[rng.usize(0..EDGES_F64.len())],
        2 => (rng.f64() * 200.0 - 100.0).to_bits(),
        _ => rng.u64(..),
    }
}

/// Lanes of one kind, each made up as a number of that kind is.
fn arbitrary_v128(rng: &mut Rng) -> u128 {
    let (bits, kind) = [(8, 0), (16, 1), (32, 2), (64, 3), (32, 4), (64, 5)][rng.usize(0..6)];
    let mut lane = || match kind {
        0 => u64::from([0, 1, 0x7f, 0x80, 0xff, rng.u8(..)][rng.usize(0..6)]),
        1 => u64::from([0, 1, 0x7fff, 0x8000, 0xffff, rng.u16(..)][rng.usize(0..6)]),
        2 => u64::from(arbitrary_i32(rng)),
        3 => arbitrary_i64(rng),
        4 => u64::from(arbitrary_f32(rng)),
        _ => arbitrary_f64(rng),
    };
    (0..128 / bits).fold(0, |all, _| all << bits | u128::from(lane()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_round_trip_and_ignore_what_lies_above() {
        let mut rng = Rng::with_seed(1);
        let types = [
            ValueType::I32,
            ValueType::V128,
            ValueType::I64,
            ValueType::F32,
            ValueType::V128,
            ValueType::F64,
            ValueType::Func,
            ValueType::Extern,
        ];
        for _ in 0..200 {
            let values = types.map(|ty| Value::arbitrary(ty, &mut rng));
            let slots = Value::to_slots(&values);
            assert_eq!(slots.len(), super::slots(&types));
            assert_eq!(Value::from_slots(&types, &slots), values);
        }
        assert_eq!(Value::from_slots(&[ValueType::I32], &[0xffff_ffff_0000_0007]), [Value::I32(7)]);
        assert_eq!(Value::from_bytes(ValueType::V128, &1_u128.to_le_bytes()), Value::V128(1));
    }
}
