//! Vectors in vector registers: shape → CLIF.
//!
//! On the operand stack, in locals and across blocks a vector is always `i8x16`; an operator casts its operands to the lanes that it
//! works on, and its result back. A cast of a cast is never made, so nothing is left of them within a chain of operators.
//!
//! Some x86-64 rows lack an instruction for which Cranelift would call a library: byte shuffles before SSSE3, rounding before SSE4.1 (which
//! conversions to unsigned integers want too).
//! These go through [`halves`](super::halves).

use super::super::Translator;
use super::super::code::CodeBuilder;
use super::halves::Halves;
use super::shape::{Binary, Bitwise, Conversion, Half, Lanes, Shape, Shift, Sign, Unary};
use super::shuffle::is_sse2_shuffle;
use crate::target::Arch;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Endianness, InstBuilder, InstructionData, MemFlagsData, Opcode, Type, Value, types};

impl Translator<'_, '_> {
    /// Carries out an operator.
    pub(super) fn vector(&mut self, shape: Shape) {
        if self.code.lacks(shape) {
            return self.through_halves(shape);
        }
        match shape {
            Shape::Const(bytes) => {
                let value = self.code.vector_constant(types::I8X16, bytes);
                self.push(value);
            }
            Shape::Splat(lanes) => {
                let lane = self.pop();
                let value = self.code.splat(lanes, lane);
                self.push_vector(value);
            }
            Shape::Extract(lanes, sign, lane) => {
                let vector = self.pop_vector(lanes);
                let value = self.code.extract(lanes, sign, vector, lane);
                self.push(value);
            }
            Shape::Replace(lanes, lane) => {
                let value = self.pop();
                let vector = self.pop_vector(lanes);
                let value = self.code.replace(lanes, vector, value, lane);
                self.push_vector(value);
            }
            Shape::Shift(lanes, shift) => {
                let amount = self.pop();
                let vector = self.pop_vector(lanes);
                let ins = self.code.builder.ins();
                let value = match shift {
                    Shift::Left => ins.ishl(vector, amount),
                    Shift::Right(Sign::Signed) => ins.sshr(vector, amount),
                    Shift::Right(Sign::Unsigned) => ins.ushr(vector, amount),
                };
                self.push_vector(value);
            }
            Shape::AnyTrue => {
                let vector = self.pop();
                let bit = self.code.builder.ins().vany_true(vector);
                self.push_bit(bit);
            }
            Shape::AllTrue(lanes) => {
                let vector = self.pop_vector(lanes);
                let bit = self.code.builder.ins().vall_true(vector);
                self.push_bit(bit);
            }
            Shape::Bitmask(lanes) => {
                let vector = self.pop_vector(lanes);
                let mask = self.code.builder.ins().vhigh_bits(types::I32, vector);
                self.push(mask);
            }
            Shape::Not | Shape::Unary(..) | Shape::Extend(..) | Shape::ExtAddPairwise(..) | Shape::Convert(_) => {
                let operand = self.pop();
                let value = self.code.vector_unary(shape, operand);
                self.push_vector(value);
            }
            Shape::Bitselect | Shape::MulAdd { .. } | Shape::RelaxedDotAdd => {
                let (first, second, third) = self.pop3();
                let value = self.code.vector_ternary(shape, [first, second, third]);
                self.push_vector(value);
            }
            _ => {
                let (left, right) = self.pop2();
                let value = self.code.vector_binary(shape, left, right);
                self.push_vector(value);
            }
        }
    }

    /// Does with halves what the row has no instruction for.
    fn through_halves(&mut self, shape: Shape) {
        let operands = if matches!(shape, Shape::Unary(..) | Shape::Convert(_)) { 1 } else { 2 };
        for vector in self.pop_many(operands) {
            let halves = self.code.split_vector(vector);
            self.push_halves(halves);
        }
        self.in_halves(shape);
        let halves = self.pop_halves();
        let value = self.code.join_halves(halves);
        self.push_vector(value);
    }

    pub(super) fn pop_vector(&mut self, lanes: Lanes) -> Value {
        let value = self.pop();
        self.code.as_type(value, lanes.vector())
    }

    pub(super) fn push_vector(&mut self, value: Value) {
        let value = self.code.as_type(value, types::I8X16);
        self.push(value);
    }
}

impl CodeBuilder<'_, '_> {
    /// The same bits as another type.
    pub(super) fn as_type(&mut self, value: Value, ty: Type) -> Value {
        let dfg = &self.builder.func.dfg;
        if dfg.value_type(value) == ty {
            return value;
        }
        if let Some(InstructionData::LoadNoOffset { opcode: Opcode::Bitcast, arg, .. }) =
            dfg.value_def(value).inst().map(|inst| dfg.insts[inst])
            && dfg.value_type(arg) == ty
        {
            return arg;
        }
        self.builder.ins().bitcast(ty, MemFlagsData::new().with_endianness(Endianness::Little), value)
    }

