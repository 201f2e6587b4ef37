//! A module under construction: sections that grow together, with state of every kind to play with.
//!
//! Every function is exported. The memory and the first table are imported in some modules, so that the same
//! shapes are tried through reference cells too.

use fastrand::Rng;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, HeapType, ImportSection, Instruction, MemorySection, MemoryType,
    Module, RefType, TableSection, TableType, TypeSection, ValType,
};

/// The types of numbers and vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    I32,
    I64,
    F32,
    F64,
    V128,
}

impl Type {
    pub(super) const NUMBERS: [Type; 4] = [Type::I32, Type::I64, Type::F32, Type::F64];

    /// Half of them are vectors, where there are any.
    pub(super) fn any(vectors: bool, rng: &mut Rng) -> Type {
        if vectors && rng.bool() { Type::V128 } else { Type::NUMBERS[rng.usize(0..4)] }
    }

    pub(super) fn val(self) -> ValType {
        match self {
            Type::I32 => ValType::I32,
            Type::I64 => ValType::I64,
            Type::F32 => ValType::F32,
            Type::F64 => ValType::F64,
            Type::V128 => ValType::V128,
        }
    }
}

/// The module under construction.
pub(super) struct Builder {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    exports: ExportSection,
    code: CodeSection,
    signatures: Vec<(Vec<Type>, Vec<Type>)>,
    /// Whether there may be vectors.
    pub(super) vectors: bool,
    /// What stands at the beginning of memory.
    low_bytes: Vec<u8>,
    /// Minimum of the memory in pages.
    pub(super) pages: u32,
    memory: MemoryType,
    imported_memory: bool,
    imported_table: bool,
}

/// Elements of the table of functions, some of them null.
pub(super) const TABLE_SIZE: u32 = 24;
/// Elements of the table of host references.
pub(super) const EXTERN_SIZE: u32 = 10;
/// Bytes of the passive data segment.
pub(super) const PASSIVE_BYTES: u32 = 300;
/// Elements of the passive element segment.
pub(super) const PASSIVE_ELEMENTS: u32 = 7;
/// Globals: two of each type, the second of them constant; those of vectors come last.
pub(super) const GLOBALS: u32 = 10;

impl Builder {
    pub(super) fn new(rng: &mut Rng) -> Builder {
        let pages = [1, 1, 1, 2, 0][rng.usize(0..5)];
        Builder::with_pages(pages, rng)
    }

    /// A module that may have vectors, with these bytes at the beginning of its memory.
    pub(super) fn with_vectors(low_bytes: Vec<u8>, rng: &mut Rng) -> Builder {
        Builder { vectors: true, low_bytes, ..Builder::with_pages(rng.u32(1..3), rng) }
    }

    fn with_pages(pages: u32, rng: &mut Rng) -> Builder {
        let maximum = [None, Some(u64::from(pages)), Some(u64::from(pages) + 2)][rng.usize(0..3)];
        let memory = MemoryType { minimum: u64::from(pages), maximum, memory64: false, shared: false, page_size_log2: None };
        let mut builder = Builder {
            types: TypeSection::new(),
            imports: ImportSection::new(),
            functions: FunctionSection::new(),
            exports: ExportSection::new(),
            code: CodeSection::new(),
            signatures: Vec::new(),
            vectors: false,
            low_bytes: Vec::new(),
            pages,
            memory,
            imported_memory: rng.u32(0..4) == 0,
            imported_table: rng.u32(0..4) == 0,
        };
        if builder.imported_memory {
            builder.imports.import("env", "memory", EntityType::Memory(memory));
        }
        if builder.imported_table {
            builder.imports.import("env", "table", EntityType::Table(functions_table()));
        }
        builder
    }

    /// Adds a type without a function; answers its index.
    pub(super) fn signature(&mut self, params: &[Type], results: &[Type]) -> u32 {
        self.raw_signature(params.iter().map(|ty| ty.val()).collect(), results.iter().map(|ty| ty.val()).collect())
    }

    fn raw_signature(&mut self, params: Vec<ValType>, results: Vec<ValType>) -> u32 {
        let index = self.types.len();
        self.types.ty().function(params, results);
        index
    }

    /// Adds a function over numbers. The body is written without its final `end`.
    pub(super) fn function(
        &mut self,
        params: &[Type],
        results: &[Type],
        locals: &[Type],
        write: impl FnOnce(&mut Function),
    ) -> u32 {
        let ty = self.signature(params, results);
        self.signatures.push((params.to_vec(), results.to_vec()));
        self.body(ty, locals.iter().map(|ty| (1, ty.val())).collect(), write)
    }

