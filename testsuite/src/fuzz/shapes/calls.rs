//! Calls: many parameters and results, so that both the stack and hidden return areas are used; indirect calls
//! through nulls, wrong signatures and indices out of range; tail calls that grow and shrink the frame.

use super::builder::{Builder, TABLE_SIZE, Type};
use super::control::mix;
use super::expression::{Scope, mask, vector_to_i64};
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, Instruction};

fn types(vectors: bool, rng: &mut Rng, from: usize, to: usize) -> Vec<Type> {
    (0..rng.usize(from..to)).map(|_| Type::any(vectors, rng)).collect()
}

/// Functions with up to thirty parameters and a dozen results that call each other, directly or as a tail.
pub(super) fn wide(builder: &mut Builder, rng: &mut Rng) {
    let vectors = builder.vectors;
    for _ in 0..4 {
        let (params, results) = (types(vectors, rng, 0, 30), types(vectors, rng, 1, 13));
        let scope = Scope::of_locals(vectors, &params);
        builder.function(&params, &results, &[], |code| push_all(code, &scope, &results, rng));
    }
    for _ in 0..6 {
        let callable = builder.callable();
        let (target, params, results) = &callable[rng.usize(0..callable.len())];
        let own = types(vectors, rng, 0, 12);
        let scope = Scope::of_locals(vectors, &own);
        let tail = rng.bool();
        let own_results = if tail { results.clone() } else { vec![Type::I64] };
        builder.function(&own, &own_results, &[], |code| {
            if tail {
                push_all(code, &scope, params, rng);
                code.instruction(&Instruction::ReturnCall(*target));
                return;
            }
            // A value beneath the call, which must survive it.
            scope.push(code, Type::I64, 1, rng);
            push_all(code, &scope, params, rng);
            code.instruction(&Instruction::Call(*target));
            for &ty in results.iter().rev() {
                fold(code, ty);
            }
            code.instruction(&Instruction::GlobalGet(SUM)).instruction(&Instruction::I64Xor);
        });
    }
}

fn push_all(code: &mut Function, scope: &Scope, types: &[Type], rng: &mut Rng) {
    for &ty in types {
        scope.push(code, ty, 1, rng);
    }
}

/// The global into which results are folded.
const SUM: u32 = 2;

/// Takes the value on top away and mixes it into a global.
fn fold(code: &mut Function, ty: Type) {
    match ty {
        Type::I32 => code.instruction(&Instruction::I64ExtendI32U),
        Type::I64 => code,
        Type::F32 => code.instruction(&Instruction::I32ReinterpretF32).instruction(&Instruction::I64ExtendI32U),
        Type::F64 => code.instruction(&Instruction::I64ReinterpretF64),
        Type::V128 => vector_to_i64(code),
    };
    code.instruction(&Instruction::GlobalGet(SUM)).instruction(&Instruction::I64Const(11)).instruction(&Instruction::I64Rotl);
    code.instruction(&Instruction::I64Xor).instruction(&Instruction::GlobalSet(SUM));
}

/// Indirect calls with any index, of functions of several types; the table holds nulls at both ends.
pub(super) fn indirect(builder: &mut Builder, rng: &mut Rng) {
    let vectors = builder.vectors;
    let signatures: &[(&[Type], &[Type])] = &[
        (&[Type::I32], &[Type::I32]),
        (&[Type::I64, Type::F64], &[Type::I64]),
        (&[], &[Type::I32]),
        (&[Type::I32], &[Type::I64]),
        (&[Type::V128, Type::I32], &[Type::V128]),
        (&[Type::V128, Type::F32, Type::V128], &[Type::I32, Type::V128]),
        (&[Type::V128; 10], &[Type::V128; 3]),
    ];
    let signatures = if vectors { &signatures[2..] } else { &signatures[..4] };
    for _ in 0..8 {
        let (params, results) = signatures[rng.usize(0..signatures.len())];
        let scope = Scope::of_locals(vectors, params);
        builder.function(params, results, &[], |code| push_all(code, &scope, results, rng));
    }
    for _ in 0..10 {
        let (params, results) = signatures[rng.usize(0..signatures.len())];
        let type_index = builder.signature(params, results);
        let tail = rng.bool();
        let own = [Type::I32, Type::I32, Type::I64, Type::F64];
        let scope = Scope::of_locals(vectors, &own);
        let own_results = if tail { results } else { &[Type::I64] };
        builder.function(&own, own_results, &[], |code| {
            if !tail {
                code.instruction(&Instruction::LocalGet(2));
            }
            push_all(code, &scope, params, rng);
            code.instruction(&Instruction::LocalGet(0));
            match rng.u32(0..4) {
                0 => {}
                1 => mask(code, 0x1f),
                _ => {
                    code.instruction(&Instruction::I32Const(TABLE_SIZE.cast_signed() / 2 + 3)).instruction(&Instruction::I32RemU);
                }
            }
            let table_index = 0;
            if tail {
                code.instruction(&Instruction::ReturnCallIndirect { type_index, table_index });
                return;
            }
            code.instruction(&Instruction::CallIndirect { type_index, table_index });
            match results {
                [ty] => mix(code, *ty),
                _ => results.iter().rev().for_each(|&ty| fold(code, ty)),
            }
        });
    }
}

/// Loops by tail calls, with frames of several sizes, down to zero.
pub(super) fn tails(builder: &mut Builder, rng: &mut Rng) {
    for _ in 0..3 {
        let first = builder.function_count();
        let extra = types(builder.vectors, rng, 0, if builder.vectors { 30 } else { 12 });
        let narrow = [Type::I32, Type::I64];
        let wide = [&narrow[..], &extra].concat();
        let (wide_index, narrow_index) = (first, first + 1);
        count_down(builder, &wide, narrow_index, &narrow, rng);
        count_down(builder, &narrow, wide_index, &wide, rng);
    }
}

/// `f(n, acc, …) = n masked is zero ? acc : return_call g(n − 1, acc·3 + n, …)`
fn count_down(builder: &mut Builder, own: &[Type], target: u32, target_params: &[Type], rng: &mut Rng) {
    let scope = Scope::of_locals(builder.vectors, own);
    builder.function(own, &[Type::I64], &[], |code| {
        code.instruction(&Instruction::LocalGet(0));
        mask(code, 0x3f);
        code.instruction(&Instruction::I32Eqz).instruction(&Instruction::If(BlockType::Empty));
        code.instruction(&Instruction::LocalGet(1)).instruction(&Instruction::Return).instruction(&Instruction::End);
        code.instruction(&Instruction::LocalGet(0));
        mask(code, 0x3f);
        code.instruction(&Instruction::I32Const(1)).instruction(&Instruction::I32Sub);
        code.instruction(&Instruction::LocalGet(1)).instruction(&Instruction::I64Const(3)).instruction(&Instruction::I64Mul);
        code.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::I64ExtendI32U).instruction(&Instruction::I64Add);
        push_all(code, &scope, &target_params[2..], rng);
        code.instruction(&Instruction::ReturnCall(target));
    });
}
