//! ceil, floor, trunc, nearest (spec section 4.3.3).
//!
//! Where the CPU has no instruction for them (x86_64 without SSE4.1), Cranelift would call a library; these are
//! written out instead. In both formats every number of magnitude 2^(p−1) or more is an integer (p bits of significand), so
//! only smaller ones need work; adding zero to the others quiets a NaN and changes nothing else.

use super::Translator;
use crate::target::Arch;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use wasmparser::Operator;

#[derive(Clone, Copy)]
enum Rounding {
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
        let target = self.code.env.target;
        let value = self.pop();
        let result = if target.arch() == Arch::X86_64 && !target.cpu().has("has_sse41") {
            self.written_out(rounding, value)
        } else {
            let ins = self.code.builder.ins();
            match rounding {
                Rounding::Ceil => ins.ceil(value),
                Rounding::Floor => ins.floor(value),
                Rounding::Trunc => ins.trunc(value),
                Rounding::Nearest => ins.nearest(value),
            }
        };
        self.push(result);
        true
    }

    fn written_out(&mut self, rounding: Rounding, value: Value) -> Value {
        let ty = self.code.builder.func.dfg.value_type(value);
        let (integer, limit) = if ty == types::F32 { (types::I32, 8_388_608.0) } else { (types::I64, 4_503_599_627_370_496.0) };
        let constant = |translator: &mut Self, value: f64| {
            let ins = translator.code.builder.ins();
            #[expect(clippy::cast_possible_truncation, reason = "powers of two and one are exact as f32")]
            if ty == types::F32 { ins.f32const(value as f32) } else { ins.f64const(value) }
        };
        let limit = constant(self, limit);
        let magnitude = self.code.builder.ins().fabs(value);
        let small = self.code.builder.ins().fcmp(FloatCC::LessThan, magnitude, limit);
        let rounded = if let Rounding::Nearest = rounding {
            // Adding and taking away 2^(p−1) rounds to the nearest integer, ties to even, as the FPU's mode is.
            let sum = self.code.builder.ins().fadd(magnitude, limit);
            self.code.builder.ins().fsub(sum, limit)
        } else {
            let whole = self.code.builder.ins().fcvt_to_sint_sat(integer, value);
            let truncated = self.code.builder.ins().fcvt_from_sint(ty, whole);
            let one = constant(self, 1.0);
            match rounding {
                Rounding::Floor => {
                    let lower = self.code.builder.ins().fsub(truncated, one);
                    let above = self.code.builder.ins().fcmp(FloatCC::GreaterThan, truncated, value);
                    self.code.builder.ins().select(above, lower, truncated)
                }
                Rounding::Ceil => {
                    let higher = self.code.builder.ins().fadd(truncated, one);
                    let below = self.code.builder.ins().fcmp(FloatCC::LessThan, truncated, value);
                    self.code.builder.ins().select(below, higher, truncated)
                }
                _ => truncated,
            }
        };
        // The sign survives even where the result is zero. A rounded magnitude takes the sign back here too.
        let signed = self.code.builder.ins().fcopysign(rounded, value);
        let zero = constant(self, 0.0);
        let unchanged = self.code.builder.ins().fadd(value, zero);
        self.code.builder.ins().select(small, signed, unchanged)
    }
}