    /// Whether Cranelift would call a library.
    fn lacks(&self, shape: Shape) -> bool {
        let cpu = self.env.target.cpu();
        if cpu.arch != Arch::X86_64 {
            return false;
        }
        match shape {
            Shape::Swizzle => !cpu.has("has_ssse3"),
            Shape::Shuffle(lanes) => !cpu.has("has_ssse3") && !is_sse2_shuffle(lanes),
            Shape::Unary(_, Unary::Ceil | Unary::Floor | Unary::Trunc | Unary::Nearest)
            | Shape::Convert(Conversion::TruncF64Zero(Sign::Unsigned)) => !cpu.has("has_sse41"),
            _ => false,
        }
    }

    fn split_vector(&mut self, vector: Value) -> Halves {
        let vector = self.as_type(vector, types::I64X2);
        Halves([0, 1].map(|lane| self.builder.ins().extractlane(vector, lane)))
    }

    fn join_halves(&mut self, halves: Halves) -> Value {
        let low = self.builder.ins().scalar_to_vector(types::I64X2, halves.0[0]);
        self.builder.ins().insertlane(low, halves.0[1], 1)
    }

    /// An operand as a lane; narrow ones are the low bits of an `i32`.
    fn lane_of(&mut self, lanes: Lanes, value: Value) -> Value {
        if self.builder.func.dfg.value_type(value) == lanes.lane() {
            return value;
        }
        self.builder.ins().ireduce(lanes.lane(), value)
    }

    pub(super) fn splat(&mut self, lanes: Lanes, value: Value) -> Value {
        let lane = self.lane_of(lanes, value);
        self.builder.ins().splat(lanes.vector(), lane)
    }

    pub(super) fn replace(&mut self, lanes: Lanes, vector: Value, value: Value, lane: u8) -> Value {
        let value = self.lane_of(lanes, value);
        self.builder.ins().insertlane(vector, value, lane)
    }

    fn extract(&mut self, lanes: Lanes, sign: Sign, vector: Value, lane: u8) -> Value {
        let value = self.builder.ins().extractlane(vector, lane);
        if lanes.bits() >= 32 {
            return value;
        }
        let lost = crate::fault::active!(self.env.options, ExtractSignLost);
        match sign {
            Sign::Signed if !lost => self.builder.ins().sextend(types::I32, value),
            _ => self.builder.ins().uextend(types::I32, value),
        }
    }

    fn vector_unary(&mut self, shape: Shape, operand: Value) -> Value {
        match shape {
            Shape::Not => self.builder.ins().bnot(operand),
            Shape::Unary(lanes, unary) => {
                let operand = self.as_type(operand, lanes.vector());
                let ins = self.builder.ins();
                match unary {
                    Unary::Abs if lanes.is_float() => ins.fabs(operand),
                    Unary::Abs => ins.iabs(operand),
                    Unary::Neg if lanes.is_float() => ins.fneg(operand),
                    Unary::Neg => ins.ineg(operand),
                    Unary::Popcnt => ins.popcnt(operand),
                    Unary::Sqrt => ins.sqrt(operand),
                    Unary::Ceil => ins.ceil(operand),
                    Unary::Floor => ins.floor(operand),
                    Unary::Trunc => ins.trunc(operand),
                    Unary::Nearest => ins.nearest(operand),
                }
            }
            Shape::Extend(lanes, half, sign) => self.widen(lanes, half, sign, operand),
            Shape::ExtAddPairwise(lanes, sign) => {
                let [low, high] = [Half::Low, Half::High].map(|half| self.widen(lanes, half, sign, operand));
                self.builder.ins().iadd_pairwise(low, high)
            }
            Shape::Convert(conversion) => self.convert_vector(conversion, operand),
            other => unreachable!("{other:?} does not take one vector"),
        }
    }

    /// Half of the lanes, each twice as wide.
    pub(super) fn widen(&mut self, lanes: Lanes, half: Half, sign: Sign, operand: Value) -> Value {
        let operand = self.as_type(operand, lanes.narrower().vector());
        let half = if crate::fault::active!(self.env.options, HighHalfIsLow) { Half::Low } else { half };
        let ins = self.builder.ins();
        match (sign, half) {
            (Sign::Signed, Half::Low) => ins.swiden_low(operand),
            (Sign::Signed, Half::High) => ins.swiden_high(operand),
            (Sign::Unsigned, Half::Low) => ins.uwiden_low(operand),
            (Sign::Unsigned, Half::High) => ins.uwiden_high(operand),
        }
    }

