//! Wasm values as people write and read them.

use saggar_compiler::ValueType;

/// A value as slots of 8 bytes, from its text.
///
/// Integers are decimal or `0x…`, signed or unsigned; floats are Rust's, and `nan:0x…` with a payload; references are `null`,
/// or for an `externref` a number. A vector is `0x…` with up to 32 digits, the first lane's last; or lanes of one type, the first lane's first:
/// `f32x4:1,0.5,0,-2`.
pub(crate) fn parse(text: &str, ty: ValueType) -> Result<Vec<u64>, String> {
    let invalid = || format!("`{text}` is not a value of type {}", ty.name());
    if ty == ValueType::V128 {
        let bits = vector(text).ok_or_else(invalid)?;
        return Ok([bits, bits >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0)).to_vec());
    }
    scalar(text, ty).map(|slot| vec![slot]).ok_or_else(invalid)
}

/// The shapes that a vector is written in: name, lanes, and the type that a lane is written as.
const SHAPES: [(&str, u32, ValueType); 6] = [
    ("i8x16", 16, ValueType::I32),
    ("i16x8", 8, ValueType::I32),
    ("i32x4", 4, ValueType::I32),
    ("i64x2", 2, ValueType::I64),
    ("f32x4", 4, ValueType::F32),
    ("f64x2", 2, ValueType::F64),
];

fn vector(text: &str) -> Option<u128> {
    let Some((shape, lanes)) = text.split_once(':') else {
        let digits = text.strip_prefix("0x").filter(|digits| !digits.starts_with(['+', '-']))?;
        return u128::from_str_radix(digits, 16).ok();
    };
    let (_, count, ty) = SHAPES.into_iter().find(|(name, ..)| *name == shape)?;
    let lanes: Vec<&str> = lanes.split(',').collect();
    if lanes.len() != count as usize {
        return None;
    }
    let bits = 128 / count;
    lanes.iter().rev().try_fold(0_u128, |all, lane| {
        let lane = scalar(lane, ty)?;
        if bits < 32 {
            // Read as an `i32`: what is beyond a narrower lane, with or without sign, is not a value of it.
            let number = i64::from(u32::try_from(lane).ok()?.cast_signed());
            (-1 << (bits - 1)..1 << bits).contains(&number).then_some(())?;
        }
        let mask = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
        Some(all << bits | u128::from(lane & mask))
    })
}

fn scalar(text: &str, ty: ValueType) -> Option<u64> {
    match ty {
        ValueType::I32 => integer(text).and_then(|value| {
            let wrapped = i32::try_from(value).map(i32::cast_unsigned).or_else(|_| u32::try_from(value));
            wrapped.ok().map(u64::from)
        }),
        ValueType::I64 => {
            integer(text).and_then(|value| i64::try_from(value).map(i64::cast_unsigned).or_else(|_| u64::try_from(value)).ok())
        }
        ValueType::F32 => float_bits(text, 23, |text| text.parse::<f32>().ok().map(|value| value.to_bits().into())),
        ValueType::F64 => float_bits(text, 52, |text| text.parse::<f64>().ok().map(f64::to_bits)),
        ValueType::FuncRef => (text == "null").then_some(0),
        ValueType::ExternRef if text == "null" => Some(0),
        ValueType::ExternRef => integer(text).and_then(|value| u64::try_from(value).ok()),
        ValueType::V128 => None,
    }
}

fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = match digits.strip_prefix("0x") {
        // `from_str_radix` takes a sign of its own, which has no place here.
        Some(hex) if !hex.starts_with(['+', '-']) => i128::from_str_radix(hex, 16).ok()?,
        Some(_) => return None,
        None => digits.parse::<u128>().ok().and_then(|value| i128::try_from(value).ok())?,
    };
    Some(if negative { -value } else { value })
}

/// `nan:0x…` has a sign, an exponent of ones and this payload; anything else is left to `parse`.
fn float_bits(text: &str, fraction_bits: u32, parse: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let (sign, rest) = text.strip_prefix('-').map_or((0, text), |rest| (1, rest));
    let Some(payload) = rest.strip_prefix("nan:0x") else { return parse(text) };
    let payload = u64::from_str_radix(payload, 16).ok().filter(|&payload| payload != 0 && payload >> fraction_bits == 0)?;
    let exponent_bits = if fraction_bits == 23 { 8 } else { 11 };
    let exponent = (1u64 << exponent_bits) - 1;
    Some(sign << (fraction_bits + exponent_bits) | exponent << fraction_bits | payload)
}

