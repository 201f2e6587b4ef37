//! Random expressions over everything that a function can read: arguments, constants at the edges, globals,
//! memory, other functions, and control flow that yields a value.

use super::builder::{Builder, GLOBALS, TABLE_SIZE, Type};
use super::operators::{Access, NUMERIC, Numeric, TRAPPING};
use super::vector_operators::{Lanes, VECTOR, loads};
use fastrand::Rng;
use wasm_encoder::{BlockType, Function, HeapType, Instruction, MemArg, MemArgTarget};

/// What an expression may use.
pub(super) struct Scope {
    /// Types of the locals, parameters first.
    pub(super) locals: Vec<Type>,
    /// Functions that may be called.
    pub(super) callable: Vec<(u32, Vec<Type>, Vec<Type>)>,
    /// Whether operators that can trap may be used, and addresses that can miss.
    pub(super) traps: bool,
    /// Whether there may be vectors.
    pub(super) vectors: bool,
}

impl Scope {
    /// A scope over locals, with everything that the module has so far.
    pub(super) fn new(builder: &Builder, locals: &[Type], rng: &mut Rng) -> Scope {
        Scope { locals: locals.to_vec(), callable: builder.callable(), traps: rng.bool(), vectors: builder.vectors }
    }

    /// A scope over locals alone, in which nothing traps.
    pub(super) fn of_locals(vectors: bool, locals: &[Type]) -> Scope {
        Scope { locals: locals.to_vec(), callable: Vec::new(), traps: false, vectors }
    }

    /// Pushes a value of a type.
    pub(super) fn push(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        if depth == 0 {
            return self.leaf(code, ty, rng);
        }
        match rng.u32(0..16) {
            0..=7 => self.numeric(code, ty, depth, rng),
            8 => self.select(code, ty, depth, rng),
            9 => self.load(code, ty, depth, rng),
            10 => self.branch(code, ty, depth, rng),
            11 => self.block(code, ty, depth, rng),
            12 => self.call(code, ty, depth, rng),
            13 => self.tee(code, ty, depth, rng),
            _ => self.leaf(code, ty, rng),
        }
    }

    fn leaf(&self, code: &mut Function, ty: Type, rng: &mut Rng) {
        let locals: Vec<u32> = (0..).zip(&self.locals).filter(|(_, local)| **local == ty).map(|(index, _)| index).collect();
        if !locals.is_empty() && rng.u32(0..4) != 0 {
            code.instruction(&Instruction::LocalGet(locals[rng.usize(0..locals.len())]));
            return;
        }
        match (ty, rng.u32(0..6)) {
            (Type::I32, 0) => code.instruction(&Instruction::MemorySize(0)),
            (Type::I32, 1) => code.instruction(&Instruction::TableSize(rng.u32(0..2))),
            (Type::I32, 2) => code.instruction(&Instruction::RefNull(HeapType::FUNC)).instruction(&Instruction::RefIsNull),
            (_, 3) => code.instruction(&Instruction::GlobalGet(global(ty, rng.bool()))),
            _ => constant(code, ty, rng),
        };
    }

    fn numeric(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        if self.vectors && rng.u32(0..4) == 0 {
            return self.lane(code, ty, depth, rng);
        }
        let numbers = if self.traps { NUMERIC } else { &NUMERIC[..TRAPPING] };
        let vectors = VECTOR.iter().flat_map(|(_, rows)| rows.iter()).filter(|_| self.vectors);
        let rows: Vec<&Numeric> = numbers.iter().chain(vectors).filter(|row| row.result == ty).collect();
        let row = rows[rng.usize(0..rows.len())];
        for &param in row.params {
            self.push(code, param, depth - 1, rng);
        }
        code.instruction(&row.instruction);
    }

    /// A lane of a vector, or a vector with another lane.
    fn lane(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        let fitting = |lanes: &Lanes| ty == Type::V128 || lanes.scalar() == ty;
        let fitting: Vec<Lanes> = Lanes::ALL.into_iter().filter(fitting).collect();
        let lanes = fitting[rng.usize(0..fitting.len())];
        let lane = rng.u8(0..lanes.count());
        self.push(code, Type::V128, depth - 1, rng);
        if ty == Type::V128 {
            self.push(code, lanes.scalar(), depth - 1, rng);
            code.instruction(&lanes.replace(lane));
        } else {
            code.instruction(&lanes.extract(lane, rng.bool()));
        }
    }

    fn select(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        self.push(code, ty, depth - 1, rng);
        self.push(code, ty, depth - 1, rng);
        self.push(code, Type::I32, depth - 1, rng);
        code.instruction(&if rng.bool() { Instruction::Select } else { Instruction::TypedSelect(ty.val()) });
    }

    fn load(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        let loads: Vec<&Access> = loads(self.vectors).into_iter().filter(|load| load.value == ty).collect();
        let load = loads[rng.usize(0..loads.len())];
        self.push(code, Type::I32, depth - 1, rng);
        if !self.traps || rng.bool() {
            mask(code, 0x7fff);
        }
        code.instruction(&(load.instruction)(memarg(rng.u64(0..0x4000), load, rng)));
    }

    fn branch(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        self.push(code, Type::I32, depth - 1, rng);
        code.instruction(&Instruction::If(BlockType::Result(ty.val())));
        self.push(code, ty, depth - 1, rng);
        code.instruction(&Instruction::Else);
        self.push(code, ty, depth - 1, rng);
        code.instruction(&Instruction::End);
    }

