//! Code that no operator asks for: entries and thunks for hosts, adapters for imported functions, frame checks.

use super::code::{CodeBuilder, c_signature, link_signature};
use crate::instance::Env;
use crate::interface::{Provider, ValueType};
use crate::module::FuncIndex;
use crate::symbol::{Runtime, Symbol};
use cranelift_codegen::ir::{Function, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, UserFuncName, Value};
use cranelift_frontend::FunctionBuilderContext;
use saggar_abi::layout;

/// Builds the code behind a symbol other than a defined function.
///
/// # Panics
/// When the symbol is not one for which glue exists; the list of glue is made by [`list`].
pub(crate) fn build(env: &Env<'_, '_>, symbol: Symbol, context: &mut FunctionBuilderContext) -> Function {
    match symbol {
        Symbol::Thunk(func) => thunk(env, func, context),
        Symbol::Entry(func) => entry(env, func, context),
        Symbol::ReExport(func) => forward(env, symbol, func, Symbol::Func(func), 0, context),
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
                let many = env.module.func_type(func).results.len() > 1;
                if many || exported.contains(&func) || env.recorded.contains(&func) {
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

fn slot_offset(index: usize) -> i32 {
    i32::try_from(index * layout::SLOT_BYTES as usize).unwrap_or(i32::MAX)
}

fn load_slots(code: &mut CodeBuilder<'_, '_>, slots: Value, types: &[ValueType]) -> Vec<Value> {
    (0..)
        .zip(types)
        .map(|(index, ty)| {
            let ty = code.env.clif_type(*ty);
            code.builder.ins().load(ty, MemFlagsData::trusted(), slots, slot_offset(index))
        })
        .collect()
}

fn store_slots(code: &mut CodeBuilder<'_, '_>, slots: Value, values: &[Value]) {
    for (index, value) in values.iter().enumerate() {
        code.builder.ins().store(MemFlagsData::trusted(), *value, slots, slot_offset(index));
    }
}

/// So many parameters or results need no more of the frame than may go unchecked.
const FEW: usize = 16;

/// `void (uint64_t *slots)`: loads the arguments, calls, stores the results.
fn thunk(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let ty = env.module.func_type(func);
    let mut out = Function::with_name_signature(name(Symbol::Thunk(func)), c_signature(&[env.pointer()], &[]));
    let mut code = CodeBuilder::new(env, &mut out, context);
    let slots = start(&mut code)[0];
    if ty.params.len().max(ty.results.len()) > FEW {
        // The frame holds what registers do not. Nothing is written to it before this check but saved registers.
        code.check_stack(0);
    }
    let args = load_slots(&mut code, slots, &ty.params);
    let callee = code.guest_function(func);
    let call = code.builder.ins().call(callee, &args);
    let results = code.builder.inst_results(call).to_vec();
    store_slots(&mut code, slots, &results);
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

/// A function in the link convention that passes control on, after making sure that `frame_bytes` of stack are left.
pub(crate) fn forward(
    env: &Env<'_, '_>,
    from: Symbol,
    func: FuncIndex,
    to: Symbol,
    frame_bytes: u32,
    context: &mut FunctionBuilderContext,
) -> Function {
    let ty = env.module.func_type(func);
    let mut out = Function::with_name_signature(name(from), link_signature(env, ty));
    let mut code = CodeBuilder::new(env, &mut out, context);
    let args = start(&mut code);
    if frame_bytes != 0 {
        code.check_stack(frame_bytes);
    }
    let callee = code.function(to, |code| code.link_signature(ty));
    code.builder.ins().return_call(callee, &args);
    code.finish();
    out
}

/// The address of an array of so many slots in the frame.
fn result_slots(code: &mut CodeBuilder<'_, '_>, count: usize) -> Value {
    let bytes = u32::try_from(count).unwrap_or(u32::MAX) * layout::SLOT_BYTES;
    let slots = code.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3));
    code.builder.ins().stack_addr(code.env.pointer(), slots, 0)
}

/// A host function in the link convention, for references to it and for exporting it again.
fn host_adapter(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let ty = env.module.func_type(func);
    let mut out = Function::with_name_signature(name(Symbol::Func(func)), link_signature(env, ty));
    let mut code = CodeBuilder::new(env, &mut out, context);
    let args = start(&mut code);
    code.check_stack(0);
    let results = if ty.results.len() > 1 {
        let slots = result_slots(&mut code, ty.results.len());
        let function = code.function(Symbol::External(func), |code| code.host_signature(ty));
        code.builder.ins().call(function, &[args.as_slice(), &[slots]].concat());
        load_slots(&mut code, slots, &ty.results)
    } else {
        let call = code.call_function(func, &args);
        code.builder.inst_results(call).to_vec()
    };
    code.builder.ins().return_(&results);
    code.finish();
    out
}

/// A function of another domain, in the link convention: called by its entry; its trap becomes the caller's, with the
/// place where it happened.
fn foreign_adapter(env: &Env<'_, '_>, func: FuncIndex, context: &mut FunctionBuilderContext) -> Function {
    let ty = env.module.func_type(func);
    let pointer = env.pointer();
    let mut out = Function::with_name_signature(name(Symbol::Func(func)), link_signature(env, ty));
    let mut code = CodeBuilder::new(env, &mut out, context);
    let args = start(&mut code);
    code.check_stack(0);
    let slots = result_slots(&mut code, ty.params.len().max(ty.results.len()));
    store_slots(&mut code, slots, &args);
    let entry = code.function(Symbol::External(func), |_| c_signature(&[pointer], &[pointer, pointer]));
    let call = code.builder.ins().call(entry, &[slots]);
    let (trap, pc) = match code.builder.inst_results(call) {
        [trap, pc] => (*trap, *pc),
        _ => unreachable!("an entry returns two words"),
    };
    let (trapped, returned) = (code.builder.create_block(), code.builder.create_block());
    code.builder.set_cold_block(trapped);
    code.builder.ins().brif(trap, trapped, &[], returned, &[]);
    code.builder.switch_to_block(trapped);
    let domain = code.address_of(Symbol::Domain);
    code.call_runtime(Runtime::Raise, &[domain, trap, pc], &[]);
    code.trap(saggar_abi::trap::Code::Unreachable);
    code.builder.switch_to_block(returned);
    let results = load_slots(&mut code, slots, &ty.results);
    code.builder.ins().return_(&results);
    code.finish();
    out
}
