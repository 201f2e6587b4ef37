//! The regular operators as rows: what they take and give. Nothing else in the generator knows their names.

use super::builder::Type::{self, F32, F64, I32, I64};
use wasm_encoder::{Instruction, MemArg};

/// A numeric operator.
pub(super) struct Numeric {
    pub(super) instruction: Instruction<'static>,
    pub(super) params: &'static [Type],
    pub(super) result: Type,
}

macro_rules! rows {
    ($($params:expr => $result:expr => $($name:ident)*;)*) => {
        &[$($(Numeric { instruction: Instruction::$name, params: &$params, result: $result },)*)*]
    };
}

pub(super) use rows;

/// Every numeric operator without immediates. Those that can trap come last, from [`TRAPPING`] on.
pub(super) const NUMERIC: &[Numeric] = rows! {
    [I32] => I32 => I32Eqz I32Clz I32Ctz I32Popcnt I32Extend8S I32Extend16S;
    [I64] => I64 => I64Clz I64Ctz I64Popcnt I64Extend8S I64Extend16S I64Extend32S;
    [I64] => I32 => I64Eqz I32WrapI64;
    [I32, I32] => I32 => I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU;
    [I64, I64] => I32 => I64Eq I64Ne I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU;
    [F32, F32] => I32 => F32Eq F32Ne F32Lt F32Gt F32Le F32Ge;
    [F64, F64] => I32 => F64Eq F64Ne F64Lt F64Gt F64Le F64Ge;
    [I32, I32] => I32 => I32Add I32Sub I32Mul I32And I32Or I32Xor I32Shl I32ShrS I32ShrU I32Rotl I32Rotr;
    [I64, I64] => I64 => I64Add I64Sub I64Mul I64And I64Or I64Xor I64Shl I64ShrS I64ShrU I64Rotl I64Rotr;
    [F32] => F32 => F32Abs F32Neg F32Ceil F32Floor F32Trunc F32Nearest F32Sqrt;
    [F64] => F64 => F64Abs F64Neg F64Ceil F64Floor F64Trunc F64Nearest F64Sqrt;
    [F32, F32] => F32 => F32Add F32Sub F32Mul F32Div F32Min F32Max F32Copysign;
    [F64, F64] => F64 => F64Add F64Sub F64Mul F64Div F64Min F64Max F64Copysign;
    [I32] => I64 => I64ExtendI32S I64ExtendI32U;
    [I32] => F32 => F32ConvertI32S F32ConvertI32U F32ReinterpretI32;
    [I64] => F32 => F32ConvertI64S F32ConvertI64U;
    [I32] => F64 => F64ConvertI32S F64ConvertI32U;
    [I64] => F64 => F64ConvertI64S F64ConvertI64U F64ReinterpretI64;
    [F64] => F32 => F32DemoteF64;
    [F32] => F64 => F64PromoteF32;
    [F32] => I32 => I32ReinterpretF32 I32TruncSatF32S I32TruncSatF32U;
    [F64] => I32 => I32TruncSatF64S I32TruncSatF64U;
    [F32] => I64 => I64TruncSatF32S I64TruncSatF32U;
    [F64] => I64 => I64ReinterpretF64 I64TruncSatF64S I64TruncSatF64U;
    [I32, I32] => I32 => I32DivS I32DivU I32RemS I32RemU;
    [I64, I64] => I64 => I64DivS I64DivU I64RemS I64RemU;
    [F32] => I32 => I32TruncF32S I32TruncF32U;
    [F64] => I32 => I32TruncF64S I32TruncF64U;
    [F32] => I64 => I64TruncF32S I64TruncF32U;
    [F64] => I64 => I64TruncF64S I64TruncF64U;
};

/// Number of rows of [`NUMERIC`] that never trap.
pub(super) const TRAPPING: usize = NUMERIC.len() - 16;

/// A load or a store.
pub(super) struct Access {
    pub(super) instruction: fn(MemArg) -> Instruction<'static>,
    /// Type of what is loaded or stored.
    pub(super) value: Type,
    pub(super) width_log2: u32,
    pub(super) store: bool,
}

macro_rules! accesses {
    ($store:literal: $($value:expr, $width_log2:expr => $($name:ident)*;)*) => {
        &[$($(Access { instruction: Instruction::$name, value: $value, width_log2: $width_log2, store: $store },)*)*]
    };
}

pub(super) use accesses;

/// Every load of a number.
pub(super) const LOADS: &[Access] = accesses! {
    false:
    I32, 0 => I32Load8S I32Load8U;
    I32, 1 => I32Load16S I32Load16U;
    I32, 2 => I32Load;
    I64, 0 => I64Load8S I64Load8U;
    I64, 1 => I64Load16S I64Load16U;
    I64, 2 => I64Load32S I64Load32U;
    I64, 3 => I64Load;
    F32, 2 => F32Load;
    F64, 3 => F64Load;
};

/// Every store of a number.
pub(super) const STORES: &[Access] = accesses! {
    true:
    I32, 0 => I32Store8;
    I32, 1 => I32Store16;
    I32, 2 => I32Store;
    I64, 0 => I64Store8;
    I64, 1 => I64Store16;
    I64, 2 => I64Store32;
    I64, 3 => I64Store;
    F32, 2 => F32Store;
    F64, 3 => F64Store;
};
