//! What operators cost that work on many bytes or elements: the part of the instrumentation that looks at operands.
//!
//! Bounds are checked here once more, in 64 bits, because the charge is due between the check of the operator itself and its first
//! write. Where a range is out of bounds nothing is charged, and the operator then traps by itself.

use super::instrument::Meter;
use wasm_encoder::reencode::Reencode as _;
use wasm_encoder::{BlockType, Function, Instruction, RefType, ValType};
use wasmparser::Operator;

/// Locals that a body with such operators gets behind its own: three operands or results, a number of units, and one reference of
/// each kind.
pub(super) const SCRATCH: [(u32, ValType); 4] =
    [(4, ValType::I32), (1, ValType::I64), (1, ValType::Ref(RefType::FUNCREF)), (1, ValType::Ref(RefType::EXTERNREF))];

/// Whether an operator needs more than to be copied.
pub(super) fn is_bulk(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. }
            | Operator::MemoryInit { .. }
            | Operator::TableCopy { .. }
            | Operator::TableFill { .. }
            | Operator::TableInit { .. }
            | Operator::MemoryGrow { .. }
            | Operator::TableGrow { .. }
            | Operator::DataDrop { .. }
            | Operator::ElemDrop { .. }
    )
}

/// The length of what a range must lie in.
#[derive(Clone, Copy)]
enum Limit {
    Memory(u32),
    Table(u32),
    /// A segment of this length, unless this global says that it is dropped.
    Segment(u64, u32),
}

/// The writing of one operator.
struct Writer<'w> {
    meter: &'w Meter,
    code: &'w mut Function,
    /// First of the scratch locals.
    first: u32,
    offset: u32,
}

/// Writes such an operator with its charge; `first` is the first of the scratch locals.
pub(super) fn write(meter: &mut Meter, code: &mut Function, operator: &Operator<'_>, first: u32, offset: u32) {
    use Limit::{Memory, Segment, Table};
    // These operators hold indices only, none of which changes.
    let Ok(same) = meter.instruction(operator.clone()) else { return };
    let mut writer = Writer { meter, code, first, offset };
    let facts = &writer.meter.facts;
    match *operator {
        Operator::MemoryFill { mem } => writer.operation(&[Memory(mem)], ValType::I32, &same),
        Operator::MemoryCopy { dst_mem, src_mem } => writer.operation(&[Memory(dst_mem), Memory(src_mem)], ValType::I32, &same),
        Operator::MemoryInit { data_index, mem } => {
            let length = facts.data.get(data_index as usize).map_or(0, |segment| segment.length);
            let segment = Segment(length, writer.meter.data_dropped(data_index));
            writer.operation(&[Memory(mem), segment], ValType::I32, &same);
        }
        Operator::TableFill { table } => writer.operation(&[Table(table)], writer.element(table), &same),
        Operator::TableCopy { dst_table, src_table } => {
            writer.operation(&[Table(dst_table), Table(src_table)], ValType::I32, &same);
        }
        Operator::TableInit { elem_index, table } => {
            let length = facts.elements.get(elem_index as usize).map_or(0, |segment| segment.length);
            let segment = Segment(length, writer.meter.elements_dropped(elem_index));
            writer.operation(&[Table(table), segment], ValType::I32, &same);
        }
        Operator::MemoryGrow { mem } => {
            let shift = facts.page_bytes_log2(mem);
            writer.growth(shift, &same);
        }
        Operator::TableGrow { .. } => writer.growth(0, &same),
        Operator::DataDrop { data_index } => writer.drop(writer.meter.data_dropped(data_index), &same),
        Operator::ElemDrop { elem_index } => writer.drop(writer.meter.elements_dropped(elem_index), &same),
        _ => {
            writer.code.instruction(&same);
        }
    }
}

