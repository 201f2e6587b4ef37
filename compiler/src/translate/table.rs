//! Tables (spec section 4.4.6). An element is a pointer-sized word.

use super::Translator;
use super::code::{CodeBuilder, Region};
use crate::module::TableIndex;
use crate::symbol::{Runtime, Symbol};
use crate::target::Arch;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use saggar_abi::layout;
use saggar_abi::trap::Code;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn table(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::TableGet { table } => {
                let index = self.pop();
                let address = self.code.table_element(TableIndex(*table), index, Code::TableOutOfBounds);
                let flags = self.code.flags(Region::Tables).with_aligned();
                let pointer = self.code.env.pointer();
                let value = self.code.builder.ins().load(pointer, flags, address, 0);
                self.push(value);
            }
            O::TableSet { table } => {
                let (index, value) = self.pop2();
                let address = self.code.table_element(TableIndex(*table), index, Code::TableOutOfBounds);
                let flags = self.code.flags(Region::Tables).with_aligned();
                self.code.builder.ins().store(flags, value, address, 0);
            }
            O::TableSize { table } => {
                let size = self.code.table_size(TableIndex(*table));
                let size = self.code.builder.ins().ireduce(types::I32, size);
                self.push(size);
            }
            O::TableGrow { table } => {
                let (value, delta) = self.pop2();
                let record = self.code.table_record(TableIndex(*table));
                let delta = self.code.builder.ins().uextend(types::I64, delta);
                let old = self.code.call_grow(Runtime::TableGrow, &[record, delta, value]);
                self.code.meter_growth(old, delta);
                let old = self.code.builder.ins().ireduce(types::I32, old);
                self.push(old);
            }
            O::TableFill { table } => {
                let (start, value, count) = self.pop3();
                let (start, count) = (self.widen(start), self.widen(count));
                let to = self.code.table_range(TableIndex(*table), start, count);
                self.code.meter_length(count);
                let count = self.code.pointer_sized(count);
                self.code.call_bulk(Runtime::TableFill, &[to, value, count]);
            }
            _ => return false,
        }
        true
    }

    /// An `i32` as an unsigned 64-bit value.
    pub(super) fn widen(&mut self, value: Value) -> Value {
        self.code.builder.ins().uextend(types::I64, value)
    }
}

impl CodeBuilder<'_, '_> {
    /// Current number of elements, as 64 bits.
    pub(crate) fn table_size(&mut self, table: TableIndex) -> Value {
        let plan = &self.env.tables[table.index()];
        if plan.fixed {
            return self.builder.ins().iconst(types::I64, plan.minimum.cast_signed());
        }
        let record = self.table_record(table);
        self.load_field(record, layout::table::SIZE, Region::Sizes)
    }

    /// Address of element 0.
    pub(crate) fn table_base(&mut self, table: TableIndex) -> Value {
        if self.env.tables[table.index()].slot.is_none() {
            return self.address_of(Symbol::Table(table));
        }
        let record = self.table_record(table);
        self.load_constant_field(record, layout::table::BASE)
    }

    /// Checks an index (an `i32`) and gives the element's address.
    pub(crate) fn table_element(&mut self, table: TableIndex, index: Value, beyond: Code) -> Value {
        let unchecked = crate::fault::active!(self.env.options, TableIndexUnchecked) && beyond == Code::UndefinedElement;
        if !unchecked {
            let outside = self.outside_table(table, index);
            self.trap_if(outside, beyond);
        }
        let index = self.builder.ins().uextend(types::I64, index);
        let base = self.table_base(table);
        let bytes = self.words_to_bytes(index);
        self.builder.ins().iadd(base, bytes)
    }

    /// Whether an index (an `i32`) is beyond the table.
    fn outside_table(&mut self, table: TableIndex, index: Value) -> Value {
        let plan = &self.env.tables[table.index()];
        // A known size is compared in 32 bits, where that is the cheap way and the size fits.
        if plan.fixed && self.env.target.arch() != Arch::Riscv64 && plan.minimum <= u64::from(u32::MAX) {
            let size = self.builder.ins().iconst(types::I32, plan.minimum.cast_signed());
            return self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, size);
        }
        let size = self.table_size(table);
        let index = self.builder.ins().uextend(types::I64, index);
        self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, size)
    }

    /// Checks `count` elements from `start` (both 64 bits, from `i32`) and gives the first one's address.
    pub(crate) fn table_range(&mut self, table: TableIndex, start: Value, count: Value) -> Value {
        let end = self.builder.ins().iadd(start, count);
        let size = self.table_size(table);
        let outside = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, end, size);
        self.trap_if(outside, Code::TableOutOfBounds);
        let base = self.table_base(table);
        let bytes = self.words_to_bytes(start);
        self.builder.ins().iadd(base, bytes)
    }

    /// A number of words as bytes.
    pub(crate) fn words_to_bytes(&mut self, words: Value) -> Value {
        let log2 = i64::from(self.env.target.pointer_bytes().trailing_zeros());
        self.builder.ins().ishl_imm_u(words, log2)
    }

    /// A 64-bit value as a pointer-sized one.
    pub(crate) fn pointer_sized(&mut self, value: Value) -> Value {
        let pointer = self.env.pointer();
        if pointer == types::I64 { value } else { self.builder.ins().ireduce(pointer, value) }
    }
}
