//! Code that no operator asks for: entries and thunks for hosts, adapters for imported functions, frame checks.

use super::code::{CodeBuilder, c_signature, link_signature};
use crate::instance::Env;
use crate::interface::{Provider, ValueType};
use crate::module::FuncIndex;
use crate::symbol::{Runtime, Symbol};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Function, InstBuilder, MemFlagsData, SourceLoc, StackSlotData, StackSlotKind, UserFuncName, Value, types,
};
use cranelift_frontend::FunctionBuilderContext;
use saggar_abi::layout;
use saggar_abi::trap::{Code, FIRST_REFUSAL};

/// Builds the code behind a symbol other than a defined function.
///
/// # Panics
/// When the symbol is not one for which glue exists; the list of glue is made by [`list`].
pub(crate) fn build(env: &Env<'_, '_>, symbol: Symbol, context: &mut FunctionBuilderContext) -> Function {
    match symbol {
        Symbol::Thunk(func) => thunk(env, func, context),
        Symbol::Entry(func) => entry(env, func, context),
        Symbol::Func(func) => match env.func_provider(func) {
            Some(Provider::Host) => host_adapter(env, func, context),
            _ => foreign_adapter(env, func, context),
        },
        Symbol::Instantiate => instantiate(env, context),
        Symbol::InstantiateBody => super::instantiate::body(env, context),
        other => unreachable!("no glue for {other:?}"),
    }
}

/// Every piece of glue that a module needs, in the order in which it is emitted.
pub(crate) fn list(env: &Env<'_, '_>) -> Vec<Symbol> {
    use crate::module::ExportItem;
    let mut exported: Vec<FuncIndex> = env
        .module
        .exports
        .iter()
        .filter_map(|export| match export.item {
            ExportItem::Func(func) => Some(func),
            _ => None,
        })
        .collect();
    exported.sort_unstable();
    exported.dedup();
    let mut glue = Vec::new();
    for func in (0..).take(env.module.imported_funcs).map(FuncIndex) {
        match env.func_provider(func) {
            Some(Provider::Host) => {
                let adapted = env.module.func_type(func).needs_host_adapter();
                if adapted || exported.binary_search(&func).is_ok() || env.recorded.contains(&func) {
                    glue.push(Symbol::Func(func));
                }
            }
            Some(Provider::Foreign) => glue.push(Symbol::Func(func)),
            _ => {}
        }
    }
    for func in exported {
        if env.func_provider(func) == Some(Provider::Domain) {
            glue.push(Symbol::ReExport(func));
        }
        glue.push(Symbol::Thunk(func));
        glue.push(Symbol::Entry(func));
    }
    glue.push(Symbol::InstantiateBody);
    glue.push(Symbol::Instantiate);
    glue
}

fn name(symbol: Symbol) -> UserFuncName {
    UserFuncName::User(symbol.name())
}

/// Starts a function: entry block, its parameters.
pub(super) fn start(code: &mut CodeBuilder<'_, '_>) -> Vec<Value> {
    let block = code.builder.create_block();
    code.builder.append_block_params_for_function_params(block);
    code.builder.switch_to_block(block);
    code.builder.block_params(block).to_vec()
}

/// Slots are aligned for words, which a vector is not content with.
fn slot_flags() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// Each value's type with the offset of its first slot in bytes.
fn with_offsets(types: &[ValueType]) -> impl Iterator<Item = (i32, ValueType)> {
    let mut offset = 0;
    types.iter().map(move |ty| {
        let at = offset;
        offset += i32::try_from(ty.slots() * layout::SLOT_BYTES as usize).unwrap_or(i32::MAX);
        (at, *ty)
    })
}

fn load_slots(code: &mut CodeBuilder<'_, '_>, slots: Value, types: &[ValueType]) -> Vec<Value> {
    let mut values = Vec::new();
    for (offset, ty) in with_offsets(types) {
        let flags = if ty == ValueType::V128 { slot_flags() } else { MemFlagsData::trusted() };
        values.extend(code.load_parts(flags, slots, offset, code.env.clif_types(ty)));
    }
    values
}

