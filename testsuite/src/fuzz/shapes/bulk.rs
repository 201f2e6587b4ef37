//! Memories and tables as a whole: growth between accesses, bulk operations that end at the edge, one beyond it,
//! or wrap; segments used after they were dropped.

use super::builder::{Builder, EXTERN_SIZE, PASSIVE_BYTES, PASSIVE_ELEMENTS, TABLE_SIZE, Type};
use super::expression::{EDGES, mask, memarg};
use super::operators::{LOADS, STORES};
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, HeapType, Instruction, RefType, ValType};

/// Pushes a number near a limit, by way of an argument, so that it is no constant for the compiler.
fn near(code: &mut Function, limit: i32, rng: &mut Rng) {
    match rng.u32(0..6) {
        0 => code.instruction(&Instruction::LocalGet(rng.u32(0..3))),
        1 => code.instruction(&Instruction::I32Const(EDGES[rng.usize(0..EDGES.len())])),
        2 | 3 => code.instruction(&Instruction::I32Const(rng.i32(0..limit.max(1)))),
        _ => {
            code.instruction(&Instruction::I32Const(limit + rng.i32(-2..2)));
            code.instruction(&Instruction::LocalGet(rng.u32(0..3)));
            mask(code, 1);
            code.instruction(&Instruction::I32Sub)
        }
    };
}

/// Pushes an address near the end of memory as it is now.
fn near_end(code: &mut Function, rng: &mut Rng) {
    if rng.u32(0..3) == 0 {
        return near(code, 0x1_0000, rng);
    }
    code.instruction(&Instruction::MemorySize(0)).instruction(&Instruction::I32Const(16)).instruction(&Instruction::I32Shl);
    code.instruction(&Instruction::I32Const(rng.i32(-2..400))).instruction(&Instruction::I32Sub);
    code.instruction(&Instruction::LocalGet(rng.u32(0..3)));
    mask(code, 3);
    code.instruction(&Instruction::I32Sub);
}

const PARAMS: [Type; 3] = [Type::I32; 3];

/// Loops that access, grow and access again at the old and the new edge.
pub(super) fn growth(builder: &mut Builder, rng: &mut Rng) {
    for _ in 0..5 {
        let load = &LOADS[rng.usize(0..LOADS.len())];
        let store = &STORES[rng.usize(0..STORES.len())];
        // The loaded value's local comes last.
        let locals = [Type::I32, Type::I32, load.value, store.value];
        builder.function(&PARAMS, &[load.value, Type::I32], &locals, |code| {
            code.instruction(&Instruction::I32Const(rng.i32(1..5))).instruction(&Instruction::LocalSet(3));
            code.instruction(&Instruction::Loop(BlockType::Empty));
            let base = rng.i32(0..8);
            code.instruction(&Instruction::LocalGet(0));
            mask(code, 0x7);
            code.instruction(&Instruction::I32Const(base))
                .instruction(&Instruction::I32Add)
                .instruction(&Instruction::LocalTee(4));
            code.instruction(&Instruction::LocalGet(6)).instruction(&(store.instruction)(memarg(rng.u64(0..16), store, rng)));
            code.instruction(&Instruction::LocalGet(1));
            mask(code, [1, 3, -1][rng.usize(0..3)]);
            code.instruction(&Instruction::MemoryGrow(0)).instruction(&Instruction::Drop);
            near_end(code, rng);
            code.instruction(&Instruction::LocalTee(4));
            code.instruction(&(load.instruction)(memarg(rng.u64(0..3), load, rng))).instruction(&Instruction::LocalSet(5));
            code.instruction(&Instruction::LocalGet(4)).instruction(&Instruction::LocalGet(6));
            code.instruction(&(store.instruction)(memarg(rng.u64(0..9), store, rng)));
            code.instruction(&Instruction::LocalGet(3)).instruction(&Instruction::I32Const(1)).instruction(&Instruction::I32Sub);
            code.instruction(&Instruction::LocalTee(3)).instruction(&Instruction::BrIf(0)).instruction(&Instruction::End);
            code.instruction(&Instruction::LocalGet(5)).instruction(&Instruction::MemorySize(0));
        });
    }
}

/// Fill, copy, init and drop with ranges about the edges.
pub(super) fn memories(builder: &mut Builder, rng: &mut Rng) {
    for _ in 0..12 {
        builder.function(&PARAMS, &[Type::I32], &[], |code| {
            for _ in 0..rng.u32(1..4) {
                memory_operation(code, rng);
            }
            near_end(code, rng);
            code.instruction(&(LOADS[0].instruction)(memarg(0, &LOADS[0], rng)));
        });
    }
}

