//! Numeric operators that cannot trap (spec section 4.3), as rows: operator → CLIF.
//!
//! Elsewhere: division in `division`, float → integer in `convert`, rounding in `rounding`.

use super::Translator;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Type, Value, immediates::Ieee32, immediates::Ieee64, types};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::Operator;

type Unary = fn(FuncInstBuilder<'_, '_>, Value) -> Value;
type Binary = fn(FuncInstBuilder<'_, '_>, Value, Value) -> Value;

impl Translator<'_, '_> {
    pub(super) fn numeric(&mut self, operator: &Operator<'_>) -> bool {
        if let Some(value) = self.constant(operator) {
            self.push(value);
        } else if let Some(condition) = integer_comparison(operator) {
            let (left, right) = self.pop2();
            let bit = self.code.compare(condition, left, right);
            self.push_bit(bit);
        } else if let Some(condition) = float_comparison(operator) {
            let (left, right) = self.pop2();
            let bit = self.code.builder.ins().fcmp(condition, left, right);
            self.push_bit(bit);
        } else if matches!(operator, Operator::I32Eqz | Operator::I64Eqz) {
            let value = self.pop();
            let bit = self.code.builder.ins().icmp_imm_s(IntCC::Equal, value, 0);
            self.push_bit(bit);
        } else if let Some(emit) = self.faulty(operator).or_else(|| binary(operator)) {
            let (left, right) = self.pop2();
            let shifts = self.code.rotation_by_shifts(operator, left, right);
            let value = shifts.unwrap_or_else(|| emit(self.code.builder.ins(), left, right));
            self.push(value);
        } else if let Some(emit) = self.faulty_unary(operator).or_else(|| unary(operator)) {
            let operand = self.pop();
            let value = emit(self.code.builder.ins(), operand);
            self.push(value);
        } else if let Some(from) = sign_extension(operator) {
            let value = self.pop();
            let to = self.code.builder.func.dfg.value_type(value);
            let narrow = self.code.builder.ins().ireduce(from, value);
            let value = self.code.builder.ins().sextend(to, narrow);
            self.push(value);
        } else {
            return false;
        }
        true
    }

    fn constant(&mut self, operator: &Operator<'_>) -> Option<Value> {
        use Operator as O;
        let ins = self.code.builder.ins();
        Some(match operator {
            // Cranelift keeps the bits beyond a narrow constant's width at zero.
            O::I32Const { value } => ins.iconst(types::I32, i64::from(value.cast_unsigned())),
            O::I64Const { value } => ins.iconst(types::I64, *value),
            O::F32Const { value } => ins.f32const(Ieee32::with_bits(value.bits())),
            O::F64Const { value } => ins.f64const(Ieee64::with_bits(value.bits())),
            _ => return None,
        })
    }

    /// A comparison's one bit as an `i32`.
    pub(super) fn push_bit(&mut self, bit: Value) {
        let value = self.code.builder.ins().uextend(types::I32, bit);
        self.push(value);
    }

    fn faulty(&self, operator: &Operator<'_>) -> Option<Binary> {
        let _ = operator;
        if crate::fault::active!(self.code.env.options, RotateLeftIsRight)
            && matches!(operator, Operator::I32Rotl | Operator::I64Rotl)
        {
            return Some(|ins, left, right| ins.rotr(left, right));
        }
        if crate::fault::active!(self.code.env.options, MinimumIgnoresNan) && matches!(operator, Operator::F32Min) {
            return Some(|ins, left, right| {
                let _ = right;
                ins.fmax(left, left)
            });
        }
        None
    }

    fn faulty_unary(&self, operator: &Operator<'_>) -> Option<Unary> {
        if crate::fault::active!(self.code.env.options, ExtendSignLost) && matches!(operator, Operator::I64ExtendI32S) {
            return Some(|ins, value| ins.uextend(types::I64, value));
        }
        None
    }
}

fn integer_comparison(operator: &Operator<'_>) -> Option<IntCC> {
    use Operator as O;
    Some(match operator {
        O::I32Eq | O::I64Eq => IntCC::Equal,
        O::I32Ne | O::I64Ne => IntCC::NotEqual,
        O::I32LtS | O::I64LtS => IntCC::SignedLessThan,
        O::I32LtU | O::I64LtU => IntCC::UnsignedLessThan,
        O::I32GtS | O::I64GtS => IntCC::SignedGreaterThan,
        O::I32GtU | O::I64GtU => IntCC::UnsignedGreaterThan,
        O::I32LeS | O::I64LeS => IntCC::SignedLessThanOrEqual,
        O::I32LeU | O::I64LeU => IntCC::UnsignedLessThanOrEqual,
        O::I32GeS | O::I64GeS => IntCC::SignedGreaterThanOrEqual,
        O::I32GeU | O::I64GeU => IntCC::UnsignedGreaterThanOrEqual,
        _ => return None,
    })
}

fn float_comparison(operator: &Operator<'_>) -> Option<FloatCC> {
    use Operator as O;
    Some(match operator {
        O::F32Eq | O::F64Eq => FloatCC::Equal,
        O::F32Ne | O::F64Ne => FloatCC::NotEqual,
        O::F32Lt | O::F64Lt => FloatCC::LessThan,
        O::F32Gt | O::F64Gt => FloatCC::GreaterThan,
        O::F32Le | O::F64Le => FloatCC::LessThanOrEqual,
        O::F32Ge | O::F64Ge => FloatCC::GreaterThanOrEqual,
        _ => return None,
    })
}

