//! Detours around defects of the oracle, wasmi 2.0.0. The oracle gets a rewritten copy of a module, the compiled side the module as it is.
//!
//! - `select` is executed wrongly where its condition is a comparison with zero: the comparison that it meant to join with the
//!   selection is dropped, but its result is kept as the condition. So every `select` is preceded by `i32.popcnt`: the number of ones
//!   in a condition is zero exactly where the condition is, and nothing is joined with it.
//! - A `local.get` or `local.tee` that lies on the operand stack below the parameters of a block is read from a place that was never written, where one of
//!   these parameters is no local and another operand lies between. So in functions that have blocks with parameters, each of them
//!   of a number is followed by an operation that changes nothing, and the operand is no longer a local. (References stay as they are.)
//! - A `br_table` with several operands, above others that the branch drops, leaves its operands where they are when all its targets lie equally
//!   deep. (wasmi-labs/wasmi#1972 mended another half of this.) So each such table is a row of comparisons with `br_if`.
//!
//! And around choices: of what the specification leaves open for relaxed operators, the oracle takes for some another than the deterministic
//! profile does (where `R_fmadd` is 0 and two products are added with saturation). It is given these choices spelled out.

use wasm_encoder::reencode::{Error as ReencodeError, Reencode};
use wasm_encoder::{CodeSection, Function, Instruction, Module};
use wasmparser::{BlockType, CompositeInnerType, FunctionBody, Operator, Parser, Payload, ValType};

/// What of a module must be known to rewrite its bodies.
#[derive(Default)]
struct Detour {
    /// Parameters of each type.
    types: Vec<Vec<ValType>>,
    /// How many results each type has.
    results: Vec<usize>,
    /// How many operands a branch to each label takes that is open in the present body, the outermost first.
    labels: Vec<usize>,
    /// The type of each defined function.
    functions: Vec<u32>,
    /// Bodies seen.
    bodies: usize,
}

impl Detour {
    fn read(wasm: &[u8]) -> Result<Detour, wasmparser::BinaryReaderError> {
        let mut detour = Detour::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(groups) => {
                    for group in groups {
                        for ty in group?.into_types() {
                            let (params, results) = match ty.composite_type.inner {
                                CompositeInnerType::Func(func) => (func.params().to_vec(), func.results().len()),
                                _ => (Vec::new(), 0),
                            };
                            detour.types.push(params);
                            detour.results.push(results);
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        detour.functions.push(ty?);
                    }
                }
                _ => {}
            }
        }
        Ok(detour)
    }

    /// The types of the locals of the next body, and whether any of its blocks has parameters.
    fn look(&mut self, body: &FunctionBody<'_>) -> Result<(Vec<ValType>, bool), wasmparser::BinaryReaderError> {
        let ty = self.functions.get(self.bodies).copied().unwrap_or(0);
        self.bodies += 1;
        self.labels = vec![self.results.get(ty as usize).copied().unwrap_or(0)];
        let mut locals = self.types.get(ty as usize).cloned().unwrap_or_default();
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            locals.extend((0..count).map(|_| ty));
        }
        let takes = |ty: BlockType| match ty {
            BlockType::FuncType(index) => self.types.get(index as usize).is_some_and(|params| !params.is_empty()),
            _ => false,
        };
        let mut with_parameters = false;
        for operator in body.get_operators_reader()? {
            if let Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } = operator? {
                with_parameters |= takes(blockty);
            }
        }
        Ok((locals, with_parameters))
    }
}

