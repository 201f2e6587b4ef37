//! Modules that are quickly written and slowly compiled: each either exceeds a default limit, and is refused at
//! once, or lies within all of them, and is compiled in time.

use super::{Expected, Report, limits, one_function};
use saggar_compiler::Options;
use saggar_compiler::target::Target;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    Instruction, Module, RefType, TableSection, TableType, TypeSection, ValType,
};

pub(super) fn run(target: Target, report: &mut Report) {
    let mut options = Options::new(target, "bomb");
    options.threads = 1;
    let most = options.limits;
    let mut bomb = |name: &str, wasm: Vec<u8>, expected: Expected| report.try_one(name, &wasm, &options, expected);

    bomb("200,000 empty functions", limits::functions(200_000), Expected::Limit);
    bomb("20,000 empty functions", limits::functions(20_000), Expected::Object);
    bomb("2.5 million constant additions", additions(2_500_000), Expected::Limit);
    // A constant and an addition each, and the first constant, the drop and the end.
    bomb("as many constant additions as may be", additions((most.function_operators - 3) / 2), Expected::Object);
    bomb("as many additions of an argument as may be", chain(most.function_operators / 2 - 3), Expected::Object);
    bomb("as many stores as may be", stores(most.function_operators / 4), Expected::Object);
    for (name, block) in [
        ("block", Instruction::Block(BlockType::Empty)),
        ("loop", Instruction::Loop(BlockType::Empty)),
        ("if", Instruction::If(BlockType::Empty)),
    ] {
        bomb(&format!("{name}, nested 100,000 times"), nested(&block, 100_000), Expected::Limit);
        bomb(&format!("{name}, nested as often as may be"), nested(&block, most.nesting), Expected::Object);
    }
    bomb("br_table with a million targets", branch_table(1_000_000), Expected::Limit);
    bomb("br_table with as many targets as may be", branch_table(most.br_table_targets as usize), Expected::Object);
    bomb("50,000 locals", locals(50_000), Expected::Limit);
    bomb("as many locals as may be, all of them live", locals(most.function_locals), Expected::Object);
    bomb("a memory of 4 GiB", limits::memory(65_536), Expected::Limit);
    bomb("a table of two billion elements", table(2_000_000_000), Expected::AsValidated);
    bomb("many calls with many arguments", calls(1_000, 200), Expected::Object);
    bomb("20,000 functions, each of which may call all", family(20_000), Expected::Object);
    bomb("a chain of 20,000 calls", call_chain(20_000, false), Expected::Object);
    bomb("a circle of 20,000 calls", call_chain(20_000, true), Expected::Object);
    bomb("branches out of every depth of many loops", branches(300, 20_000), Expected::Object);
}

fn additions(count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    body.instruction(&Instruction::I32Const(1));
    for index in 0..count {
        let constant = i32::try_from(index % 60).unwrap_or(0);
        body.instruction(&Instruction::I32Const(constant)).instruction(&Instruction::I32Add);
    }
    body.instruction(&Instruction::Drop).instruction(&Instruction::End);
    one_function(0, &body)
}

/// Additions that cannot be folded, into a global effect: the result decides a branch to a trap.
fn chain(count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    body.instruction(&Instruction::LocalGet(0));
    for _ in 0..count {
        body.instruction(&Instruction::LocalGet(1)).instruction(&Instruction::I32Mul);
    }
    body.instruction(&Instruction::If(BlockType::Empty)).instruction(&Instruction::Unreachable).instruction(&Instruction::End);
    body.instruction(&Instruction::End);
    one_function(2, &body)
}

/// Stores, each with its own check.
fn stores(count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    for index in 0..count {
        let offset = u64::try_from(index).unwrap_or(0) * 40;
        let target = wasm_encoder::MemArgTarget::Memory(0);
        body.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::LocalGet(1));
        body.instruction(&Instruction::I32Store(wasm_encoder::MemArg { offset, align: 0, target, ordering: None }));
    }
    body.instruction(&Instruction::End);
    one_function(2, &body)
}

fn nested(block: &Instruction<'_>, depth: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    for _ in 0..depth {
        if matches!(block, Instruction::If(_)) {
            body.instruction(&Instruction::LocalGet(0));
        }
        body.instruction(block);
    }
    for _ in 0..=depth {
        body.instruction(&Instruction::End);
    }
    one_function(1, &body)
}

fn branch_table(targets: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    let labels = 50;
    for _ in 0..labels {
        body.instruction(&Instruction::Block(BlockType::Empty));
    }
    let targets: Vec<u32> = (0..labels).cycle().take(targets).collect();
    body.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::BrTable(targets.into(), 0));
    for _ in 0..=labels {
        body.instruction(&Instruction::End);
    }
    one_function(1, &body)
}

