//! Values in `skill.rs`: the types that hosts have for them, and the slots in which they travel.

use crate::interface::ValueType;

/// A value type as hosts see it.
pub(super) fn spelled(ty: ValueType, path: &str) -> String {
    match ty {
        ValueType::FuncRef => format!("{path}FuncRef"),
        ValueType::ExternRef => format!("{path}ExternRef"),
        ValueType::I32 | ValueType::I64 | ValueType::F32 | ValueType::F64 | ValueType::V128 => stored(ty).to_owned(),
    }
}

/// A value type as it lies in memory.
pub(super) fn stored(ty: ValueType) -> &'static str {
    match ty {
        ValueType::I32 => "i32",
        ValueType::I64 => "i64",
        ValueType::F32 => "f32",
        ValueType::F64 => "f64",
        ValueType::V128 => "::saggar_runtime::V128",
        ValueType::FuncRef | ValueType::ExternRef => "usize",
    }
}

/// The slots of a value, as expressions.
pub(super) fn to_slots(value: &str, ty: ValueType) -> Vec<String> {
    let slot = match ty {
        ValueType::I32 => format!("{value} as u32 as u64"),
        ValueType::I64 => format!("{value} as u64"),
        ValueType::F32 => format!("{value}.to_bits() as u64"),
        ValueType::F64 => format!("{value}.to_bits()"),
        ValueType::V128 => return (0..2).map(|part| format!("{value}.to_slots()[{part}]")).collect(),
        ValueType::FuncRef => format!("{value}.word() as u64"),
        ValueType::ExternRef => format!("{value}.0 as u64"),
    };
    vec![slot]
}

/// A value from the slots at a place, as an expression.
pub(super) fn from_slots(first: usize, ty: ValueType) -> String {
    let slot = format!("slots[{first}]");
    match ty {
        ValueType::I32 => format!("{slot} as u32 as i32"),
        ValueType::I64 => format!("{slot} as i64"),
        ValueType::F32 => format!("f32::from_bits({slot} as u32)"),
        ValueType::F64 => format!("f64::from_bits({slot})"),
        ValueType::V128 => format!("::saggar_runtime::V128::from_slots([{slot}, slots[{}]])", first + 1),
        ValueType::FuncRef => format!("FuncRef({slot} as usize)"),
        ValueType::ExternRef => format!("ExternRef({slot} as usize)"),
    }
}

/// A type of each module's own: a reference to a function must not get into another domain.
pub(super) const FUNC_REF: &str = "\
/// A reference to a function of this module, or null. Only the module makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct FuncRef(usize);

#[allow(dead_code, reason = \"bindings offer more than one host uses\")]
impl FuncRef {
    /// The null reference.
    pub const NULL: FuncRef = FuncRef(0);

    /// Whether it is the null reference.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.0 == 0
    }

    #[doc(hidden)]
    #[must_use]
    pub fn word(self) -> usize {
        self.0
    }
}

";

pub(super) const EXTERN_REF: &str = "\
/// A value of the host's that the module passes on and cannot look into; zero is the null reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct ExternRef(pub usize);

";
