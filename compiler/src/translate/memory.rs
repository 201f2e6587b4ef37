//! Loads, stores, `memory.size` and `memory.grow` (spec section 4.4.7), as rows: operator → shape.

use super::Translator;
use crate::module::MemoryIndex;
use crate::symbol::Runtime;
use cranelift_codegen::ir::{InstBuilder, Type, types};
use wasmparser::{MemArg, MemArgTarget, Operator};

/// How a loaded value becomes the operand.
#[derive(Clone, Copy, PartialEq)]
enum Widen {
    None,
    Signed(Type),
    Unsigned(Type),
}

impl Translator<'_, '_> {
    pub(super) fn memory(&mut self, operator: &Operator<'_>) -> bool {
        if let Some((arg, access, extend)) = load_shape(operator) {
            self.load(arg, access, extend);
        } else if let Some((arg, access)) = store_shape(operator) {
            self.store(arg, access);
        } else {
            match operator {
                Operator::MemorySize { mem } => self.memory_size(MemoryIndex(*mem)),
                Operator::MemoryGrow { mem } => self.memory_grow(MemoryIndex(*mem)),
                _ => return false,
            }
        }
        true
    }

    fn load(&mut self, arg: MemArg, access: Type, extend: Widen) {
        let index = self.pop();
        let memory = self.memory_of(&arg);
        let memory = &self.memories[memory.index()];
        let checked = memory.check(&mut self.code, index, arg.offset, access.bytes());
        let lost = crate::fault::active!(self.code.env.options, LoadSignLost) && access == types::I8;
        let extend = match extend {
            Widen::Signed(ty) if lost => Widen::Unsigned(ty),
            other => other,
        };
        let ins = self.code.builder.ins();
        let (flags, address, offset) = (checked.flags, checked.address, checked.offset);
        // One instruction that loads and widens: a load and an extension of its own are not always joined.
        let value = match (extend, access) {
            (Widen::None, _) => ins.load(access, flags, address, offset),
            (Widen::Signed(ty), types::I8) => ins.sload8(ty, flags, address, offset),
            (Widen::Signed(ty), types::I16) => ins.sload16(ty, flags, address, offset),
            (Widen::Signed(_), _) => ins.sload32(flags, address, offset),
            (Widen::Unsigned(ty), types::I8) => ins.uload8(ty, flags, address, offset),
            (Widen::Unsigned(ty), types::I16) => ins.uload16(ty, flags, address, offset),
            (Widen::Unsigned(_), _) => ins.uload32(flags, address, offset),
        };
        self.push(value);
    }

    fn store(&mut self, arg: MemArg, access: Type) {
        let (index, mut value) = self.pop2();
        let memory = self.memory_of(&arg);
        let memory = &self.memories[memory.index()];
        let checked = memory.check(&mut self.code, index, arg.offset, access.bytes());
        let ty = self.code.builder.func.dfg.value_type(value);
        if ty.is_int() && ty != access {
            value = self.code.builder.ins().ireduce(access, value);
        }
        self.code.builder.ins().store(checked.flags, value, checked.address, checked.offset);
    }

    /// The memory of an access. Validation without the garbage collection proposal leaves nothing else.
    pub(super) fn memory_of(&self, arg: &MemArg) -> MemoryIndex {
        match arg.target {
            MemArgTarget::Memory(index) => MemoryIndex(index),
            MemArgTarget::Array(_) => MemoryIndex(0),
        }
    }

    fn memory_size(&mut self, memory: MemoryIndex) {
        let log2 = self.code.env.module.memories[memory.index()].ty.page_bytes_log2;
        let bytes = self.memories[memory.index()].limit_value(&mut self.code);
        let pages = self.code.builder.ins().ushr_imm_u(bytes, i64::from(log2));
        let pages = self.code.builder.ins().ireduce(types::I32, pages);
        self.push(pages);
    }

    fn memory_grow(&mut self, memory: MemoryIndex) {
        let delta = self.pop();
        let record = self.code.memory_record(memory);
        let delta = self.code.builder.ins().uextend(types::I64, delta);
        let old = self.code.call_grow(Runtime::MemoryGrow, &[record, delta]);
        let log2 = self.code.env.module.memories[memory.index()].ty.page_bytes_log2;
        let gained = self.code.builder.ins().ishl_imm_u(delta, i64::from(log2));
        self.code.meter_growth(old, gained);
        // All ones stays all ones: that is −1.
        let mut old = self.code.builder.ins().ireduce(types::I32, old);
        if crate::fault::active!(self.code.env.options, GrowGivesNewSize) {
            let delta = self.code.builder.ins().ireduce(types::I32, delta);
            old = self.code.builder.ins().iadd(old, delta);
        }
        self.push(old);
        self.reload_limits();
    }
}

fn load_shape(operator: &Operator<'_>) -> Option<(MemArg, Type, Widen)> {
    use Operator as O;
    use Widen::{None as Plain, Signed, Unsigned};
    use types::{F32, F64, I8, I16, I32, I64};
    Some(match operator {
        O::I32Load { memarg } => (*memarg, I32, Plain),
        O::I64Load { memarg } => (*memarg, I64, Plain),
        O::F32Load { memarg } => (*memarg, F32, Plain),
        O::F64Load { memarg } => (*memarg, F64, Plain),
        O::I32Load8S { memarg } => (*memarg, I8, Signed(I32)),
        O::I32Load8U { memarg } => (*memarg, I8, Unsigned(I32)),
        O::I32Load16S { memarg } => (*memarg, I16, Signed(I32)),
        O::I32Load16U { memarg } => (*memarg, I16, Unsigned(I32)),
        O::I64Load8S { memarg } => (*memarg, I8, Signed(I64)),
        O::I64Load8U { memarg } => (*memarg, I8, Unsigned(I64)),
        O::I64Load16S { memarg } => (*memarg, I16, Signed(I64)),
        O::I64Load16U { memarg } => (*memarg, I16, Unsigned(I64)),
        O::I64Load32S { memarg } => (*memarg, I32, Signed(I64)),
        O::I64Load32U { memarg } => (*memarg, I32, Unsigned(I64)),
        _ => return None,
    })
}

fn store_shape(operator: &Operator<'_>) -> Option<(MemArg, Type)> {
    use Operator as O;
    use types::{F32, F64, I8, I16, I32, I64};
    Some(match operator {
        O::I32Store { memarg } | O::I64Store32 { memarg } => (*memarg, I32),
        O::I64Store { memarg } => (*memarg, I64),
        O::F32Store { memarg } => (*memarg, F32),
        O::F64Store { memarg } => (*memarg, F64),
        O::I32Store8 { memarg } | O::I64Store8 { memarg } => (*memarg, I8),
        O::I32Store16 { memarg } | O::I64Store16 { memarg } => (*memarg, I16),
        _ => return None,
    })
}
