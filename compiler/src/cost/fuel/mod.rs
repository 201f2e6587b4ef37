//! Upper bounds of fuel, by the rules of `translate/meter`: every operator that is executed costs 1, operators that move or gain much
//! also a 64th of how much.
//!
//! [`body`] finds the dearest way through a function; here calls and bulk operations get their prices. A call costs what the callee does at
//! most, so that functions are read callees first, and recursion has no bound, tail calls included. Bulk operations are taken at
//! their worst: the whole memory or table, or the constant that stands right before them. Host functions cost nothing; what they call
//! back is their own affair.

mod body;
mod compute;
mod facts;
mod labels;
mod trips;
mod values;

use super::graph::{Graph, Node};
use super::reach::{Reach, chain, label};
use crate::instance::Env;
use crate::interface::FunctionType;
use crate::module::{FuncIndex, MemoryIndex, TableIndex, TypeIndex};
use crate::report::Bound;
use body::Reading;
use std::rc::Rc;
use trips::Width;
use values::Value;
use wasmparser::{FunctionBody, ModuleArity, Operator, ValType};

/// Units, or why there is no bound.
type Fuel = Result<u64, Rc<str>>;

/// The most that a counter of fuel holds.
const MOST: u64 = i64::MAX.cast_unsigned();

/// The bounds of all functions. The bodies are valid.
pub(super) fn bounds(env: &Env<'_, '_>, graph: &Graph, reach: &Reach, bodies: &[FunctionBody<'_>]) -> Vec<Bound> {
    let mut prices = Prices { env, graph, reach, of: vec![Ok(0); graph.len()] };
    for knot in graph.knots() {
        let cycle = graph.recursion(knot).or_else(|| graph.tail_cycle(knot));
        let recursion: Option<Rc<str>> = cycle.map(|cycle| format!("recursion: {}", chain(env, &cycle)).into());
        for &member in graph.members(knot) {
            prices.of[member.index()] = match &recursion {
                Some(reason) => Err(reason.clone()),
                None => prices.node(member, bodies),
            };
        }
    }
    let functions = prices.of.into_iter().take(env.module.funcs.len());
    functions.map(|fuel| fuel.map_or_else(|reason| Bound::Unbounded(reason.to_string()), Bound::AtMost)).collect()
}

/// What functions cost that are known already.
struct Prices<'a> {
    env: &'a Env<'a, 'a>,
    graph: &'a Graph,
    reach: &'a Reach,
    of: Vec<Fuel>,
}

