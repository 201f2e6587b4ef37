//! Instantiation (spec section 4.5.4), as code that the runtime library runs inside an activation.
//!
//! The order: who is imported must be instantiated; slots are filled; limits of imported memories and tables are
//! checked, before anything is written; then memories, globals, tables, element segments, data segments, start. It can be
//! run again at any time when nobody is inside: everything is then as new.

use super::bulk::is_evaluated;
use super::code::{CodeBuilder, Region, c_signature};
use crate::bounds::MemoryAccess;
use crate::instance::{Env, GlobalPlan};
use crate::interface::{Provider, ValueType};
use crate::module::{ConstExpr, ConstOp, ElementItem, GlobalIndex, MemoryIndex, SegmentMode, TableIndex};
use crate::symbol::{Runtime, Symbol};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Function, InstBuilder, MemFlagsData, SourceLoc, UserFuncName, Value, types};
use cranelift_frontend::FunctionBuilderContext;
use saggar_abi::layout;
use saggar_abi::trap::Code;
use std::collections::BTreeSet;

/// Builds the function. It has the C convention and one parameter that it ignores.
pub(super) fn body(env: &Env<'_, '_>, context: &mut FunctionBuilderContext) -> Function {
    let name = UserFuncName::User(Symbol::InstantiateBody.name());
    let mut out = Function::with_name_signature(name, c_signature(&[env.pointer()], &[]));
    let mut code = CodeBuilder::new(env, &mut out, context);
    super::glue::start(&mut code);
    code.check_stack(0);
    code.instantiating = true;
    check_dependencies(&mut code);
    fill_slots(&mut code);
    if !crate::fault::active!(env.options, LimitsUnchecked) {
        check_limits(&mut code);
    }
    reset_memories(&mut code);
    initialise_globals(&mut code);
    reset_tables(&mut code);
    clear_dropped(&mut code);
    let mut steps: Vec<fn(&mut CodeBuilder<'_, '_>)> = vec![write_elements, write_data];
    if crate::fault::active!(env.options, SegmentsReversed) {
        steps.reverse();
    }
    for step in steps {
        step(&mut code);
    }
    if let Some((start, offset)) = env.module.start {
        set_place(&mut code, offset);
        code.call_function(start, &[]);
    }
    code.builder.ins().return_(&[]);
    code.finish();
    out
}

fn set_place(code: &mut CodeBuilder<'_, '_>, wasm_offset: usize) {
    code.builder.set_srcloc(SourceLoc::new(u32::try_from(wasm_offset).unwrap_or(u32::MAX)));
}

/// Modules whose things are imported must be instantiated.
fn check_dependencies(code: &mut CodeBuilder<'_, '_>) {
    let mut seen = BTreeSet::new();
    for (position, import) in (0..).zip(&code.env.module.imports) {
        if code.env.providers[position as usize] != Provider::Domain || !seen.insert(import.module.as_str()) {
            continue;
        }
        set_place(code, import.wasm_offset);
        let state = code.address_of(Symbol::StateOf(position));
        let flags = code.flags(Region::State).with_aligned();
        let instantiated = code.builder.ins().load(types::I32, flags, state, layout::state::INSTANTIATED.cast_signed());
        code.trap_unless(instantiated, Code::NotInstantiated);
    }
}

fn fill_slots(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    let memories = env.module.memories.iter().zip(&env.memories).map(|(decl, plan)| (decl.import, plan.slot));
    let tables = env.module.tables.iter().zip(&env.tables).map(|(decl, plan)| (decl.import, plan.slot));
    let globals = env.module.globals.iter().zip(&env.globals).map(|(decl, plan)| match plan {
        GlobalPlan::Slot(slot) => (decl.import, Some(*slot)),
        _ => (None, None),
    });
    for (import, slot) in memories.chain(tables).chain(globals) {
        let (Some(import), Some(slot)) = (import, slot) else { continue };
        let cell = code.address_of(Symbol::Cell(u32::try_from(import).unwrap_or(u32::MAX)));
        let pointer = env.pointer();
        let thing = code.call_runtime(Runtime::Resolve, &[cell], &[pointer])[0];
        let slots = code.address_of(Symbol::Slots);
        let offset = slot * env.target.pointer_bytes();
        code.builder.ins().store(MemFlagsData::trusted(), thing, slots, offset.cast_signed());
    }
}