/// A value as text, with its type. `slots` are those from its first on.
pub(crate) fn show(slots: &[u64], ty: ValueType) -> String {
    let slot = slots.first().copied().unwrap_or(0);
    let low = u32::try_from(slot & 0xffff_ffff).unwrap_or_default();
    let value = match ty {
        ValueType::I32 => low.cast_signed().to_string(),
        ValueType::I64 => slot.cast_signed().to_string(),
        ValueType::F32 if f32::from_bits(low).is_nan() => nan(low >> 31 == 1, u64::from(low & 0x7f_ffff)),
        ValueType::F32 => format!("{:?}", f32::from_bits(low)),
        ValueType::F64 if f64::from_bits(slot).is_nan() => nan(slot >> 63 == 1, slot & 0xf_ffff_ffff_ffff),
        ValueType::F64 => format!("{:?}", f64::from_bits(slot)),
        ValueType::V128 => format!("{:#034x}", u128::from(slots.get(1).copied().unwrap_or(0)) << 64 | u128::from(slot)),
        ValueType::FuncRef | ValueType::ExternRef if slot == 0 => "null".to_owned(),
        ValueType::FuncRef | ValueType::ExternRef => format!("{slot:#x}"),
    };
    format!("{} {value}", ty.name())
}

fn nan(negative: bool, payload: u64) -> String {
    format!("{}nan:{payload:#x}", if negative { "-" } else { "" })
}

/// A function type as the text format spells it.
pub(crate) fn signature(ty: &saggar_compiler::FunctionType) -> String {
    let names = |types: &[ValueType]| types.iter().map(|&ty| ty.name()).collect::<Vec<_>>().join(" ");
    format!("({}) -> ({})", names(&ty.params), names(&ty.results))
}

#[cfg(test)]
mod tests {
    use super::{parse, show};
    use saggar_compiler::ValueType::{ExternRef, F32, F64, FuncRef, I32, I64, V128};

    #[test]
    fn values_read_and_print() {
        for (text, ty, slot, shown) in [
            ("-1", I32, 0xffff_ffff, "i32 -1"),
            ("4294967295", I32, 0xffff_ffff, "i32 -1"),
            ("0x80000000", I32, 0x8000_0000, "i32 -2147483648"),
            ("-0x10", I64, 0xffff_ffff_ffff_fff0, "i64 -16"),
            ("18446744073709551615", I64, u64::MAX, "i64 -1"),
            ("-0.0", F32, 0x8000_0000, "f32 -0.0"),
            ("nan:0x400000", F32, 0x7fc0_0000, "f32 nan:0x400000"),
            ("-inf", F64, 0xfff0_0000_0000_0000, "f64 -inf"),
            ("-nan:0x1", F64, 0xfff0_0000_0000_0001, "f64 -nan:0x1"),
            ("null", FuncRef, 0, "funcref null"),
            ("7", ExternRef, 7, "externref 0x7"),
        ] {
            assert_eq!(parse(text, ty), Ok(vec![slot]), "{text}");
            assert_eq!(show(&[slot], ty), shown);
        }
    }

    #[test]
    fn vectors_read_and_print() {
        for (text, bits) in [
            ("0x1", 1),
            ("i32x4:1,-2,3,0xffffffff", 0xffff_ffff_0000_0003_ffff_fffe_0000_0001),
            ("f64x2:1.0,-0.0", 0x8000_0000_0000_0000_3ff0_0000_0000_0000),
            ("i8x16:1,2,3,4,5,6,7,8,9,10,11,12,13,14,-1,-128", 0x80ff_0e0d_0c0b_0a09_0807_0605_0403_0201),
            ("i16x8:0,0,0,0,0,0,0,65535", 0xffff_0000_0000_0000_0000_0000_0000_0000),
        ] {
            let slots = parse(text, V128).expect(text);
            assert_eq!(u128::from(slots[1]) << 64 | u128::from(slots[0]), bits, "{text}");
            assert_eq!(show(&slots, V128), format!("v128 {bits:#034x}"));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, ty) in [
            ("4294967296", I32),
            ("-2147483649", I32),
            ("18446744073709551616", I64),
            ("1.5", I32),
            ("0x-1", I32),
            ("", I64),
            ("nan:0x0", F32),
            ("nan:0x800000", F32),
            ("7", FuncRef),
            ("-1", ExternRef),
            ("1", V128),
            ("i32x4:1,2,3", V128),
            ("i16x8:0,0,0,0,0,0,0,65536", V128),
            ("i8x16:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,-129", V128),
            ("f32x3:1,2,3", V128),
        ] {
            assert!(parse(text, ty).is_err(), "{text}");
        }
    }
}
