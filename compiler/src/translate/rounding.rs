//! ceil, floor, trunc, nearest (spec section 4.3.3).
//!
//! Where the CPU has no instruction for them (x86_64 without SSE4.1), Cranelift would call a library; these are
//! written out instead. In both formats every number of magnitude 2^(p−1) or more is an integer (p bits of significand), so
//! only smaller ones need work; adding zero to the others quiets a NaN and changes nothing else.

use super::Translator;
use super::code::CodeBuilder;
use crate::target::Arch;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use wasmparser::Operator;

/// Which way.
#[derive(Clone, Copy)]
pub(super) enum Rounding {
    Ceil,
    Floor,
    Trunc,
    Nearest,
}

impl Translator<'_, '_> {
    pub(super) fn rounding(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        let rounding = match operator {
            O::F32Ceil | O::F64Ceil => Rounding::Ceil,
            O::F32Floor | O::F64Floor => Rounding::Floor,
            O::F32Trunc | O::F64Trunc => Rounding::Trunc,
            O::F32Nearest | O::F64Nearest => Rounding::Nearest,
            _ => return false,
        };
        let value = self.pop();
        let result = self.code.round(rounding, value);
        self.push(result);
        true
    }
}

impl CodeBuilder<'_, '_> {
    /// Rounds a float to an integer, as a float.
    pub(super) fn round(&mut self, rounding: Rounding, value: Value) -> Value {
        let target = self.env.target;
        if target.arch() == Arch::X86_64 && !target.cpu().has("has_sse41") {
            return self.written_out(rounding, value);
        }
        let ins = self.builder.ins();
        match rounding {
            Rounding::Ceil => ins.ceil(value),
            Rounding::Floor => ins.floor(value),
            Rounding::Trunc => ins.trunc(value),
            Rounding::Nearest => ins.nearest(value),
        }
    }

    fn written_out(&mut self, rounding: Rounding, value: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(value);
        let (integer, limit) = if ty == types::F32 { (types::I32, 8_388_608.0) } else { (types::I64, 4_503_599_627_370_496.0) };
        let constant = |code: &mut Self, value: f64| {
            let ins = code.builder.ins();
            #[expect(clippy::cast_possible_truncation, reason = "powers of two and one are exact as f32")]
            if ty == types::F32 { ins.f32const(value as f32) } else { ins.f64const(value) }
        };
        let limit = constant(self, limit);
        let magnitude = self.builder.ins().fabs(value);
        let small = self.builder.ins().fcmp(FloatCC::LessThan, magnitude, limit);
        let rounded = if let Rounding::Nearest = rounding {
            // Adding and taking away 2^(p−1) rounds to the nearest integer, ties to even, as the FPU's mode is.
            let sum = self.builder.ins().fadd(magnitude, limit);
            self.builder.ins().fsub(sum, limit)
        } else {
            let whole = self.builder.ins().fcvt_to_sint_sat(integer, value);
            let truncated = self.builder.ins().fcvt_from_sint(ty, whole);
            let one = constant(self, 1.0);
            match rounding {
                Rounding::Floor => {
                    let lower = self.builder.ins().fsub(truncated, one);
                    let above = self.builder.ins().fcmp(FloatCC::GreaterThan, truncated, value);
                    self.builder.ins().select(above, lower, truncated)
                }
                Rounding::Ceil => {
                    let higher = self.builder.ins().fadd(truncated, one);
                    let below = self.builder.ins().fcmp(FloatCC::LessThan, truncated, value);
                    self.builder.ins().select(below, higher, truncated)
                }
                _ => truncated,
            }
        };
        // The sign survives even where the result is zero. A rounded magnitude takes the sign back here too.
        let signed = self.builder.ins().fcopysign(rounded, value);
        let zero = constant(self, 0.0);
        let unchanged = self.builder.ins().fadd(value, zero);
        self.builder.ins().select(small, signed, unchanged)
    }
}
