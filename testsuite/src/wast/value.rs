//! Values that a script passes and expects, apart from how an engine represents them.
//!
//! Floats are kept as bits: the script compares bit patterns, and a float register could change a NaN.

use std::fmt;
use wast::core::{NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};

/// A value that goes in or comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// `i32`
    I32(u32),
    /// `i64`
    I64(u64),
    /// Bits of an `f32`.
    F32(u32),
    /// Bits of an `f64`.
    F64(u64),
    /// Bytes of a `v128`, the first lane's first.
    V128([u8; 16]),
    /// A null reference of either type.
    Null,
    /// A function; which one, a script cannot say.
    Func,
    /// The host's value with this number.
    Extern(u32),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::I32(value) => write!(f, "i32 {value:#x}"),
            Value::I64(value) => write!(f, "i64 {value:#x}"),
            Value::F32(bits) => write!(f, "f32 {bits:#x} ({})", f32::from_bits(bits)),
            Value::F64(bits) => write!(f, "f64 {bits:#x} ({})", f64::from_bits(bits)),
            Value::V128(bytes) => write!(f, "v128 {bytes:02x?}"),
            Value::Null => f.write_str("null"),
            Value::Func => f.write_str("a function"),
            Value::Extern(number) => write!(f, "extern {number}"),
        }
    }
}

/// What a result must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Exactly this value.
    Exactly(Value),
    /// An `f32` NaN with only the top bit of its payload set.
    CanonicalNan32,
    /// An `f32` NaN with the top bit of its payload set.
    ArithmeticNan32,
    /// The same for `f64`.
    CanonicalNan64,
    /// The same for `f64`.
    ArithmeticNan64,
    /// Lanes of a `v128` that each must be something, the first one first.
    Lanes(Vec<Pattern>),
    /// Some function.
    AnyFunc,
    /// Some value of the host's.
    AnyExtern,
    /// One of these.
    Either(Vec<Pattern>),
}

impl Pattern {
    /// Whether a result is what it must be.
    #[must_use]
    pub fn accepts(&self, value: Value) -> bool {
        match (self, value) {
            (Pattern::Exactly(expected), value) => *expected == value,
            (Pattern::CanonicalNan32, Value::F32(bits)) => bits & 0x7fff_ffff == 0x7fc0_0000,
            (Pattern::ArithmeticNan32, Value::F32(bits)) => bits & 0x7fc0_0000 == 0x7fc0_0000,
            (Pattern::CanonicalNan64, Value::F64(bits)) => bits & 0x7fff_ffff_ffff_ffff == 0x7ff8_0000_0000_0000,
            (Pattern::ArithmeticNan64, Value::F64(bits)) => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
            (Pattern::Lanes(lanes), Value::V128(bytes)) => {
                lanes.iter().zip(float_lanes(bytes, lanes.len())).all(|(pattern, lane)| pattern.accepts(lane))
            }
            (Pattern::AnyFunc, Value::Func) | (Pattern::AnyExtern, Value::Extern(_)) => true,
            (Pattern::Either(patterns), value) => patterns.iter().any(|pattern| pattern.accepts(value)),
            _ => false,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Exactly(value) => value.fmt(f),
            Pattern::CanonicalNan32 => f.write_str("f32 nan:canonical"),
            Pattern::ArithmeticNan32 => f.write_str("f32 nan:arithmetic"),
            Pattern::CanonicalNan64 => f.write_str("f64 nan:canonical"),
            Pattern::ArithmeticNan64 => f.write_str("f64 nan:arithmetic"),
            Pattern::Lanes(lanes) => write!(f, "v128 {}", list(lanes)),
            Pattern::AnyFunc => f.write_str("some function"),
            Pattern::AnyExtern => f.write_str("some host value"),
            Pattern::Either(patterns) => write!(f, "either {}", list(patterns)),
        }
    }
}

/// A vector as so many floats.
fn float_lanes(bytes: [u8; 16], count: usize) -> Vec<Value> {
    let lane = |bytes: &[u8]| {
        let bits = bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte));
        u32::try_from(bits).ok().filter(|_| bytes.len() == 4).map_or(Value::F64(bits), Value::F32)
    };
    bytes.chunks(16 / count).map(lane).collect()
}

/// Values or patterns as a list for messages.
pub(crate) fn list<T: fmt::Display>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

/// The value of an argument, or the feature that it needs.
pub(crate) fn argument(argument: &WastArgCore<'_>) -> Result<Value, String> {
    Ok(match argument {
        WastArgCore::I32(value) => Value::I32(value.cast_unsigned()),
        WastArgCore::I64(value) => Value::I64(value.cast_unsigned()),
        WastArgCore::F32(value) => Value::F32(value.bits),
        WastArgCore::F64(value) => Value::F64(value.bits),
        WastArgCore::RefNull(_) => Value::Null,
        WastArgCore::RefExtern(number) => Value::Extern(*number),
        WastArgCore::V128(value) => Value::V128(value.to_le_bytes()),
        WastArgCore::RefHost(_) => return Err("gc".to_owned()),
    })
}

