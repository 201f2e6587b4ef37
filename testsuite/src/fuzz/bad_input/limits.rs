//! One below, on, and one above each limit.

use super::{Expected, Report, one_function};
use saggar_compiler::target::Target;
use saggar_compiler::{Limits, Options};
use wasm_encoder::{
    BlockType, CodeSection, CustomSection, Function, FunctionSection, Instruction, MemorySection, MemoryType, Module,
    TypeSection, ValType,
};

/// A limit: its name, how to set it, and a module that demands exactly so much of it.
type Row = (&'static str, fn(&mut Limits, usize), fn(usize) -> Vec<u8>);

const ROWS: &[Row] = &[
    ("function bytes", |limits, n| limits.function_bytes = n, |n| nops(n - 2)),
    ("operators", |limits, n| limits.function_operators = n, |n| nops(n - 1)),
    ("locals", |limits, n| limits.function_locals = n, locals),
    ("br_table targets", |limits, n| limits.br_table_targets = u32::try_from(n).unwrap_or(u32::MAX), br_table),
    ("nesting", |limits, n| limits.nesting = n, nesting),
    ("functions", |limits, n| limits.functions = n, functions),
    ("module bytes", |limits, n| limits.module_bytes = n, bytes),
];

/// What the limits are set to.
const LIMIT: usize = 100;

/// Bytes of a page.
const PAGE_BYTES: u64 = 1 << 16;

pub(super) fn run(target: Target, report: &mut Report) {
    for (name, set, module) in ROWS {
        for demand in [LIMIT - 1, LIMIT, LIMIT + 1] {
            let mut options = Options::new(target, "limit");
            options.threads = 1;
            set(&mut options.limits, LIMIT);
            let expected = if demand > LIMIT { Expected::Limit } else { Expected::Object };
            report.try_one(&format!("{demand} {name} under a limit of {LIMIT}"), &module(demand), &options, expected);
        }
    }
    for limit in [2 * PAGE_BYTES + 1, 2 * PAGE_BYTES, 2 * PAGE_BYTES - 1] {
        let mut options = Options::new(target, "limit");
        options.limits.reserve_bytes = limit;
        let expected = if limit < 2 * PAGE_BYTES { Expected::Limit } else { Expected::Object };
        report.try_one(&format!("two pages under a limit of {limit} bytes"), &memory(2), &options, expected);
    }
}

fn nops(count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    for _ in 0..count {
        body.instruction(&Instruction::Nop);
    }
    body.instruction(&Instruction::End);
    one_function(0, &body)
}

/// Parameters are locals too.
fn locals(count: usize) -> Vec<u8> {
    let declared = u32::try_from(count).unwrap_or(0) - 7;
    let mut body = Function::new([(3, ValType::I64), (declared - 3, ValType::F32)]);
    body.instruction(&Instruction::End);
    one_function(7, &body)
}

fn br_table(count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    body.instruction(&Instruction::I32Const(0)).instruction(&Instruction::BrTable(vec![0; count].into(), 0));
    body.instruction(&Instruction::End);
    one_function(0, &body)
}

fn nesting(count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    for depth in 0..count {
        let block = if depth % 2 == 0 { Instruction::Block(BlockType::Empty) } else { Instruction::Loop(BlockType::Empty) };
        body.instruction(&block);
    }
    for _ in 0..=count {
        body.instruction(&Instruction::End);
    }
    one_function(0, &body)
}

/// That many empty functions.
pub(super) fn functions(count: usize) -> Vec<u8> {
    let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
    types.ty().function([], []);
    let mut body = Function::new([]);
    body.instruction(&Instruction::End);
    for _ in 0..count {
        functions.function(0);
        code.function(&body);
    }
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&code);
    module.finish()
}

/// A module of that many bytes.
fn bytes(count: usize) -> Vec<u8> {
    // Magic number and version, the section's number and length, and the length of its name.
    let data = vec![0; count - 8 - 1 - 1 - 1];
    let mut module = Module::new();
    module.section(&CustomSection { name: "".into(), data: data.into() });
    module.finish()
}

/// A module with a memory of that many pages.
pub(super) fn memory(pages: u64) -> Vec<u8> {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: pages, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut module = Module::new();
    module.section(&memories);
    module.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The row on the module's size says what it claims to.
    #[test]
    fn modules_have_the_size_that_was_asked_for() {
        assert_eq!(bytes(LIMIT).len(), LIMIT);
        assert!(wasmparser::validate(&bytes(LIMIT)).is_ok());
    }
}