fn store_slots(code: &mut CodeBuilder<'_, '_>, slots: Value, values: &[Value], types: &[ValueType]) {
    let mut values = values;
    for (offset, ty) in with_offsets(types) {
        let flags = if ty == ValueType::V128 { slot_flags() } else { MemFlagsData::trusted() };
        let (own, others) = values.split_at(code.env.clif_types(ty).len());
        code.store_parts(flags, own, slots, offset);
        values = others;
    }
}

/// `void (uint64_t *slots)`: loads the arguments, calls, stores the results.
fn thunk(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let ty = env.module.func_type(func);
    let mut out = Function::with_name_signature(name(Symbol::Thunk(func)), c_signature(&[env.pointer()], &[]));
    let mut code = CodeBuilder::new(env, &mut out, context);
    let slots = start(&mut code)[0];
    let args = load_slots(&mut code, slots, &ty.params);
    let callee = code.guest_function(func);
    let call = code.builder.ins().call(callee, &args);
    let results = code.builder.inst_results(call).to_vec();
    store_slots(&mut code, slots, &results, &ty.results);
    code.builder.ins().return_(&[]);
    code.finish();
    out
}

/// `saggar_completion (uint64_t *slots)`: enters the guest through the runtime library.
fn entry(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let pointer = env.pointer();
    let mut out = Function::with_name_signature(name(Symbol::Entry(func)), c_signature(&[pointer], &[pointer, pointer]));
    let mut code = CodeBuilder::new(env, &mut out, context);
    let slots = start(&mut code)[0];
    let module = code.address_of(Symbol::Module);
    let thunk = code.address_of(Symbol::Thunk(func));
    let completion = code.call_runtime(Runtime::Enter, &[module, thunk, slots], &[pointer, pointer]);
    code.builder.ins().return_(&completion);
    code.finish();
    out
}

/// `saggar_completion (void)`: instantiates through the runtime library.
fn instantiate(env: &Env<'_, '_>, context: &mut FunctionBuilderContext) -> Function {
    let pointer = env.pointer();
    let mut out = Function::with_name_signature(name(Symbol::Instantiate), c_signature(&[], &[pointer, pointer]));
    let mut code = CodeBuilder::new(env, &mut out, context);
    start(&mut code);
    let module = code.address_of(Symbol::Module);
    let completion = code.call_runtime(Runtime::Instantiate, &[module], &[pointer, pointer]);
    code.builder.ins().return_(&completion);
    code.finish();
    out
}

/// What traps in an adapter is at the import.
fn set_place_of_import(code: &mut CodeBuilder<'_, '_>, func: FuncIndex) {
    if let Some(import) = code.env.module.funcs[func.index()].import {
        let offset = code.env.module.imports[import].wasm_offset;
        code.builder.set_srcloc(SourceLoc::new(u32::try_from(offset).unwrap_or(u32::MAX)));
    }
}

/// The address of an array of so many slots in the frame.
fn result_slots(code: &mut CodeBuilder<'_, '_>, count: usize) -> Value {
    let bytes = u32::try_from(count).unwrap_or(u32::MAX) * layout::SLOT_BYTES;
    let slots = code.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3));
    code.builder.ins().stack_addr(code.env.pointer(), slots, 0)
}

/// Arguments for a host: each vector is stored in the frame, 16-byte aligned, and its address takes its place.
fn vectors_in_memory(code: &mut CodeBuilder<'_, '_>, args: Vec<Value>, types: &[ValueType]) -> Vec<Value> {
    let (mut rest, mut passed) = (args.as_slice(), Vec::new());
    for ty in types {
        let (own, others) = rest.split_at(code.env.clif_types(*ty).len());
        rest = others;
        if *ty != ValueType::V128 {
            passed.extend_from_slice(own);
            continue;
        }
        let slot = code.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, 16, 4));
        let address = code.builder.ins().stack_addr(code.env.pointer(), slot, 0);
        code.store_parts(MemFlagsData::trusted(), own, address, 0);
        passed.push(address);
    }
    passed
}

