//! Metering at the level of WebAssembly: a copy of a module that charges fuel by itself, as the rules in
//! [`blocks`](super::blocks) say, for an engine that knows nothing of them.
//!
//! The copy imports two globals, which modules of one domain share: what is left of the fuel, and the place where it ran out,
//! written just before an `unreachable` that stands for the trap. Whether segments are dropped, which decides about the bounds of
//! `init`, it keeps in globals of its own. Everything else is as in the original, and so are the indices of functions.

use super::blocks::Blocks;
use super::bulk;
use super::facts::Facts;
use crate::diff::Error;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, EntityType, Function, GlobalSection, GlobalType, ImportSection, Instruction, Module,
    SectionId, ValType,
};
use wasmparser::{FunctionBody, GlobalSectionReader, ImportSectionReader, Parser};

/// Module name of the imported globals.
pub const MODULE: &str = "saggar meter";
/// Import name of the fuel left, an `i64`.
pub const FUEL: &str = "fuel";
/// Import name of the place where fuel ran out, an `i64`: see [`Place`]. Zero until then.
pub const PLACE: &str = "place";

/// Where fuel ran out: an operator of one of several modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Number of the module among those that share the fuel.
    pub module: u32,
    /// Index of the function in that module.
    pub function: u32,
    /// Offset of the operator in the original module's bytes.
    pub offset: u32,
}

const MODULE_SHIFT: u32 = 56;
const FUNCTION_SHIFT: u32 = 32;

impl Place {
    /// The value of the global; never zero.
    fn to_bits(self) -> u64 {
        u64::from(self.module + 1) << MODULE_SHIFT | u64::from(self.function) << FUNCTION_SHIFT | u64::from(self.offset)
    }

    /// The place that a value of the global means, if any.
    #[must_use]
    pub fn from_bits(bits: u64) -> Option<Place> {
        let module = u32::try_from(bits >> MODULE_SHIFT).ok()?.checked_sub(1)?;
        let function = u32::try_from(bits >> FUNCTION_SHIFT & 0xff_ffff).ok()?;
        Some(Place { module, function, offset: u32::try_from(bits & 0xffff_ffff).ok()? })
    }
}

/// The copy of a module that charges; `module` is its number among those that share the fuel.
///
/// # Errors
/// When the module cannot be read, or uses what the compiler does not support.
pub fn instrument(wasm: &[u8], module: u32) -> Result<Vec<u8>, Error> {
    let facts = Facts::read(wasm)?;
    let function = facts.imported_functions;
    let mut meter = Meter { facts, module, function, imports_done: false, globals_done: false };
    let mut copy = Module::new();
    meter.parse_core_module(&mut copy, Parser::new(0), wasm).map_err(|error| match error {
        ReencodeError::UserError(error) => error,
        _ => Error::Unsupported("something that cannot be copied"),
    })?;
    Ok(copy.finish())
}

/// The rewriting of a module.
pub(super) struct Meter {
    pub(super) facts: Facts,
    module: u32,
    /// Index of the function whose body comes next.
    function: u32,
    imports_done: bool,
    globals_done: bool,
}

impl Meter {
    fn fuel(&self) -> u32 {
        self.facts.imported_globals
    }

    fn place(&self) -> u32 {
        self.facts.imported_globals + 1
    }

    /// The global that is 1 when a data segment is dropped.
    pub(super) fn data_dropped(&self, segment: u32) -> u32 {
        self.facts.globals + 2 + segment
    }

    /// The global that is 1 when an element segment is dropped.
    pub(super) fn elements_dropped(&self, segment: u32) -> u32 {
        self.data_dropped(u32::try_from(self.facts.data.len()).unwrap_or(u32::MAX)) + segment
    }

    fn add_imports(&mut self, imports: &mut ImportSection) {
        for name in [FUEL, PLACE] {
            imports.import(MODULE, name, EntityType::Global(global(ValType::I64)));
        }
        self.imports_done = true;
    }