    fn convert_vector(&mut self, conversion: Conversion, operand: Value) -> Value {
        let ty = match conversion {
            Conversion::TruncF32(_) | Conversion::PromoteLow => types::F32X4,
            Conversion::TruncF64Zero(_) | Conversion::DemoteZero => types::F64X2,
            Conversion::ToF32(_) | Conversion::LowToF64(_) => types::I32X4,
        };
        let operand = self.as_type(operand, ty);
        match conversion {
            Conversion::TruncF32(Sign::Signed) => self.builder.ins().fcvt_to_sint_sat(types::I32X4, operand),
            Conversion::TruncF32(Sign::Unsigned) => self.builder.ins().fcvt_to_uint_sat(types::I32X4, operand),
            // To 64 bits, then to 32: saturating twice is saturating once.
            Conversion::TruncF64Zero(sign) => {
                let zero = self.zero(types::I64X2);
                match sign {
                    Sign::Signed => {
                        let wide = self.builder.ins().fcvt_to_sint_sat(types::I64X2, operand);
                        self.builder.ins().snarrow(wide, zero)
                    }
                    Sign::Unsigned => {
                        let wide = self.builder.ins().fcvt_to_uint_sat(types::I64X2, operand);
                        self.builder.ins().uunarrow(wide, zero)
                    }
                }
            }
            Conversion::ToF32(Sign::Signed) => self.builder.ins().fcvt_from_sint(types::F32X4, operand),
            Conversion::ToF32(Sign::Unsigned) => self.builder.ins().fcvt_from_uint(types::F32X4, operand),
            Conversion::LowToF64(Sign::Signed) => {
                let wide = self.builder.ins().swiden_low(operand);
                self.builder.ins().fcvt_from_sint(types::F64X2, wide)
            }
            Conversion::LowToF64(Sign::Unsigned) => {
                let wide = self.builder.ins().uwiden_low(operand);
                self.builder.ins().fcvt_from_uint(types::F64X2, wide)
            }
            Conversion::DemoteZero => self.builder.ins().fvdemote(operand),
            Conversion::PromoteLow => self.builder.ins().fvpromote_low(operand),
        }
    }

    fn vector_binary(&mut self, shape: Shape, left: Value, right: Value) -> Value {
        match shape {
            Shape::Shuffle(lanes) => {
                let swapped = crate::fault::active!(self.env.options, ShuffleOperandsSwapped);
                let (left, right) = if swapped { (right, left) } else { (left, right) };
                let lanes = self.builder.func.dfg.immediates.push(lanes.as_slice().into());
                self.builder.ins().shuffle(left, right, lanes)
            }
            Shape::Swizzle => self.builder.ins().swizzle(left, right),
            Shape::Bitwise(bitwise) => match bitwise {
                Bitwise::And => self.builder.ins().band(left, right),
                Bitwise::AndNot => {
                    let not = self.builder.ins().bnot(right);
                    self.builder.ins().band(left, not)
                }
                Bitwise::Or => self.builder.ins().bor(left, right),
                Bitwise::Xor => self.builder.ins().bxor(left, right),
            },
            Shape::Binary(lanes, binary) => {
                let [left, right] = [left, right].map(|value| self.as_type(value, lanes.vector()));
                self.vector_arithmetic(lanes, binary, left, right)
            }
            Shape::Compare(lanes, condition) => {
                let [left, right] = [left, right].map(|value| self.as_type(value, lanes.vector()));
                self.builder.ins().icmp(condition, left, right)
            }
            Shape::CompareFloat(lanes, condition) => {
                let [left, right] = [left, right].map(|value| self.as_type(value, lanes.vector()));
                self.builder.ins().fcmp(condition, left, right)
            }
            Shape::Narrow(lanes, sign) => {
                let wide = if lanes == Lanes::I8x16 { types::I16X8 } else { types::I32X4 };
                let [left, right] = [left, right].map(|value| self.as_type(value, wide));
                let signed = sign == Sign::Signed || crate::fault::active!(self.env.options, NarrowKeepsSign);
                let ins = self.builder.ins();
                if signed { ins.snarrow(left, right) } else { ins.unarrow(left, right) }
            }
            Shape::ExtMul(lanes, half, sign) => {
                let [left, right] = [left, right].map(|value| self.widen(lanes, half, sign, value));
                self.builder.ins().imul(left, right)
            }
            Shape::Dot => self.products_of_pairs(Lanes::I32x4, left, right),
            Shape::RelaxedDot => self.relaxed_dot(left, right),
            other => unreachable!("{other:?} does not take two vectors"),
        }
    }

