//! Calls, direct, indirect and in tail position (spec section 4.4.8).
//!
//! A call of a function of the domain is a direct call in the link convention, a call of a host function a direct call
//! in the C convention. An indirect call checks the index, null and the type, in this order; types are compared by
//! address, which the linker makes the same for all modules.

use super::Translator;
use super::code::{CodeBuilder, Region};
use crate::interface::Provider;
use crate::module::{FuncIndex, TableIndex, TypeIndex};
use crate::symbol::Symbol;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Inst, InstBuilder, MemFlagsData, Value, types};
use saggar_abi::layout;
use saggar_abi::trap::Code;
use wasmparser::Operator;

impl Translator<'_, '_> {
    pub(super) fn call_operator(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::Call { function_index } => self.call(FuncIndex(*function_index)),
            O::CallIndirect { type_index, table_index } => self.call_indirect(TypeIndex(*type_index), TableIndex(*table_index)),
            O::ReturnCall { function_index } => self.return_call(FuncIndex(*function_index)),
            O::ReturnCallIndirect { type_index, table_index } => {
                self.return_call_indirect(TypeIndex(*type_index), TableIndex(*table_index));
            }
            _ => return false,
        }
        true
    }

    fn call(&mut self, func: FuncIndex) {
        let args = self.pop_values(&self.code.env.module.func_type(func).params);
        self.code.store_fuel();
        let call = self.code.call_function(func, &args);
        self.after_call(call);
    }

    fn after_call(&mut self, call: Inst) {
        self.stack.extend_from_slice(self.code.builder.inst_results(call));
        self.reload_limits();
        self.code.load_fuel();
    }

    fn return_call(&mut self, func: FuncIndex) {
        let args = self.pop_values(&self.code.env.module.func_type(func).params);
        self.code.store_fuel();
        if self.code.env.func_provider(func) == Some(Provider::Host) {
            // The C convention has no tail calls: a call and a return.
            let call = self.code.call_function(func, &args);
            let results = self.code.builder.inst_results(call).to_vec();
            self.code.builder.ins().return_(&results);
        } else {
            let function = self.code.guest_function(func);
            self.code.builder.ins().return_call(function, &args);
        }
        self.reachable = false;
    }

    fn call_indirect(&mut self, ty: TypeIndex, table: TableIndex) {
        let index = self.pop();
        let func_type = &self.code.env.module.types[ty.index()];
        let args = self.pop_values(&func_type.params);
        let callee = self.code.indirect_callee(ty, table, index);
        let signature = self.code.link_signature(func_type);
        let signature = self.code.builder.import_signature(signature);
        self.code.store_fuel();
        let call = self.code.builder.ins().call_indirect(signature, callee, &args);
        self.after_call(call);
    }

    fn return_call_indirect(&mut self, ty: TypeIndex, table: TableIndex) {
        let index = self.pop();
        let func_type = &self.code.env.module.types[ty.index()];
        let args = self.pop_values(&func_type.params);
        let callee = self.code.indirect_callee(ty, table, index);
        let signature = self.code.link_signature(func_type);
        let signature = self.code.builder.import_signature(signature);
        self.code.store_fuel();
        self.code.builder.ins().return_call_indirect(signature, callee, &args);
        self.reachable = false;
    }
}

impl CodeBuilder<'_, '_> {
    /// Calls a function of the index space.
    pub(crate) fn call_function(&mut self, func: FuncIndex, args: &[Value]) -> Inst {
        let ty = self.env.module.func_type(func);
        // What passes through memory is handled by an adapter.
        let function = if self.env.func_provider(func) == Some(Provider::Host) && !ty.needs_host_adapter() {
            let args = self.host_arguments(args);
            let function = self.function(Symbol::External(func), |code| code.host_signature(ty));
            return self.builder.ins().call(function, &args);
        } else {
            self.guest_function(func)
        };
        self.builder.ins().call(function, args)
    }

    /// The code behind a table's element, after all checks.
    fn indirect_callee(&mut self, ty: TypeIndex, table: TableIndex, index: Value) -> Value {
        let address = self.table_element(table, index, Code::UndefinedElement);
        let flags = self.flags(Region::Tables).with_aligned();
        let pointer = self.env.pointer();
        let record = self.builder.ins().load(pointer, flags, address, 0);
        if !crate::fault::active!(self.env.options, NullUnchecked) {
            self.trap_unless(record, Code::UninitializedElement);
        }
        if !crate::fault::active!(self.env.options, SignatureUnchecked) {
            self.check_type(record, ty);
        }
        self.relative(record, layout::function::CODE)
    }

    fn check_type(&mut self, record: Value, ty: TypeIndex) {
        // `record + TYPE + reference` is the address of the type; `TYPE` is taken off the other side instead.
        let found = self.relative(record, layout::function::TYPE);
        let expected = self.address_of_offset(self.env.type_symbol(ty), -i64::from(layout::function::TYPE));
        let differs = self.builder.ins().icmp(IntCC::NotEqual, found, expected);
        self.trap_if(differs, Code::BadSignature);
    }

    /// `record` plus the self-relative reference at `offset`; the address of what it refers to, less `offset`.
    fn relative(&mut self, record: Value, offset: u32) -> Value {
        let flags = MemFlagsData::trusted().with_readonly();
        let reference = self.builder.ins().load(types::I32, flags, record, offset.cast_signed());
        let pointer = self.env.pointer();
        let reference = if pointer == types::I32 { reference } else { self.builder.ins().sextend(pointer, reference) };
        self.builder.ins().iadd(record, reference)
    }
}
