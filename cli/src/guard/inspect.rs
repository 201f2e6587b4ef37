//! What a module holds, read without compiling it: also for modules that use what is not supported.

use crate::failure::{Failure, Outcome};
use saggar_compiler::{Interface, Options};
use serde_json::{Value, json};
use wasmparser::{ExternalKind, FuncType, Parser, Payload, TypeRef, Validator, WasmFeatures};

/// Features beyond the first version of WebAssembly, with the names that people use.
const FEATURES: &[(WasmFeatures, &str)] = &[
    (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything threads"),
    (WasmFeatures::STACK_SWITCHING, "stack switching"),
    (WasmFeatures::CUSTOM_DESCRIPTORS, "custom descriptors"),
    (WasmFeatures::GC, "garbage collection"),
    (WasmFeatures::FUNCTION_REFERENCES, "typed function references"),
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy exceptions"),
    (WasmFeatures::EXCEPTIONS, "exceptions"),
    (WasmFeatures::THREADS, "threads"),
    (WasmFeatures::RELAXED_SIMD, "relaxed SIMD"),
    (WasmFeatures::SIMD, "SIMD"),
    (WasmFeatures::MULTI_MEMORY, "multi-memory"),
    (WasmFeatures::MEMORY64, "memory64"),
    (WasmFeatures::CUSTOM_PAGE_SIZES, "custom page sizes"),
    (WasmFeatures::WIDE_ARITHMETIC, "wide arithmetic"),
    (WasmFeatures::TAIL_CALL, "tail calls"),
    (WasmFeatures::EXTENDED_CONST, "extended constants"),
    (WasmFeatures::REFERENCE_TYPES, "reference types"),
    (WasmFeatures::BULK_MEMORY, "bulk memory"),
    (WasmFeatures::MULTI_VALUE, "multi-value"),
    (WasmFeatures::SATURATING_FLOAT_TO_INT, "saturating conversions"),
    (WasmFeatures::SIGN_EXTENSION, "sign extension"),
    (WasmFeatures::MUTABLE_GLOBAL, "mutable globals"),
];

/// Describes a module as JSON.
pub(super) fn describe(wasm: &[u8], options: &Options) -> Outcome<Value> {
    let features = needed_features(wasm)?;
    let compilable = saggar_compiler::inspect(wasm, options);
    let mut found = Found::default();
    for payload in Parser::new(0).parse_all(wasm) {
        found.read(&payload.map_err(invalid)?).map_err(invalid)?;
    }
    if let Ok(interface) = &compilable {
        found.add_symbols(interface);
    }
    Ok(json!({
        "name": options.name,
        "bytes": wasm.len(),
        "functions": found.own_functions,
        "features": features,
        "refused": compilable.err().map(|error| error.to_string()),
        "memories": found.memories,
        "tables": found.tables,
        "imports": found.imports,
        "exports": found.exports,
    }))
}

fn invalid(error: wasmparser::BinaryReaderError) -> Failure {
    Failure::from(&saggar_compiler::Error::from(error))
}

/// Takes features away one by one, and keeps those without which the module is not valid.
fn needed_features(wasm: &[u8]) -> Outcome<Vec<&'static str>> {
    let validate = |features| Validator::new_with_features(features).validate_all(wasm).map(drop);
    let mut enough = FEATURES.iter().fold(WasmFeatures::FLOATS | WasmFeatures::GC_TYPES, |all, (feature, _)| all | *feature);
    validate(enough).map_err(invalid)?;
    let mut needed = Vec::new();
    for (feature, name) in FEATURES {
        match validate(enough - *feature) {
            Ok(()) => enough -= *feature,
            Err(_) => needed.push(*name),
        }
    }
    needed.reverse();
    Ok(needed)
}

/// What the sections hold, ready for printing.
#[derive(Default)]
struct Found {
    types: Vec<Option<FuncType>>,
    functions: Vec<u32>,
    globals: Vec<String>,
    own_functions: u32,
    memories: Vec<Value>,
    tables: Vec<Value>,
    imports: Vec<Value>,
    exports: Vec<Value>,
}

