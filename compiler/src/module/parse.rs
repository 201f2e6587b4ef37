//! Reads the sections into a [`Module`], with `wasmparser` validating each as it passes.

use super::{
    Body, ConstExpr, ConstOp, DataSegment, ElementItem, ElementSegment, ExportDecl, ExportItem, FuncDecl, FuncIndex, GlobalDecl,
    GlobalIndex, ImportDecl, MemoryDecl, MemoryIndex, Module, SUPPORTED, SegmentMode, TableDecl, TableIndex, TypeIndex,
};
use crate::error::{Error, ErrorKind};
use crate::interface::{ExternType, FunctionType, GlobalType, MemoryType, TableType, ValueType};
use crate::options::Limits;
use wasmparser::{
    CompositeInnerType, DataKind, ElementItems, ElementKind, ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef,
    ValType, ValidPayload, Validator,
};

/// Parses and validates everything but the function bodies.
pub(crate) fn parse<'a>(wasm: &'a [u8], limits: &Limits) -> Result<Module<'a>, Error> {
    if wasm.len() > limits.module_bytes {
        return Err(Error::limit(format!("the module has {} bytes, more than {}", wasm.len(), limits.module_bytes))
            .help("raise --max-module-bytes"));
    }
    let mut validator = Validator::new_with_features(SUPPORTED);
    let mut module = Module { wasm, ..Module::default() };
    let mut parser = Parser::new(0);
    parser.set_features(SUPPORTED);
    for payload in parser.parse_all(wasm) {
        let payload = payload?;
        if let ValidPayload::Func(validator, body) = validator.payload(&payload)? {
            let place = |offset: u64| u32::try_from(offset).unwrap_or(u32::MAX);
            module.body_ranges.push((place(body.range().start), place(body.range().end)));
            module.bodies.push(Body { body, validator });
        }
        read_payload(&mut module, payload, limits)?;
    }
    collect_references(&mut module);
    check_constant_work(&module, limits)?;
    Ok(module)
}

