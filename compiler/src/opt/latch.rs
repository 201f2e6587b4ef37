//! Loop latches: compare the next value, not the last one.
//!
//! Cranelift's optimiser turns `next = i + 8; if next != 256` into `if i != 248`. That is right, but keeps both `i` and `next`
//! alive over the branch, which costs a move in every iteration. Where a block ends in such a branch and passes `next`, but
//! not `i`, to its targets, this compares `next` again.
//!
//! Sound because the numbers wrap: `i == k` iff `i + s == k + s`.

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, Function, Inst, InstBuilder, InstructionData, Opcode, Value, types};

/// What a branch asks: whether `value` is `constant`, directly or as a difference from it.
enum Question {
    Compare { condition: IntCC, value: Value, constant: i64 },
    Difference { value: Value, added: i64, result: Value },
}

/// `sum = value + constant`, of 32 bits.
struct Step {
    value: Value,
    constant: i64,
    sum: Value,
}

/// Rewrites every latch of a function.
pub(crate) fn run(func: &mut Function) {
    let blocks: Vec<Block> = func.layout.blocks().collect();
    for block in blocks {
        if let Some((branch, condition)) = rewritten(func, block)
            && let InstructionData::Brif { arg, .. } = &mut func.dfg.insts[branch]
        {
            *arg = condition;
        }
    }
}

/// The branch at the end of a block and its new condition, where there is something to gain.
fn rewritten(func: &mut Function, block: Block) -> Option<(Inst, Value)> {
    let branch = func.layout.last_inst(block)?;
    let InstructionData::Brif { arg, .. } = func.dfg.insts[branch] else { return None };
    let question = question(func, arg)?;
    let value = match question {
        Question::Compare { value, .. } | Question::Difference { value, .. } => value,
    };
    let passed: Vec<Value> = func.dfg.insts[branch]
        .branch_destination(&func.dfg.jump_tables, &func.dfg.exception_tables)
        .iter()
        .flat_map(|call| call.args(&func.dfg.value_lists).collect::<Vec<_>>())
        .filter_map(|arg| arg.as_value())
        .map(|value| func.dfg.resolve_aliases(value))
        .collect();
    if passed.contains(&value) {
        return None;
    }
    let step = func
        .layout
        .block_insts(block)
        .filter_map(|inst| step(func, inst))
        .rfind(|step| step.value == value && passed.contains(&step.sum))?;
    let mut cursor = FuncCursor::new(func).at_inst(branch);
    Some(match question {
        Question::Compare { condition, constant, .. } => {
            let constant = cursor.ins().iconst(types::I32, narrow(constant.wrapping_add(step.constant)));
            (branch, cursor.ins().icmp(condition, step.sum, constant))
        }
        Question::Difference { result, .. } if result == step.sum => return None,
        Question::Difference { added, .. } => {
            let constant = cursor.ins().iconst(types::I32, narrow(added.wrapping_sub(step.constant)));
            (branch, cursor.ins().iadd(step.sum, constant))
        }
    })
}

/// The low 32 bits, as Cranelift keeps a narrow constant.
fn narrow(value: i64) -> i64 {
    value & 0xffff_ffff
}

fn question(func: &Function, condition: Value) -> Option<Question> {
    let condition = func.dfg.resolve_aliases(condition);
    let inst = func.dfg.value_def(condition).inst()?;
    if let InstructionData::IntCompare { opcode: Opcode::Icmp, args: [left, right], cond } = func.dfg.insts[inst] {
        let value = func.dfg.resolve_aliases(left);
        let equality = matches!(cond, IntCC::Equal | IntCC::NotEqual) && func.dfg.value_type(value) == types::I32;
        return equality.then_some(Question::Compare { condition: cond, value, constant: constant(func, right)? });
    }
    let step = step(func, inst)?;
    Some(Question::Difference { value: step.value, added: step.constant, result: step.sum })
}

fn step(func: &Function, inst: Inst) -> Option<Step> {
    let (value, constant) = match func.dfg.insts[inst] {
        InstructionData::Binary { opcode: Opcode::Iadd, args: [left, right] } => match constant(func, right) {
            Some(constant) => (left, constant),
            None => (right, constant(func, left)?),
        },
        InstructionData::Binary { opcode: Opcode::Isub, args: [left, right] } => (left, constant(func, right)?.wrapping_neg()),
        _ => return None,
    };
    let sum = func.dfg.first_result(inst);
    let value = func.dfg.resolve_aliases(value);
    (func.dfg.value_type(sum) == types::I32).then_some(Step { value, constant, sum })
}

fn constant(func: &Function, value: Value) -> Option<i64> {
    let inst = func.dfg.value_def(func.dfg.resolve_aliases(value)).inst()?;
    match func.dfg.insts[inst] {
        InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => Some(imm.bits()),
        _ => None,
    }
}
