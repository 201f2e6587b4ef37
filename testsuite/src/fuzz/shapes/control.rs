//! Control flow: branch tables from one target to thousands, bounded loops, long functions, and more live values
//! than any machine has registers.

use super::builder::{Builder, Type};
use super::expression::{Scope, constant, global, mask, memarg, vector_to_i64};
use super::operators::{NUMERIC, TRAPPING};
use super::vector_operators::stores;
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, Instruction};

/// Branch tables: dense and long ones, with and without a value, by an index that is computed.
pub(super) fn tables(builder: &mut Builder, rng: &mut Rng) {
    for _ in 0..6 {
        let length = [0, 1, 2, 3, 7, 64, 500, 1_000, 4_000][rng.usize(0..9)];
        let labels = rng.u32(1..40);
        let offset = rng.i32(-3..4);
        let scale = rng.u32(0..3);
        let with_value = rng.bool();
        builder.function(&[Type::I32, Type::I32], &[Type::I32], &[Type::I32], |code| {
            let block = if with_value { BlockType::Result(Type::I32.val()) } else { BlockType::Empty };
            for _ in 0..labels {
                code.instruction(&Instruction::Block(block));
            }
            if with_value {
                code.instruction(&Instruction::LocalGet(1));
            }
            // Small arguments are more frequent: spread them over the table.
            code.instruction(&Instruction::LocalGet(0));
            if length > 100 && rng.bool() {
                code.instruction(&Instruction::I32Const(length / 60)).instruction(&Instruction::I32Mul);
            }
            code.instruction(&Instruction::I32Const(rng.i32(0..2) * scale.cast_signed())).instruction(&Instruction::I32Shl);
            code.instruction(&Instruction::I32Const(offset)).instruction(&Instruction::I32Add);
            let targets: Vec<u32> = (0..length).map(|_| rng.u32(0..labels)).collect();
            code.instruction(&Instruction::BrTable(targets.into(), rng.u32(0..labels)));
            for label in 0..labels {
                code.instruction(&Instruction::End);
                if with_value {
                    code.instruction(&Instruction::LocalSet(2)).instruction(&Instruction::LocalGet(2));
                    code.instruction(&Instruction::I32Const(label.cast_signed() + 5)).instruction(&Instruction::I32Mul);
                } else {
                    code.instruction(&Instruction::LocalGet(2)).instruction(&Instruction::I32Const(label.cast_signed() * 77 + 1));
                    code.instruction(&Instruction::I32Xor)
                        .instruction(&Instruction::I32Const(3))
                        .instruction(&Instruction::I32Rotl);
                    code.instruction(&Instruction::LocalSet(2));
                }
            }
            if !with_value {
                code.instruction(&Instruction::LocalGet(2));
            }
        });
    }
}

/// A long function: thousands of operators, straight on or in many small loops and branches.
pub(super) fn long(builder: &mut Builder, rng: &mut Rng) {
    let locals: Vec<Type> = (0..rng.usize(8..24)).map(|_| Type::any(builder.vectors, rng)).collect();
    let params = [Type::I32, Type::I64, Type::F32, Type::F64];
    let scope = Scope::new(builder, &[&params[..], &locals].concat(), rng);
    builder.function(&params, &[Type::I64], &locals, |code| {
        for _ in 0..rng.u32(100..500) {
            statement(code, &scope, 2, rng);
        }
        scope.push(code, Type::I64, 2, rng);
    });
}

/// Programs of nested statements, whose loops are bounded.
pub(super) fn programs(builder: &mut Builder, rng: &mut Rng) {
    for _ in 0..6 {
        let params: Vec<Type> = (0..rng.usize(0..6)).map(|_| Type::any(builder.vectors, rng)).collect();
        let mut locals: Vec<Type> = (0..rng.usize(1..8)).map(|_| Type::any(builder.vectors, rng)).collect();
        let scope = Scope::new(builder, &[params.as_slice(), locals.as_slice()].concat(), rng);
        // Loop counters, which no statement can touch.
        locals.extend([Type::I32; 3]);
        let first_counter = u32::try_from(scope.locals.len()).unwrap_or(0);
        let result = Type::any(builder.vectors, rng);
        builder.function(&params, &[result], &locals, |code| {
            for _ in 0..rng.u32(2..7) {
                bounded_loop(code, &scope, first_counter, 3, rng);
            }
            if rng.u32(0..4) == 0 {
                scope.push(code, result, 2, rng);
                code.instruction(&Instruction::Return);
            } else {
                scope.push(code, result, 3, rng);
            }
        });
    }
}

fn bounded_loop(code: &mut Function, scope: &Scope, counter: u32, depth: u32, rng: &mut Rng) {
    if depth == 0 {
        return statement(code, scope, 2, rng);
    }
    match rng.u32(0..4) {
        0 => {
            code.instruction(&Instruction::I32Const(rng.i32(1..6))).instruction(&Instruction::LocalSet(counter));
            code.instruction(&Instruction::Block(BlockType::Empty)).instruction(&Instruction::Loop(BlockType::Empty));
            bounded_loop(code, scope, counter + 1, depth - 1, rng);
            scope.push(code, Type::I32, 1, rng);
            mask(code, 0x11);
            code.instruction(&Instruction::I32Const(0x11)).instruction(&Instruction::I32Eq).instruction(&Instruction::BrIf(1));
            code.instruction(&Instruction::LocalGet(counter))
                .instruction(&Instruction::I32Const(1))
                .instruction(&Instruction::I32Sub);
            code.instruction(&Instruction::LocalTee(counter)).instruction(&Instruction::BrIf(0));
            code.instruction(&Instruction::End).instruction(&Instruction::End);
        }
        1 => {
            scope.push(code, Type::I32, 2, rng);
            code.instruction(&Instruction::If(BlockType::Empty));
            bounded_loop(code, scope, counter, depth - 1, rng);
            if rng.bool() {
                code.instruction(&Instruction::Else);
                bounded_loop(code, scope, counter, depth - 1, rng);
            }
            code.instruction(&Instruction::End);
        }
        2 => {
            let width = rng.u32(1..5);
            for _ in 0..=width {
                code.instruction(&Instruction::Block(BlockType::Empty));
            }
            scope.push(code, Type::I32, 1, rng);
            mask(code, 7);
            code.instruction(&Instruction::BrTable((0..width).collect::<Vec<_>>().into(), width));
            for _ in 0..=width {
                code.instruction(&Instruction::End);
                statement(code, scope, 2, rng);
            }
        }
        _ => (0..rng.u32(1..4)).for_each(|_| statement(code, scope, 3, rng)),
    }
}