/// Imported memories and tables must be at least as large as declared, and their maximum no greater (spec section 3.4.6).
fn check_limits(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    for (decl, plan) in env.module.memories.iter().zip(&env.memories) {
        let (Some(import), Some(slot)) = (decl.import, plan.slot) else { continue };
        set_place(code, env.module.imports[import].wasm_offset);
        let record = load_filled_slot(code, slot);
        let bytes = code.load_field(record, layout::memory::SIZE_BYTES, Region::Sizes);
        let maximum = code.load_field(record, layout::memory::MAX_PAGES, Region::Sizes);
        check_limit(code, bytes, plan.minimum_bytes, maximum, decl.ty.maximum_pages);
    }
    for (decl, plan) in env.module.tables.iter().zip(&env.tables) {
        let (Some(import), Some(slot)) = (decl.import, plan.slot) else { continue };
        set_place(code, env.module.imports[import].wasm_offset);
        let record = load_filled_slot(code, slot);
        let size = code.load_field(record, layout::table::SIZE, Region::Sizes);
        let maximum = code.load_field(record, layout::table::MAX, Region::Sizes);
        check_limit(code, size, plan.minimum, maximum, decl.ty.maximum);
    }
}

fn check_limit(code: &mut CodeBuilder<'_, '_>, size: Value, minimum: u64, maximum: Value, declared: Option<u64>) {
    let small = code.builder.ins().icmp_imm_s(IntCC::UnsignedLessThan, size, minimum.cast_signed());
    code.trap_if(small, Code::Unlinkable);
    if let Some(declared) = declared {
        // No maximum at all is all ones, and so greater than any.
        let large = code.builder.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, maximum, declared.cast_signed());
        code.trap_if(large, Code::Unlinkable);
    }
}

/// A slot in this function, which fills them: not a constant here.
fn load_filled_slot(code: &mut CodeBuilder<'_, '_>, slot: u32) -> Value {
    let slots = code.address_of(Symbol::Slots);
    let offset = slot * code.env.target.pointer_bytes();
    let pointer = code.env.pointer();
    code.builder.ins().load(pointer, MemFlagsData::trusted(), slots, offset.cast_signed())
}

fn reset_memories(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    for (index, (decl, plan)) in (0..).zip(env.module.memories.iter().zip(&env.memories)) {
        if plan.slot.is_some() {
            continue;
        }
        let index = MemoryIndex(index);
        let record = code.address_of(Symbol::MemoryRecord(index));
        let base = code.address_of(Symbol::Memory(index));
        // What was never part of the memory was never written: it is zero still.
        if !crate::fault::active!(env.options, MemoryNotReset) {
            let used = code.load_field(record, layout::memory::SIZE_BYTES, Region::Sizes);
            let zero = code.builder.ins().iconst(types::I32, 0);
            code.call_bulk(Runtime::Fill, &[base, zero, used]);
        }
        let fields = [
            (layout::memory::SIZE_BYTES, plan.minimum_bytes),
            (layout::memory::RESERVE_BYTES, plan.reserve_bytes),
            (layout::memory::MAX_PAGES, decl.ty.maximum_pages.unwrap_or(u64::MAX)),
            (layout::memory::PAGE_BYTES_LOG2, u64::from(decl.ty.page_bytes_log2)),
        ];
        code.store_field(record, layout::memory::BASE, base, Region::Sizes);
        for (field, value) in fields {
            let value = code.builder.ins().iconst(env.pointer(), value.cast_signed());
            code.store_field(record, field, value, Region::Sizes);
        }
    }
}