    fn add_globals(&mut self, globals: &mut GlobalSection) {
        for segment in self.facts.data.iter().chain(&self.facts.elements) {
            globals.global(global(ValType::I32), &ConstExpr::i32_const((!segment.passive).into()));
        }
        self.globals_done = true;
    }

    /// Takes `units` away, an `i64`, or ends here where less is left.
    pub(super) fn charge(&self, code: &mut Function, units: &Instruction<'_>, offset: u32) {
        let place = Place { module: self.module, function: self.function, offset };
        code.instruction(&Instruction::GlobalGet(self.fuel())).instruction(units).instruction(&Instruction::I64LtU);
        code.instruction(&Instruction::If(BlockType::Empty));
        code.instruction(&Instruction::I64Const(place.to_bits().cast_signed()));
        code.instruction(&Instruction::GlobalSet(self.place())).instruction(&Instruction::Unreachable);
        code.instruction(&Instruction::End);
        code.instruction(&Instruction::GlobalGet(self.fuel())).instruction(units).instruction(&Instruction::I64Sub);
        code.instruction(&Instruction::GlobalSet(self.fuel()));
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> Result<Function, ReencodeError<Error>> {
        let blocks = Blocks::of(body)?;
        let mut locals = Vec::new();
        let mut count = self.facts.params_of(self.function).map_err(ReencodeError::UserError)?;
        for local in body.get_locals_reader()? {
            let (number, ty) = local?;
            locals.push((number, self.val_type(ty)?));
            count += number;
        }
        if body.get_operators_reader()?.into_iter().flatten().any(|operator| bulk::is_bulk(&operator)) {
            locals.extend(bulk::SCRATCH);
        }
        let mut code = Function::new(locals);
        for (index, operator) in body.get_operators_reader()?.into_iter_with_offsets().enumerate() {
            let (operator, offset) = operator?;
            let offset = u32::try_from(offset).unwrap_or(u32::MAX);
            if let Some(cost) = blocks.costs[index] {
                self.charge(&mut code, &Instruction::I64Const(cost.cast_signed()), offset);
            }
            if blocks.reachable[index] && bulk::is_bulk(&operator) {
                bulk::write(self, &mut code, &operator, count, offset);
            } else {
                code.instruction(&self.instruction(operator)?);
            }
        }
        Ok(code)
    }
}

fn global(val_type: ValType) -> GlobalType {
    GlobalType { val_type, mutable: true, shared: false }
}

impl Reencode for Meter {
    type Error = Error;

    /// The two imported globals stand behind the imported ones of the module.
    fn global_index(&mut self, global: u32) -> Result<u32, ReencodeError<Error>> {
        Ok(if global < self.facts.imported_globals { global } else { global + 2 })
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), ReencodeError<Error>> {
        utils::parse_import_section(self, imports, section)?;
        self.add_imports(imports);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), ReencodeError<Error>> {
        utils::parse_global_section(self, globals, section)?;
        self.add_globals(globals);
        Ok(())
    }

    /// Adds the sections for imports and globals where the module has none.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), ReencodeError<Error>> {
        use SectionId::{Code, Data, DataCount, Element, Export, Function, Global, Memory, Start, Table, Tag};
        let behind_globals = matches!(before, None | Some(Export | Start | Element | DataCount | Code | Data));
        let behind_imports = behind_globals || matches!(before, Some(Function | Table | Memory | Tag | Global));
        if behind_imports && !self.imports_done {
            let mut imports = ImportSection::new();
            self.add_imports(&mut imports);
            module.section(&imports);
        }
        if behind_globals && !self.globals_done {
            let mut globals = GlobalSection::new();
            self.add_globals(&mut globals);
            if !globals.is_empty() {
                module.section(&globals);
            }
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), ReencodeError<Error>> {
        let function = self.body(&body)?;
        code.function(&function);
        self.function += 1;
        Ok(())
    }
}
