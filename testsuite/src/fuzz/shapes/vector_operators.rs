//! The operators on vectors as rows, by what the lanes of their operands are.

use super::builder::Type::{self, F32, F64, I32, I64, V128};
use super::operators::{Access, LOADS, Numeric, STORES, accesses, rows};
use crate::diff::{Value, ValueType};
use fastrand::Rng;
use wasm_encoder::Instruction;

/// What a vector is divided into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lanes {
    I8x16,
    I16x8,
    I32x4,
    I64x2,
    F32x4,
    F64x2,
}

impl Lanes {
    pub(super) const ALL: [Lanes; 6] = [Lanes::I8x16, Lanes::I16x8, Lanes::I32x4, Lanes::I64x2, Lanes::F32x4, Lanes::F64x2];

    pub(super) fn any(rng: &mut Rng) -> Lanes {
        Lanes::ALL[rng.usize(0..Lanes::ALL.len())]
    }

    /// Its place in [`Lanes::ALL`].
    pub(super) fn number(self) -> u32 {
        self as u32
    }

    pub(super) fn bits(self) -> u32 {
        match self {
            Lanes::I8x16 => 8,
            Lanes::I16x8 => 16,
            Lanes::I32x4 | Lanes::F32x4 => 32,
            Lanes::I64x2 | Lanes::F64x2 => 64,
        }
    }

    pub(super) fn count(self) -> u8 {
        u8::try_from(128 / self.bits()).unwrap_or(0)
    }

    /// The type of a lane outside of a vector.
    pub(super) fn scalar(self) -> Type {
        match self {
            Lanes::I8x16 | Lanes::I16x8 | Lanes::I32x4 => I32,
            Lanes::I64x2 => I64,
            Lanes::F32x4 => F32,
            Lanes::F64x2 => F64,
        }
    }

    /// Takes a lane out.
    pub(super) fn extract(self, lane: u8, signed: bool) -> Instruction<'static> {
        match self {
            Lanes::I8x16 if signed => Instruction::I8x16ExtractLaneS(lane),
            Lanes::I8x16 => Instruction::I8x16ExtractLaneU(lane),
            Lanes::I16x8 if signed => Instruction::I16x8ExtractLaneS(lane),
            Lanes::I16x8 => Instruction::I16x8ExtractLaneU(lane),
            Lanes::I32x4 => Instruction::I32x4ExtractLane(lane),
            Lanes::I64x2 => Instruction::I64x2ExtractLane(lane),
            Lanes::F32x4 => Instruction::F32x4ExtractLane(lane),
            Lanes::F64x2 => Instruction::F64x2ExtractLane(lane),
        }
    }

    /// Puts a lane in.
    pub(super) fn replace(self, lane: u8) -> Instruction<'static> {
        match self {
            Lanes::I8x16 => Instruction::I8x16ReplaceLane(lane),
            Lanes::I16x8 => Instruction::I16x8ReplaceLane(lane),
            Lanes::I32x4 => Instruction::I32x4ReplaceLane(lane),
            Lanes::I64x2 => Instruction::I64x2ReplaceLane(lane),
            Lanes::F32x4 => Instruction::F32x4ReplaceLane(lane),
            Lanes::F64x2 => Instruction::F64x2ReplaceLane(lane),
        }
    }

    /// Bits of a lane, mostly at an edge: of the lane's own range, or of what it is converted to.
    pub(super) fn edge(self, rng: &mut Rng) -> u64 {
        let half = f32::from(rng.i8(-12..12)) / 2.0;
        let of = |ty: ValueType, rng: &mut Rng| Value::to_slots(&[Value::arbitrary(ty, rng)])[0];
        match self {
            Lanes::I8x16 if rng.bool() => rng.u64(0..33),
            Lanes::I8x16 => [0, 1, 0x7f, 0x80, 0x81, 0xff, 0xfe, rng.u64(0..256)][rng.usize(0..8)],
            Lanes::I16x8 => [0, 1, 0xff, 0x100, 0x7fff, 0x8000, 0x8001, 0xffff, rng.u64(0..0x1_0000)][rng.usize(0..9)],
            Lanes::I32x4 => of(ValueType::I32, rng),
            Lanes::I64x2 => of(ValueType::I64, rng),
            // Halves are where rounding decides.
            Lanes::F32x4 if rng.u8(0..4) == 0 => u64::from(half.to_bits()),
            Lanes::F32x4 => of(ValueType::F32, rng),
            Lanes::F64x2 if rng.u8(0..4) == 0 => f64::from(half).to_bits(),
            Lanes::F64x2 => of(ValueType::F64, rng),
        }
    }

    /// A vector of these lanes.
    pub(super) fn vector(self, mut lane: impl FnMut(u8) -> u64) -> i128 {
        let mask = (1_u128 << self.bits()) - 1;
        let lanes = (0..self.count()).map(|index| (u128::from(lane(index)) & mask) << (u32::from(index) * self.bits()));
        lanes.fold(0, |all, lane| all | lane).cast_signed()
    }
}

