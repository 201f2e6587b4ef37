//! Division and remainder: the integer operators that trap (spec section 4.3.2, idiv and irem).

use super::Translator;
use crate::trap::native_division_traps;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use saggar_abi::trap::Code;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn division(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        let (signed, remainder) = match operator {
            O::I32DivS | O::I64DivS => (true, false),
            O::I32DivU | O::I64DivU => (false, false),
            O::I32RemS | O::I64RemS => (true, true),
            O::I32RemU | O::I64RemU => (false, true),
            _ => return false,
        };
        let (dividend, divisor) = self.pop2();
        let unchecked = crate::fault::active!(self.code.env.options, DivisionOverflowUnchecked) && signed && !remainder;
        if unchecked {
            let safe = self.hide_overflow(dividend, divisor);
            let value = self.code.builder.ins().sdiv(dividend, safe);
            self.push(value);
            return true;
        }
        if !native_division_traps(self.code.env.target.arch()) {
            self.guard(dividend, divisor, signed && !remainder);
        }
        let ins = self.code.builder.ins();
        let value = match (signed, remainder) {
            (true, false) => ins.sdiv(dividend, divisor),
            (false, false) => ins.udiv(dividend, divisor),
            (true, true) => ins.srem(dividend, divisor),
            (false, true) => ins.urem(dividend, divisor),
        };
        self.push(value);
        true
    }

    /// Traps where the quotient does not exist. A constant divisor other than 0 and −1 needs no guard.
    fn guard(&mut self, dividend: Value, divisor: Value, overflows: bool) {
        let constant = self.code.constant(divisor);
        if constant.is_none_or(|divisor| divisor == 0) {
            self.code.trap_unless(divisor, Code::IntegerDivisionByZero);
        }
        if overflows && constant.is_none_or(|divisor| divisor == -1) {
            let overflow = self.overflow(dividend, divisor);
            self.code.trap_if(overflow, Code::IntegerOverflow);
        }
    }

    fn overflow(&mut self, dividend: Value, divisor: Value) -> Value {
        let ty = self.code.builder.func.dfg.value_type(dividend);
        let minimum = if ty == types::I32 { i64::from(i32::MIN) } else { i64::MIN };
        let minus_one = self.code.builder.ins().icmp_imm_s(IntCC::Equal, divisor, -1);
        let smallest = self.code.builder.ins().icmp_imm_s(IntCC::Equal, dividend, minimum);
        self.code.builder.ins().band(minus_one, smallest)
    }

    /// For the seeded fault: a divisor of 1 where the division would overflow.
    fn hide_overflow(&mut self, dividend: Value, divisor: Value) -> Value {
        self.code.trap_unless(divisor, Code::IntegerDivisionByZero);
        let overflow = self.overflow(dividend, divisor);
        let ty = self.code.builder.func.dfg.value_type(divisor);
        let one = self.code.builder.ins().iconst(ty, 1);
        self.code.builder.ins().select(overflow, one, divisor)
    }
}
