//! Vector operators that do not touch memory (spec section 4.4.3), as rows: operator → shape.
//!
//! Relaxed operators take the deterministic choice, the same bits on every target.

use super::shape::{Binary, Bitwise, Conversion, Half, Lanes, Shape, Shift, Sign, Unary};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use wasmparser::Operator;

/// What an operator does, if it is a vector operator without memory.
pub(super) fn shape(operator: &Operator<'_>) -> Option<Shape> {
    lanes(operator)
        .or_else(|| whole(operator))
        .or_else(|| compare(operator))
        .or_else(|| compare_float(operator))
        .or_else(|| unary(operator))
        .or_else(|| binary(operator))
        .or_else(|| shift(operator))
        .or_else(|| widening(operator))
        .or_else(|| conversion(operator))
        .or_else(|| relaxed(operator))
}

/// Constants, and what moves lanes.
fn lanes(operator: &Operator<'_>) -> Option<Shape> {
    use Lanes::{F32x4, F64x2, I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Shape::{Const, Extract, Replace, Shuffle, Splat, Swizzle};
    use Sign::{Signed, Unsigned};
    Some(match operator {
        O::V128Const { value } => Const(*value.bytes()),
        O::I8x16Shuffle { lanes } => Shuffle(*lanes),
        O::I8x16Swizzle | O::I8x16RelaxedSwizzle => Swizzle,
        O::I8x16Splat => Splat(I8x16),
        O::I16x8Splat => Splat(I16x8),
        O::I32x4Splat => Splat(I32x4),
        O::I64x2Splat => Splat(I64x2),
        O::F32x4Splat => Splat(F32x4),
        O::F64x2Splat => Splat(F64x2),
        O::I8x16ExtractLaneS { lane } => Extract(I8x16, Signed, *lane),
        O::I8x16ExtractLaneU { lane } => Extract(I8x16, Unsigned, *lane),
        O::I16x8ExtractLaneS { lane } => Extract(I16x8, Signed, *lane),
        O::I16x8ExtractLaneU { lane } => Extract(I16x8, Unsigned, *lane),
        O::I32x4ExtractLane { lane } => Extract(I32x4, Signed, *lane),
        O::I64x2ExtractLane { lane } => Extract(I64x2, Signed, *lane),
        O::F32x4ExtractLane { lane } => Extract(F32x4, Signed, *lane),
        O::F64x2ExtractLane { lane } => Extract(F64x2, Signed, *lane),
        O::I8x16ReplaceLane { lane } => Replace(I8x16, *lane),
        O::I16x8ReplaceLane { lane } => Replace(I16x8, *lane),
        O::I32x4ReplaceLane { lane } => Replace(I32x4, *lane),
        O::I64x2ReplaceLane { lane } => Replace(I64x2, *lane),
        O::F32x4ReplaceLane { lane } => Replace(F32x4, *lane),
        O::F64x2ReplaceLane { lane } => Replace(F64x2, *lane),
        _ => return None,
    })
}

/// Bits, whatever the lanes, and what a vector has in common.
fn whole(operator: &Operator<'_>) -> Option<Shape> {
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Shape::{AllTrue, AnyTrue, Bitmask, Bitselect, Not};
    Some(match operator {
        O::V128Not => Not,
        O::V128And => Shape::Bitwise(Bitwise::And),
        O::V128AndNot => Shape::Bitwise(Bitwise::AndNot),
        O::V128Or => Shape::Bitwise(Bitwise::Or),
        O::V128Xor => Shape::Bitwise(Bitwise::Xor),
        O::V128Bitselect
        | O::I8x16RelaxedLaneselect
        | O::I16x8RelaxedLaneselect
        | O::I32x4RelaxedLaneselect
        | O::I64x2RelaxedLaneselect => Bitselect,
        O::V128AnyTrue => AnyTrue,
        O::I8x16AllTrue => AllTrue(I8x16),
        O::I16x8AllTrue => AllTrue(I16x8),
        O::I32x4AllTrue => AllTrue(I32x4),
        O::I64x2AllTrue => AllTrue(I64x2),
        O::I8x16Bitmask => Bitmask(I8x16),
        O::I16x8Bitmask => Bitmask(I16x8),
        O::I32x4Bitmask => Bitmask(I32x4),
        O::I64x2Bitmask => Bitmask(I64x2),
        _ => return None,
    })
}

fn compare(operator: &Operator<'_>) -> Option<Shape> {
    use IntCC::{
        Equal, NotEqual, SignedGreaterThan, SignedGreaterThanOrEqual, SignedLessThan, SignedLessThanOrEqual, UnsignedGreaterThan,
        UnsignedGreaterThanOrEqual, UnsignedLessThan, UnsignedLessThanOrEqual,
    };
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    let (lanes, condition) = match operator {
        O::I8x16Eq => (I8x16, Equal),
        O::I8x16Ne => (I8x16, NotEqual),
        O::I8x16LtS => (I8x16, SignedLessThan),
        O::I8x16LtU => (I8x16, UnsignedLessThan),
        O::I8x16GtS => (I8x16, SignedGreaterThan),
        O::I8x16GtU => (I8x16, UnsignedGreaterThan),
        O::I8x16LeS => (I8x16, SignedLessThanOrEqual),
        O::I8x16LeU => (I8x16, UnsignedLessThanOrEqual),
        O::I8x16GeS => (I8x16, SignedGreaterThanOrEqual),
        O::I8x16GeU => (I8x16, UnsignedGreaterThanOrEqual),
        O::I16x8Eq => (I16x8, Equal),
        O::I16x8Ne => (I16x8, NotEqual),
        O::I16x8LtS => (I16x8, SignedLessThan),
        O::I16x8LtU => (I16x8, UnsignedLessThan),
        O::I16x8GtS => (I16x8, SignedGreaterThan),
        O::I16x8GtU => (I16x8, UnsignedGreaterThan),
        O::I16x8LeS => (I16x8, SignedLessThanOrEqual),
        O::I16x8LeU => (I16x8, UnsignedLessThanOrEqual),
        O::I16x8GeS => (I16x8, SignedGreaterThanOrEqual),
        O::I16x8GeU => (I16x8, UnsignedGreaterThanOrEqual),
        O::I32x4Eq => (I32x4, Equal),
        O::I32x4Ne => (I32x4, NotEqual),
        O::I32x4LtS => (I32x4, SignedLessThan),
        O::I32x4LtU => (I32x4, UnsignedLessThan),
        O::I32x4GtS => (I32x4, SignedGreaterThan),
        O::I32x4GtU => (I32x4, UnsignedGreaterThan),
        O::I32x4LeS => (I32x4, SignedLessThanOrEqual),
        O::I32x4LeU => (I32x4, UnsignedLessThanOrEqual),
        O::I32x4GeS => (I32x4, SignedGreaterThanOrEqual),
        O::I32x4GeU => (I32x4, UnsignedGreaterThanOrEqual),
        O::I64x2Eq => (I64x2, Equal),
        O::I64x2Ne => (I64x2, NotEqual),
        O::I64x2LtS => (I64x2, SignedLessThan),
        O::I64x2GtS => (I64x2, SignedGreaterThan),
        O::I64x2LeS => (I64x2, SignedLessThanOrEqual),
        O::I64x2GeS => (I64x2, SignedGreaterThanOrEqual),
        _ => return None,
    };
    Some(Shape::Compare(lanes, condition))
}

fn compare_float(operator: &Operator<'_>) -> Option<Shape> {
    use FloatCC::{Equal, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual, NotEqual};
    use Lanes::{F32x4, F64x2};
    use Operator as O;
    let (lanes, condition) = match operator {
        O::F32x4Eq => (F32x4, Equal),
        O::F32x4Ne => (F32x4, NotEqual),
        O::F32x4Lt => (F32x4, LessThan),
        O::F32x4Gt => (F32x4, GreaterThan),
        O::F32x4Le => (F32x4, LessThanOrEqual),
        O::F32x4Ge => (F32x4, GreaterThanOrEqual),
        O::F64x2Eq => (F64x2, Equal),
        O::F64x2Ne => (F64x2, NotEqual),
        O::F64x2Lt => (F64x2, LessThan),
        O::F64x2Gt => (F64x2, GreaterThan),
        O::F64x2Le => (F64x2, LessThanOrEqual),
        O::F64x2Ge => (F64x2, GreaterThanOrEqual),
        _ => return None,
    };
    Some(Shape::CompareFloat(lanes, condition))
}

fn unary(operator: &Operator<'_>) -> Option<Shape> {
    use Lanes::{F32x4, F64x2, I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Unary::{Abs, Ceil, Floor, Nearest, Neg, Popcnt, Sqrt, Trunc};
    let (lanes, unary) = match operator {
        O::I8x16Abs => (I8x16, Abs),
        O::I8x16Neg => (I8x16, Neg),
        O::I8x16Popcnt => (I8x16, Popcnt),
        O::I16x8Abs => (I16x8, Abs),
        O::I16x8Neg => (I16x8, Neg),
        O::I32x4Abs => (I32x4, Abs),
        O::I32x4Neg => (I32x4, Neg),
        O::I64x2Abs => (I64x2, Abs),
        O::I64x2Neg => (I64x2, Neg),
        O::F32x4Abs => (F32x4, Abs),
        O::F32x4Neg => (F32x4, Neg),
        O::F32x4Sqrt => (F32x4, Sqrt),
        O::F32x4Ceil => (F32x4, Ceil),
        O::F32x4Floor => (F32x4, Floor),
        O::F32x4Trunc => (F32x4, Trunc),
        O::F32x4Nearest => (F32x4, Nearest),
        O::F64x2Abs => (F64x2, Abs),
        O::F64x2Neg => (F64x2, Neg),
        O::F64x2Sqrt => (F64x2, Sqrt),
        O::F64x2Ceil => (F64x2, Ceil),
        O::F64x2Floor => (F64x2, Floor),
        O::F64x2Trunc => (F64x2, Trunc),
        O::F64x2Nearest => (F64x2, Nearest),
        _ => return None,
    };
    Some(Shape::Unary(lanes, unary))
}

fn binary(operator: &Operator<'_>) -> Option<Shape> {
    integer_binary(operator).or_else(|| float_binary(operator)).map(|(lanes, binary)| Shape::Binary(lanes, binary))
}

fn integer_binary(operator: &Operator<'_>) -> Option<(Lanes, Binary)> {
    use Binary::{Add, AddSat, AverageRounded, Max, Min, Mul, Q15MulRoundedSat, Sub, SubSat};
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Sign::{Signed, Unsigned};
    Some(match operator {
        O::I8x16Add => (I8x16, Add),
        O::I8x16AddSatS => (I8x16, AddSat(Signed)),
        O::I8x16AddSatU => (I8x16, AddSat(Unsigned)),
        O::I8x16Sub => (I8x16, Sub),
        O::I8x16SubSatS => (I8x16, SubSat(Signed)),
        O::I8x16SubSatU => (I8x16, SubSat(Unsigned)),
        O::I8x16MinS => (I8x16, Min(Signed)),
        O::I8x16MinU => (I8x16, Min(Unsigned)),
        O::I8x16MaxS => (I8x16, Max(Signed)),
        O::I8x16MaxU => (I8x16, Max(Unsigned)),
        O::I8x16AvgrU => (I8x16, AverageRounded),
        O::I16x8Add => (I16x8, Add),
        O::I16x8AddSatS => (I16x8, AddSat(Signed)),
        O::I16x8AddSatU => (I16x8, AddSat(Unsigned)),
        O::I16x8Sub => (I16x8, Sub),
        O::I16x8SubSatS => (I16x8, SubSat(Signed)),
        O::I16x8SubSatU => (I16x8, SubSat(Unsigned)),
        O::I16x8Mul => (I16x8, Mul),
        O::I16x8MinS => (I16x8, Min(Signed)),
        O::I16x8MinU => (I16x8, Min(Unsigned)),
        O::I16x8MaxS => (I16x8, Max(Signed)),
        O::I16x8MaxU => (I16x8, Max(Unsigned)),
        O::I16x8AvgrU => (I16x8, AverageRounded),
        O::I16x8Q15MulrSatS | O::I16x8RelaxedQ15mulrS => (I16x8, Q15MulRoundedSat),
        O::I32x4Add => (I32x4, Add),
        O::I32x4Sub => (I32x4, Sub),
        O::I32x4Mul => (I32x4, Mul),
        O::I32x4MinS => (I32x4, Min(Signed)),
        O::I32x4MinU => (I32x4, Min(Unsigned)),
        O::I32x4MaxS => (I32x4, Max(Signed)),
        O::I32x4MaxU => (I32x4, Max(Unsigned)),
        O::I64x2Add => (I64x2, Add),
        O::I64x2Sub => (I64x2, Sub),
        O::I64x2Mul => (I64x2, Mul),
        _ => return None,
    })
}

fn float_binary(operator: &Operator<'_>) -> Option<(Lanes, Binary)> {
    use Binary::{Add, Div, FloatMax, FloatMin, Mul, PseudoMax, PseudoMin, Sub};
    use Lanes::{F32x4, F64x2};
    use Operator as O;
    Some(match operator {
        O::F32x4Add => (F32x4, Add),
        O::F32x4Sub => (F32x4, Sub),
        O::F32x4Mul => (F32x4, Mul),
        O::F32x4Div => (F32x4, Div),
        O::F32x4Min | O::F32x4RelaxedMin => (F32x4, FloatMin),
        O::F32x4Max | O::F32x4RelaxedMax => (F32x4, FloatMax),
        O::F32x4PMin => (F32x4, PseudoMin),
        O::F32x4PMax => (F32x4, PseudoMax),
        O::F64x2Add => (F64x2, Add),
        O::F64x2Sub => (F64x2, Sub),
        O::F64x2Mul => (F64x2, Mul),
        O::F64x2Div => (F64x2, Div),
        O::F64x2Min | O::F64x2RelaxedMin => (F64x2, FloatMin),
        O::F64x2Max | O::F64x2RelaxedMax => (F64x2, FloatMax),
        O::F64x2PMin => (F64x2, PseudoMin),
        O::F64x2PMax => (F64x2, PseudoMax),
        _ => return None,
    })
}

fn shift(operator: &Operator<'_>) -> Option<Shape> {
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Shift::{Left, Right};
    use Sign::{Signed, Unsigned};
    let (lanes, shift) = match operator {
        O::I8x16Shl => (I8x16, Left),
        O::I8x16ShrS => (I8x16, Right(Signed)),
        O::I8x16ShrU => (I8x16, Right(Unsigned)),
        O::I16x8Shl => (I16x8, Left),
        O::I16x8ShrS => (I16x8, Right(Signed)),
        O::I16x8ShrU => (I16x8, Right(Unsigned)),
        O::I32x4Shl => (I32x4, Left),
        O::I32x4ShrS => (I32x4, Right(Signed)),
        O::I32x4ShrU => (I32x4, Right(Unsigned)),
        O::I64x2Shl => (I64x2, Left),
        O::I64x2ShrS => (I64x2, Right(Signed)),
        O::I64x2ShrU => (I64x2, Right(Unsigned)),
        _ => return None,
    };
    Some(Shape::Shift(lanes, shift))
}

/// Between integer lanes of different widths.
fn widening(operator: &Operator<'_>) -> Option<Shape> {
    use Half::{High, Low};
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Shape::{Dot, ExtAddPairwise, ExtMul, Extend, Narrow};
    use Sign::{Signed, Unsigned};
    Some(match operator {
        O::I8x16NarrowI16x8S => Narrow(I8x16, Signed),
        O::I8x16NarrowI16x8U => Narrow(I8x16, Unsigned),
        O::I16x8NarrowI32x4S => Narrow(I16x8, Signed),
        O::I16x8NarrowI32x4U => Narrow(I16x8, Unsigned),
        O::I16x8ExtendLowI8x16S => Extend(I16x8, Low, Signed),
        O::I16x8ExtendHighI8x16S => Extend(I16x8, High, Signed),
        O::I16x8ExtendLowI8x16U => Extend(I16x8, Low, Unsigned),
        O::I16x8ExtendHighI8x16U => Extend(I16x8, High, Unsigned),
        O::I32x4ExtendLowI16x8S => Extend(I32x4, Low, Signed),
        O::I32x4ExtendHighI16x8S => Extend(I32x4, High, Signed),
        O::I32x4ExtendLowI16x8U => Extend(I32x4, Low, Unsigned),
        O::I32x4ExtendHighI16x8U => Extend(I32x4, High, Unsigned),
        O::I64x2ExtendLowI32x4S => Extend(I64x2, Low, Signed),
        O::I64x2ExtendHighI32x4S => Extend(I64x2, High, Signed),
        O::I64x2ExtendLowI32x4U => Extend(I64x2, Low, Unsigned),
        O::I64x2ExtendHighI32x4U => Extend(I64x2, High, Unsigned),
        O::I16x8ExtMulLowI8x16S => ExtMul(I16x8, Low, Signed),
        O::I16x8ExtMulHighI8x16S => ExtMul(I16x8, High, Signed),
        O::I16x8ExtMulLowI8x16U => ExtMul(I16x8, Low, Unsigned),
        O::I16x8ExtMulHighI8x16U => ExtMul(I16x8, High, Unsigned),
        O::I32x4ExtMulLowI16x8S => ExtMul(I32x4, Low, Signed),
        O::I32x4ExtMulHighI16x8S => ExtMul(I32x4, High, Signed),
        O::I32x4ExtMulLowI16x8U => ExtMul(I32x4, Low, Unsigned),
        O::I32x4ExtMulHighI16x8U => ExtMul(I32x4, High, Unsigned),
        O::I64x2ExtMulLowI32x4S => ExtMul(I64x2, Low, Signed),
        O::I64x2ExtMulHighI32x4S => ExtMul(I64x2, High, Signed),
        O::I64x2ExtMulLowI32x4U => ExtMul(I64x2, Low, Unsigned),
        O::I64x2ExtMulHighI32x4U => ExtMul(I64x2, High, Unsigned),
        O::I16x8ExtAddPairwiseI8x16S => ExtAddPairwise(I16x8, Signed),
        O::I16x8ExtAddPairwiseI8x16U => ExtAddPairwise(I16x8, Unsigned),
        O::I32x4ExtAddPairwiseI16x8S => ExtAddPairwise(I32x4, Signed),
        O::I32x4ExtAddPairwiseI16x8U => ExtAddPairwise(I32x4, Unsigned),
        O::I32x4DotI16x8S => Dot,
        _ => return None,
    })
}

fn conversion(operator: &Operator<'_>) -> Option<Shape> {
    use Conversion::{DemoteZero, LowToF64, PromoteLow, ToF32, TruncF32, TruncF64Zero};
    use Operator as O;
    use Sign::{Signed, Unsigned};
    Some(Shape::Convert(match operator {
        O::I32x4TruncSatF32x4S | O::I32x4RelaxedTruncF32x4S => TruncF32(Signed),
        O::I32x4TruncSatF32x4U | O::I32x4RelaxedTruncF32x4U => TruncF32(Unsigned),
        O::I32x4TruncSatF64x2SZero | O::I32x4RelaxedTruncF64x2SZero => TruncF64Zero(Signed),
        O::I32x4TruncSatF64x2UZero | O::I32x4RelaxedTruncF64x2UZero => TruncF64Zero(Unsigned),
        O::F32x4ConvertI32x4S => ToF32(Signed),
        O::F32x4ConvertI32x4U => ToF32(Unsigned),
        O::F64x2ConvertLowI32x4S => LowToF64(Signed),
        O::F64x2ConvertLowI32x4U => LowToF64(Unsigned),
        O::F32x4DemoteF64x2Zero => DemoteZero,
        O::F64x2PromoteLowF32x4 => PromoteLow,
        _ => return None,
    }))
}

/// Relaxed operators that are no other operator with a fixed choice.
fn relaxed(operator: &Operator<'_>) -> Option<Shape> {
    use Lanes::{F32x4, F64x2};
    use Operator as O;
    use Shape::{MulAdd, RelaxedDot, RelaxedDotAdd};
    Some(match operator {
        O::F32x4RelaxedMadd => MulAdd { lanes: F32x4, negated: false },
        O::F32x4RelaxedNmadd => MulAdd { lanes: F32x4, negated: true },
        O::F64x2RelaxedMadd => MulAdd { lanes: F64x2, negated: false },
        O::F64x2RelaxedNmadd => MulAdd { lanes: F64x2, negated: true },
        O::I16x8RelaxedDotI8x16I7x16S => RelaxedDot,
        O::I32x4RelaxedDotI8x16I7x16AddS => RelaxedDotAdd,
        _ => return None,
    })
}
