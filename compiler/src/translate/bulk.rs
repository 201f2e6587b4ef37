//! Bulk operations on memories, tables and segments (spec sections 4.4.6 and 4.4.7).
//!
//! All of a range is checked before anything of it is written. The work itself is the runtime library's.

use super::Translator;
use super::code::{CodeBuilder, Region};
use crate::module::{ElementItem, ElementSegment, MemoryIndex, TableIndex};
use crate::symbol::{Runtime, Symbol};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use saggar_abi::layout;
use saggar_abi::trap::Code;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn bulk(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::MemoryCopy { dst_mem, src_mem } => self.memory_copy(MemoryIndex(*dst_mem), MemoryIndex(*src_mem)),
            O::MemoryFill { mem } => self.memory_fill(MemoryIndex(*mem)),
            O::MemoryInit { data_index, mem } => self.memory_init(*data_index, MemoryIndex(*mem)),
            O::DataDrop { data_index } => {
                if !crate::fault::active!(self.code.env.options, DataNotDropped) {
                    self.code.drop_data(*data_index);
                }
            }
            O::TableCopy { dst_table, src_table } => self.table_copy(TableIndex(*dst_table), TableIndex(*src_table)),
            O::TableInit { elem_index, table } => {
                let (to, from, count) = self.pop3();
                let (to, from, count) = (self.widen(to), self.widen(from), self.widen(count));
                self.code.table_init(*elem_index, TableIndex(*table), to, from, count);
            }
            O::ElemDrop { elem_index } => {
                if !crate::fault::active!(self.code.env.options, ElementsNotDropped) {
                    self.code.drop_elements(*elem_index);
                }
            }
            _ => return false,
        }
        true
    }

    fn memory_copy(&mut self, to_memory: MemoryIndex, from_memory: MemoryIndex) {
        let (to, from, bytes) = self.pop3();
        let to = self.memories[to_memory.index()].check_range(&mut self.code, to, bytes);
        let from = self.memories[from_memory.index()].check_range(&mut self.code, from, bytes);
        let bytes = self.widen(bytes);
        self.code.meter_length(bytes);
        let bytes = self.code.pointer_sized(bytes);
        self.code.call_bulk(Runtime::Copy, &[to, from, bytes]);
    }

    fn memory_fill(&mut self, memory: MemoryIndex) {
        let (to, byte, bytes) = self.pop3();
        let to = self.memories[memory.index()].check_range(&mut self.code, to, bytes);
        let bytes = self.widen(bytes);
        self.code.meter_length(bytes);
        let bytes = self.code.pointer_sized(bytes);
        self.code.call_bulk(Runtime::Fill, &[to, byte, bytes]);
    }

    fn memory_init(&mut self, segment: u32, memory: MemoryIndex) {
        let (to, from, bytes) = self.pop3();
        let to = self.memories[memory.index()].check_range(&mut self.code, to, bytes);
        let (from, bytes) = (self.widen(from), self.widen(bytes));
        let from = self.code.data_range(segment, from, bytes);
        self.code.meter_length(bytes);
        let bytes = self.code.pointer_sized(bytes);
        self.code.call_bulk(Runtime::Copy, &[to, from, bytes]);
    }

    fn table_copy(&mut self, to_table: TableIndex, from_table: TableIndex) {
        let (to, from, count) = self.pop3();
        let (to, from, count) = (self.widen(to), self.widen(from), self.widen(count));
        let to = self.code.table_range(to_table, to, count);
        let from = self.code.table_range(from_table, from, count);
        self.code.meter_length(count);
        let bytes = self.code.words_to_bytes(count);
        let bytes = self.code.pointer_sized(bytes);
        self.code.call_bulk(Runtime::Copy, &[to, from, bytes]);
    }
}

/// Whether a segment holds values that only instantiation knows.
pub(crate) fn is_evaluated(segment: &ElementSegment) -> bool {
    segment.items.iter().any(|item| matches!(item, ElementItem::Global(_)))
}

impl CodeBuilder<'_, '_> {
    /// Checks `bytes` bytes from `from` of a data segment and gives their address. A dropped segment is empty.
    pub(crate) fn data_range(&mut self, segment: u32, from: Value, bytes: Value) -> Value {
        let length = self.env.module.data[segment as usize].bytes.len();
        let flag = layout::state::DROPPED + segment;
        self.segment_range(flag, length, from, bytes, Code::MemoryOutOfBounds);
        let data = self.address_of(Symbol::Data(segment));
        let from = self.pointer_sized(from);
        self.builder.ins().iadd(data, from)
    }

    /// `table.init`: all operands are 64 bits, from `i32`.
    pub(crate) fn table_init(&mut self, segment: u32, table: TableIndex, to: Value, from: Value, count: Value) {
        let elements = &self.env.module.elements[segment as usize];
        let to = self.table_range(table, to, count);
        self.segment_range(self.elements_flag(segment), elements.items.len(), from, count, Code::TableOutOfBounds);
        self.meter_length(count);
        if is_evaluated(elements) {
            let words = self.address_of(Symbol::ElementWords(segment));
            let (from, bytes) = (self.words_to_bytes(from), self.words_to_bytes(count));
            let (from, bytes) = (self.pointer_sized(from), self.pointer_sized(bytes));
            let from = self.builder.ins().iadd(words, from);
            self.call_bulk(Runtime::Copy, &[to, from, bytes]);
        } else {
            let references = self.address_of(Symbol::Elements(segment));
            let from = self.builder.ins().ishl_imm_u(from, 2);
            let (from, count) = (self.pointer_sized(from), self.pointer_sized(count));
            let from = self.builder.ins().iadd(references, from);
            self.call_bulk(Runtime::TableInit, &[to, from, count]);
        }
    }

    fn segment_range(&mut self, flag: u32, length: usize, from: Value, count: Value, code: Code) {
        let state = self.address_of(Symbol::State);
        let flags = self.flags(Region::State);
        let dropped = self.builder.ins().load(types::I8, flags, state, flag.cast_signed());
        let full = self.builder.ins().iconst(types::I64, i64::try_from(length).unwrap_or(i64::MAX));
        let empty = self.builder.ins().iconst(types::I64, 0);
        let length = self.builder.ins().select(dropped, empty, full);
        let end = self.builder.ins().iadd(from, count);
        let outside = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, end, length);
        self.trap_if(outside, code);
    }

    /// Marks a data segment as dropped.
    pub(crate) fn drop_data(&mut self, segment: u32) {
        self.set_dropped(layout::state::DROPPED + segment);
    }

    /// Marks an element segment as dropped.
    pub(crate) fn drop_elements(&mut self, segment: u32) {
        self.set_dropped(self.elements_flag(segment));
    }

    fn elements_flag(&self, segment: u32) -> u32 {
        layout::state::DROPPED + u32::try_from(self.env.module.data.len()).unwrap_or(u32::MAX) + segment
    }

    fn set_dropped(&mut self, flag: u32) {
        let state = self.address_of(Symbol::State);
        let flags = self.flags(Region::State);
        let one = self.builder.ins().iconst(types::I8, 1);
        self.builder.ins().store(flags, one, state, flag.cast_signed());
    }
}
