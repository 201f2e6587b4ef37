//! A detour around a defect of the oracle: wasmi 2.0.0 executes `select` wrongly where its condition is a comparison with zero.
//!
//! It drops the comparison that it meant to join with the selection, but keeps the comparison's result as the condition. So the
//! oracle gets a copy of the module in which every untyped or typed `select` is preceded by `i32.popcnt`: the number of ones in a
//! condition is zero exactly where the condition is, and nothing is joined with it. The compiled side gets the module as it is.

use wasm_encoder::reencode::{Error as ReencodeError, Reencode};
use wasm_encoder::{CodeSection, Instruction, Module};
use wasmparser::{FunctionBody, Operator, Parser};

struct Detour;

impl Reencode for Detour {
    type Error = std::convert::Infallible;

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), ReencodeError> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            if matches!(operator, Operator::Select | Operator::TypedSelect { .. }) {
                function.instruction(&Instruction::I32Popcnt);
            }
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }
}

/// The module as the oracle may read it. One that cannot be rewritten is given back: the oracle then refuses it itself.
pub(crate) fn for_oracle(wasm: &[u8]) -> Vec<u8> {
    let mut module = Module::new();
    match Detour.parse_core_module(&mut module, Parser::new(0), wasm) {
        Ok(()) => module.finish(),
        Err(_) => wasm.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::for_oracle;

    const MODULE: &str = r#"(module (func (export "f") (param i32) (result i32)
        (local.set 0 (select (i32.const 1) (local.get 0) (i32.eqz (local.get 0))))
        (local.get 0)))"#;

    fn run(wasm: &[u8]) -> i32 {
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, wasm).expect("the module is valid");
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module).expect("it instantiates");
        let function = instance.get_typed_func::<i32, i32>(&store, "f").expect("it is exported");
        function.call(&mut store, 42).expect("it returns")
    }

    /// When the first assertion fails, the oracle is mended, and this file can go.
    #[test]
    fn the_detour_is_needed_and_right() {
        let wasm = wat::parse_str(MODULE).expect("the module is well formed");
        assert_eq!(run(&wasm), 1, "the oracle no longer has the defect");
        assert_eq!(run(&for_oracle(&wasm)), 42);
    }
}