fn statement(code: &mut Function, scope: &Scope, depth: u32, rng: &mut Rng) {
    match rng.u32(0..8) {
        0 => {
            let ty = Type::any(scope.vectors, rng);
            scope.push(code, ty, depth, rng);
            code.instruction(&Instruction::GlobalSet(global(ty, true)));
        }
        1 => {
            let stores = stores(scope.vectors);
            let store = stores[rng.usize(0..stores.len())];
            scope.push(code, Type::I32, depth, rng);
            if !scope.traps || rng.u32(0..4) != 0 {
                mask(code, 0x7fff);
            }
            scope.push(code, store.value, depth, rng);
            code.instruction(&(store.instruction)(memarg(rng.u64(0..0x2000), store, rng)));
        }
        2 => {
            scope.push(code, Type::any(scope.vectors, rng), depth, rng);
            code.instruction(&Instruction::Drop);
        }
        3 => {
            code.instruction(&Instruction::Nop);
        }
        4 if scope.traps => {
            scope.push(code, Type::I32, depth, rng);
            mask(code, 0x7);
            code.instruction(&Instruction::I32Eqz).instruction(&Instruction::If(BlockType::Empty));
            code.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
        }
        _ if scope.locals.is_empty() => {}
        _ => {
            let index = rng.usize(0..scope.locals.len());
            scope.push(code, scope.locals[index], depth, rng);
            code.instruction(&Instruction::LocalSet(u32::try_from(index).unwrap_or(0)));
        }
    }
}

/// Many values that live at once, across a call in some functions, all of them used afterwards.
pub(super) fn live_values(builder: &mut Builder, rng: &mut Rng) {
    let helper = builder.function(&[Type::I64], &[Type::I64], &[], |code| {
        code.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::I64Const(-7)).instruction(&Instruction::I64Mul);
        code.instruction(&Instruction::GlobalGet(2)).instruction(&Instruction::I64Xor).instruction(&Instruction::GlobalSet(2));
        code.instruction(&Instruction::GlobalGet(2));
    });
    for _ in 0..3 {
        let params = [Type::I32, Type::I64, Type::F32, Type::F64];
        let live: Vec<Type> = (0..rng.usize(30..140)).map(|_| Type::any(builder.vectors, rng)).collect();
        let all = [&params[..], &live].concat();
        let with_call = rng.bool();
        let vectors = builder.vectors;
        builder.function(&params, &[Type::I64], &live, |code| {
            for (index, &ty) in all.iter().enumerate().skip(params.len()) {
                let scope = Scope::of_locals(vectors, &all[..index]);
                scope.push(code, ty, 1, rng);
                code.instruction(&Instruction::LocalSet(u32::try_from(index).unwrap_or(0)));
            }
            code.instruction(&Instruction::LocalGet(1));
            if with_call {
                code.instruction(&Instruction::Call(helper));
            }
            for (index, &ty) in (0..).zip(&all) {
                code.instruction(&Instruction::LocalGet(index));
                mix(code, ty);
            }
        });
    }
}

/// Mixes a value of a type into the `i64` beneath it.
pub(super) fn mix(code: &mut Function, ty: Type) {
    match ty {
        Type::I32 => code.instruction(&Instruction::I64ExtendI32S),
        Type::I64 => code,
        Type::F32 => code.instruction(&Instruction::I32ReinterpretF32).instruction(&Instruction::I64ExtendI32U),
        Type::F64 => code.instruction(&Instruction::I64ReinterpretF64),
        Type::V128 => vector_to_i64(code),
    };
    code.instruction(&Instruction::I64Xor).instruction(&Instruction::I64Const(9)).instruction(&Instruction::I64Rotl);
}

/// Every numeric operator by itself, on arguments, on its own result, and on a constant.
pub(super) fn numeric(builder: &mut Builder, rng: &mut Rng) {
    for (index, row) in NUMERIC.iter().enumerate() {
        builder.function(row.params, &[row.result, row.result], &[], |code| {
            for param in 0..row.params.len() {
                code.instruction(&Instruction::LocalGet(u32::try_from(param).unwrap_or(0)));
            }
            code.instruction(&row.instruction);
            code.instruction(&Instruction::LocalGet(0));
            if let [_, second] = row.params {
                constant(code, *second, rng);
            }
            // The second time with a constant operand, for which code generators have other patterns.
            let divides_by_zero = index >= TRAPPING && row.params.len() == 2;
            if divides_by_zero {
                nonzero(code, row.params[1]);
            }
            code.instruction(&row.instruction);
        });
    }
}

fn nonzero(code: &mut Function, ty: Type) {
    match ty {
        Type::I64 => code.instruction(&Instruction::I64Const(2)).instruction(&Instruction::I64Or),
        _ => code.instruction(&Instruction::I32Const(2)).instruction(&Instruction::I32Or),
    };
}
