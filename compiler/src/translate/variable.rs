//! Locals, globals, `drop` and `select` (spec sections 4.4.4 and 4.4.5).

use super::Translator;
use super::code::Region;
use crate::instance::GlobalPlan;
use crate::module::GlobalIndex;
use crate::symbol::Symbol;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn variable(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::LocalGet { local_index } => {
                let local = self.locals[*local_index as usize];
                let value = self.code.builder.use_var(local);
                self.push(value);
            }
            O::LocalSet { local_index } => {
                let value = self.pop();
                self.code.builder.def_var(self.locals[*local_index as usize], value);
            }
            O::LocalTee { local_index } => {
                let value = *self.stack.last().expect("validated: tee has an operand");
                self.code.builder.def_var(self.locals[*local_index as usize], value);
            }
            O::GlobalGet { global_index } => {
                let value = self.code.global_get(GlobalIndex(*global_index));
                self.push(value);
            }
            O::GlobalSet { global_index } => {
                let value = self.pop();
                self.code.global_set(GlobalIndex(*global_index), value);
            }
            O::Drop => {
                self.pop();
            }
            O::Select | O::TypedSelect { .. } => {
                let (mut first, mut second, condition) = self.pop3();
                if crate::fault::active!(self.code.env.options, SelectSwapped) {
                    std::mem::swap(&mut first, &mut second);
                }
                let condition = self.code.condition(condition);
                let value = self.code.builder.ins().select(condition, first, second);
                self.push(value);
            }
            _ => return false,
        }
        true
    }
}

impl super::code::CodeBuilder<'_, '_> {
    /// Reads a global.
    pub(crate) fn global_get(&mut self, global: GlobalIndex) -> Value {
        let ty = self.env.module.globals[global.index()].ty;
        let clif = self.env.clif_type(ty.value);
        if let GlobalPlan::Literal(bits, _) = self.env.globals[global.index()] {
            return match clif {
                types::F32 => {
                    let bits = u32::try_from(bits).unwrap_or(0);
                    self.builder.ins().f32const(cranelift_codegen::ir::immediates::Ieee32::with_bits(bits))
                }
                types::F64 => self.builder.ins().f64const(cranelift_codegen::ir::immediates::Ieee64::with_bits(bits)),
                _ => self.builder.ins().iconst(clif, bits.cast_signed()),
            };
        }
        let (address, mut flags) = self.global_address(global);
        if !ty.mutable {
            flags = flags.with_readonly();
        }
        self.builder.ins().load(clif, flags, address, 0)
    }

    /// Writes a global.
    pub(crate) fn global_set(&mut self, global: GlobalIndex, value: Value) {
        let (address, flags) = self.global_address(global);
        self.builder.ins().store(flags, value, address, 0);
    }

    fn global_address(&mut self, global: GlobalIndex) -> (Value, MemFlagsData) {
        match self.env.globals[global.index()] {
            GlobalPlan::Own(offset) | GlobalPlan::Literal(_, offset) => {
                let address = self.address_of_offset(Symbol::Globals, i64::from(offset));
                (address, self.flags(Region::Global(global)).with_aligned())
            }
            GlobalPlan::Slot(slot) => {
                let address = self.load_slot(slot);
                (address, self.flags(Region::ImportedGlobals).with_aligned())
            }
        }
    }
}
