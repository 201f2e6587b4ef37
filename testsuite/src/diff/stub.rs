//! Stub modules: what a module imports, made up.
//!
//! A stub is itself a wasm module, run by the oracle on one side and compiled and linked on the other. So both
//! sides agree on what an import does without a line of host code, and every call of an import crosses modules.
//! A stub function mixes its arguments into a counter and makes its results out of it.

use super::Error;
use super::value::{Signature, ValueType};
use fastrand::Rng;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, HeapType, InstructionSink, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
    TypeSection,
};

/// A provider of imports.
#[derive(Clone, Debug)]
pub struct Stub {
    /// Its name, which is the module name in the imports that it serves.
    pub name: String,
    /// The module.
    pub wasm: Vec<u8>,
    items: Vec<(String, ItemType)>,
}

/// An import.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) ty: ItemType,
}

/// The type of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ItemType {
    Function(Signature),
    Table { element: ValueType, minimum: u64, maximum: Option<u64> },
    Memory { minimum: u64, maximum: Option<u64>, page_size_log2: Option<u32> },
    Global { value: ValueType, mutable: bool },
}

/// For each import, the position of its stub and the name of the item there.
type Served = Vec<(usize, String)>;

/// Makes the stubs for imports, and says which stub and item serves each of them.
pub(crate) fn plan(imports: &[Item], prefix: &str, seed: u64) -> Result<(Vec<Stub>, Served), Error> {
    let mut stubs: Vec<Stub> = Vec::new();
    let mut served = Vec::with_capacity(imports.len());
    for import in imports {
        let mut name = format!("{prefix}.{}", import.module);
        let index = loop {
            let index = stubs.iter().position(|stub| stub.name == name).unwrap_or_else(|| {
                stubs.push(Stub { name: name.clone(), wasm: Vec::new(), items: Vec::new() });
                stubs.len() - 1
            });
            match stubs[index].items.iter().find(|(taken, _)| *taken == import.name) {
                None => {
                    stubs[index].items.push((import.name.clone(), import.ty.clone()));
                    break index;
                }
                Some((_, ty)) if *ty == import.ty => break index,
                // The same name with another type: a stub of its own.
                Some(_) => name.push('\''),
            }
        };
        served.push((index, import.name.clone()));
    }
    let mut rng = Rng::with_seed(seed);
    for stub in &mut stubs {
        stub.wasm = encode(&stub.items, &mut rng);
    }
    Ok((stubs, served))
}

/// The sections of a stub while it is written.
#[derive(Default)]
struct Writer {
    types: TypeSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

/// Index of the global that counts; it is the first one.
const COUNTER: u32 = 0;

fn encode(items: &[(String, ItemType)], rng: &mut Rng) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.globals.global(
        GlobalType { val_type: wasm_encoder::ValType::I64, mutable: true, shared: false },
        &ConstExpr::i64_const(rng.i64(..)),
    );
    for (name, ty) in items {
        let (kind, index) = match ty {
            ItemType::Function(signature) => writer.function(signature),
            ItemType::Memory { minimum, maximum, page_size_log2 } => writer.memory(*minimum, *maximum, *page_size_log2, rng),
            ItemType::Global { value, mutable } => writer.global(*value, *mutable, rng),
            ItemType::Table { element, minimum, maximum } => writer.table(*element, *minimum, *maximum),
        };
        writer.exports.export(name, kind, index);
    }
    writer.fill_tables(items);
    writer.finish()
}

impl Writer {
    fn function(&mut self, signature: &Signature) -> (ExportKind, u32) {
        let encoder = |types: &[ValueType]| types.iter().map(|ty| ty.to_encoder()).collect::<Vec<_>>();
        self.types.ty().function(encoder(&signature.params), encoder(&signature.results));
        let index = self.functions.len();
        self.functions.function(index);
        let mut body = Function::new([]);
        write_body(&mut body.instructions(), signature);
        self.code.function(&body);
        (ExportKind::Func, index)
    }

