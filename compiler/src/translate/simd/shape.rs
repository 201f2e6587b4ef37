//! What a vector operator does, apart from how: the rows of `rows` name a shape, `vector` and `scalar` carry it out.
//!
//! Relaxed operators have no shapes of their own where their deterministic choice is another operator (spec section "Profiles": every
//! parameter `R` is 0).

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Type, types};

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
    /// Cranelift's vector type.
    pub(super) fn vector(self) -> Type {
        match self {
            Lanes::I8x16 => types::I8X16,
            Lanes::I16x8 => types::I16X8,
            Lanes::I32x4 => types::I32X4,
            Lanes::I64x2 => types::I64X2,
            Lanes::F32x4 => types::F32X4,
            Lanes::F64x2 => types::F64X2,
        }
    }

    /// Cranelift's type of a lane.
    pub(super) fn lane(self) -> Type {
        self.vector().lane_type()
    }

    /// Bits of a lane.
    pub(super) fn bits(self) -> u32 {
        self.vector().lane_bits()
    }

    /// Whether lanes are floats.
    pub(super) fn is_float(self) -> bool {
        matches!(self, Lanes::F32x4 | Lanes::F64x2)
    }

    /// Integer lanes of half the width.
    ///
    /// # Panics
    /// For lanes of 8 bits; no operator asks for that.
    pub(super) fn narrower(self) -> Lanes {
        match self {
            Lanes::I16x8 => Lanes::I8x16,
            Lanes::I32x4 | Lanes::F32x4 => Lanes::I16x8,
            Lanes::I64x2 | Lanes::F64x2 => Lanes::I32x4,
            Lanes::I8x16 => unreachable!("no lanes are narrower"),
        }
    }
}

/// Whether a narrower integer is taken with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Signed,
    Unsigned,
}

/// Which half of the lanes is widened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Low,
    High,
}

/// An operator of one operand, lane by lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Abs,
    Neg,
    Popcnt,
    Sqrt,
    Ceil,
    Floor,
    Trunc,
    Nearest,
}

/// An operator of two operands, lane by lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    AddSat(Sign),
    SubSat(Sign),
    /// Of integers.
    Min(Sign),
    Max(Sign),
    AverageRounded,
    Q15MulRoundedSat,
    /// Of floats: NaN where one is.
    FloatMin,
    FloatMax,
    /// The second where it is less, or greater; else the first.
    PseudoMin,
    PseudoMax,
}

/// An operator of the whole vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bitwise {
    And,
    AndNot,
    Or,
    Xor,
}

/// A shift of every lane by the same number of bits, modulo the lane's width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    Left,
    Right(Sign),
}

/// Between lanes of different kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    /// `f32x4` → `i32x4`, saturating.
    TruncF32(Sign),
    /// `f64x2` → the low half of an `i32x4`, saturating; the rest is zero.
    TruncF64Zero(Sign),
    /// `i32x4` → `f32x4`.
    ToF32(Sign),
    /// The low half of an `i32x4` → `f64x2`.
    LowToF64(Sign),
    /// `f64x2` → the low half of an `f32x4`; the rest is zero.
    DemoteZero,
    /// The low half of an `f32x4` → `f64x2`.
    PromoteLow,
}

/// What a vector operator does. Lanes are those of the result, where it has others than the operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    Const([u8; 16]),
    Shuffle([u8; 16]),
    Swizzle,
    Splat(Lanes),
    Extract(Lanes, Sign, u8),
    Replace(Lanes, u8),
    Not,
    Bitwise(Bitwise),
    Bitselect,
    AnyTrue,
    AllTrue(Lanes),
    Bitmask(Lanes),
    Unary(Lanes, Unary),
    Binary(Lanes, Binary),
    Compare(Lanes, IntCC),
    CompareFloat(Lanes, FloatCC),
    Shift(Lanes, Shift),
    /// Two vectors of wider lanes → one, saturating.
    Narrow(Lanes, Sign),
    Extend(Lanes, Half, Sign),
    ExtMul(Lanes, Half, Sign),
    ExtAddPairwise(Lanes, Sign),
    Dot,
    Convert(Conversion),
    /// `a · b + c`, or `−a · b + c`, rounded twice.
    MulAdd {
        lanes: Lanes,
        negated: bool,
    },
    RelaxedDot,
    RelaxedDotAdd,
}
