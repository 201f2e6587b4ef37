//! Float → integer conversions that trap (spec section 4.3.4, trunc).
//!
//! NaN is an invalid conversion; anything whose truncation does not fit is an overflow. What passes both checks fits, so
//! the saturating conversion, which never traps, gives the exact value on every target.

use super::Translator;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, immediates::Ieee32, immediates::Ieee64, types};
use saggar_abi::trap::Code;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn conversion(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        let (to, signed) = match operator {
            O::I32TruncF32S | O::I32TruncF64S => (types::I32, true),
            O::I32TruncF32U | O::I32TruncF64U => (types::I32, false),
            O::I64TruncF32S | O::I64TruncF64S => (types::I64, true),
            O::I64TruncF32U | O::I64TruncF64U => (types::I64, false),
            _ => return false,
        };
        let value = self.pop();
        if !crate::fault::active!(self.code.env.options, ConversionUnchecked) {
            self.check_conversion(value, to, signed);
        }
        let ins = self.code.builder.ins();
        let result = if signed { ins.fcvt_to_sint_sat(to, value) } else { ins.fcvt_to_uint_sat(to, value) };
        self.push(result);
        true
    }

    fn check_conversion(&mut self, value: Value, to: Type, signed: bool) {
        let nan = self.code.builder.ins().fcmp(FloatCC::Unordered, value, value);
        self.code.trap_if(nan, Code::BadConversionToInteger);
        let from = self.code.builder.func.dfg.value_type(value);
        let bits = to.bits();
        // The largest allowed truncation is below 2^bits or 2^(bits−1), and both are exact floats.
        let upper = 2_f64.powi(i32::try_from(if signed { bits - 1 } else { bits }).unwrap_or(0));
        let upper = self.float(from, upper);
        let high = self.code.builder.ins().fcmp(FloatCC::GreaterThanOrEqual, value, upper);
        self.code.trap_if(high, Code::IntegerOverflow);
        let (lower, condition) = lower_bound(from, to, signed);
        let lower = self.float(from, lower);
        let low = self.code.builder.ins().fcmp(condition, value, lower);
        self.code.trap_if(low, Code::IntegerOverflow);
    }

    fn float(&mut self, ty: Type, value: f64) -> Value {
        if ty == types::F32 {
            #[expect(clippy::cast_possible_truncation, reason = "the bounds are powers of two, exact as f32")]
            let narrow = value as f32;
            self.code.builder.ins().f32const(Ieee32::with_float(narrow))
        } else {
            self.code.builder.ins().f64const(Ieee64::with_float(value))
        }
    }
}

/// What is too low: everything that truncates below the minimum.
///
/// Unsigned: at or below −1. Signed: at or below minimum − 1 where the float can hold that number (`f64` → `i32`), else
/// below the minimum, which has no neighbour between it and the next lower integer.
fn lower_bound(from: Type, to: Type, signed: bool) -> (f64, FloatCC) {
    match (signed, from, to) {
        (false, _, _) => (-1.0, FloatCC::LessThanOrEqual),
        (true, types::F64, types::I32) => (-2_147_483_649.0, FloatCC::LessThanOrEqual),
        (true, _, types::I32) => (-2_147_483_648.0, FloatCC::LessThan),
        (true, _, _) => (-9_223_372_036_854_775_808.0, FloatCC::LessThan),
    }
}