impl Detour {
    /// Follows the labels that are open after an operator.
    fn follow(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::Block { blockty } | Operator::If { blockty } => self.labels.push(match blockty {
                BlockType::Empty => 0,
                BlockType::Type(_) => 1,
                BlockType::FuncType(index) => self.results.get(*index as usize).copied().unwrap_or(0),
            }),
            Operator::Loop { blockty } => self.labels.push(match blockty {
                BlockType::FuncType(index) => self.types.get(*index as usize).map_or(0, Vec::len),
                _ => 0,
            }),
            Operator::End => {
                self.labels.pop();
            }
            _ => {}
        }
    }

    /// A branch table with several operands as comparisons; `scratch` is a local for its index.
    fn compared(&self, operator: &Operator<'_>, scratch: u32) -> Option<Vec<Instruction<'static>>> {
        let Operator::BrTable { targets } = operator else { return None };
        let default = self.labels.len().checked_sub(targets.default() as usize + 1)?;
        if self.labels[default] < 2 {
            return None;
        }
        let mut instructions = vec![Instruction::LocalSet(scratch)];
        for (index, target) in (0..).zip(targets.targets()) {
            instructions.extend([Instruction::LocalGet(scratch), Instruction::I32Const(index), Instruction::I32Eq]);
            instructions.push(Instruction::BrIf(target.ok()?));
        }
        instructions.push(Instruction::Br(targets.default()));
        Some(instructions)
    }
}

/// Operators that give back the number that they are given.
fn unchanged(ty: Option<&ValType>) -> &'static [Instruction<'static>] {
    match ty {
        Some(ValType::I32) => &[Instruction::I32Const(0), Instruction::I32Or],
        Some(ValType::I64) => &[Instruction::I64Const(0), Instruction::I64Or],
        Some(ValType::F32) => &[Instruction::I32ReinterpretF32, Instruction::F32ReinterpretI32],
        Some(ValType::F64) => &[Instruction::I64ReinterpretF64, Instruction::F64ReinterpretI64],
        Some(ValType::V128) => &[Instruction::V128Not, Instruction::V128Not],
        _ => &[],
    }
}

/// Further locals, for what [`chosen`] and [`Detour::compared`] set aside.
const SCRATCH: [(u32, wasm_encoder::ValType); 2] = [(2, wasm_encoder::ValType::V128), (1, wasm_encoder::ValType::I32)];

/// A relaxed operator's deterministic choice, where the oracle takes another; `scratch` is the first of two vector locals.
fn chosen(operator: &Operator<'_>, scratch: u32) -> Option<Vec<Instruction<'static>>> {
    use Instruction as I;
    let other = scratch + 1;
    // One sum of two products of bytes is too large, by one; here it has wrapped to what no other sum is.
    let dot = [
        I::I16x8RelaxedDotI8x16I7x16S,
        I::LocalTee(other),
        I::LocalGet(other),
        I::I32Const(0x8000),
        I::I16x8Splat,
        I::I16x8Eq,
        I::I16x8Add,
    ];
    let negated = |neg: I<'static>, mul: I<'static>, add: I<'static>| {
        vec![I::LocalSet(scratch), I::LocalSet(other), neg, I::LocalGet(other), mul, I::LocalGet(scratch), add]
    };
    Some(match operator {
        Operator::F32x4RelaxedMadd => vec![I::LocalSet(scratch), I::F32x4Mul, I::LocalGet(scratch), I::F32x4Add],
        Operator::F64x2RelaxedMadd => vec![I::LocalSet(scratch), I::F64x2Mul, I::LocalGet(scratch), I::F64x2Add],
        Operator::F32x4RelaxedNmadd => negated(I::F32x4Neg, I::F32x4Mul, I::F32x4Add),
        Operator::F64x2RelaxedNmadd => negated(I::F64x2Neg, I::F64x2Mul, I::F64x2Add),
        Operator::I16x8RelaxedDotI8x16I7x16S => dot.to_vec(),
        Operator::I32x4RelaxedDotI8x16I7x16AddS => {
            let mut instructions = vec![I::LocalSet(scratch)];
            instructions.extend(dot);
            instructions.extend([I::I32x4ExtAddPairwiseI16x8S, I::LocalGet(scratch), I::I32x4Add]);
            instructions
        }
        _ => return None,
    })
}