impl Prices<'_> {
    fn node(&self, node: Node, bodies: &[FunctionBody<'_>]) -> Fuel {
        match self.graph.function(node) {
            None => self.graph.edges(node).iter().try_fold(0, |dearest, edge| Ok(self.of[edge.to.index()].clone()?.max(dearest))),
            Some(func) if func.index() < self.env.module.imported_funcs => {
                self.reach.unknown_callee(self.env, func).map_or(Ok(0), |reason| Err(reason.into()))
            }
            Some(func) => match bodies.get(func.index() - self.env.module.imported_funcs) {
                Some(body) => self.body(func, body),
                None => Ok(0),
            },
        }
    }

    fn body(&self, func: FuncIndex, body: &FunctionBody<'_>) -> Fuel {
        let unreadable = |_| Rc::from("a body that cannot be read");
        let mut reading = Reading::new(self.initial(func, body).map_err(unreadable)?);
        let mut reader = body.get_binary_reader();
        reader.set_features(crate::module::SUPPORTED);
        let operators = body.get_operators_reader().map_err(unreadable)?;
        for item in operators.into_iter_with_offsets() {
            let (operator, offset) = item.map_err(unreadable)?;
            if reading.is_reached() {
                self.charge(&mut reading, func, &operator)?;
            }
            let endless = |loop_: body::Endless| -> Rc<str> {
                format!("loop at wasm offset {:#x} in {}", loop_.wasm_offset, label(self.env, func)).into()
            };
            if reading.control(&operator, offset).map_err(endless)? || !reading.is_reached() {
                continue;
            }
            reading.charge(1);
            if !reading.compute(&operator) {
                let (operands, results) = self.arity(&operator).unwrap_or((usize::MAX, 0));
                reading.exchange(operands, results);
            }
        }
        let total = reading.total();
        if total > MOST {
            return Err(format!("more than 2^63 units in {}", label(self.env, func)).into());
        }
        Ok(total)
    }

    /// What locals hold at the begin: parameters anything, others zero.
    fn initial(&self, func: FuncIndex, body: &FunctionBody<'_>) -> Result<Vec<(u32, Value)>, wasmparser::BinaryReaderError> {
        let mut end = u32::try_from(self.env.module.func_type(func).params.len()).unwrap_or(u32::MAX);
        let mut groups = vec![(end, Value::Unknown)];
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            end = end.saturating_add(count);
            groups.push((
                end,
                match ty {
                    ValType::I32 => Value::Constant(Width::Word, 0),
                    ValType::I64 => Value::Constant(Width::Double, 0),
                    _ => Value::Unknown,
                },
            ));
        }
        Ok(groups)
    }

    /// Charges what an operator that is reached costs beyond its unit.
    fn charge(&self, reading: &mut Reading, func: FuncIndex, operator: &Operator<'_>) -> Result<(), Rc<str>> {
        use Operator as O;
        let amount = match operator {
            O::Call { function_index } | O::ReturnCall { function_index } => self.of_function(FuncIndex(*function_index))?,
            O::CallIndirect { type_index, .. } | O::ReturnCallIndirect { type_index, .. } => {
                if let Some(reason) = self.reach.unknown_callee(self.env, func) {
                    return Err(reason.into());
                }
                self.of_family(TypeIndex(*type_index))?
            }
            other => match self.most_moved(other) {
                // Not more than the constant that stands right before the operator.
                Some(most) => reading.constant().map_or(most, |length| most.min(self.in_units(other, length))) / 64,
                None => 0,
            },
        };
        reading.charge(amount);
        Ok(())
    }

    fn of_function(&self, func: FuncIndex) -> Fuel {
        let forgotten = crate::fault::active!(self.env.options, BoundForgetsCalls);
        if func.index() < self.env.module.funcs.len() && !forgotten { self.of[func.index()].clone() } else { Ok(0) }
    }

    fn of_family(&self, ty: TypeIndex) -> Fuel {
        let canonical = self.env.canonical_types.get(ty.index());
        canonical.map_or(Ok(0), |ty| self.of[self.graph.family(*ty).index()].clone())
    }

    /// How many bytes, or elements of a table, an operator moves or gains at most; `None` for one that costs its unit only.
    fn most_moved(&self, operator: &Operator<'_>) -> Option<u64> {
        use Operator as O;
        Some(match operator {
            O::MemoryCopy { dst_mem, src_mem } => self.memory(*dst_mem).1.min(self.memory(*src_mem).1),
            O::MemoryFill { mem } => self.memory(*mem).1,
            O::MemoryInit { data_index, mem } => {
                let segment = self.env.module.data.get(*data_index as usize).map_or(0, |segment| segment.bytes.len() as u64);
                self.memory(*mem).1.min(segment)
            }
            O::TableCopy { dst_table, src_table } => self.table(*dst_table).1.min(self.table(*src_table).1),
            O::TableFill { table } => self.table(*table).1,
            O::TableInit { elem_index, table } => {
                let segment = self.env.module.elements.get(*elem_index as usize).map_or(0, |segment| segment.items.len() as u64);
                self.table(*table).1.min(segment)
            }
            O::MemoryGrow { mem } => {
                let (least, most) = self.memory(*mem);
                most - least
            }
            O::TableGrow { table } => {
                let (least, most) = self.table(*table);
                most - least
            }
            _ => return None,
        })
    }

    /// The last operand of an operator that moves or gains something, in bytes or elements.
    fn in_units(&self, operator: &Operator<'_>, operand: u64) -> u64 {
        match operator {
            Operator::MemoryGrow { mem } => {
                let log2 = self.env.module.memories.get(*mem as usize).map_or(0, |memory| memory.ty.page_bytes_log2);
                operand.checked_shl(log2).unwrap_or(u64::MAX)
            }
            _ => operand,
        }
    }

    /// Bytes that a memory has at least and at most.
    fn memory(&self, memory: u32) -> (u64, u64) {
        const ADDRESSES: u64 = 1 << 32;
        let index = MemoryIndex(memory).index();
        match (self.env.memories.get(index), self.env.module.memories.get(index)) {
            (Some(plan), _) if plan.slot.is_none() => (plan.minimum_bytes, plan.reserve_bytes.max(plan.minimum_bytes)),
            (_, Some(memory)) => {
                let bytes = |pages: u64| pages.checked_shl(memory.ty.page_bytes_log2).unwrap_or(u64::MAX);
                (0, memory.ty.maximum_pages.map_or(ADDRESSES, bytes).min(ADDRESSES))
            }
            _ => (0, ADDRESSES),
        }
    }

    /// Elements that a table has at least and at most.
    fn table(&self, table: u32) -> (u64, u64) {
        const INDICES: u64 = 1 << 32;
        let index = TableIndex(table).index();
        match (self.env.tables.get(index), self.env.module.tables.get(index)) {
            (Some(plan), _) if plan.slot.is_none() => (plan.minimum, plan.reserve.max(plan.minimum)),
            (_, Some(table)) => (0, table.ty.maximum.unwrap_or(INDICES).min(INDICES)),
            _ => (0, INDICES),
        }
    }

    /// How many operands an operator takes and gives.
    fn arity(&self, operator: &Operator<'_>) -> Option<(usize, usize)> {
        let of = |ty: &FunctionType| (ty.params.len(), ty.results.len());
        match operator {
            Operator::Call { function_index } => {
                let decl = self.env.module.funcs.get(*function_index as usize)?;
                Some(of(&self.env.module.types[decl.ty.index()]))
            }
            Operator::CallIndirect { type_index, .. } => {
                let (params, results) = of(self.env.module.types.get(*type_index as usize)?);
                Some((params + 1, results))
            }
            other => {
                let (operands, results) = other.operator_arity(&Nothing)?;
                Some((operands as usize, results as usize))
            }
        }
    }
}

/// Answers no question about a module: the operators that ask any are not asked about.
struct Nothing;

impl ModuleArity for Nothing {
    fn sub_type_at(&self, _: u32) -> Option<&wasmparser::SubType> {
        None
    }

    fn tag_type_arity(&self, _: u32) -> Option<(u32, u32)> {
        None
    }

    fn type_index_of_function(&self, _: u32) -> Option<u32> {
        None
    }

    fn func_type_of_cont_type(&self, _: &wasmparser::ContType) -> Option<&wasmparser::FuncType> {
        None
    }

    fn sub_type_of_ref_type(&self, _: &wasmparser::RefType) -> Option<&wasmparser::SubType> {
        None
    }

    fn control_stack_height(&self) -> u32 {
        0
    }

    fn label_block(&self, _: u32) -> Option<(wasmparser::BlockType, wasmparser::FrameKind)> {
        None
    }
}