fn reset_tables(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    for (index, (decl, plan)) in (0..).zip(env.module.tables.iter().zip(&env.tables)) {
        if plan.slot.is_some() {
            continue;
        }
        let index = TableIndex(index);
        let record = code.address_of(Symbol::TableRecord(index));
        let base = code.address_of(Symbol::Table(index));
        let used = code.load_field(record, layout::table::SIZE, Region::Sizes);
        let null = code.builder.ins().iconst(env.pointer(), 0);
        code.call_bulk(Runtime::TableFill, &[base, null, used]);
        let fields = [
            (layout::table::SIZE, plan.minimum),
            (layout::table::RESERVE, plan.reserve),
            (layout::table::MAX, decl.ty.maximum.unwrap_or(u64::MAX)),
        ];
        code.store_field(record, layout::table::BASE, base, Region::Sizes);
        for (field, value) in fields {
            let value = code.builder.ins().iconst(env.pointer(), value.cast_signed());
            code.store_field(record, field, value, Region::Sizes);
        }
    }
}

fn initialise_globals(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    if crate::fault::active!(env.options, GlobalsNotReset) {
        return initialise_globals_once(code);
    }
    for (index, decl) in (0..).zip(&env.module.globals) {
        let Some(init) = &decl.init else { continue };
        set_place(code, init.wasm_offset);
        let values = evaluate(code, init, decl.ty.value);
        let offset = env.global_offset(GlobalIndex(index)).unwrap_or(0);
        let address = code.address_of_offset(Symbol::Globals, i64::from(offset));
        code.store_parts(MemFlagsData::trusted(), &values, address, 0);
    }
}

/// For the seeded fault: mutable globals are written only where they are zero.
fn initialise_globals_once(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    for (index, decl) in (0..).zip(&env.module.globals) {
        let Some(init) = &decl.init else { continue };
        let [ty] = *env.clif_types(decl.ty.value) else { continue };
        let value = evaluate(code, init, decl.ty.value)[0];
        let offset = env.global_offset(GlobalIndex(index)).unwrap_or(0);
        let address = code.address_of_offset(Symbol::Globals, i64::from(offset));
        let bits = if ty.bytes() == 4 { types::I32 } else { types::I64 };
        let old_bits = code.builder.ins().load(bits, MemFlagsData::trusted(), address, 0);
        let old = code.builder.ins().load(ty, MemFlagsData::trusted(), address, 0);
        let kept = code.builder.ins().select(old_bits, old, value);
        code.builder.ins().store(MemFlagsData::trusted(), kept, address, 0);
    }
}

/// Evaluates a constant expression to the values that a wasm value of this type is.
fn evaluate(code: &mut CodeBuilder<'_, '_>, expr: &ConstExpr, ty: ValueType) -> Vec<Value> {
    use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
    let mut stack: Vec<Value> = Vec::new();
    for op in &expr.ops {
        let value = match op {
            ConstOp::V128(bytes) => {
                stack.extend(code.v128_constant(*bytes));
                continue;
            }
            ConstOp::Global(global) => {
                stack.extend(read_global(code, *global));
                continue;
            }
            ConstOp::I32(value) => code.builder.ins().iconst(types::I32, i64::from(value.cast_unsigned())),
            ConstOp::I64(value) => code.builder.ins().iconst(types::I64, *value),
            ConstOp::F32(bits) => code.builder.ins().f32const(Ieee32::with_bits(*bits)),
            ConstOp::F64(bits) => code.builder.ins().f64const(Ieee64::with_bits(*bits)),
            ConstOp::Null => code.builder.ins().iconst(code.env.clif_types(ty)[0], 0),
            ConstOp::Func(func) => code.address_of(Symbol::Record(*func)),
            ConstOp::I32Add | ConstOp::I64Add | ConstOp::I32Sub | ConstOp::I64Sub | ConstOp::I32Mul | ConstOp::I64Mul => {
                let right = stack.pop().expect("validated: a binary operator has operands");
                let left = stack.pop().expect("validated: a binary operator has operands");
                let ins = code.builder.ins();
                match op {
                    ConstOp::I32Add | ConstOp::I64Add => ins.iadd(left, right),
                    ConstOp::I32Sub | ConstOp::I64Sub => ins.isub(left, right),
                    _ => ins.imul(left, right),
                }
            }
        };
        stack.push(value);
    }
    stack
}

