//! How often each operator was executed: by a copy of the module that counts, run by the oracle.
//!
//! A run is a sequence of operators that is executed as a whole: it ends with the first one that can branch, trap
//! or call. The counter of a run goes up just before that last operator, so the counts are exact: what stands
//! before it has been executed, and it is about to be.

use crate::diff::oracle::Oracle;
use crate::diff::{Case, Error};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType, Instruction, Module, RawSection,
    ValType,
};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// Executions by operator, as the specification's binary format orders them in the parser.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    executed: BTreeMap<&'static str, u64>,
}

macro_rules! operators {
    ($(@$proposal:ident $name:ident $({ $($field:ident: $ty:ty),* })? => $visit:ident ($($annotation:tt)*))*) => {
        /// Name and proposal of an operator.
        fn name_of(operator: &Operator<'_>) -> (&'static str, &'static str) {
            match operator {
                $(Operator::$name { .. } => (stringify!($name), stringify!($proposal)),)*
                _ => ("unknown", "unknown"),
            }
        }

        /// Every operator with its proposal.
        const ALL: &[(&str, &str)] = &[$((stringify!($name), stringify!($proposal)),)*];
    };
}
wasmparser::for_each_operator!(operators);

/// Never valid so far: `select` with several types.
const NEVER_VALID: &str = "TypedSelectMulti";

/// Operators that a run has to execute: those of some proposals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// What the compiler translates, without vectors.
    Scalar,
    /// Vectors, relaxed ones too.
    Vector,
}

impl Family {
    fn has(self, proposal: &str) -> bool {
        let proposals: &[&str] = match self {
            Family::Scalar => {
                &["mvp", "sign_extension", "saturating_float_to_int", "bulk_memory", "reference_types", "tail_call"]
            }
            Family::Vector => &["simd", "relaxed_simd"],
        };
        proposals.contains(&proposal)
    }
}

impl Counts {
    /// Adds other counts.
    pub fn add(&mut self, other: &Counts) {
        for (name, count) in &other.executed {
            *self.executed.entry(name).or_default() += count;
        }
    }

    /// Every operator of the families with how often it was executed, rarest first.
    #[must_use]
    pub fn by_operator(&self, families: &[Family]) -> Vec<(&'static str, u64)> {
        let wanted = |proposal: &str| families.iter().any(|family| family.has(proposal));
        let wanted = ALL.iter().filter(|(name, proposal)| wanted(proposal) && *name != NEVER_VALID);
        let mut counts: Vec<_> = wanted.map(|(name, _)| (*name, self.executed.get(name).copied().unwrap_or(0))).collect();
        counts.sort_by_key(|(_, count)| *count);
        counts
    }

    /// The operators of the families that were executed less often than that.
    #[must_use]
    pub fn rarer_than(&self, least: u64, families: &[Family]) -> Vec<(&'static str, u64)> {
        self.by_operator(families).into_iter().take_while(|(_, count)| *count < least).collect()
    }
}

/// Runs a case once more in the oracle, counting.
///
/// # Errors
/// When the oracle does not take the copy that counts.
pub fn count(case: &Case) -> Result<Counts, Error> {
    let mut counting = case.prepared.clone();
    let (wasm, runs) = instrument(&case.prepared.wasm, case.prepared.surface.globals.len())?;
    counting.wasm = wasm;
    let names: Vec<String> = (0..runs.len()).map(counter_name).collect();
    // Counting takes four operators where there was one, at worst.
    let counters = Oracle::new(&counting, case.effort.fuel.saturating_mul(20))?.counters(&case.script, &names)?;
    let mut counts = Counts::default();
    for (run, count) in runs.iter().zip(counters) {
        for name in run {
            *counts.executed.entry(name).or_default() += count;
        }
    }
    Ok(counts)
}

fn counter_name(run: usize) -> String {
    format!("saggar run {run}")
}

type Runs = Vec<Vec<&'static str>>;

