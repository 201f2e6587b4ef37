//! Makes NaNs canonical in wasm: after every operator that may yield one, it is replaced by the canonical one.
//!
//! A module so rewritten has the same bits on every machine, and so can be compiled as most are: without `canonical_nans`. Operators
//! that only move or change bits (`abs`, `neg`, `copysign`, `pmin`, `pmax`, loads, lanes) need nothing: the specification says which
//! bits they give.

use std::convert::Infallible;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, RoundtripReencoder};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, Module, TypeSection, ValType};
use wasmparser::{CompositeInnerType, FunctionBody, FunctionSectionReader, Operator, Parser, TypeSectionReader};

/// A result that may be a NaN.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Float {
    F32,
    F64,
    F32x4,
    F64x2,
}

impl Float {
    /// What an operator yields, where it may be a NaN of the machine's choice.
    fn of(operator: &Operator<'_>) -> Option<Float> {
        use Operator as O;
        Some(match operator {
            O::F32Add | O::F32Sub | O::F32Mul | O::F32Div | O::F32Min | O::F32Max | O::F32DemoteF64 => Float::F32,
            O::F32Sqrt | O::F32Ceil | O::F32Floor | O::F32Trunc | O::F32Nearest => Float::F32,
            O::F64Add | O::F64Sub | O::F64Mul | O::F64Div | O::F64Min | O::F64Max | O::F64PromoteF32 => Float::F64,
            O::F64Sqrt | O::F64Ceil | O::F64Floor | O::F64Trunc | O::F64Nearest => Float::F64,
            O::F32x4Add | O::F32x4Sub | O::F32x4Mul | O::F32x4Div | O::F32x4Min | O::F32x4Max => Float::F32x4,
            O::F32x4Sqrt | O::F32x4Ceil | O::F32x4Floor | O::F32x4Trunc | O::F32x4Nearest => Float::F32x4,
            O::F32x4RelaxedMadd | O::F32x4RelaxedNmadd | O::F32x4RelaxedMin | O::F32x4RelaxedMax => Float::F32x4,
            O::F32x4DemoteF64x2Zero => Float::F32x4,
            O::F64x2Add | O::F64x2Sub | O::F64x2Mul | O::F64x2Div | O::F64x2Min | O::F64x2Max => Float::F64x2,
            O::F64x2Sqrt | O::F64x2Ceil | O::F64x2Floor | O::F64x2Trunc | O::F64x2Nearest => Float::F64x2,
            O::F64x2RelaxedMadd | O::F64x2RelaxedNmadd | O::F64x2RelaxedMin | O::F64x2RelaxedMax => Float::F64x2,
            O::F64x2PromoteLowF32x4 => Float::F64x2,
            _ => return None,
        })
    }

    /// Its local among the further ones.
    fn scratch(self) -> u32 {
        match self {
            Float::F32 => 0,
            Float::F64 => 1,
            Float::F32x4 | Float::F64x2 => 2,
        }
    }

    /// Replaces a NaN on top of the stack: a number equals itself.
    fn canonicalise(self, function: &mut Function, first_scratch: u32) {
        let local = first_scratch + self.scratch();
        let f32s = i128::from(f32::NAN.to_bits()) * 0x0000_0001_0000_0001_0000_0001_0000_0001;
        let f64s = i128::from(f64::NAN.to_bits());
        let (nan, equal) = match self {
            Float::F32 => (Instruction::F32Const(f32::NAN.into()), Instruction::F32Eq),
            Float::F64 => (Instruction::F64Const(f64::NAN.into()), Instruction::F64Eq),
            Float::F32x4 => (Instruction::V128Const(f32s), Instruction::F32x4Eq),
            Float::F64x2 => (Instruction::V128Const(f64s | f64s << 64), Instruction::F64x2Eq),
        };
        function.instruction(&Instruction::LocalTee(local)).instruction(&nan);
        function.instruction(&Instruction::LocalGet(local)).instruction(&Instruction::LocalGet(local)).instruction(&equal);
        let vector = matches!(self, Float::F32x4 | Float::F64x2);
        function.instruction(&if vector { Instruction::V128Bitselect } else { Instruction::Select });
    }
}

#[derive(Default)]
struct Canonicaliser {
    /// How many parameters each type has.
    params: Vec<u32>,
    /// How many each defined function has.
    functions: Vec<u32>,
    bodies: usize,
}

impl Reencode for Canonicaliser {
    type Error = Infallible;

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Result<(), ReencodeError> {
        for group in section.clone() {
            self.params.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                CompositeInnerType::Func(func) => u32::try_from(func.params().len()).unwrap_or(u32::MAX),
                _ => 0,
            }));
        }
        RoundtripReencoder.parse_type_section(types, section)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), ReencodeError> {
        for ty in section.clone() {
            self.functions.push(self.params.get(ty? as usize).copied().unwrap_or(0));
        }
        RoundtripReencoder.parse_function_section(functions, section)
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), ReencodeError> {
        let mut scratch = self.functions.get(self.bodies).copied().unwrap_or(0);
        self.bodies += 1;
        let mut locals = Vec::new();
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            scratch += count;
            locals.push((count, self.val_type(ty)?));
        }
        locals.extend([ValType::F32, ValType::F64, ValType::V128].map(|ty| (1, ty)));
        let mut function = Function::new(locals);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            let float = Float::of(&operator);
            function.instruction(&self.instruction(operator)?);
            if let Some(float) = float {
                float.canonicalise(&mut function, scratch);
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// The module with canonical NaNs.
///
/// # Panics
/// When the module cannot be read, which is a fault of its generator.
pub(super) fn canonicalise(wasm: &[u8]) -> Vec<u8> {
    let mut module = Module::new();
    Canonicaliser::default().parse_core_module(&mut module, Parser::new(0), wasm).expect("a generated module can be read");
    module.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In wasmi's ordinary mode, which gives the NaNs of the machine below.
    #[test]
    fn nans_come_out_canonical() {
        let source = r#"(module (func (export "f") (param f32) (result f32)
            (f32x4.extract_lane 1 (f32x4.relaxed_madd (f32x4.splat (local.get 0)) (f32x4.splat (local.get 0))
                (f32x4.splat (f32.demote_f64 (f64.promote_f32 (local.get 0))))))))"#;
        let wasm = canonicalise(&wat::parse_str(source).expect("the module is well formed"));
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, &wasm).expect("the module is valid");
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("it instantiates");
        let function = instance.get_typed_func::<wasmi::F32, wasmi::F32>(&store, "f").expect("it is exported");
        for (given, expected) in [(0xffa0_1234, 0x7fc0_0000), (0x4000_0000, 0x40c0_0000)] {
            let given = wasmi::F32::from_bits(given);
            assert_eq!(function.call(&mut store, given).expect("it returns").to_bits(), expected);
        }
    }
}
