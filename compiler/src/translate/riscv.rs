//! What is written otherwise for riscv64, whose instructions work on 64 bits.
//!
//! Cranelift lowers 32-bit comparisons and rotations there to sequences that are longer than need be. The values are the same;
//! only the shape differs, and other targets are left alone.

use super::code::CodeBuilder;
use crate::target::Arch;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, InstructionData, Opcode, Value, types};
use wasmparser::Operator;

impl CodeBuilder<'_, '_> {
    fn is_riscv(&self) -> bool {
        self.env.target.arch() == Arch::Riscv64
    }

    /// Compares integers; an ordered comparison of 32 bits is done in 64.
    ///
    /// Extending both sides with their sign keeps every order: the signed one plainly, the unsigned one because it maps
    /// `[0, 2^31)` to itself and `[2^31, 2^32)` to the topmost `2^31` numbers, in order. Values mostly are in that form already.
    pub(super) fn compare(&mut self, condition: IntCC, left: Value, right: Value) -> Value {
        let ordered = !matches!(condition, IntCC::Equal | IntCC::NotEqual);
        if !(self.is_riscv() && ordered && self.builder.func.dfg.value_type(left) == types::I32) {
            return self.builder.ins().icmp(condition, left, right);
        }
        let (left, right) = (self.extend_sign(left), self.extend_sign(right));
        self.builder.ins().icmp(condition, left, right)
    }

    fn extend_sign(&mut self, value: Value) -> Value {
        match self.constant(value) {
            Some(constant) => self.builder.ins().iconst(types::I64, constant),
            None => self.builder.ins().sextend(types::I64, value),
        }
    }

    /// A rotation by a constant as two shifts, where there is no instruction for it. They are joined by exclusive or, which
    /// gives what or would, because Cranelift knows the latter as a rotation.
    pub(super) fn rotation_by_shifts(&mut self, operator: &Operator<'_>, value: Value, amount: Value) -> Option<Value> {
        if !self.is_riscv() || self.env.target.cpu().has("has_zbb") {
            return None;
        }
        let (bits, left) = match operator {
            Operator::I32Rotl => (32, true),
            Operator::I32Rotr => (32, false),
            Operator::I64Rotl => (64, true),
            Operator::I64Rotr => (64, false),
            _ => return None,
        };
        if crate::fault::active!(self.env.options, RotateLeftIsRight) {
            return None;
        }
        let amount = self.constant(amount)? & (bits - 1);
        if amount == 0 {
            return None;
        }
        let amount = if left { amount } else { bits - amount };
        let high = self.builder.ins().ishl_imm_u(value, amount);
        let low = self.builder.ins().ushr_imm_u(value, bits - amount);
        Some(self.builder.ins().bxor(high, low))
    }

    /// A value to branch on instead of a comparison for equality, and whether the branch must be turned round: the difference
    /// of the two sides, which is one instruction and needs no extension.
    pub(super) fn difference(&mut self, condition: Value) -> (Value, bool) {
        if !self.is_riscv() {
            return (condition, false);
        }
        let dfg = &self.builder.func.dfg;
        let Some(InstructionData::IntCompare { opcode: Opcode::Icmp, args: [left, right], cond }) =
            dfg.value_def(condition).inst().map(|inst| dfg.insts[inst])
        else {
            return (condition, false);
        };
        let negated = match cond {
            IntCC::Equal => true,
            IntCC::NotEqual => false,
            _ => return (condition, false),
        };
        if dfg.value_type(left) != types::I32 {
            return (condition, false);
        }
        if self.constant(right) == Some(0) {
            return (left, negated);
        }
        (self.builder.ins().isub(left, right), negated)
    }

    /// Branches on a condition.
    pub(super) fn branch(
        &mut self,
        condition: Value,
        then: cranelift_codegen::ir::Block,
        args: &[cranelift_codegen::ir::BlockArg],
        otherwise: cranelift_codegen::ir::Block,
    ) {
        let condition = self.condition(condition);
        let (condition, negated) = self.difference(condition);
        if negated {
            self.builder.ins().brif(condition, otherwise, &[], then, args);
        } else {
            self.builder.ins().brif(condition, then, args, otherwise, &[]);
        }
    }
}
