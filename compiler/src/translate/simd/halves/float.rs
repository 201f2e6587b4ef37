//! Floats in halves: lane by lane, as the scalar operators do.

use super::super::super::code::CodeBuilder;
use super::super::super::rounding::Rounding;
use super::super::shape::{Binary, Conversion, Lanes, Sign, Unary};
use super::Halves;
use super::packed::topmost;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

impl CodeBuilder<'_, '_> {
    /// Works on the float lanes of vectors one by one; the result may be a float or an integer of the same width.
    fn each_float<const N: usize>(
        &mut self,
        lanes: Lanes,
        operands: [Halves; N],
        mut each: impl FnMut(&mut Self, [Value; N]) -> Value,
    ) -> Halves {
        Halves([0, 1].map(|half| {
            let halves = operands.map(|operand| operand.0[half]);
            if lanes == Lanes::F32x4 {
                return self.each_word(halves, types::F32, &mut each);
            }
            let floats = halves.map(|half| self.as_type(half, types::F64));
            let value = each(self, floats);
            self.as_integer(value)
        }))
    }

    pub(super) fn float_unary(&mut self, lanes: Lanes, unary: Unary, operand: Halves) -> Halves {
        let top = topmost(lanes);
        match unary {
            Unary::Abs if !self.in_words(lanes, operand) => operand.map(self, |code, half| code.and_bits(half, !top)),
            Unary::Neg if !self.in_words(lanes, operand) => operand.map(self, |code, half| {
                let top = code.bits(top);
                code.builder.ins().bxor(half, top)
            }),
            _ => self.each_float(lanes, [operand], |code, [value]| match unary {
                Unary::Abs => code.builder.ins().fabs(value),
                Unary::Neg => code.builder.ins().fneg(value),
                Unary::Ceil => code.round(Rounding::Ceil, value),
                Unary::Floor => code.round(Rounding::Floor, value),
                Unary::Trunc => code.round(Rounding::Trunc, value),
                Unary::Nearest => code.round(Rounding::Nearest, value),
                Unary::Sqrt | Unary::Popcnt => code.builder.ins().sqrt(value),
            }),
        }
    }

    /// Whether a vector is at hand as its 32-bit lanes, so that working on it as a whole would put them together.
    fn in_words(&self, lanes: Lanes, operand: Halves) -> bool {
        lanes == Lanes::F32x4 && operand.0.iter().any(|half| self.joined_words(*half).is_some())
    }

    pub(super) fn float_binary(&mut self, lanes: Lanes, binary: Binary, left: Halves, right: Halves) -> Halves {
        self.each_float(lanes, [left, right], |code, [left, right]| {
            let ins = code.builder.ins();
            match binary {
                Binary::Add => ins.fadd(left, right),
                Binary::Sub => ins.fsub(left, right),
                Binary::Mul => ins.fmul(left, right),
                Binary::Div => ins.fdiv(left, right),
                Binary::FloatMin => ins.fmin(left, right),
                Binary::FloatMax => ins.fmax(left, right),
                Binary::PseudoMin => {
                    let less = ins.fcmp(FloatCC::LessThan, right, left);
                    code.builder.ins().select(less, right, left)
                }
                Binary::PseudoMax => {
                    let less = ins.fcmp(FloatCC::LessThan, left, right);
                    code.builder.ins().select(less, right, left)
                }
                other => unreachable!("{other:?} is for integers"),
            }
        })
    }

    /// Lanes full of ones where a comparison holds.
    pub(super) fn float_compare(&mut self, lanes: Lanes, condition: FloatCC, left: Halves, right: Halves) -> Halves {
        let integer = if lanes == Lanes::F32x4 { types::I32 } else { types::I64 };
        self.each_float(lanes, [left, right], |code, [left, right]| {
            let bit = code.builder.ins().fcmp(condition, left, right);
            let wide = code.builder.ins().uextend(integer, bit);
            code.builder.ins().ineg(wide)
        })
    }

    pub(super) fn convert_halves(&mut self, conversion: Conversion, operand: Halves) -> Halves {
        let [low, high] = operand.0;
        match conversion {
            Conversion::TruncF32(sign) => self.each_float(Lanes::F32x4, [operand], |code, [value]| code.saturated(sign, value)),
            Conversion::ToF32(sign) => operand.map(self, |code, half| {
                code.each_word([half], types::I32, |code, [word]| match sign {
                    Sign::Signed => code.builder.ins().fcvt_from_sint(types::F32, word),
                    Sign::Unsigned => code.builder.ins().fcvt_from_uint(types::F32, word),
                })
            }),
            Conversion::TruncF64Zero(sign) => {
                let words = [low, high].map(|half| {
                    let value = self.as_type(half, types::F64);
                    self.saturated(sign, value)
                });
                self.low_words(words)
            }
            Conversion::DemoteZero => {
                let words = [low, high].map(|half| {
                    let value = self.as_type(half, types::F64);
                    let value = self.builder.ins().fdemote(types::F32, value);
                    self.as_integer(value)
                });
                self.low_words(words)
            }
            Conversion::LowToF64(sign) => Halves(self.words(low).map(|word| {
                let value = match sign {
                    Sign::Signed => self.builder.ins().fcvt_from_sint(types::F64, word),
                    Sign::Unsigned => self.builder.ins().fcvt_from_uint(types::F64, word),
                };
                self.as_integer(value)
            })),
            Conversion::PromoteLow => Halves(self.words(low).map(|word| {
                let value = self.as_type(word, types::F32);
                let value = self.builder.ins().fpromote(types::F64, value);
                self.as_integer(value)
            })),
        }
    }

    fn saturated(&mut self, sign: Sign, value: Value) -> Value {
        match sign {
            Sign::Signed => self.builder.ins().fcvt_to_sint_sat(types::I32, value),
            Sign::Unsigned => self.builder.ins().fcvt_to_uint_sat(types::I32, value),
        }
    }

    /// Two 32-bit lanes, and zero above them.
    fn low_words(&mut self, words: [Value; 2]) -> Halves {
        Halves([self.join_words(words), self.bits(0)])
    }
}