fn memory_operation(code: &mut Function, rng: &mut Rng) {
    near_end(code, rng);
    match rng.u32(0..4) {
        0 => {
            code.instruction(&Instruction::LocalGet(1));
            near(code, 400, rng);
            code.instruction(&Instruction::MemoryFill(0));
        }
        1 | 2 => {
            near_end(code, rng);
            near(code, 400, rng);
            code.instruction(&Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 });
        }
        _ => {
            near(code, PASSIVE_BYTES.cast_signed(), rng);
            near(code, PASSIVE_BYTES.cast_signed() / 2, rng);
            code.instruction(&Instruction::MemoryInit { mem: 0, data_index: rng.u32(0..2) });
            if rng.u32(0..6) == 0 {
                code.instruction(&Instruction::DataDrop(rng.u32(0..2)));
            }
        }
    }
}

/// Tables: get, set, size, grow, fill, copy, init and drop about the edges, of both kinds of reference.
pub(super) fn tables(builder: &mut Builder, rng: &mut Rng) {
    let params = || vec![ValType::I32, ValType::I32, ValType::I32, ValType::Ref(RefType::EXTERNREF)];
    for _ in 0..12 {
        builder.raw_function(params(), vec![ValType::I32], |code| {
            for _ in 0..rng.u32(1..4) {
                table_operation(code, rng);
            }
            near(code, TABLE_SIZE.cast_signed(), rng);
            code.instruction(&Instruction::TableGet(0)).instruction(&Instruction::RefIsNull);
        });
    }
    for table in [ValType::Ref(RefType::FUNCREF), ValType::Ref(RefType::EXTERNREF)] {
        builder.raw_function(params(), vec![table], |code| {
            code.instruction(&Instruction::LocalGet(0));
            mask(code, 15);
            code.instruction(&Instruction::TableGet(u32::from(table == ValType::Ref(RefType::EXTERNREF))));
        });
    }
}

/// Pushes a reference that fits a table.
fn reference(code: &mut Function, table: u32, rng: &mut Rng) {
    match (table, rng.u32(0..3)) {
        (0, 0) => code.instruction(&Instruction::RefNull(HeapType::FUNC)),
        (0, _) => code.instruction(&Instruction::RefFunc(rng.u32(0..4))),
        (_, 0) => code.instruction(&Instruction::RefNull(HeapType::EXTERN)),
        _ => code.instruction(&Instruction::LocalGet(3)),
    };
}

fn table_operation(code: &mut Function, rng: &mut Rng) {
    let table = rng.u32(0..2);
    let size = if table == 0 { TABLE_SIZE } else { EXTERN_SIZE }.cast_signed();
    match rng.u32(0..7) {
        0 => {
            near(code, size, rng);
            reference(code, table, rng);
            code.instruction(&Instruction::TableSet(table));
        }
        1 => {
            reference(code, table, rng);
            code.instruction(&Instruction::LocalGet(1));
            mask(code, [3, 1, -1][rng.usize(0..3)]);
            code.instruction(&Instruction::TableGrow(table)).instruction(&Instruction::Drop);
            code.instruction(&Instruction::TableSize(table))
                .instruction(&Instruction::I32Const(1))
                .instruction(&Instruction::I32Sub);
            code.instruction(&Instruction::TableGet(table)).instruction(&Instruction::Drop);
        }
        2 => {
            near(code, size, rng);
            reference(code, table, rng);
            near(code, 6, rng);
            code.instruction(&Instruction::TableFill(table));
        }
        3 => {
            near(code, size, rng);
            near(code, size, rng);
            near(code, 6, rng);
            code.instruction(&Instruction::TableCopy { src_table: table, dst_table: table });
        }
        4 => {
            near(code, TABLE_SIZE.cast_signed(), rng);
            near(code, PASSIVE_ELEMENTS.cast_signed(), rng);
            near(code, PASSIVE_ELEMENTS.cast_signed(), rng);
            // Segment 0 was active and is gone since instantiation.
            code.instruction(&Instruction::TableInit { elem_index: rng.u32(0..4).min(1), table: 0 });
        }
        5 => {
            let skip = rng.u32(0..4) != 0;
            if !skip {
                code.instruction(&Instruction::ElemDrop(rng.u32(0..2)));
            }
        }
        _ => {
            code.instruction(&Instruction::TableSize(table)).instruction(&Instruction::GlobalSet(0));
            near(code, size, rng);
            code.instruction(&Instruction::TableGet(table))
                .instruction(&Instruction::RefIsNull)
                .instruction(&Instruction::GlobalSet(0));
        }
    }
}