fn read_payload<'a>(module: &mut Module<'a>, payload: Payload<'a>, limits: &Limits) -> Result<(), Error> {
    match payload {
        Payload::Version { encoding: wasmparser::Encoding::Component, .. } => {
            return Err(Error::unsupported("this is a component, not a module").help("extract its core module first"));
        }
        Payload::TypeSection(section) => read_types(module, section)?,
        Payload::ImportSection(section) => {
            for item in section.into_imports_with_offsets() {
                let (offset, import) = item?;
                read_import(module, &import, usize::try_from(offset).unwrap_or(usize::MAX))?;
            }
        }
        Payload::FunctionSection(section) => {
            if section.count() as usize > limits.functions {
                return Err(Error::limit(format!(
                    "the module has {} functions, more than {}",
                    section.count(),
                    limits.functions
                ))
                .help("raise --max-functions"));
            }
            for ty in section {
                module.funcs.push(FuncDecl { ty: TypeIndex(ty?), import: None });
            }
        }
        Payload::TableSection(section) => {
            for table in section {
                let table = table?;
                if !matches!(table.init, wasmparser::TableInit::RefNull) {
                    return Err(Error::unsupported("a table with an initialiser (typed function references)"));
                }
                module.tables.push(TableDecl { ty: table_type(table.ty)?, import: None });
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                add_memory(module, memory_type(memory?), None);
            }
        }
        Payload::GlobalSection(section) => {
            for global in section {
                let global = global?;
                let init = ConstExpr::read(&global.init_expr)?;
                module.used.extended_const |= init.ops.len() > 1;
                module.globals.push(GlobalDecl { ty: global_type(global.ty)?, import: None, init: Some(init) });
            }
        }
        Payload::ExportSection(section) => {
            for export in section {
                let export = export?;
                let item = match export.kind {
                    ExternalKind::Func | ExternalKind::FuncExact => ExportItem::Func(FuncIndex(export.index)),
                    ExternalKind::Table => ExportItem::Table(TableIndex(export.index)),
                    ExternalKind::Memory => ExportItem::Memory(MemoryIndex(export.index)),
                    ExternalKind::Global => {
                        let index = GlobalIndex(export.index);
                        module.used.mutable_globals |= module.globals[index.index()].ty.mutable;
                        ExportItem::Global(index)
                    }
                    ExternalKind::Tag => return Err(Error::unsupported("an exported tag (exception handling)")),
                };
                if let ExportItem::Func(index) = item {
                    module.exported_funcs.entry(index.0).or_insert(module.exports.len());
                }
                module.exports.push(ExportDecl { name: export.name.to_string(), item });
            }
        }
        Payload::StartSection { func, range } => {
            module.start = Some((FuncIndex(func), usize::try_from(range.start).unwrap_or(usize::MAX)));
        }
        Payload::ElementSection(section) => {
            for element in section {
                read_element(module, &element?)?;
            }
        }
        Payload::DataCountSection { .. } => module.used.bulk_memory = true,
        Payload::DataSection(section) => {
            for data in section {
                let data = data?;
                let mode = match data.kind {
                    DataKind::Passive => SegmentMode::Passive,
                    DataKind::Active { memory_index, offset_expr } => {
                        SegmentMode::Active { target: MemoryIndex(memory_index), offset: ConstExpr::read(&offset_expr)? }
                    }
                };
                let wasm_offset = usize::try_from(data.range.start).unwrap_or(usize::MAX);
                module.data.push(DataSegment { mode, bytes: data.data, wasm_offset });
            }
        }
        Payload::CodeSectionStart { unchecked_range, .. } => {
            module.code_start = u32::try_from(unchecked_range.start).unwrap_or(u32::MAX)
        }
        Payload::CustomSection(section) => {
            if let KnownCustom::Name(names) = section.as_known() {
                read_names(module, names);
            } else if section.name().starts_with(".debug_") {
                module.debug_sections.push((section.name(), section.data()));
            }
        }
        _ => {}
    }
    Ok(())
}

fn add_memory(module: &mut Module<'_>, ty: MemoryType, import: Option<usize>) {
    const DEFAULT_PAGE_BYTES_LOG2: u32 = 16;
    module.used.multi_memory |= !module.memories.is_empty();
    module.used.custom_page_sizes |= ty.page_bytes_log2 != DEFAULT_PAGE_BYTES_LOG2;
    module.memories.push(MemoryDecl { ty, import });
}

fn read_types(module: &mut Module<'_>, section: wasmparser::TypeSectionReader<'_>) -> Result<(), Error> {
    for group in section {
        for ty in group?.into_types() {
            let CompositeInnerType::Func(func) = &ty.composite_type.inner else {
                return Err(Error::unsupported("a struct or array type (garbage collection)"));
            };
            let values = |types: &[ValType]| types.iter().map(|ty| value_type(*ty)).collect::<Result<Vec<_>, _>>();
            let ty = FunctionType { params: values(func.params())?, results: values(func.results())? };
            module.used.multi_value |= ty.results.len() > 1;
            module.used.simd |= ty.params.iter().chain(&ty.results).any(|ty| *ty == ValueType::V128);
            module.types.push(ty);
        }
    }
    Ok(())
}