/// The pattern of a result, or the feature that it needs.
pub(crate) fn pattern(result: &WastRetCore<'_>) -> Result<Pattern, String> {
    Ok(match result {
        WastRetCore::I32(value) => Pattern::Exactly(Value::I32(value.cast_unsigned())),
        WastRetCore::I64(value) => Pattern::Exactly(Value::I64(value.cast_unsigned())),
        WastRetCore::F32(lane) => single(lane),
        WastRetCore::F64(lane) => double(lane),
        WastRetCore::RefNull(_) => Pattern::Exactly(Value::Null),
        WastRetCore::RefExtern(Some(number)) => Pattern::Exactly(Value::Extern(*number)),
        WastRetCore::RefExtern(None) => Pattern::AnyExtern,
        WastRetCore::RefFunc(_) => Pattern::AnyFunc,
        WastRetCore::Either(cases) => Pattern::Either(cases.iter().map(pattern).collect::<Result<_, _>>()?),
        WastRetCore::V128(lanes) => vector(lanes),
        _ => return Err("gc".to_owned()),
    })
}

fn single(pattern: &NanPattern<F32>) -> Pattern {
    match pattern {
        NanPattern::Value(value) => Pattern::Exactly(Value::F32(value.bits)),
        NanPattern::CanonicalNan => Pattern::CanonicalNan32,
        NanPattern::ArithmeticNan => Pattern::ArithmeticNan32,
    }
}

fn double(pattern: &NanPattern<F64>) -> Pattern {
    match pattern {
        NanPattern::Value(value) => Pattern::Exactly(Value::F64(value.bits)),
        NanPattern::CanonicalNan => Pattern::CanonicalNan64,
        NanPattern::ArithmeticNan => Pattern::ArithmeticNan64,
    }
}

fn vector(lanes: &V128Pattern) -> Pattern {
    let bytes = |bytes: Vec<u8>| {
        let mut all = [0; 16];
        all.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
        Pattern::Exactly(Value::V128(all))
    };
    match lanes {
        V128Pattern::I8x16(lanes) => bytes(lanes.iter().flat_map(|lane| lane.to_le_bytes()).collect()),
        V128Pattern::I16x8(lanes) => bytes(lanes.iter().flat_map(|lane| lane.to_le_bytes()).collect()),
        V128Pattern::I32x4(lanes) => bytes(lanes.iter().flat_map(|lane| lane.to_le_bytes()).collect()),
        V128Pattern::I64x2(lanes) => bytes(lanes.iter().flat_map(|lane| lane.to_le_bytes()).collect()),
        V128Pattern::F32x4(lanes) => Pattern::Lanes(lanes.iter().map(single).collect()),
        V128Pattern::F64x2(lanes) => Pattern::Lanes(lanes.iter().map(double).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Value};

    #[test]
    fn nan_patterns() {
        let (quiet, signalling, negative) = (0x7fc0_0001, 0x7fa0_0000, 0xffc0_0000);
        assert!(Pattern::CanonicalNan32.accepts(Value::F32(negative)));
        assert!(!Pattern::CanonicalNan32.accepts(Value::F32(quiet)));
        assert!(Pattern::ArithmeticNan32.accepts(Value::F32(quiet)));
        assert!(!Pattern::ArithmeticNan32.accepts(Value::F32(signalling)));
        assert!(!Pattern::ArithmeticNan32.accepts(Value::F32(f32::INFINITY.to_bits())));
        assert!(!Pattern::ArithmeticNan64.accepts(Value::F32(quiet)));
        assert!(Pattern::ArithmeticNan64.accepts(Value::F64(f64::NAN.to_bits())));
    }

    #[test]
    fn lanes_are_looked_at_one_by_one() {
        let one = Pattern::Exactly(Value::F32(1.0f32.to_bits()));
        let pattern = Pattern::Lanes(vec![one.clone(), Pattern::CanonicalNan32, one.clone(), one]);
        let vector = |lanes: [f32; 4]| {
            let mut bytes = [0; 16];
            bytes.chunks_mut(4).zip(lanes).for_each(|(place, lane)| place.copy_from_slice(&lane.to_le_bytes()));
            Value::V128(bytes)
        };
        assert!(pattern.accepts(vector([1.0, f32::NAN, 1.0, 1.0])));
        assert!(!pattern.accepts(vector([1.0, f32::NAN, 1.0, 2.0])));
        assert!(!pattern.accepts(vector([1.0, 1.0, 1.0, 1.0])));
        assert!(!pattern.accepts(Value::F32(1.0f32.to_bits())));
    }

    #[test]
    fn zeros_differ_by_sign() {
        let pattern = Pattern::Exactly(Value::F64(0.0f64.to_bits()));
        assert!(pattern.accepts(Value::F64(0)));
        assert!(!pattern.accepts(Value::F64((-0.0f64).to_bits())));
    }
}