impl Detour {
    /// The body's own locals, and those for what is set aside where it is needed.
    fn new_function(&mut self, body: &FunctionBody<'_>) -> Result<Function, ReencodeError> {
        let mut locals = Vec::new();
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            locals.push((count, self.val_type(ty)?));
        }
        let mut needed = false;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            needed |= matches!(operator, Operator::BrTable { .. }) || chosen(&operator, 0).is_some();
        }
        if needed {
            locals.extend(SCRATCH);
        }
        Ok(Function::new(locals))
    }
}

impl Reencode for Detour {
    type Error = std::convert::Infallible;

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), ReencodeError> {
        let mut function = self.new_function(&body)?;
        let (locals, with_parameters) = self.look(&body)?;
        let scratch = u32::try_from(locals.len()).unwrap_or(u32::MAX);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            if matches!(operator, Operator::Select | Operator::TypedSelect { .. }) {
                function.instruction(&Instruction::I32Popcnt);
            }
            self.follow(&operator);
            match chosen(&operator, scratch).or_else(|| self.compared(&operator, scratch + 2)) {
                Some(instructions) => instructions.iter().for_each(|instruction| {
                    function.instruction(instruction);
                }),
                None => {
                    function.instruction(&self.instruction(operator.clone())?);
                }
            }
            if let Operator::LocalGet { local_index } | Operator::LocalTee { local_index } = operator
                && with_parameters
            {
                for instruction in unchanged(locals.get(local_index as usize)) {
                    function.instruction(instruction);
                }
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// The module as the oracle may read it. One that cannot be rewritten is given back: the oracle then refuses it itself.
pub(crate) fn for_oracle(wasm: &[u8]) -> Vec<u8> {
    let mut module = Module::new();
    match Detour::read(wasm).map(|mut detour| detour.parse_core_module(&mut module, Parser::new(0), wasm)) {
        Ok(Ok(())) => module.finish(),
        _ => wasm.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::for_oracle;

    const SELECT: &str = r#"(module (func (export "f") (param i32) (result i32)
        (local.set 0 (select (i32.const 1) (local.get 0) (i32.eqz (local.get 0))))
        (local.get 0)))"#;

    /// `dirty` leaves numbers where the operands of the other function will be.
    const BLOCK: &str = r#"(module (memory 1)
        (func $dirty (param i32) (local i32 i32 i32 i32 i32 i32)
          (local.set 1 (local.get 0)) (local.set 2 (local.get 0)) (local.set 3 (local.get 0))
          (local.set 4 (local.get 0)) (local.set 5 (local.get 0)) (local.set 6 (local.get 0)))
        (func $block (result i32) (local i32)
          local.get 0 ref.null extern memory.size
          block (param i32) br_if 0 block end end
          drop)
        (func (export "f") (param i32) (result i32) (call $dirty (local.get 0)) (call $block)))"#;

    const TABLE: &str = r#"(module (func (export "f") (param i32) (result i32)
        block (result i32 i32) block (result i32 i32)
          i32.const 1 i32.const 2 i32.const 3 local.get 0
          br_table 0 1 0 1
        end end
        i32.const 10 i32.mul i32.add))"#;

    fn run(wasm: &[u8]) -> i32 {
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, wasm).expect("the module is valid");
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("it instantiates");
        let function = instance.get_typed_func::<i32, i32>(&store, "f").expect("it is exported");
        function.call(&mut store, 42).expect("it returns")
    }

    /// When the first assertion of a pair fails, the oracle is mended, and the detour can go.
    #[test]
    fn the_detours_are_needed_and_right() {
        let select = wat::parse_str(SELECT).expect("the module is well formed");
        assert_eq!(run(&select), 1, "the oracle no longer has the defect");
        assert_eq!(run(&for_oracle(&select)), 42);
        let block = wat::parse_str(BLOCK).expect("the module is well formed");
        assert_eq!(run(&block), 42, "the oracle no longer has the defect");
        assert_eq!(run(&for_oracle(&block)), 0);
        let table = wat::parse_str(TABLE).expect("the module is well formed");
        // What it takes for the operands depends on what was in their places before.
        assert_ne!(run(&table), 32, "the oracle no longer has the defect");
        assert_eq!(run(&for_oracle(&table)), 32);
    }
}