fn binary(operator: &Operator<'_>) -> Option<Binary> {
    use Operator as O;
    Some(match operator {
        O::I32Add | O::I64Add => |ins, left, right| ins.iadd(left, right),
        O::I32Sub | O::I64Sub => |ins, left, right| ins.isub(left, right),
        O::I32Mul | O::I64Mul => |ins, left, right| ins.imul(left, right),
        O::I32And | O::I64And => |ins, left, right| ins.band(left, right),
        O::I32Or | O::I64Or => |ins, left, right| ins.bor(left, right),
        O::I32Xor | O::I64Xor => |ins, left, right| ins.bxor(left, right),
        // Cranelift takes shift amounts modulo the width, as wasm does.
        O::I32Shl | O::I64Shl => |ins, left, right| ins.ishl(left, right),
        O::I32ShrS | O::I64ShrS => |ins, left, right| ins.sshr(left, right),
        O::I32ShrU | O::I64ShrU => |ins, left, right| ins.ushr(left, right),
        O::I32Rotl | O::I64Rotl => |ins, left, right| ins.rotl(left, right),
        O::I32Rotr | O::I64Rotr => |ins, left, right| ins.rotr(left, right),
        O::F32Add | O::F64Add => |ins, left, right| ins.fadd(left, right),
        O::F32Sub | O::F64Sub => |ins, left, right| ins.fsub(left, right),
        O::F32Mul | O::F64Mul => |ins, left, right| ins.fmul(left, right),
        O::F32Div | O::F64Div => |ins, left, right| ins.fdiv(left, right),
        O::F32Min | O::F64Min => |ins, left, right| ins.fmin(left, right),
        O::F32Max | O::F64Max => |ins, left, right| ins.fmax(left, right),
        O::F32Copysign | O::F64Copysign => |ins, left, right| ins.fcopysign(left, right),
        _ => return None,
    })
}

fn unary(operator: &Operator<'_>) -> Option<Unary> {
    use Operator as O;
    Some(match operator {
        O::I32Clz | O::I64Clz => |ins, value| ins.clz(value),
        O::I32Ctz | O::I64Ctz => |ins, value| ins.ctz(value),
        O::I32Popcnt | O::I64Popcnt => |ins, value| ins.popcnt(value),
        O::F32Abs | O::F64Abs => |ins, value| ins.fabs(value),
        O::F32Neg | O::F64Neg => |ins, value| ins.fneg(value),
        O::F32Sqrt | O::F64Sqrt => |ins, value| ins.sqrt(value),
        O::I32WrapI64 => |ins, value| ins.ireduce(types::I32, value),
        O::I64ExtendI32S => |ins, value| ins.sextend(types::I64, value),
        O::I64ExtendI32U => |ins, value| ins.uextend(types::I64, value),
        O::F32ConvertI32S | O::F32ConvertI64S => |ins, value| ins.fcvt_from_sint(types::F32, value),
        O::F32ConvertI32U | O::F32ConvertI64U => |ins, value| ins.fcvt_from_uint(types::F32, value),
        O::F64ConvertI32S | O::F64ConvertI64S => |ins, value| ins.fcvt_from_sint(types::F64, value),
        O::F64ConvertI32U | O::F64ConvertI64U => |ins, value| ins.fcvt_from_uint(types::F64, value),
        O::F32DemoteF64 => |ins, value| ins.fdemote(types::F32, value),
        O::F64PromoteF32 => |ins, value| ins.fpromote(types::F64, value),
        O::I32ReinterpretF32 => |ins, value| ins.bitcast(types::I32, little(), value),
        O::I64ReinterpretF64 => |ins, value| ins.bitcast(types::I64, little(), value),
        O::F32ReinterpretI32 => |ins, value| ins.bitcast(types::F32, little(), value),
        O::F64ReinterpretI64 => |ins, value| ins.bitcast(types::F64, little(), value),
        O::I32TruncSatF32S | O::I32TruncSatF64S => |ins, value| ins.fcvt_to_sint_sat(types::I32, value),
        O::I32TruncSatF32U | O::I32TruncSatF64U => |ins, value| ins.fcvt_to_uint_sat(types::I32, value),
        O::I64TruncSatF32S | O::I64TruncSatF64S => |ins, value| ins.fcvt_to_sint_sat(types::I64, value),
        O::I64TruncSatF32U | O::I64TruncSatF64U => |ins, value| ins.fcvt_to_uint_sat(types::I64, value),
        _ => return None,
    })
}

fn little() -> cranelift_codegen::ir::MemFlagsData {
    cranelift_codegen::ir::MemFlagsData::new()
}

fn sign_extension(operator: &Operator<'_>) -> Option<Type> {
    use Operator as O;
    Some(match operator {
        O::I32Extend8S | O::I64Extend8S => types::I8,
        O::I32Extend16S | O::I64Extend16S => types::I16,
        O::I64Extend32S => types::I32,
        _ => return None,
    })
}