    /// A block that is left early, by `br_if` or by `br`, with a value.
    fn block(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        code.instruction(&Instruction::Block(BlockType::Result(ty.val())));
        self.push(code, ty, depth - 1, rng);
        if rng.u32(0..4) == 0 {
            code.instruction(&Instruction::Br(0));
        } else {
            self.push(code, Type::I32, depth - 1, rng);
            code.instruction(&Instruction::BrIf(0)).instruction(&Instruction::Drop);
            self.push(code, ty, depth - 1, rng);
        }
        code.instruction(&Instruction::End);
    }

    fn call(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        let fitting: Vec<_> = self.callable.iter().filter(|(_, _, results)| results.as_slice() == [ty]).collect();
        if fitting.is_empty() {
            return self.numeric(code, ty, depth, rng);
        }
        let (index, params, _) = fitting[rng.usize(0..fitting.len())];
        for &param in params {
            self.push(code, param, (depth - 1).min(1), rng);
        }
        code.instruction(&Instruction::Call(*index));
    }

    fn tee(&self, code: &mut Function, ty: Type, depth: u32, rng: &mut Rng) {
        self.push(code, ty, depth - 1, rng);
        if let Some((index, _)) = (0..).zip(&self.locals).find(|(_, local)| **local == ty) {
            code.instruction(&Instruction::LocalTee(index));
        }
    }
}

/// The mutable or the constant global of a type.
pub(super) fn global(ty: Type, mutable: bool) -> u32 {
    let pair = match ty {
        Type::I32 => 0,
        Type::I64 => 2,
        Type::F32 => 4,
        Type::F64 => 6,
        Type::V128 => 8,
    };
    debug_assert!(pair < GLOBALS && TABLE_SIZE > 0);
    pair + u32::from(!mutable)
}

/// The immediate of an access, with any alignment that it may declare.
pub(super) fn memarg(offset: u64, access: &Access, rng: &mut Rng) -> MemArg {
    at(offset, rng.u32(0..=access.width_log2))
}

/// The immediate of an access.
pub(super) fn at(offset: u64, align: u32) -> MemArg {
    MemArg { offset, align, target: MemArgTarget::Memory(0), ordering: None }
}

/// Keeps the bits of `bits` of the `i32` on the stack.
pub(super) fn mask(code: &mut Function, bits: i32) {
    code.instruction(&Instruction::I32Const(bits)).instruction(&Instruction::I32And);
}

/// Constants at which 32-bit arithmetic, pages and signs turn over.
pub(super) const EDGES: [i32; 18] = [
    0,
    1,
    -1,
    -2,
    -8,
    4,
    8,
    0xffff,
    0x1_0000,
    0xfff8,
    0xfffc,
    0x1_fff8,
    i32::MAX,
    i32::MIN,
    i32::MAX - 7,
    i32::MIN + 8,
    -0x1_0000,
    0x4000_0000,
];

/// Pushes a constant.
pub(super) fn constant<'f>(code: &'f mut Function, ty: Type, rng: &mut Rng) -> &'f mut Function {
    let edge = EDGES[rng.usize(0..EDGES.len())];
    let small = rng.i32(-100..100);
    let number = if rng.bool() { edge } else { small };
    code.instruction(&match ty {
        Type::I32 => Instruction::I32Const(number),
        Type::I64 if rng.bool() => Instruction::I64Const(i64::from(number) << rng.u32(0..33)),
        Type::I64 => Instruction::I64Const(rng.i64(..)),
        Type::F32 if rng.bool() => Instruction::F32Const(f32::from_bits(rng.u32(..)).into()),
        Type::F32 => Instruction::F32Const((f32::from(i16::try_from(small).unwrap_or(0)) / 4.0).into()),
        Type::F64 if rng.bool() => Instruction::F64Const(f64::from_bits(rng.u64(..)).into()),
        Type::F64 => Instruction::F64Const((f64::from(number) / 8.0).into()),
        Type::V128 => Instruction::V128Const(vector(Lanes::any(rng), rng)),
    })
}

/// A vector of some pattern, of which code generators may know how to make it in few instructions.
pub(super) fn vector(lanes: Lanes, rng: &mut Rng) -> i128 {
    let one = lanes.edge(rng);
    let small = i64::from(rng.i8(-17..18)).cast_unsigned();
    let place = rng.u8(0..lanes.count());
    match rng.u8(0..12) {
        0 => 0,
        1 => -1,
        2 => lanes.vector(|_| one),
        3 => lanes.vector(|_| small),
        4 => lanes.vector(|lane| if lane == place { one } else { 0 }),
        5 => lanes.vector(|_| if rng.bool() { u64::MAX } else { 0 }),
        6 => lanes.vector(|lane| small.wrapping_add(lane.into())),
        7 => 0xff << (8 * rng.u32(0..16)),
        8 => lanes.vector(|lane| if lane < lanes.count() / 2 { one } else { 0 }),
        9 => rng.i128(..),
        _ => lanes.vector(|_| lanes.edge(rng)),
    }
}

/// Makes an `i64` of the vector on the stack, in which every bit counts.
pub(super) fn vector_to_i64(code: &mut Function) -> &mut Function {
    let both = global(Type::V128, true);
    code.instructions().global_set(both);
    code.instructions().global_get(both).i64x2_extract_lane(0).i64_const(0x0123_4567_89ab_cdef).i64_mul();
    code.instructions().global_get(both).i64x2_extract_lane(1).i64_xor();
    code
}