    /// Adds a function over any types; it is not in [`Builder::callable`].
    pub(super) fn raw_function(&mut self, params: Vec<ValType>, results: Vec<ValType>, write: impl FnOnce(&mut Function)) -> u32 {
        let ty = self.raw_signature(params, results);
        // A signature that no caller asks for keeps the indices in step.
        self.signatures.push((vec![Type::I32; 99], Vec::new()));
        self.body(ty, Vec::new(), write)
    }

    fn body(&mut self, ty: u32, locals: Vec<(u32, ValType)>, write: impl FnOnce(&mut Function)) -> u32 {
        let index = self.functions.len();
        self.functions.function(ty);
        self.exports.export(&format!("f{index}"), ExportKind::Func, index);
        let mut body = Function::new(locals);
        write(&mut body);
        body.instruction(&Instruction::End);
        self.code.function(&body);
        index
    }

    /// Index of the next function.
    pub(super) fn function_count(&self) -> u32 {
        self.functions.len()
    }

    /// Functions so far with their types: a new one may call these, and nothing recurses.
    pub(super) fn callable(&self) -> Vec<(u32, Vec<Type>, Vec<Type>)> {
        let small = |(index, (params, results)): (u32, &(Vec<Type>, Vec<Type>))| {
            (params.len() < 99).then(|| (index, params.clone(), results.clone()))
        };
        (0..).zip(&self.signatures).filter_map(small).collect()
    }

    pub(super) fn finish(self, rng: &mut Rng) -> Vec<u8> {
        let count = self.functions.len();
        let mut module = Module::new();
        module.section(&self.types).section(&self.imports).section(&self.functions);
        let mut tables = TableSection::new();
        if !self.imported_table {
            tables.table(functions_table());
        }
        let maximum = Some(u64::from(EXTERN_SIZE) + 6);
        tables.table(TableType {
            element_type: RefType::EXTERNREF,
            minimum: EXTERN_SIZE.into(),
            maximum,
            table64: false,
            shared: false,
        });
        module.section(&tables);
        if !self.imported_memory {
            let mut memories = MemorySection::new();
            memories.memory(self.memory);
            module.section(&memories);
        }
        module.section(&globals(self.vectors, rng));
        module.section(&self.exports);
        module.section(&elements(count, rng));
        module.section(&DataCountSection { count: if self.vectors { 3 } else { 2 } });
        module.section(&self.code);
        let mut data = DataSection::new();
        data.passive((0..PASSIVE_BYTES).map(|_| rng.u8(..)));
        let bytes: Vec<u8> = (0..if self.pages == 0 { 0 } else { 256 }).map(|_| rng.u8(..)).collect();
        data.active(0, &ConstExpr::i32_const(if self.pages == 0 { 0 } else { (self.pages << 16).cast_signed() - 256 }), bytes);
        if self.vectors {
            data.active(0, &ConstExpr::i32_const(0), self.low_bytes);
        }
        module.section(&data);
        module.finish()
    }
}

fn functions_table() -> TableType {
    let minimum = u64::from(TABLE_SIZE);
    TableType { element_type: RefType::FUNCREF, minimum, maximum: Some(minimum + 8), table64: false, shared: false }
}

fn globals(vectors: bool, rng: &mut Rng) -> GlobalSection {
    let mut globals = GlobalSection::new();
    for ty in Type::NUMBERS.into_iter().chain(vectors.then_some(Type::V128)) {
        for mutable in [true, false] {
            let initial = match ty {
                Type::I32 => ConstExpr::i32_const(rng.i32(..)),
                Type::I64 => ConstExpr::i64_const(rng.i64(..)),
                Type::F32 => ConstExpr::f32_const(rng.f32().into()),
                Type::F64 => ConstExpr::f64_const(rng.f64().into()),
                Type::V128 => ConstExpr::v128_const(rng.i128(..)),
            };
            globals.global(GlobalType { val_type: ty.val(), mutable, shared: false }, &initial);
        }
    }
    globals
}

/// An active segment that fills half of the table, a passive one, and one that declares all functions.
fn elements(functions: u32, rng: &mut Rng) -> ElementSection {
    let mut elements = ElementSection::new();
    let pick = |count: u32, rng: &mut Rng| (0..count).map(|_| rng.u32(0..functions)).collect::<Vec<u32>>();
    let active = pick(TABLE_SIZE / 2, rng);
    elements.active(Some(0), &ConstExpr::i32_const(3), Elements::Functions(active.into()));
    let passive: Vec<ConstExpr> = pick(PASSIVE_ELEMENTS, rng)
        .into_iter()
        .map(|index| if index % 3 == 0 { ConstExpr::ref_null(HeapType::FUNC) } else { ConstExpr::ref_func(index) })
        .collect();
    elements.passive(Elements::Expressions(RefType::FUNCREF, passive.into()));
    let all: Vec<u32> = (0..functions).collect();
    elements.declared(Elements::Functions(all.into()));
    elements
}
