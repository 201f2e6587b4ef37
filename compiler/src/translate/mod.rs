//! Operators → Cranelift IR. One file a family; [`dispatch`] says which family owns an operator.
//!
//! A body is validated and translated in one pass: every operator goes through `wasmparser`'s validator first, so what
//! the families see is well typed, and they need not check.

mod bulk;
mod call;
pub(crate) mod code;
mod control;
mod convert;
mod dispatch;
mod division;
pub(crate) mod glue;
mod instantiate;
mod memory;
mod meter;
mod numeric;
mod reference;
mod riscv;
mod rounding;
mod simd;
mod supported;
mod table;
mod variable;

pub(crate) use bulk::is_evaluated;
pub use supported::SUPPORTED;

use crate::bounds::MemoryAccess;
use crate::cost::StackCheck;
use crate::error::Error;
use crate::instance::Env;
use crate::interface::ValueType;
use crate::module::{Body, FuncIndex, MemoryIndex, operator_text};
use code::CodeBuilder;
use control::Frame;
use cranelift_codegen::ir::{self, SourceLoc, Value};
use cranelift_frontend::{FunctionBuilderContext, Variable};
use saggar_abi::trap::Code;
use wasmparser::{FuncValidatorAllocations, Operator, ValType, ValidatorResources, WasmModuleResources};

/// A local: one variable, or two for a vector on a row without vectors.
#[derive(Clone, Copy)]
struct Local {
    first: Variable,
    second: Option<Variable>,
}

impl Local {
    fn variables(self) -> impl Iterator<Item = Variable> {
        std::iter::once(self.first).chain(self.second)
    }
}

/// The state of one function's translation.
pub(crate) struct Translator<'f, 'e> {
    pub(crate) code: CodeBuilder<'f, 'e>,
    /// Operand stack; empty where code is unreachable. A vector on a row without vectors is two values, the lower half below.
    stack: Vec<Value>,
    frames: Vec<Frame>,
    locals: Vec<Local>,
    /// Whether the operand that `drop` drops, or `select` selects, is a vector.
    is_vector: bool,
    memories: Vec<MemoryAccess>,
    reachable: bool,
}

/// Translates a defined function.
///
/// # Errors
/// `Invalid` when the body does not validate, `Unsupported` for an operator that no family owns.
pub(crate) fn function(
    env: &Env<'_, '_>,
    func: FuncIndex,
    body: Body<'_>,
    allocations: FuncValidatorAllocations,
    context: &mut FunctionBuilderContext,
    out: &mut ir::Function,
) -> Result<FuncValidatorAllocations, Error> {
    let mut validator = body.validator.into_validator(allocations);
    let mut reader = body.body.get_binary_reader();
    reader.set_features(crate::module::SUPPORTED);
    let code = CodeBuilder::new(env, out, context);
    let mut translator = Translator {
        code,
        stack: Vec::new(),
        frames: Vec::new(),
        locals: Vec::new(),
        is_vector: false,
        memories: Vec::new(),
        reachable: true,
    };
    validator.read_locals(&mut reader)?;
    let start = position(reader.original_position());
    translator.enter(func, &body.body, start)?;
    let mut operators = wasmparser::OperatorsReader::new(reader);
    while !operators.eof() {
        let offset = operators.original_position();
        let operator = operators.read()?;
        let operand = match &operator {
            Operator::Drop => validator.get_operand_type(0),
            Operator::Select => validator.get_operand_type(1),
            _ => None,
        };
        translator.is_vector = operand == Some(Some(ValType::V128));
        validator.op(offset, &operator)?;
        let place = position(offset);
        let location = if crate::fault::active!(env.options, WrongPlace) { start } else { place };
        translator.code.builder.set_srcloc(SourceLoc::new(u32::try_from(location).unwrap_or(u32::MAX)));
        translator.check_values().map_err(|error| error.at(place))?;
        translator
            .operator(&operator, validator.resources())
            .map_err(|error| error.at(place).in_operator(operator_text(&operator)))?;
    }
    operators.finish()?;
    translator.code.end_meter_block();
    translator.code.finish();
    Ok(validator.into_allocations())
}

