//! Locals, globals, `drop` and `select` (spec sections 4.4.4 and 4.4.5).

use super::Translator;
use super::code::Region;
use crate::instance::GlobalPlan;
use crate::interface::ValueType;
use crate::module::GlobalIndex;
use crate::symbol::Symbol;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use wasmparser::{Operator, ValType};

impl Translator<'_, '_> {
    pub(super) fn variable(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::LocalGet { local_index } => {
                for variable in self.locals[*local_index as usize].variables() {
                    let value = self.code.builder.use_var(variable);
                    self.push(value);
                }
            }
            O::LocalSet { local_index } => {
                self.set_local(*local_index);
                let count = self.locals[*local_index as usize].variables().count();
                self.stack.truncate(self.stack.len() - count);
            }
            O::LocalTee { local_index } => self.set_local(*local_index),
            O::GlobalGet { global_index } => {
                let values = self.code.global_get(GlobalIndex(*global_index));
                self.stack.extend(values);
            }
            O::GlobalSet { global_index } => {
                let global = GlobalIndex(*global_index);
                let values = self.pop_values(&[self.code.env.module.globals[global.index()].ty.value]);
                self.code.global_set(global, &values);
            }
            O::Drop => {
                let count = self.values_of(self.is_vector);
                self.pop_many(count);
            }
            O::Select => self.select(self.is_vector),
            O::TypedSelect { ty } => self.select(*ty == ValType::V128),
            _ => return false,
        }
        true
    }

    /// Gives a local what lies on top of the stack, and leaves it there.
    fn set_local(&mut self, local: u32) {
        let local = self.locals[local as usize];
        let count = local.variables().count();
        let values = &self.stack[self.stack.len() - count..];
        let set = if crate::fault::active!(self.code.env.options, UpperHalfLost) { 1 } else { count };
        for (variable, value) in local.variables().zip(values).take(set) {
            self.code.builder.def_var(variable, *value);
        }
    }

    /// How many of Cranelift's values an operand is.
    fn values_of(&self, is_vector: bool) -> usize {
        if is_vector { self.code.env.clif_types(ValueType::V128).len() } else { 1 }
    }

    fn select(&mut self, is_vector: bool) {
        let condition = self.pop();
        let count = self.values_of(is_vector);
        let (mut second, mut first) = (self.pop_many(count), self.pop_many(count));
        if crate::fault::active!(self.code.env.options, SelectSwapped) {
            std::mem::swap(&mut first, &mut second);
        }
        let condition = self.code.condition(condition);
        for (first, second) in first.into_iter().zip(second) {
            let value = self.code.builder.ins().select(condition, first, second);
            self.push(value);
        }
    }
}

impl super::code::CodeBuilder<'_, '_> {
    /// Reads a global.
    pub(crate) fn global_get(&mut self, global: GlobalIndex) -> Vec<Value> {
        let ty = self.env.module.globals[global.index()].ty;
        let parts = self.env.clif_types(ty.value);
        if let GlobalPlan::Literal(bits, _) = self.env.globals[global.index()] {
            let value = match parts[0] {
                types::F32 => {
                    let bits = u32::try_from(bits).unwrap_or(0);
                    self.builder.ins().f32const(cranelift_codegen::ir::immediates::Ieee32::with_bits(bits))
                }
                types::F64 => self.builder.ins().f64const(cranelift_codegen::ir::immediates::Ieee64::with_bits(bits)),
                ty => self.builder.ins().iconst(ty, bits.cast_signed()),
            };
            return vec![value];
        }
        let (address, mut flags) = self.global_address(global);
        if !ty.mutable {
            flags = flags.with_readonly();
        }
        self.load_parts(flags, address, 0, parts)
    }

    /// Writes a global.
    pub(crate) fn global_set(&mut self, global: GlobalIndex, values: &[Value]) {
        let (address, flags) = self.global_address(global);
        self.store_parts(flags, values, address, 0);
    }

    /// Loads values of these types, one behind another.
    pub(crate) fn load_parts(&mut self, flags: MemFlagsData, address: Value, offset: i32, types: &[Type]) -> Vec<Value> {
        let mut offset = offset;
        let mut load = |ty: &Type| {
            let value = self.builder.ins().load(*ty, flags, address, offset);
            offset += ty.bytes().cast_signed();
            value
        };
        types.iter().map(&mut load).collect()
    }

    /// Stores values one behind another.
    pub(crate) fn store_parts(&mut self, flags: MemFlagsData, values: &[Value], address: Value, offset: i32) {
        let mut offset = offset;
        for value in values {
            self.builder.ins().store(flags, *value, address, offset);
            offset += self.builder.func.dfg.value_type(*value).bytes().cast_signed();
        }
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