/// Every operator on vectors that has no immediate.
pub(super) const VECTOR: &[(Lanes, &[Numeric])] = &[
    (
        Lanes::I8x16,
        rows! {
            [I32] => V128 => I8x16Splat;
            [V128] => I32 => V128AnyTrue I8x16AllTrue I8x16Bitmask;
            [V128] => V128 => V128Not I8x16Abs I8x16Neg I8x16Popcnt I16x8ExtAddPairwiseI8x16S I16x8ExtAddPairwiseI8x16U;
            [V128] => V128 => I16x8ExtendLowI8x16S I16x8ExtendLowI8x16U I16x8ExtendHighI8x16S I16x8ExtendHighI8x16U;
            [V128, V128] => V128 => I8x16Swizzle I8x16RelaxedSwizzle V128And V128AndNot V128Or V128Xor;
            [V128, V128] => V128 => I8x16Eq I8x16Ne I8x16LtS I8x16LtU I8x16GtS I8x16GtU I8x16LeS I8x16LeU I8x16GeS I8x16GeU;
            [V128, V128] => V128 => I8x16Add I8x16Sub I8x16AddSatS I8x16AddSatU I8x16SubSatS I8x16SubSatU I8x16AvgrU;
            [V128, V128] => V128 => I8x16MinS I8x16MinU I8x16MaxS I8x16MaxU I16x8RelaxedDotI8x16I7x16S;
            [V128, V128] => V128 => I16x8ExtMulLowI8x16S I16x8ExtMulLowI8x16U I16x8ExtMulHighI8x16S I16x8ExtMulHighI8x16U;
            [V128, I32] => V128 => I8x16Shl I8x16ShrS I8x16ShrU;
            [V128, V128, V128] => V128 => V128Bitselect I8x16RelaxedLaneselect I32x4RelaxedDotI8x16I7x16AddS;
        },
    ),
    (
        Lanes::I16x8,
        rows! {
            [I32] => V128 => I16x8Splat;
            [V128] => I32 => I16x8AllTrue I16x8Bitmask;
            [V128] => V128 => I16x8Abs I16x8Neg I32x4ExtAddPairwiseI16x8S I32x4ExtAddPairwiseI16x8U;
            [V128] => V128 => I32x4ExtendLowI16x8S I32x4ExtendLowI16x8U I32x4ExtendHighI16x8S I32x4ExtendHighI16x8U;
            [V128, V128] => V128 => I16x8Eq I16x8Ne I16x8LtS I16x8LtU I16x8GtS I16x8GtU I16x8LeS I16x8LeU I16x8GeS I16x8GeU;
            [V128, V128] => V128 => I16x8Add I16x8Sub I16x8Mul I16x8AddSatS I16x8AddSatU I16x8SubSatS I16x8SubSatU I16x8AvgrU;
            [V128, V128] => V128 => I16x8MinS I16x8MinU I16x8MaxS I16x8MaxU I16x8Q15MulrSatS I16x8RelaxedQ15mulrS I32x4DotI16x8S;
            [V128, V128] => V128 => I32x4ExtMulLowI16x8S I32x4ExtMulLowI16x8U I32x4ExtMulHighI16x8S I32x4ExtMulHighI16x8U;
            [V128, V128] => V128 => I8x16NarrowI16x8S I8x16NarrowI16x8U;
            [V128, I32] => V128 => I16x8Shl I16x8ShrS I16x8ShrU;
            [V128, V128, V128] => V128 => I16x8RelaxedLaneselect;
        },
    ),
    (
        Lanes::I32x4,
        rows! {
            [I32] => V128 => I32x4Splat;
            [V128] => I32 => I32x4AllTrue I32x4Bitmask;
            [V128] => V128 => I32x4Abs I32x4Neg F32x4ConvertI32x4S F32x4ConvertI32x4U F64x2ConvertLowI32x4S F64x2ConvertLowI32x4U;
            [V128] => V128 => I64x2ExtendLowI32x4S I64x2ExtendLowI32x4U I64x2ExtendHighI32x4S I64x2ExtendHighI32x4U;
            [V128, V128] => V128 => I32x4Eq I32x4Ne I32x4LtS I32x4LtU I32x4GtS I32x4GtU I32x4LeS I32x4LeU I32x4GeS I32x4GeU;
            [V128, V128] => V128 => I32x4Add I32x4Sub I32x4Mul I32x4MinS I32x4MinU I32x4MaxS I32x4MaxU;
            [V128, V128] => V128 => I64x2ExtMulLowI32x4S I64x2ExtMulLowI32x4U I64x2ExtMulHighI32x4S I64x2ExtMulHighI32x4U;
            [V128, V128] => V128 => I16x8NarrowI32x4S I16x8NarrowI32x4U;
            [V128, I32] => V128 => I32x4Shl I32x4ShrS I32x4ShrU;
            [V128, V128, V128] => V128 => I32x4RelaxedLaneselect;
        },
    ),
    (
        Lanes::I64x2,
        rows! {
            [I64] => V128 => I64x2Splat;
            [V128] => I32 => I64x2AllTrue I64x2Bitmask;
            [V128] => V128 => I64x2Abs I64x2Neg;
            [V128, V128] => V128 => I64x2Eq I64x2Ne I64x2LtS I64x2GtS I64x2LeS I64x2GeS I64x2Add I64x2Sub I64x2Mul;
            [V128, I32] => V128 => I64x2Shl I64x2ShrS I64x2ShrU;
            [V128, V128, V128] => V128 => I64x2RelaxedLaneselect;
        },
    ),
    (
        Lanes::F32x4,
        rows! {
            [F32] => V128 => F32x4Splat;
            [V128] => V128 => F32x4Abs F32x4Neg F32x4Sqrt F32x4Ceil F32x4Floor F32x4Trunc F32x4Nearest F64x2PromoteLowF32x4;
            [V128] => V128 => I32x4TruncSatF32x4S I32x4TruncSatF32x4U I32x4RelaxedTruncF32x4S I32x4RelaxedTruncF32x4U;
            [V128, V128] => V128 => F32x4Eq F32x4Ne F32x4Lt F32x4Gt F32x4Le F32x4Ge F32x4Add F32x4Sub F32x4Mul F32x4Div;
            [V128, V128] => V128 => F32x4Min F32x4Max F32x4PMin F32x4PMax F32x4RelaxedMin F32x4RelaxedMax;
            [V128, V128, V128] => V128 => F32x4RelaxedMadd F32x4RelaxedNmadd;
        },
    ),
    (
        Lanes::F64x2,
        rows! {
            [F64] => V128 => F64x2Splat;
            [V128] => V128 => F64x2Abs F64x2Neg F64x2Sqrt F64x2Ceil F64x2Floor F64x2Trunc F64x2Nearest F32x4DemoteF64x2Zero;
            [V128] => V128 => I32x4TruncSatF64x2SZero I32x4TruncSatF64x2UZero;
            [V128] => V128 => I32x4RelaxedTruncF64x2SZero I32x4RelaxedTruncF64x2UZero;
            [V128, V128] => V128 => F64x2Eq F64x2Ne F64x2Lt F64x2Gt F64x2Le F64x2Ge F64x2Add F64x2Sub F64x2Mul F64x2Div;
            [V128, V128] => V128 => F64x2Min F64x2Max F64x2PMin F64x2PMax F64x2RelaxedMin F64x2RelaxedMax;
            [V128, V128, V128] => V128 => F64x2RelaxedMadd F64x2RelaxedNmadd;
        },
    ),
];

