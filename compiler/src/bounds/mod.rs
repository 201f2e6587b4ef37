//! THE SANDBOX. Every access of guest code to its linear memory is made here, and nowhere else.
//!
//! Changes to this folder have two reviewers.
//!
//! An access of `size` bytes at `index + offset` is allowed iff `index + offset + size <= limit`, where the sum is
//! computed without wrapping (spec section 4.4.7) and `limit` is the current size of the memory in bytes. The checked
//! value and the used value are the same value: `index` is compared, and `base + index + offset` is accessed.
//!
//! Two shapes are emitted, for `reach = offset + size`:
//!
//! - *limit known to be at least `reach`* (the memory is the module's own, and its minimum is; or its size is fixed): trap if `index > limit − reach`. The difference
//!   cannot wrap, and fits 32 bits because `limit <= 2^32` and `reach >= 1`. It does not depend on `index`, so loops keep it
//!   in a register.
//! - *otherwise*: trap if `index + reach > limit`, in 64 bits. `index < 2^32` and `reach < 2^32 + 2^8`, so the sum cannot wrap.
//!
//! A size that never changes is a constant. Elsewhere the limit is a variable that is loaded at function entry and again
//! after everything that may grow a memory: `memory.grow` and calls.

use crate::instance::MemoryPlan;
use crate::module::MemoryIndex;
use crate::target::Arch;
use crate::translate::code::{CodeBuilder, Region};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, condcodes::IntCC, types};
use cranelift_frontend::Variable;
use saggar_abi::layout;
use saggar_abi::trap::Code;

/// What a function knows of one memory.
pub(crate) struct MemoryAccess {
    memory: MemoryIndex,
    /// Current size in bytes as a 64-bit value, where it may change.
    limit: Option<Variable>,
}

/// A checked address: `address + offset` may be accessed with the size that was checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    pub(crate) address: Value,
    pub(crate) offset: i32,
    pub(crate) flags: MemFlagsData,
}

impl MemoryAccess {
    /// Prepares a memory at function entry.
    pub(crate) fn new(code: &mut CodeBuilder<'_, '_>, memory: MemoryIndex) -> MemoryAccess {
        let limit = (!code.env.memories[memory.index()].fixed).then(|| code.builder.declare_var(types::I64));
        let access = MemoryAccess { memory, limit };
        access.reload(code);
        access
    }

    /// Loads the limit again, after something that may have grown the memory.
    pub(crate) fn reload(&self, code: &mut CodeBuilder<'_, '_>) {
        if crate::fault::active!(code.env.options, LimitNotReloaded) && code.entered {
            return;
        }
        if let Some(variable) = self.limit {
            let limit = size_bytes(code, self.memory);
            code.builder.def_var(variable, limit);
        }
    }

    /// Checks an access of `size` bytes at `index + offset`; the code after it may rely on the check.
    pub(crate) fn check(&self, code: &mut CodeBuilder<'_, '_>, index: Value, offset: u64, size: u32) -> Checked {
        let mut reach = offset + u64::from(size);
        if crate::fault::active!(code.env.options, BoundOffByOne) {
            reach -= 1;
        }
        if crate::fault::active!(code.env.options, OffsetIgnored) {
            reach = u64::from(size);
        }
        let plan = &code.env.memories[self.memory.index()];
        self.trap_beyond(code, plan, index, reach);
        let base = base(code, self.memory);
        let wide = if crate::fault::active!(code.env.options, SignExtendedIndex) {
            code.builder.ins().sextend(types::I64, index)
        } else {
            code.builder.ins().uextend(types::I64, index)
        };
        let mut address = code.builder.ins().iadd(base, wide);
        let offset = i32::try_from(offset).unwrap_or_else(|_| {
            address = code.builder.ins().iadd_imm_s(address, offset.cast_signed());
            0
        });
        let flags = code.flags(Region::Memory(self.memory)).with_endianness(cranelift_codegen::ir::Endianness::Little);
        Checked { address, offset, flags }
    }