/// An offset in the module as a position in memory.
fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl Translator<'_, '_> {
    /// Entry block, locals, stack check, memory limits.
    fn enter(&mut self, func: FuncIndex, body: &wasmparser::FunctionBody<'_>, start: usize) -> Result<(), Error> {
        let env = self.code.env;
        self.code.builder.set_srcloc(SourceLoc::new(u32::try_from(start).unwrap_or(u32::MAX)));
        let ty = env.module.func_type(func);
        let block = self.code.builder.create_block();
        self.code.builder.append_block_params_for_function_params(block);
        self.code.builder.switch_to_block(block);
        self.code.builder.seal_block(block);
        let params: Vec<Value> = self.code.builder.block_params(block).to_vec();
        let mut params = params.into_iter();
        for ty in &ty.params {
            let local = self.declare_local(*ty);
            for variable in local.variables() {
                let value = params.next().expect("a function has its parameters");
                self.code.builder.def_var(variable, value);
            }
        }
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            let ty = crate::module::value_type(ty)?;
            let zeros: Vec<Value> = env.clif_types(ty).iter().map(|ty| self.code.zero(*ty)).collect();
            for _ in 0..count {
                let local = self.declare_local(ty);
                for (variable, zero) in local.variables().zip(&zeros) {
                    self.code.builder.def_var(variable, *zero);
                }
            }
        }
        let own_check = env.body_facts(func).calls && env.entry_checks.of(func) == StackCheck::Own;
        if own_check && !crate::fault::active!(env.options, StackUnchecked) {
            self.code.check_stack(0);
        }
        for index in (0..).take(env.memories.len()) {
            let access = MemoryAccess::new(&mut self.code, MemoryIndex(index));
            self.memories.push(access);
        }
        self.code.meter_entry();
        self.code.entered = true;
        self.push_function_frame(func);
        Ok(())
    }

    fn declare_local(&mut self, ty: ValueType) -> Local {
        let types = self.code.env.clif_types(ty);
        let first = self.code.builder.declare_var(types[0]);
        let local = Local { first, second: types.get(1).map(|ty| self.code.builder.declare_var(*ty)) };
        self.locals.push(local);
        local
    }

    /// Holds the number of values against the limit; a single operator adds a bounded number.
    fn check_values(&self) -> Result<(), Error> {
        let limit = self.code.env.options.limits.function_values;
        if self.code.builder.func.dfg.num_values() > limit {
            return Err(Error::limit(format!("a function that needs more than {limit} values in the code generator"))
                .help("split the function, or raise --max-function-values"));
        }
        Ok(())
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    /// Pops an operand. Validation has made sure that it is there.
    fn pop(&mut self) -> Value {
        self.stack.pop().expect("validated: the operand is on the stack")
    }

    fn pop2(&mut self) -> (Value, Value) {
        let second = self.pop();
        (self.pop(), second)
    }

    fn pop3(&mut self) -> (Value, Value, Value) {
        let third = self.pop();
        let (first, second) = self.pop2();
        (first, second, third)
    }

    /// Takes the topmost operands, in order.
    fn pop_many(&mut self, count: usize) -> Vec<Value> {
        self.stack.split_off(self.stack.len() - count)
    }

    /// Takes operands of these types, in order.
    fn pop_values(&mut self, types: &[ValueType]) -> Vec<Value> {
        let count = types.iter().map(|ty| self.code.env.clif_types(*ty).len()).sum();
        self.pop_many(count)
    }

    /// After anything that may have grown a memory.
    fn reload_limits(&mut self) {
        for access in &self.memories {
            access.reload(&mut self.code);
        }
    }

    /// Ends the current path with a trap.
    fn trap(&mut self, code: Code) {
        self.code.trap(code);
        self.reachable = false;
    }
}

/// Number of results of a type that is known to the validator; used by control operators.
fn block_type(resources: &ValidatorResources, ty: wasmparser::BlockType) -> (Vec<wasmparser::ValType>, Vec<wasmparser::ValType>) {
    match ty {
        wasmparser::BlockType::Empty => (Vec::new(), Vec::new()),
        wasmparser::BlockType::Type(ty) => (Vec::new(), vec![ty]),
        wasmparser::BlockType::FuncType(index) => match resources.sub_type_at(index).map(|ty| &ty.composite_type.inner) {
            Some(wasmparser::CompositeInnerType::Func(func)) => (func.params().to_vec(), func.results().to_vec()),
            _ => (Vec::new(), Vec::new()),
        },
    }
}