    fn memory(&mut self, minimum: u64, maximum: Option<u64>, page_size_log2: Option<u32>, rng: &mut Rng) -> (ExportKind, u32) {
        let index = self.memories.len();
        self.memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2 });
        if minimum << page_size_log2.unwrap_or(16) >= 2048 {
            let bytes: Vec<u8> = (0..64).map(|_| rng.u8(..)).collect();
            self.data.active(index, &ConstExpr::i32_const(rng.i32(0..1024)), bytes);
        }
        (ExportKind::Memory, index)
    }

    /// Small numbers: constants are used as offsets of segments, which should fit.
    fn global(&mut self, value: ValueType, mutable: bool, rng: &mut Rng) -> (ExportKind, u32) {
        let initial = match value {
            ValueType::I32 => ConstExpr::i32_const(rng.i32(0..16)),
            ValueType::I64 => ConstExpr::i64_const(rng.i64(0..1 << 33)),
            ValueType::F32 => ConstExpr::f32_const(rng.f32().into()),
            ValueType::F64 => ConstExpr::f64_const((rng.f64() * 1e6).into()),
            ValueType::V128 => ConstExpr::v128_const(rng.i128(..)),
            ValueType::Func => ConstExpr::ref_null(HeapType::FUNC),
            ValueType::Extern => ConstExpr::ref_null(HeapType::EXTERN),
        };
        let index = self.globals.len();
        self.globals.global(GlobalType { val_type: value.to_encoder(), mutable, shared: false }, &initial);
        (ExportKind::Global, index)
    }

    fn table(&mut self, element: ValueType, minimum: u64, maximum: Option<u64>) -> (ExportKind, u32) {
        let index = self.tables.len();
        let element_type = if element == ValueType::Func { RefType::FUNCREF } else { RefType::EXTERNREF };
        self.tables.table(TableType { element_type, minimum, maximum, table64: false, shared: false });
        (ExportKind::Table, index)
    }

    /// Puts the stub's functions into its tables, so that indirect calls cross modules too.
    fn fill_tables(&mut self, items: &[(String, ItemType)]) {
        let tables = items.iter().filter_map(|(_, ty)| match ty {
            ItemType::Table { element, minimum, .. } => Some((*element, *minimum)),
            _ => None,
        });
        for (index, (element, minimum)) in (0..).zip(tables) {
            let functions: Vec<u32> = (0..self.functions.len()).take(usize::try_from(minimum).unwrap_or(0)).collect();
            if element == ValueType::Func && !functions.is_empty() {
                self.elements.active(Some(index), &ConstExpr::i32_const(0), Elements::Functions(functions.into()));
            }
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&self.types).section(&self.functions).section(&self.tables).section(&self.memories);
        module.section(&self.globals).section(&self.exports).section(&self.elements).section(&self.code).section(&self.data);
        module.finish()
    }
}

/// Mixes the arguments into the counter, and makes the results out of it.
fn write_body(code: &mut InstructionSink<'_>, signature: &Signature) {
    code.global_get(COUNTER);
    for (index, ty) in (0..).zip(&signature.params) {
        code.local_get(index);
        match ty {
            ValueType::I32 => code.i64_extend_i32_u(),
            ValueType::I64 => code,
            ValueType::F32 => code.i32_reinterpret_f32().i64_extend_i32_u(),
            ValueType::F64 => code.i64_reinterpret_f64(),
            ValueType::V128 => {
                code.i64x2_extract_lane(0).local_get(index).i64x2_extract_lane(1).i64_const(7).i64_rotl().i64_xor()
            }
            ValueType::Func | ValueType::Extern => code.ref_is_null().i64_extend_i32_u(),
        };
        code.i64_xor().i64_const(0x1e37_79b9_7f4a_7c15).i64_mul().i64_const(29).i64_rotl();
    }
    code.i64_const(0x0123_4567_89ab_cdef).i64_add().global_set(COUNTER);
    for (index, ty) in (0..).zip(&signature.results) {
        write_result(code, index, *ty, signature);
    }
    code.end();
}

fn write_result(code: &mut InstructionSink<'_>, index: i64, ty: ValueType, signature: &Signature) {
    match ty {
        ValueType::Func => {
            code.ref_null(HeapType::FUNC);
            return;
        }
        ValueType::Extern => {
            match (0..).zip(&signature.params).find(|(_, ty)| **ty == ValueType::Extern) {
                Some((param, _)) => code.local_get(param),
                None => code.ref_null(HeapType::EXTERN),
            };
            return;
        }
        _ => {}
    }
    code.global_get(COUNTER).i64_const(7 * index + 11).i64_rotl();
    match ty {
        // Small more often than not: programs take such numbers for sizes and places.
        ValueType::I32 => code.i32_wrap_i64().i32_const(0xff).i32_and(),
        ValueType::I64 => code,
        ValueType::F32 => code.i32_wrap_i64().f32_convert_i32_s(),
        ValueType::V128 => code.i64x2_splat().global_get(COUNTER).i64x2_replace_lane(1),
        _ => code.f64_convert_i64_s(),
    };
}