    /// Checks a range of `bytes` bytes (an `i32`) at `start` (an `i32`) and gives its address: what bulk operations need.
    pub(crate) fn check_range(&self, code: &mut CodeBuilder<'_, '_>, start: Value, bytes: Value) -> Value {
        let start = code.builder.ins().uextend(types::I64, start);
        let bytes = code.builder.ins().uextend(types::I64, bytes);
        let end = code.builder.ins().iadd(start, bytes);
        let limit = self.limit_value(code);
        if !crate::fault::active!(code.env.options, BulkUnchecked) {
            let beyond = code.builder.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
            code.trap_if(beyond, Code::MemoryOutOfBounds);
        }
        let base = base(code, self.memory);
        code.builder.ins().iadd(base, start)
    }

    /// Current size in bytes, 64 bits.
    pub(crate) fn limit_value(&self, code: &mut CodeBuilder<'_, '_>) -> Value {
        match self.limit {
            Some(variable) => code.builder.use_var(variable),
            None => {
                let bytes = code.env.memories[self.memory.index()].minimum_bytes;
                code.builder.ins().iconst(types::I64, bytes.cast_signed())
            }
        }
    }

    fn trap_beyond(&self, code: &mut CodeBuilder<'_, '_>, plan: &MemoryPlan, index: Value, reach: u64) {
        if reach > plan.assured_bytes {
            if self.limit.is_none() {
                let always = code.builder.ins().iconst(types::I8, 1);
                code.trap_if(always, Code::MemoryOutOfBounds);
                return;
            }
            let index = code.builder.ins().uextend(types::I64, index);
            let end = code.builder.ins().iadd_imm_s(index, reach.cast_signed());
            let limit = self.limit_value(code);
            let beyond = code.builder.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
            code.trap_if(beyond, Code::MemoryOutOfBounds);
            return;
        }
        // An index known here needs no check where the memory can never be smaller.
        if let Some(known) = code.constant_i32(index)
            && u64::from(known) + reach <= plan.assured_bytes
        {
            return;
        }
        // 64-bit comparisons are the cheap ones on riscv64, whose 32-bit ones extend both operands first.
        let narrow = code.env.target.arch() != Arch::Riscv64;
        let last = match self.limit {
            None => {
                let last = plan.assured_bytes - reach;
                if narrow {
                    code.builder.ins().iconst(types::I32, i64::from(u32::try_from(last).unwrap_or(u32::MAX)))
                } else {
                    code.builder.ins().iconst(types::I64, last.cast_signed())
                }
            }
            Some(variable) => {
                let limit = code.builder.use_var(variable);
                let last = code.builder.ins().iadd_imm_s(limit, -reach.cast_signed());
                if narrow { code.builder.ins().ireduce(types::I32, last) } else { last }
            }
        };
        let index = if narrow { index } else { code.builder.ins().uextend(types::I64, index) };
        let signed = crate::fault::active!(code.env.options, SignExtendedIndex);
        let greater = if signed { IntCC::SignedGreaterThan } else { IntCC::UnsignedGreaterThan };
        let beyond = code.builder.ins().icmp(greater, index, last);
        code.trap_if(beyond, Code::MemoryOutOfBounds);
    }
}

/// Address of byte 0. It never changes while guest code runs.
pub(crate) fn base(code: &mut CodeBuilder<'_, '_>, memory: MemoryIndex) -> Value {
    if code.env.memories[memory.index()].slot.is_none() {
        return code.address_of(crate::symbol::Symbol::Memory(memory));
    }
    let record = code.memory_record(memory);
    code.load_constant_field(record, layout::memory::BASE)
}

/// Loads the current size in bytes.
fn size_bytes(code: &mut CodeBuilder<'_, '_>, memory: MemoryIndex) -> Value {
    let record = code.memory_record(memory);
    code.load_field(record, layout::memory::SIZE_BYTES, Region::Sizes)
}