fn read_import(module: &mut Module<'_>, import: &wasmparser::Import<'_>, wasm_offset: usize) -> Result<(), Error> {
    let position = module.imports.len();
    let ty = match import.ty {
        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
            module.funcs.push(FuncDecl { ty: TypeIndex(ty), import: Some(position) });
            module.imported_funcs += 1;
            ExternType::Function(module.types[ty as usize].clone())
        }
        TypeRef::Table(ty) => {
            let ty = table_type(ty)?;
            module.tables.push(TableDecl { ty, import: Some(position) });
            ExternType::Table(ty)
        }
        TypeRef::Memory(ty) => {
            let ty = memory_type(ty);
            add_memory(module, ty, Some(position));
            ExternType::Memory(ty)
        }
        TypeRef::Global(ty) => {
            let ty = global_type(ty)?;
            module.used.mutable_globals |= ty.mutable;
            module.globals.push(GlobalDecl { ty, import: Some(position), init: None });
            ExternType::Global(ty)
        }
        TypeRef::Tag(_) => return Err(Error::unsupported("an imported tag (exception handling)").at(wasm_offset)),
    };
    module.imports.push(ImportDecl { module: import.module.to_string(), name: import.name.to_string(), ty, wasm_offset });
    Ok(())
}

fn read_element(module: &mut Module<'_>, element: &wasmparser::Element<'_>) -> Result<(), Error> {
    let mode = match &element.kind {
        ElementKind::Passive => SegmentMode::Passive,
        ElementKind::Declared => SegmentMode::Declared,
        ElementKind::Active { table_index, offset_expr } => {
            SegmentMode::Active { target: TableIndex(table_index.unwrap_or(0)), offset: ConstExpr::read(offset_expr)? }
        }
    };
    let items = match &element.items {
        ElementItems::Functions(functions) => functions
            .clone()
            .into_iter()
            .map(|index| Ok(ElementItem::Func(FuncIndex(index?))))
            .collect::<Result<Vec<_>, Error>>()?,
        ElementItems::Expressions(_, expressions) => {
            module.used.reference_types = true;
            expressions
                .clone()
                .into_iter()
                .map(|expr| element_item(&ConstExpr::read(&expr?)?))
                .collect::<Result<Vec<_>, Error>>()?
        }
    };
    let wasm_offset = usize::try_from(element.range.start).unwrap_or(usize::MAX);
    module.elements.push(ElementSegment { mode, items, wasm_offset });
    Ok(())
}

fn element_item(expr: &ConstExpr) -> Result<ElementItem, Error> {
    match expr.ops.as_slice() {
        [ConstOp::Null] => Ok(ElementItem::Null),
        [ConstOp::Func(func)] => Ok(ElementItem::Func(*func)),
        [ConstOp::Global(global)] => Ok(ElementItem::Global(*global)),
        _ => Err(Error::unsupported("an element expression of more than one operator").at(expr.wasm_offset)),
    }
}

/// Names are for people: a broken name section is passed over, as the specification asks (appendix, "Name Section").
fn read_names(module: &mut Module<'_>, names: wasmparser::NameSectionReader<'_>) {
    for name in names.into_iter().map_while(Result::ok) {
        match name {
            Name::Function(map) => {
                for naming in map.into_iter().map_while(Result::ok) {
                    module.names.insert(naming.index, naming.name.to_string());
                }
            }
            Name::Global(map) => {
                let first = map.into_iter().map_while(Result::ok).next();
                module.stack_pointer_named |= first.is_some_and(|first| first.index == 0 && first.name == "__stack_pointer");
            }
            _ => {}
        }
    }
}

/// All of instantiation is one function, so what a module asks of it has a limit.
fn check_constant_work(module: &Module<'_>, limits: &Limits) -> Result<(), Error> {
    let evaluated =
        module.elements.iter().filter(|segment| segment.items.iter().any(|item| matches!(item, ElementItem::Global(_))));
    let elements: usize = evaluated.map(|segment| segment.items.len()).sum();
    let operators: usize = module.globals.iter().filter_map(|global| global.init.as_ref()).map(|init| init.ops.len()).sum();
    let offset = |offset: &ConstExpr| offset.ops.len();
    let in_data = module.data.iter().map(|segment| match &segment.mode {
        SegmentMode::Active { offset: expr, .. } => offset(expr),
        _ => 0,
    });
    let in_elements = module.elements.iter().map(|segment| match &segment.mode {
        SegmentMode::Active { offset: expr, .. } => offset(expr),
        _ => 0,
    });
    let work =
        module.data.len() + module.elements.len() + elements + operators + in_data.sum::<usize>() + in_elements.sum::<usize>();
    if work > limits.constant_work {
        return Err(Error::limit(format!(
            "instantiation has {work} segments, evaluated elements and constant operators, more than {}",
            limits.constant_work
        ))
        .help("raise --max-constant-work"));
    }
    Ok(())
}