/// Every load of a vector that takes nothing but an address.
pub(super) const VECTOR_LOADS: &[Access] = accesses! {
    false:
    V128, 0 => V128Load8Splat;
    V128, 1 => V128Load16Splat;
    V128, 2 => V128Load32Splat V128Load32Zero;
    V128, 3 => V128Load64Splat V128Load64Zero V128Load8x8S V128Load8x8U V128Load16x4S V128Load16x4U V128Load32x2S V128Load32x2U;
    V128, 4 => V128Load;
};

/// The store of a whole vector.
pub(super) const VECTOR_STORES: &[Access] = accesses! {
    true:
    V128, 4 => V128Store;
};

/// The loads that a module may have.
pub(super) fn loads(vectors: bool) -> Vec<&'static Access> {
    LOADS.iter().chain(if vectors { VECTOR_LOADS } else { &[] }).collect()
}

/// The stores that a module may have; with vectors, those of them as often as others.
pub(super) fn stores(vectors: bool) -> Vec<&'static Access> {
    let vector_stores = VECTOR_STORES.iter().cycle().take(if vectors { STORES.len() } else { 0 });
    STORES.iter().chain(vector_stores).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 256 operators are 22 accesses, 14 of single lanes, a constant, a shuffle, and these.
    #[test]
    fn every_operator_without_immediates_has_a_row() {
        assert_eq!(VECTOR.iter().map(|(_, rows)| rows.len()).sum::<usize>(), 256 - 22 - 14 - 2);
    }
}