/// A host function in the link convention, for references to it and for exporting it again.
fn host_adapter(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let ty = env.module.func_type(func);
    let mut out = Function::with_name_signature(name(Symbol::Func(func)), link_signature(env, ty));
    let mut code = CodeBuilder::new(env, &mut out, context);
    set_place_of_import(&mut code, func);
    let args = start(&mut code);
    code.check_stack(0);
    let mut args = vectors_in_memory(&mut code, args, &ty.params);
    let results = if ty.returns_through_slots() {
        let count = crate::interface::slots(&ty.results);
        let slots = result_slots(&mut code, count);
        // A host that forgets a result gives zero, not what the stack held.
        let zero = code.builder.ins().iconst(types::I64, 0);
        store_slots(&mut code, slots, &vec![zero; count], &vec![ValueType::I64; count]);
        args.push(slots);
        let args = code.host_arguments(&args);
        let function = code.function(Symbol::External(func), |code| code.host_signature(ty));
        code.builder.ins().call(function, &args);
        load_slots(&mut code, slots, &ty.results)
    } else {
        let args = code.host_arguments(&args);
        let function = code.function(Symbol::External(func), |code| code.host_signature(ty));
        let call = code.builder.ins().call(function, &args);
        code.builder.inst_results(call).to_vec()
    };
    code.builder.ins().return_(&results);
    code.finish();
    out
}

/// The other domain was not entered: that is a trap of this one, at this place.
fn raise_refusal(code: &mut CodeBuilder<'_, '_>, trap: Value, pc: Value) {
    let nowhere = code.builder.ins().icmp_imm_s(IntCC::Equal, pc, 0);
    for reason in [Code::StackOverflow, Code::Interrupted] {
        let same = code.builder.ins().icmp_imm_s(IntCC::Equal, trap, i64::from(reason as u32));
        let here = code.builder.ins().band(same, nowhere);
        code.trap_if(here, reason);
    }
    let refused = code.builder.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, trap, i64::from(FIRST_REFUSAL));
    code.trap_if(refused, Code::ForeignRefused);
}

/// A function of another domain, in the link convention: called by its entry; its trap becomes the caller's, with the
/// place where it happened.
fn foreign_adapter(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let ty = env.module.func_type(func);
    let pointer = env.pointer();
    let mut out = Function::with_name_signature(name(Symbol::Func(func)), link_signature(env, ty));
    let mut code = CodeBuilder::new(env, &mut out, context);
    set_place_of_import(&mut code, func);
    let args = start(&mut code);
    code.check_stack(0);
    let slots = result_slots(&mut code, ty.slots());
    store_slots(&mut code, slots, &args, &ty.params);
    let (module, thunk) = (code.address_of(Symbol::ModuleOf(func)), code.address_of(Symbol::External(func)));
    let domain = code.address_of(Symbol::Domain);
    let completion = code.call_runtime(Runtime::EnterWithin, &[module, thunk, slots, domain], &[pointer, pointer]);
    let (trap, pc) = (completion[0], completion[1]);
    let (trapped, returned) = (code.builder.create_block(), code.builder.create_block());
    code.builder.set_cold_block(trapped);
    code.builder.ins().brif(trap, trapped, &[], returned, &[]);
    code.builder.switch_to_block(trapped);
    raise_refusal(&mut code, trap, pc);
    let domain = code.address_of(Symbol::Domain);
    code.call_runtime(Runtime::Raise, &[domain, trap, pc], &[]);
    code.trap(Code::Unreachable);
    code.builder.switch_to_block(returned);
    let results = load_slots(&mut code, slots, &ty.results);
    code.builder.ins().return_(&results);
    code.finish();
    out
}