/// Reads a global here, where slots and storage are being written.
fn read_global(code: &mut CodeBuilder<'_, '_>, global: GlobalIndex) -> Vec<Value> {
    let types = code.env.clif_types(code.env.module.globals[global.index()].ty.value);
    let address = match code.env.globals[global.index()] {
        GlobalPlan::Slot(slot) => load_filled_slot(code, slot),
        GlobalPlan::Own(offset) | GlobalPlan::Literal(_, offset) => code.address_of_offset(Symbol::Globals, i64::from(offset)),
    };
    code.load_parts(MemFlagsData::trusted(), address, 0, types)
}

fn clear_dropped(code: &mut CodeBuilder<'_, '_>) {
    let flags = code.env.module.data.len() + code.env.module.elements.len();
    if flags == 0 {
        return;
    }
    let state = code.address_of_offset(Symbol::State, i64::from(layout::state::DROPPED));
    let zero = code.builder.ins().iconst(types::I32, 0);
    let bytes = code.builder.ins().iconst(code.env.pointer(), i64::try_from(flags).unwrap_or(i64::MAX));
    code.call_bulk(Runtime::Fill, &[state, zero, bytes]);
}

fn write_elements(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    for (index, segment) in (0..).zip(&env.module.elements) {
        set_place(code, segment.wasm_offset);
        if is_evaluated(segment) {
            evaluate_elements(code, index, &segment.items);
        }
    }
    for (index, segment) in (0..).zip(&env.module.elements) {
        set_place(code, segment.wasm_offset);
        match &segment.mode {
            SegmentMode::Passive => continue,
            SegmentMode::Declared => {}
            SegmentMode::Active { target, offset } => {
                let to = evaluate(code, offset, ValueType::I32)[0];
                let to = code.builder.ins().uextend(types::I64, to);
                let from = code.builder.ins().iconst(types::I64, 0);
                let count = code.builder.ins().iconst(types::I64, i64::try_from(segment.items.len()).unwrap_or(i64::MAX));
                code.table_init(index, *target, to, from, count);
            }
        }
        code.drop_elements(index);
    }
}

fn evaluate_elements(code: &mut CodeBuilder<'_, '_>, segment: u32, items: &[ElementItem]) {
    let pointer = code.env.pointer();
    for (position, item) in items.iter().enumerate() {
        let value = match item {
            ElementItem::Null => code.builder.ins().iconst(pointer, 0),
            ElementItem::Func(func) => code.address_of(Symbol::Record(*func)),
            ElementItem::Global(global) => read_global(code, *global)[0],
        };
        let words = code.address_of(Symbol::ElementWords(segment));
        let offset = i32::try_from(position * pointer.bytes() as usize).unwrap_or(i32::MAX);
        code.builder.ins().store(MemFlagsData::trusted(), value, words, offset);
    }
}

fn write_data(code: &mut CodeBuilder<'_, '_>) {
    let env = code.env;
    for (index, segment) in (0..).zip(&env.module.data) {
        let SegmentMode::Active { target, offset } = &segment.mode else { continue };
        set_place(code, segment.wasm_offset);
        let to = evaluate(code, offset, ValueType::I32)[0];
        let length = i64::try_from(segment.bytes.len()).unwrap_or(i64::MAX);
        let count = code.builder.ins().iconst(types::I32, length);
        let memory = MemoryAccess::new(code, *target);
        let to = memory.check_range(code, to, count);
        let from = code.address_of(Symbol::Data(index));
        let bytes = code.builder.ins().iconst(env.pointer(), length);
        code.call_bulk(Runtime::Copy, &[to, from, bytes]);
        code.drop_data(index);
    }
}