impl Found {
    fn read(&mut self, payload: &Payload) -> Result<(), wasmparser::BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section.clone() {
                    self.types.extend(group?.types().map(|ty| match &ty.composite_type.inner {
                        wasmparser::CompositeInnerType::Func(ty) => Some(ty.clone()),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    let import = import?;
                    let from = format!("import {:?} {:?}", import.module, import.name);
                    let ty = self.item(import.ty, &from);
                    self.imports.push(json!({ "module": import.module, "name": import.name, "type": ty }));
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section.clone() {
                    self.functions.push(ty?);
                    self.own_functions += 1;
                }
            }
            Payload::MemorySection(section) => {
                for ty in section.clone() {
                    self.item(TypeRef::Memory(ty?), "its own");
                }
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    self.item(TypeRef::Table(table?.ty), "its own");
                }
            }
            Payload::GlobalSection(section) => {
                for global in section.clone() {
                    self.item(TypeRef::Global(global?.ty), "its own");
                }
            }
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    let ty = self.exported(export.kind, export.index);
                    self.exports.push(json!({ "name": export.name, "type": ty }));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Enters an item into its index space, and spells its type.
    fn item(&mut self, ty: TypeRef, from: &str) -> String {
        match ty {
            TypeRef::Func(index) | TypeRef::FuncExact(index) => {
                self.functions.push(index);
                self.function(index)
            }
            TypeRef::Memory(memory) => {
                let page_bytes = 1u64 << memory.page_size_log2.unwrap_or(16);
                let maximum = memory.maximum.map_or_else(|| "no maximum".to_owned(), |pages| format!("at most {pages}"));
                let ty = format!("memory of {} pages of {page_bytes} bytes, {maximum}", memory.initial);
                self.memories.push(json!({
                    "type": ty, "from": from, "minimum_bytes": memory.initial.saturating_mul(page_bytes),
                    "maximum_bytes": memory.maximum.map(|pages| pages.saturating_mul(page_bytes)),
                }));
                ty
            }
            TypeRef::Table(table) => {
                let maximum = table.maximum.map_or_else(|| "no maximum".to_owned(), |size| format!("at most {size}"));
                let ty = format!("table of {} {}, {maximum}", table.initial, table.element_type);
                self.tables.push(json!({ "type": ty, "from": from, "minimum": table.initial, "maximum": table.maximum }));
                ty
            }
            TypeRef::Global(global) => {
                let ty = format!("{}global {}", if global.mutable { "mutable " } else { "" }, global.content_type);
                self.globals.push(ty.clone());
                ty
            }
            TypeRef::Tag(_) => "tag".to_owned(),
        }
    }

    fn exported(&self, kind: ExternalKind, index: u32) -> String {
        let index = index as usize;
        let ty = |list: &[Value]| list.get(index).and_then(|row| row["type"].as_str()).map(str::to_owned);
        let spelled = match kind {
            ExternalKind::Func | ExternalKind::FuncExact => self.functions.get(index).map(|&ty| self.function(ty)),
            ExternalKind::Memory => ty(&self.memories),
            ExternalKind::Table => ty(&self.tables),
            ExternalKind::Global => self.globals.get(index).cloned(),
            ExternalKind::Tag => Some("tag".to_owned()),
        };
        spelled.unwrap_or_else(|| "unknown".to_owned())
    }

    fn function(&self, index: u32) -> String {
        let Some(Some(ty)) = self.types.get(index as usize) else { return "function".to_owned() };
        let spell = |types: &[wasmparser::ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        format!("function ({}) -> ({})", spell(ty.params()), spell(ty.results()))
    }

    /// The compiler lists imports and exports in the module's order, as this does.
    fn add_symbols(&mut self, interface: &Interface) {
        for (row, import) in self.imports.iter_mut().zip(&interface.imports) {
            row["symbol"] = json!(import.symbol);
        }
        for (row, export) in self.exports.iter_mut().zip(&interface.exports) {
            row["symbol"] = json!(export.symbol);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::describe;
    use saggar_compiler::Options;
    use saggar_compiler::target::{Arch, Target};

    #[test]
    fn features_are_those_that_the_module_needs() {
        let options = Options::new(Target::new(Arch::X86_64), "m");
        for (text, expected) in [
            ("(module)", &[][..]),
            ("(module (func (result i32 i32) i32.const 1 i32.const 2))", &["multi-value"]),
            ("(module (func (result v128) v128.const i64x2 0 0))", &["SIMD"]),
            ("(module (memory i64 1))", &["memory64"]),
        ] {
            let description = describe(&wat::parse_str(text).unwrap(), &options).unwrap();
            assert_eq!(description["features"], serde_json::json!(expected), "{text}");
        }
    }

    #[test]
    fn imported_memories_come_first() {
        let text = r#"(module (import "e" "m" (memory 2 3)) (import "e" "f" (func (param i32))) (export "mem" (memory 0)))"#;
        let options = Options::new(Target::new(Arch::X86_64), "m");
        let description = describe(&wat::parse_str(text).unwrap(), &options).unwrap();
        assert_eq!(description["exports"][0]["type"], "memory of 2 pages of 65536 bytes, at most 3");
        assert_eq!(description["imports"][1]["type"], "function (i32) -> ()");
    }
}