/// The copy that counts, and what stands in each of its runs.
fn instrument(wasm: &[u8], globals: usize) -> Result<(Vec<u8>, Runs), Error> {
    let mut code = CodeSection::new();
    let mut runs = Runs::new();
    let first_counter = u32::try_from(globals).map_err(|_| Error::Unsupported("so many globals"))?;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            code.function(&instrument_body(&body, first_counter, &mut runs)?);
        }
    }
    let mut module = Module::new();
    let mut globals_done = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else { continue };
        match payload {
            Payload::GlobalSection(reader) => {
                let mut section = GlobalSection::new();
                RoundtripReencoder.parse_global_section(&mut section, reader).map_err(|_| Error::Unsupported("a global"))?;
                add_counters(&mut section, runs.len());
                module.section(&section);
                globals_done = true;
            }
            Payload::ExportSection(reader) => {
                if !globals_done {
                    let mut section = GlobalSection::new();
                    add_counters(&mut section, runs.len());
                    module.section(&section);
                }
                let mut section = ExportSection::new();
                RoundtripReencoder.parse_export_section(&mut section, reader).map_err(|_| Error::Unsupported("an export"))?;
                for (index, run) in (first_counter..).zip(0..runs.len()) {
                    section.export(&counter_name(run), ExportKind::Global, index);
                }
                module.section(&section);
            }
            Payload::CodeSectionStart { .. } => {
                module.section(&code);
            }
            _ => {
                let range = usize::try_from(range.start).unwrap_or(0)..usize::try_from(range.end).unwrap_or(0);
                module.section(&RawSection { id, data: &wasm[range] });
            }
        }
    }
    Ok((module.finish(), runs))
}

fn add_counters(section: &mut GlobalSection, count: usize) {
    for _ in 0..count {
        section.global(GlobalType { val_type: ValType::I64, mutable: true, shared: false }, &ConstExpr::i64_const(0));
    }
}

fn instrument_body(body: &FunctionBody<'_>, first_counter: u32, runs: &mut Runs) -> Result<Function, Error> {
    let mut locals = Vec::new();
    for local in body.get_locals_reader()? {
        let (count, ty) = local?;
        locals.push((count, RoundtripReencoder.val_type(ty).map_err(|_| Error::Unsupported("a local"))?));
    }
    let mut function = Function::new(locals);
    let mut run = Vec::new();
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        run.push(name_of(&operator).0);
        if ends_run(&operator) {
            let counter = u32::try_from(runs.len()).ok().and_then(|index| first_counter.checked_add(index));
            let counter = counter.ok_or(Error::Unsupported("so many runs"))?;
            function.instruction(&Instruction::GlobalGet(counter)).instruction(&Instruction::I64Const(1));
            function.instruction(&Instruction::I64Add).instruction(&Instruction::GlobalSet(counter));
            runs.push(std::mem::take(&mut run));
        }
        function.instruction(&RoundtripReencoder.instruction(operator).map_err(|_| Error::Unsupported("an operator"))?);
    }
    Ok(function)
}

/// Whether what follows the operator need not be executed as often as what stands before it.
fn ends_run(operator: &Operator<'_>) -> bool {
    use Operator as O;
    let control = matches!(
        operator,
        O::Loop { .. }
            | O::If { .. }
            | O::Else
            | O::End
            | O::Br { .. }
            | O::BrIf { .. }
            | O::BrTable { .. }
            | O::Return
            | O::Call { .. }
            | O::ReturnCall { .. }
    );
    control || crate::diff::can_trap(operator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Effort;

    /// As many as the two proposals have.
    #[test]
    fn every_vector_operator_is_wanted() {
        assert_eq!(Counts::default().rarer_than(1, &[Family::Vector]).len(), 256);
    }

    /// A loop of five rounds with a trap in the last: everything before the trap counts, nothing after it.
    #[test]
    fn counts_are_exact_around_loops_and_traps() {
        let mut code = Function::new([(1, ValType::I32)]);
        code.instruction(&Instruction::Loop(wasm_encoder::BlockType::Empty));
        code.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::I32Const(1)).instruction(&Instruction::I32Add);
        code.instruction(&Instruction::LocalTee(0)).instruction(&Instruction::I32Const(5)).instruction(&Instruction::I32LtU);
        code.instruction(&Instruction::BrIf(0)).instruction(&Instruction::End);
        code.instruction(&Instruction::Nop).instruction(&Instruction::Unreachable).instruction(&Instruction::I32Clz);
        code.instruction(&Instruction::Drop).instruction(&Instruction::End);
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut exports, mut section) =
            (wasm_encoder::FunctionSection::new(), ExportSection::new(), CodeSection::new());
        functions.function(0);
        exports.export("f", ExportKind::Func, 0);
        section.function(&code);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&section);
        let effort = Effort { seed: 1, rounds: 2, fuel: 10_000, calls: 10 };
        let case = Case::new("m", &module.finish(), effort, true).unwrap();
        let counts = count(&case).unwrap();
        for (name, expected) in
            [("I32Add", 10), ("Loop", 2), ("BrIf", 10), ("Nop", 2), ("Unreachable", 2), ("I32Clz", 0), ("Drop", 0)]
        {
            assert_eq!(counts.executed.get(name).copied().unwrap_or(0), expected, "{name}");
        }
    }
}
