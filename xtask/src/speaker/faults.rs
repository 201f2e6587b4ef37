//! Plants a fault into a module, to be switched on from outside: an export `planted_fault(kind)`, and at the beginning of the
//! functions chosen a look at what it was given last.
//!
//! 1 traps, 2 loops for ever, anything else does nothing. Instantiating the module anew switches it off.

use wasm_encoder::reencode::{self, Error, Reencode};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    Instruction, Module, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Parser, Payload};

/// The module with the fault.
///
/// # Errors
/// When it is no module, or lacks one of the exports or a section that is added to.
pub(crate) fn plant(wasm: &[u8], exports: &[&str]) -> Result<Vec<u8>, String> {
    let mut plant = Plant::look(wasm, exports).map_err(|error| error.to_string())?;
    if plant.targets.len() != exports.len() {
        return Err(format!("not all of {} are exported functions", exports.join(", ")));
    }
    let mut module = Module::new();
    plant.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|error| error.to_string())?;
    if plant.added == 5 { Ok(module.finish()) } else { Err("a section is missing that a fault is added to".to_owned()) }
}

struct Plant {
    /// Indices of the functions that look at the fault.
    targets: Vec<u32>,
    types: u32,
    /// All functions, imported ones too.
    functions: u32,
    globals: u32,
    /// Index of the next function whose code is read.
    next: u32,
    /// Sections that something was added to.
    added: u32,
}

impl Plant {
    fn look(wasm: &[u8], exports: &[&str]) -> Result<Plant, wasmparser::BinaryReaderError> {
        let mut plant = Plant { targets: Vec::new(), types: 0, functions: 0, globals: 0, next: 0, added: 0 };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(types) => {
                    for group in types {
                        plant.types += u32::try_from(group?.types().len()).unwrap_or(u32::MAX);
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        match import?.ty {
                            wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_) => plant.functions += 1,
                            wasmparser::TypeRef::Global(_) => plant.globals += 1,
                            _ => {}
                        }
                    }
                    plant.next = plant.functions;
                }
                Payload::FunctionSection(functions) => plant.functions += functions.count(),
                Payload::GlobalSection(globals) => plant.globals += globals.count(),
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func && exports.contains(&export.name) {
                            plant.targets.push(export.index);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(plant)
    }

    /// Code before a function's own.
    fn prologue(&self, function: &mut Function) {
        let asks = |kind| [Instruction::GlobalGet(self.globals), Instruction::I32Const(kind), Instruction::I32Eq];
        let open = [Instruction::If(BlockType::Empty)];
        let trap = [Instruction::Unreachable, Instruction::End];
        let endless = [Instruction::Loop(BlockType::Empty), Instruction::Br(0), Instruction::End, Instruction::End];
        for instruction in asks(1).iter().chain(&open).chain(&trap).chain(&asks(2)).chain(&open).chain(&endless) {
            function.instruction(instruction);
        }
    }
}

impl Reencode for Plant {
    type Error = std::convert::Infallible;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        reencode::utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32], []);
        self.added += 1;
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        reencode::utils::parse_function_section(self, functions, section)?;
        functions.function(self.types);
        self.added += 1;
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        reencode::utils::parse_global_section(self, globals, section)?;
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        self.added += 1;
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        reencode::utils::parse_export_section(self, exports, section)?;
        exports.export("planted_fault", ExportKind::Func, self.functions);
        self.added += 1;
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        reencode::utils::parse_code_section(self, code, section)?;
        let mut set = Function::new([]);
        set.instruction(&Instruction::LocalGet(0));
        set.instruction(&Instruction::GlobalSet(self.globals));
        set.instruction(&Instruction::End);
        code.function(&set);
        self.added += 1;
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        if self.targets.contains(&self.next) {
            self.prologue(&mut function);
        }
        self.next += 1;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        code.function(&function);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::plant;
    use wasmparser::{Payload, Validator};

    #[test]
    fn the_planted_module_is_valid_and_has_one_export_more() {
        let text = r#"(module (import "h" "f" (func)) (global (mut i32) (i32.const 7))
            (func (export "dsp_process") (param i32) (result i32) (call 0) (global.get 0))
            (func (export "other") (result i32) (i32.const 1)))"#;
        let wasm = wat::parse_str(text).expect("our own text");
        let planted = plant(&wasm, &["dsp_process"]).expect("has what is needed");
        Validator::new().validate_all(&planted).expect("valid");
        let exports = |wasm: &[u8]| {
            let payloads = wasmparser::Parser::new(0).parse_all(wasm).map(|payload| payload.expect("valid"));
            payloads
                .filter_map(|payload| if let Payload::ExportSection(section) = payload { Some(section.count()) } else { None })
                .sum::<u32>()
        };
        assert_eq!(exports(&planted), exports(&wasm) + 1);
        assert!(plant(&wasm, &["dsp_process", "missing"]).expect_err("no such export").contains("missing"));
    }
}
