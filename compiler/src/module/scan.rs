//! A first look at a body, before validation: what it demands, held against the limits, and what the whole
//! module's translation wants to know beforehand.
//!
//! It only decodes, so that a body that exceeds a limit costs no more than its reading.

use super::{FuncIndex, TableIndex, TypeIndex, features::Used};
use crate::error::Error;
use crate::options::Limits;
use wasmparser::{FunctionBody, Operator};

/// What a call names, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Callee {
    Func(FuncIndex),
    /// A function of this type, out of the table.
    Indirect(TableIndex, TypeIndex),
}

/// A call, or all that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) callee: Callee,
    /// In tail position: the callee takes the place of the caller.
    pub(crate) tail: bool,
}

/// What a scan finds in one body.
#[derive(Clone, Debug, Default)]
pub(crate) struct BodyFacts {
    /// Calls any function, tail calls included.
    pub(crate) calls: bool,
    /// What it calls, each kind of call once, in ascending order.
    pub(crate) callees: Vec<Call>,
    /// Contains `memory.grow`.
    pub(crate) grows_memory: bool,
    /// Contains `table.grow`.
    pub(crate) grows_table: bool,
    /// Functions whose reference it takes.
    pub(crate) references: Vec<FuncIndex>,
    pub(crate) used: Used,
}

impl BodyFacts {
    fn call(&mut self, callee: Callee, tail: bool) {
        self.callees.push(Call { callee, tail });
        self.used.tail_calls |= tail;
    }
}

/// Reads a body and holds it against the limits. Parameters are locals too, and stand in the function's type.
///
/// # Errors
/// `Limit` when it exceeds one, `Invalid` when it cannot be decoded.
pub(crate) fn scan(body: &FunctionBody<'_>, params: usize, limits: &Limits) -> Result<BodyFacts, Error> {
    let range = body.range();
    let start = usize::try_from(range.start).unwrap_or(usize::MAX);
    let bytes = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
    check(bytes, limits.function_bytes, "bytes", "--max-function-bytes").map_err(|error| error.at(start))?;
    let mut locals = params;
    for local in body.get_locals_reader()? {
        locals = locals.saturating_add(local?.0 as usize);
    }
    check(locals, limits.function_locals, "locals", "--max-function-locals").map_err(|error| error.at(start))?;
    let mut facts = BodyFacts::default();
    let (mut operators, mut depth) = (0_usize, 0_usize);
    for item in body.get_operators_reader()?.into_iter_with_offsets() {
        let (operator, offset) = item?;
        operators += 1;
        let at = |error: Error| error.at(usize::try_from(offset).unwrap_or(usize::MAX));
        match &operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                depth += 1;
                check(depth, limits.nesting, "nested blocks", "--max-nesting").map_err(at)?;
            }
            Operator::End => depth = depth.saturating_sub(1),
            Operator::BrTable { targets } => {
                check(targets.len() as usize, limits.br_table_targets as usize, "br_table targets", "--max-br-table")
                    .map_err(at)?;
            }
            _ => note(&operator, &mut facts),
        }
    }
    check(operators, limits.function_operators, "operators", "--max-function-operators").map_err(|error| error.at(start))?;
    facts.callees.sort_unstable();
    facts.callees.dedup();
    facts.calls = !facts.callees.is_empty();
    Ok(facts)
}

fn check(found: usize, limit: usize, what: &str, option: &str) -> Result<(), Error> {
    if found > limit {
        return Err(Error::limit(format!("a function with more than {limit} {what}")).help(format!("raise {option}")));
    }
    Ok(())
}

fn note(operator: &Operator<'_>, facts: &mut BodyFacts) {
    use Operator as O;
    match operator {
        O::Call { function_index } => facts.call(Callee::Func(FuncIndex(*function_index)), false),
        O::CallIndirect { type_index, table_index } => {
            facts.call(Callee::Indirect(TableIndex(*table_index), TypeIndex(*type_index)), false);
        }
        O::ReturnCall { function_index } => facts.call(Callee::Func(FuncIndex(*function_index)), true),
        O::ReturnCallIndirect { type_index, table_index } => {
            facts.call(Callee::Indirect(TableIndex(*table_index), TypeIndex(*type_index)), true);
        }
        O::MemoryGrow { .. } => facts.grows_memory = true,
        O::TableGrow { .. } => {
            facts.grows_table = true;
            facts.used.reference_types = true;
        }
        O::RefFunc { function_index } => {
            facts.references.push(FuncIndex(*function_index));
            facts.used.reference_types = true;
        }
        O::RefNull { .. }
        | O::RefIsNull
        | O::TableGet { .. }
        | O::TableSet { .. }
        | O::TableSize { .. }
        | O::TableFill { .. } => {
            facts.used.reference_types = true;
        }
        O::MemoryCopy { .. }
        | O::MemoryFill { .. }
        | O::MemoryInit { .. }
        | O::DataDrop { .. }
        | O::TableCopy { .. }
        | O::TableInit { .. }
        | O::ElemDrop { .. } => {
            facts.used.bulk_memory = true;
        }
        O::I32Extend8S | O::I32Extend16S | O::I64Extend8S | O::I64Extend16S | O::I64Extend32S => facts.used.sign_extension = true,
        O::I32TruncSatF32S
        | O::I32TruncSatF32U
        | O::I32TruncSatF64S
        | O::I32TruncSatF64U
        | O::I64TruncSatF32S
        | O::I64TruncSatF32U
        | O::I64TruncSatF64S
        | O::I64TruncSatF64U => {
            facts.used.saturating_conversions = true;
        }
        other => note_vector(other, facts),
    }
}

/// Notes vector operators, of which the parser has a list.
fn note_vector(operator: &Operator<'_>, facts: &mut BodyFacts) {
    macro_rules! proposal {
        ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            match operator {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => return,
            }
        };
    }
    match wasmparser::for_each_visit_simd_operator!(proposal) {
        "relaxed_simd" => facts.used.relaxed_simd = true,
        _ => facts.used.simd = true,
    }
}