    fn vector_arithmetic(&mut self, lanes: Lanes, binary: Binary, left: Value, right: Value) -> Value {
        let ins = self.builder.ins();
        match (binary, lanes.is_float()) {
            (Binary::Add, false) => ins.iadd(left, right),
            (Binary::Add, true) => ins.fadd(left, right),
            (Binary::Sub, false) => ins.isub(left, right),
            (Binary::Sub, true) => ins.fsub(left, right),
            (Binary::Mul, false) => ins.imul(left, right),
            (Binary::Mul, true) => ins.fmul(left, right),
            (Binary::Div, _) => ins.fdiv(left, right),
            (Binary::AddSat(Sign::Signed), _) => ins.sadd_sat(left, right),
            (Binary::AddSat(Sign::Unsigned), _) => ins.uadd_sat(left, right),
            (Binary::SubSat(Sign::Signed), _) => ins.ssub_sat(left, right),
            (Binary::SubSat(Sign::Unsigned), _) => ins.usub_sat(left, right),
            (Binary::Min(Sign::Signed), _) => ins.smin(left, right),
            (Binary::Min(Sign::Unsigned), _) => ins.umin(left, right),
            (Binary::Max(Sign::Signed), _) => ins.smax(left, right),
            (Binary::Max(Sign::Unsigned), _) => ins.umax(left, right),
            (Binary::AverageRounded, _) => ins.avg_round(left, right),
            (Binary::Q15MulRoundedSat, _) => ins.sqmul_round_sat(left, right),
            (Binary::FloatMin, _) => ins.fmin(left, right),
            (Binary::FloatMax, _) => ins.fmax(left, right),
            (Binary::PseudoMin, _) => self.second_where_less(right, left, left, right),
            (Binary::PseudoMax, _) => self.second_where_less(left, right, left, right),
        }
    }

    /// `second` in lanes where `less < greater`, else `first`. The shape in which back ends know their own minimum and maximum.
    fn second_where_less(&mut self, less: Value, greater: Value, first: Value, second: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(first);
        let mask = self.builder.ins().fcmp(FloatCC::LessThan, less, greater);
        let mask = self.as_type(mask, ty);
        self.builder.ins().bitselect(mask, second, first)
    }

    /// Products of signed lanes of half the width, each with its neighbour's added.
    fn products_of_pairs(&mut self, lanes: Lanes, left: Value, right: Value) -> Value {
        let [low, high] = [Half::Low, Half::High].map(|half| {
            let [left, right] = [left, right].map(|value| self.widen(lanes, half, Sign::Signed, value));
            self.builder.ins().imul(left, right)
        });
        self.builder.ins().iadd_pairwise(low, high)
    }

    /// The deterministic choice takes both sides as signed, and saturates the sum of two products. Only `2 · (−128)²` is too
    /// large, by one; and no sum is `i16::MIN`, so that this one has wrapped where it is found.
    fn relaxed_dot(&mut self, left: Value, right: Value) -> Value {
        let sums = self.products_of_pairs(Lanes::I16x8, left, right);
        if crate::fault::active!(self.env.options, RelaxedDotWraps) {
            return sums;
        }
        let wrapped = self.builder.ins().iconst(types::I16, 0x8000);
        let wrapped = self.builder.ins().splat(types::I16X8, wrapped);
        let minus_one = self.builder.ins().icmp(IntCC::Equal, sums, wrapped);
        self.builder.ins().iadd(sums, minus_one)
    }

    fn vector_ternary(&mut self, shape: Shape, operands: [Value; 3]) -> Value {
        match shape {
            Shape::Bitselect => {
                let [first, second, mask] = operands;
                self.builder.ins().bitselect(mask, first, second)
            }
            Shape::MulAdd { lanes, negated } => {
                let [left, right, summand] = operands.map(|value| self.as_type(value, lanes.vector()));
                let left = if negated { self.builder.ins().fneg(left) } else { left };
                let product = self.builder.ins().fmul(left, right);
                self.builder.ins().fadd(product, summand)
            }
            Shape::RelaxedDotAdd => {
                let [left, right, summand] = operands;
                let sums = self.relaxed_dot(left, right);
                let sums = self.vector_unary(Shape::ExtAddPairwise(Lanes::I32x4, Sign::Signed), sums);
                let summand = self.as_type(summand, types::I32X4);
                self.builder.ins().iadd(sums, summand)
            }
            other => unreachable!("{other:?} does not take three vectors"),
        }
    }
}