impl Writer<'_> {
    fn put(&mut self, instructions: &[Instruction<'_>]) {
        for instruction in instructions {
            self.code.instruction(instruction);
        }
    }

    /// Where an operation begins to write.
    fn to(&self) -> u32 {
        self.first
    }

    /// Where it begins to read, or the byte that it writes.
    fn from(&self) -> u32 {
        self.first + 1
    }

    fn length(&self) -> u32 {
        self.first + 2
    }

    fn old_size(&self) -> u32 {
        self.first + 3
    }

    fn units(&self) -> u32 {
        self.first + 4
    }

    /// The local for a value of a type: the one from which is read, or one for a reference.
    fn value(&self, ty: ValType) -> u32 {
        match ty {
            ValType::Ref(RefType::FUNCREF) => self.first + 5,
            ValType::Ref(_) => self.first + 6,
            _ => self.from(),
        }
    }

    fn element(&self, table: u32) -> ValType {
        let ty = self.meter.facts.tables.get(table as usize);
        ty.map_or(ValType::I32, |ty| if ty.is_func_ref() { RefType::FUNCREF.into() } else { RefType::EXTERNREF.into() })
    }

    /// An operation on a range from `to`, or on two, from `to` and `from`, of the same length.
    fn operation(&mut self, ranges: &[Limit], middle: ValType, same: &Instruction<'_>) {
        let (to, value, length, units) = (self.to(), self.value(middle), self.length(), self.units());
        self.put(&[Instruction::LocalSet(length), Instruction::LocalSet(value), Instruction::LocalSet(to)]);
        for (range, start) in ranges.iter().zip([to, self.from()]) {
            self.put(&[
                Instruction::LocalGet(start),
                Instruction::I64ExtendI32U,
                Instruction::LocalGet(length),
                Instruction::I64ExtendI32U,
                Instruction::I64Add,
            ]);
            self.limit(*range);
            self.put(&[Instruction::I64LeU]);
        }
        if ranges.len() == 2 {
            self.put(&[Instruction::I32And]);
        }
        self.put(&[Instruction::If(BlockType::Empty), Instruction::LocalGet(length), Instruction::I64ExtendI32U]);
        self.put(&[Instruction::I64Const(6), Instruction::I64ShrU, Instruction::LocalSet(units)]);
        self.meter.charge(self.code, &Instruction::LocalGet(units), self.offset);
        self.put(&[Instruction::End]);
        self.put(&[Instruction::LocalGet(to), Instruction::LocalGet(value), Instruction::LocalGet(length), same.clone()]);
    }

    fn limit(&mut self, limit: Limit) {
        match limit {
            Limit::Memory(index) => {
                let shift = i64::from(self.meter.facts.page_bytes_log2(index));
                self.put(&[Instruction::MemorySize(index), Instruction::I64ExtendI32U]);
                self.put(&[Instruction::I64Const(shift), Instruction::I64Shl]);
            }
            Limit::Table(index) => self.put(&[Instruction::TableSize(index), Instruction::I64ExtendI32U]),
            Limit::Segment(length, dropped) => {
                self.put(&[Instruction::I64Const(0), Instruction::I64Const(length.cast_signed())]);
                self.put(&[Instruction::GlobalGet(dropped), Instruction::Select]);
            }
        }
    }

    /// A growth by pages of `1 << shift` bytes, or by elements.
    fn growth(&mut self, shift: u32, same: &Instruction<'_>) {
        let (length, old, units) = (self.length(), self.old_size(), self.units());
        self.put(&[Instruction::LocalTee(length), same.clone(), Instruction::LocalTee(old)]);
        self.put(&[Instruction::I32Const(-1), Instruction::I32Ne, Instruction::If(BlockType::Empty)]);
        self.put(&[Instruction::LocalGet(length), Instruction::I64ExtendI32U]);
        self.put(&[Instruction::I64Const(shift.into()), Instruction::I64Shl]);
        self.put(&[Instruction::I64Const(6), Instruction::I64ShrU, Instruction::LocalSet(units)]);
        self.meter.charge(self.code, &Instruction::LocalGet(units), self.offset);
        self.put(&[Instruction::End, Instruction::LocalGet(old)]);
    }

    fn drop(&mut self, dropped: u32, same: &Instruction<'_>) {
        self.put(&[Instruction::I32Const(1), Instruction::GlobalSet(dropped), same.clone()]);
    }
}