fn collect_references(module: &mut Module<'_>) {
    let from_elements = module.elements.iter().flat_map(|segment| &segment.items).filter_map(|item| match item {
        ElementItem::Func(func) => Some(*func),
        _ => None,
    });
    let from_globals = module.globals.iter().filter_map(|global| global.init.as_ref()).flat_map(|init| &init.ops);
    let from_globals = from_globals.filter_map(|op| match op {
        ConstOp::Func(func) => Some(*func),
        _ => None,
    });
    module.referenced = from_elements.chain(from_globals).collect();
}

pub(crate) fn value_type(ty: ValType) -> Result<ValueType, Error> {
    Ok(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) => reference_type(ty)?,
    })
}

pub(super) fn reference_type(ty: wasmparser::RefType) -> Result<ValueType, Error> {
    if ty == wasmparser::RefType::FUNCREF {
        Ok(ValueType::FuncRef)
    } else if ty == wasmparser::RefType::EXTERNREF {
        Ok(ValueType::ExternRef)
    } else {
        Err(Error::new(ErrorKind::Unsupported, format!("the reference type {ty} (typed function references)")))
    }
}

fn table_type(ty: wasmparser::TableType) -> Result<TableType, Error> {
    Ok(TableType { element: reference_type(ty.element_type)?, minimum: ty.initial, maximum: ty.maximum })
}

fn memory_type(ty: wasmparser::MemoryType) -> MemoryType {
    MemoryType { minimum_pages: ty.initial, maximum_pages: ty.maximum, page_bytes_log2: ty.page_size_log2.unwrap_or(16) }
}

fn global_type(ty: wasmparser::GlobalType) -> Result<GlobalType, Error> {
    Ok(GlobalType { mutable: ty.mutable, value: value_type(ty.content_type)? })
}

/// The operator as the text format spells it, from its name in `wasmparser`: `I32Load8U` → `i32.load8_u`.
pub(crate) fn operator_text(operator: &Operator<'_>) -> String {
    let debug = format!("{operator:?}");
    spelled(debug.split([' ', '{', '(']).next().unwrap_or_default())
}

/// An operator by its name in `wasmparser` as the text format spells it.
pub(crate) fn spelled(name: &str) -> String {
    // The text format has one name for both.
    let name = if name == "TypedSelect" { "Select" } else { name };
    let mut text = String::new();
    let mut rest = name;
    for prefix in ["V128", "I8x16", "I16x8", "I32x4", "I64x2", "F32x4", "F64x2", "I32", "I64", "F32", "F64"] {
        if let Some(tail) = name.strip_prefix(prefix) {
            text = format!("{}.", prefix.to_lowercase());
            rest = tail;
            break;
        }
    }
    for prefix in ["Local", "Global", "Memory", "Table", "Ref", "Data", "Elem"] {
        if let Some(tail) = rest.strip_prefix(prefix).filter(|tail| !tail.is_empty()) {
            text = format!("{}.", prefix.to_lowercase());
            rest = tail;
            break;
        }
    }
    let mut previous = '.';
    for letter in rest.chars() {
        if letter.is_uppercase() && previous != '.' && previous != '_' {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
        previous = letter;
    }
    // Words that the text format writes as one.
    for (apart, together) in
        [("and_not", "andnot"), (".p_m", ".pm"), ("q15_mulr", "q15mulr"), ("ext_add", "extadd"), ("ext_mul", "extmul")]
    {
        text = text.replace(apart, together);
    }
    text
}