/// Locals that are all assigned, and then all used, so that they live at once.
fn locals(count: usize) -> Vec<u8> {
    let declared = u32::try_from(count).unwrap_or(0).saturating_sub(1);
    let mut body = Function::new([(declared, ValType::I32)]);
    for index in 1..=declared {
        body.instruction(&Instruction::LocalGet(index - 1)).instruction(&Instruction::I32Const(3));
        body.instruction(&Instruction::I32Mul).instruction(&Instruction::LocalSet(index));
    }
    body.instruction(&Instruction::I32Const(0));
    for index in 0..=declared {
        body.instruction(&Instruction::LocalGet(index)).instruction(&Instruction::I32Xor);
    }
    body.instruction(&Instruction::If(BlockType::Empty)).instruction(&Instruction::Unreachable).instruction(&Instruction::End);
    body.instruction(&Instruction::End);
    one_function(1, &body)
}

fn table(minimum: u64) -> Vec<u8> {
    let mut tables = TableSection::new();
    tables.table(TableType { element_type: RefType::FUNCREF, minimum, maximum: None, table64: false, shared: false });
    let mut module = Module::new();
    module.section(&tables);
    module.finish()
}

fn calls(count: usize, params: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    for _ in 0..count {
        for param in 0..params {
            body.instruction(&Instruction::LocalGet(u32::try_from(param).unwrap_or(0)));
        }
        body.instruction(&Instruction::Call(0));
    }
    body.instruction(&Instruction::End);
    one_function(params, &body)
}

/// Functions of one type, all in one table, through which each calls.
fn family(count: u32) -> Vec<u8> {
    let call = Instruction::CallIndirect { type_index: 0, table_index: 0 };
    functions(count, |_| vec![Instruction::I32Const(0), call.clone()])
}

/// Functions each of which calls the next; the last calls the first, or nothing.
fn call_chain(count: u32, circle: bool) -> Vec<u8> {
    functions(count, |index| match index + 1 {
        next if next < count => vec![Instruction::Call(next)],
        _ if circle => vec![Instruction::Call(0)],
        _ => Vec::new(),
    })
}

fn functions<'i>(count: u32, body: impl Fn(u32) -> Vec<Instruction<'i>>) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let (mut funcs, mut code, mut exports, mut tables) =
        (FunctionSection::new(), CodeSection::new(), ExportSection::new(), TableSection::new());
    for index in 0..count {
        funcs.function(0);
        let mut function = Function::new([]);
        for instruction in body(index) {
            function.instruction(&instruction);
        }
        code.function(function.instruction(&Instruction::End));
    }
    exports.export("first", ExportKind::Func, 0);
    let minimum = u64::from(count);
    tables.table(TableType { element_type: RefType::FUNCREF, minimum, maximum: None, table64: false, shared: false });
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions((0..count).collect::<Vec<_>>().into()));
    let mut module = Module::new();
    module.section(&types).section(&funcs).section(&tables).section(&exports).section(&elements).section(&code);
    module.finish()
}

/// Blocks and counted loops in each other; innermost, branches out of all of them, and assignments.
fn branches(depth: u32, count: u32) -> Vec<u8> {
    let mut body = Function::new([(depth, ValType::I32)]);
    for level in 0..depth {
        body.instruction(&Instruction::I32Const(5)).instruction(&Instruction::LocalSet(1 + level));
        body.instruction(&Instruction::Block(BlockType::Empty)).instruction(&Instruction::Loop(BlockType::Empty));
    }
    for index in 0..count {
        body.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::BrIf(index % depth * 2 + 1));
        body.instruction(&Instruction::I32Const(3)).instruction(&Instruction::LocalSet(0));
    }
    for level in (0..depth).rev() {
        body.instruction(&Instruction::LocalGet(1 + level)).instruction(&Instruction::I32Const(-1));
        body.instruction(&Instruction::I32Add).instruction(&Instruction::LocalTee(1 + level)).instruction(&Instruction::BrIf(0));
        body.instruction(&Instruction::End).instruction(&Instruction::End);
    }
    body.instruction(&Instruction::End);
    one_function(1, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_are_valid_modules() {
        for wasm in [family(10), call_chain(10, true), branches(3, 20)] {
            wasmparser::validate(&wasm).unwrap();
        }
        for wasm in [additions(100), chain(100), stores(100), locals(100), branch_table(100), calls(10, 20), table(10)] {
            wasmparser::validate(&wasm).unwrap();
        }
        for block in
            [Instruction::Block(BlockType::Empty), Instruction::Loop(BlockType::Empty), Instruction::If(BlockType::Empty)]
        {
            wasmparser::validate(&nested(&block, 10)).unwrap();
        }
    }
}
