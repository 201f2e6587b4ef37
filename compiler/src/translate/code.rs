//! A function under construction: Cranelift's builder with the instance's symbols, calls and checks.
//!
//! Both the operators' families and the glue (entries, thunks, instantiation) write through this.

use crate::cost::StackCheck;
use crate::instance::Env;
use crate::interface::{FunctionType, ValueType};
use crate::module::{FuncIndex, GlobalIndex, MemoryIndex, TableIndex};
use crate::symbol::{Runtime, Symbol};
use crate::target::Arch;
use crate::trap::trap_code;
use cranelift_codegen::ir::{
    self, AbiParam, AliasRegionData, ExtFuncData, ExternalName, GlobalValueData, InstBuilder, InstructionData, MemFlagsData,
    Opcode, Signature, Type, Value, condcodes::IntCC, types,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use saggar_abi::layout::{self, Words};
use saggar_abi::trap::Code;
use std::collections::HashMap;

/// Parts of memory that never overlap, for Cranelift's alias analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// A linear memory. Two imports may be the same memory, so all imported ones share a region.
    Memory(MemoryIndex),
    /// A global of the module's own.
    Global(GlobalIndex),
    /// Imported globals.
    ImportedGlobals,
    /// Elements of any table.
    Tables,
    /// Sizes in the records of memories and tables.
    Sizes,
    /// State record: what is dropped.
    State,
    /// Fuel that is left.
    Fuel,
}

/// A function under construction.
pub(crate) struct CodeBuilder<'f, 'e> {
    pub(crate) env: &'e Env<'e, 'e>,
    pub(crate) builder: FunctionBuilder<'f>,
    /// Set when the function's entry sequence is complete.
    pub(crate) entered: bool,
    /// Set in the function that instantiates: there, slots and records change.
    pub(crate) instantiating: bool,
    /// In a guest function that is metered by fuel.
    pub(super) fuel: Option<super::meter::FuelMeter>,
    /// 64-bit values that were put together from two of 32, the lower first.
    pub(super) words: HashMap<Value, [Value; 2]>,
    symbols: HashMap<(Symbol, i64), ir::GlobalValue>,
    functions: HashMap<Symbol, ir::FuncRef>,
}

impl<'f, 'e> CodeBuilder<'f, 'e> {
    pub(crate) fn new(
        env: &'e Env<'_, '_>,
        func: &'f mut ir::Function,
        context: &'f mut FunctionBuilderContext,
    ) -> CodeBuilder<'f, 'e> {
        CodeBuilder {
            env,
            builder: FunctionBuilder::new(func, context),
            entered: false,
            instantiating: false,
            fuel: None,
            words: HashMap::new(),
            symbols: HashMap::new(),
            functions: HashMap::new(),
        }
    }

    /// Seals and checks the function.
    pub(crate) fn finish(mut self) {
        self.builder.seal_all_blocks();
        let pointer = self.env.pointer();
        self.builder.finalize(TargetFrontendConfig {
            default_call_conv: CallConv::SystemV,
            pointer_width: if pointer == types::I32 {
                target_lexicon::PointerWidth::U32
            } else {
                target_lexicon::PointerWidth::U64
            },
            page_size_align_log2: 12,
        });
    }

    /// Address of a symbol.
    pub(crate) fn address_of(&mut self, symbol: Symbol) -> Value {
        self.address_of_offset(symbol, 0)
    }

    /// Address of a symbol plus bytes.
    pub(crate) fn address_of_offset(&mut self, symbol: Symbol, offset: i64) -> Value {
        let global = match self.symbols.get(&(symbol, offset)) {
            Some(global) => *global,
            None => {
                let name = self.builder.func.declare_imported_user_function(symbol.name());
                let data = GlobalValueData::Symbol {
                    name: ExternalName::user(name),
                    offset: offset.into(),
                    colocated: true,
                    tls: false,
                };
                let global = self.builder.create_global_value(data);
                self.symbols.insert((symbol, offset), global);
                global
            }
        };
        let pointer = self.env.pointer();
        self.builder.ins().symbol_value(pointer, global)
    }

    /// Flags of an access that was checked or is to a record, in a region of its own.
    pub(crate) fn flags(&mut self, region: Region) -> MemFlagsData {
        const OWN_MEMORY: u32 = 0x1000_0000;
        const OWN_GLOBAL: u32 = 0x2000_0000;
        let user_id = match region {
            Region::ImportedGlobals => 1,
            Region::Tables => 2,
            Region::Sizes => 3,
            Region::State => 4,
            Region::Fuel => 6,
            Region::Memory(memory) if self.env.memories[memory.index()].slot.is_some() => 5,
            Region::Memory(memory) => OWN_MEMORY + memory.0,
            Region::Global(global) => OWN_GLOBAL + global.0,
        };
        let region = self.builder.func.dfg.alias_regions.insert(AliasRegionData { user_id, description: "".into() });
        MemFlagsData::new().with_notrap().with_alias_region(Some(region))
    }

    /// Loads a field that changes only while no guest code runs.
    pub(crate) fn load_constant_field(&mut self, record: Value, field: Words) -> Value {
        let mut flags = MemFlagsData::trusted();
        if !self.instantiating {
            flags = flags.with_readonly().with_can_move();
        }
        let (pointer, offset) = (self.env.pointer(), self.offset_of(field));
        self.builder.ins().load(pointer, flags, record, offset)
    }

    /// Loads a field of a record, as a pointer-sized value.
    pub(crate) fn load_field(&mut self, record: Value, field: Words, region: Region) -> Value {
        let flags = self.flags(region).with_aligned();
        let (pointer, offset) = (self.env.pointer(), self.offset_of(field));
        self.builder.ins().load(pointer, flags, record, offset)
    }

    /// Stores a field of a record.
    pub(crate) fn store_field(&mut self, record: Value, field: Words, value: Value, region: Region) {
        let flags = self.flags(region).with_aligned();
        let offset = self.offset_of(field);
        self.builder.ins().store(flags, value, record, offset);
    }

    fn offset_of(&self, field: Words) -> i32 {
        field.bytes(self.env.target.pointer_bytes()).cast_signed()
    }

    /// What instantiation put into a slot: the address of an imported thing.
    pub(crate) fn load_slot(&mut self, slot: u32) -> Value {
        let slots = self.address_of(Symbol::Slots);
        self.load_constant_field(slots, Words(slot))
    }

    /// Address of a memory's record.
    pub(crate) fn memory_record(&mut self, memory: MemoryIndex) -> Value {
        match self.env.memories[memory.index()].slot {
            Some(slot) => self.load_slot(slot),
            None => self.address_of(Symbol::MemoryRecord(memory)),
        }
    }

    /// Address of a table's record.
    pub(crate) fn table_record(&mut self, table: TableIndex) -> Value {
        match self.env.tables[table.index()].slot {
            Some(slot) => self.load_slot(slot),
            None => self.address_of(Symbol::TableRecord(table)),
        }
    }

    /// Zero, of any type.
    pub(crate) fn zero(&mut self, ty: Type) -> Value {
        match ty {
            types::F32 => self.builder.ins().f32const(0.0),
            types::F64 => self.builder.ins().f64const(0.0),
            _ if ty.is_vector() => self.vector_constant(ty, [0; 16]),
            _ => self.builder.ins().iconst(ty, 0),
        }
    }

    /// A vector of these bytes, the first lane's first.
    pub(crate) fn vector_constant(&mut self, ty: Type, bytes: [u8; 16]) -> Value {
        let constant = self.builder.func.dfg.constants.insert(bytes.as_slice().into());
        self.builder.ins().vconst(ty, constant)
    }

    /// The value of an integer constant, with its sign.
    pub(crate) fn constant(&self, value: Value) -> Option<i64> {
        let inst = self.builder.func.dfg.value_def(value).inst()?;
        match self.builder.func.dfg.insts[inst] {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => {
                let unused = 64 - self.builder.func.dfg.value_type(value).bits();
                Some(imm.bits() << unused >> unused)
            }
            _ => None,
        }
    }

    /// The value of a 32-bit constant, without a sign.
    pub(crate) fn constant_i32(&self, value: Value) -> Option<u32> {
        self.constant(value).map(|value| u32::try_from(value & 0xffff_ffff).unwrap_or(0))
    }

    /// A condition for a branch or a selection: the comparison's own bit, where the operand is one widened to an `i32`. Cranelift
    /// sees through the widening only for integer comparisons.
    pub(crate) fn condition(&self, value: Value) -> Value {
        let dfg = &self.builder.func.dfg;
        match dfg.value_def(value).inst().map(|inst| dfg.insts[inst]) {
            Some(InstructionData::Unary { opcode: Opcode::Uextend, arg }) if dfg.value_type(arg) == types::I8 => arg,
            _ => value,
        }
    }

    fn trap_code(&self, code: Code) -> ir::TrapCode {
        if crate::fault::active!(self.env.options, WrongTrapCode) && code == Code::MemoryOutOfBounds {
            return trap_code(Code::Unreachable);
        }
        trap_code(code)
    }

    /// Traps where the condition is not zero.
    pub(crate) fn trap_if(&mut self, condition: Value, code: Code) {
        let code = self.trap_code(code);
        self.builder.ins().trapnz(condition, code);
    }

    /// Traps where the condition is zero.
    pub(crate) fn trap_unless(&mut self, condition: Value, code: Code) {
        let code = self.trap_code(code);
        self.builder.ins().trapz(condition, code);
    }

    /// Traps.
    pub(crate) fn trap(&mut self, code: Code) {
        let code = self.trap_code(code);
        self.builder.ins().trap(code);
    }

    /// Traps when less stack is left than `frame_bytes` below the current frame.
    pub(crate) fn check_stack(&mut self, frame_bytes: u32) {
        let pointer = self.env.pointer();
        let domain = self.address_of(Symbol::Domain);
        let mut limit = self.load_constant_field(domain, layout::domain::STACK_LIMIT);
        if frame_bytes != 0 {
            limit = self.builder.ins().iadd_imm_s(limit, i64::from(frame_bytes));
        }
        let sp = self.builder.ins().get_stack_pointer(pointer);
        let overflow = self.builder.ins().icmp(IntCC::UnsignedLessThan, sp, limit);
        self.trap_if(overflow, Code::StackOverflow);
    }

    /// Signature of a guest function in the link convention.
    pub(crate) fn link_signature(&self, ty: &FunctionType) -> Signature {
        link_signature(self.env, ty)
    }

    /// Signature of a host function: the C convention, with narrow integers extended as the ABI asks.
    pub(crate) fn host_signature(&self, ty: &FunctionType) -> Signature {
        let param = |ty: Type| {
            // RISC-V psABI: "scalars narrower than XLEN are sign-extended from bit 31", unsigned ones too. The
            // other two leave the upper half undefined.
            if ty == types::I32 && self.env.target.arch() == Arch::Riscv64 { AbiParam::new(ty).sext() } else { AbiParam::new(ty) }
        };
        let mut signature = Signature::new(CallConv::SystemV);
        // A vector is passed as a pointer to its bytes.
        let passed = |ty: ValueType| if ty == ValueType::V128 { self.env.pointer() } else { self.env.clif_types(ty)[0] };
        let types: Vec<Type> = ty.params.iter().map(|ty| passed(*ty)).collect();
        signature.params.extend(self.host_types(&types).into_iter().map(param));
        if ty.returns_through_slots() {
            signature.params.push(AbiParam::new(self.env.pointer()));
        } else {
            signature.returns.extend(self.env.clif_types_of(&ty.results).into_iter().map(param));
        }
        signature
    }

    /// The types that a host's parameters are passed as.
    ///
    /// RISC-V psABI, "Hardware Floating-point Calling Convention": once the eight float registers are used, floats are passed as
    /// integers are. Cranelift would put them on the stack.
    fn host_types(&self, types: &[Type]) -> Vec<Type> {
        let mut registers = if self.env.target.arch() == Arch::Riscv64 { 8 } else { usize::MAX };
        types
            .iter()
            .map(|ty| {
                if !ty.is_float() {
                    return *ty;
                }
                if registers > 0 {
                    registers -= 1;
                    return *ty;
                }
                if *ty == types::F32 { types::I32 } else { types::I64 }
            })
            .collect()
    }

    /// Arguments of a host function, as [`CodeBuilder::host_signature`] passes them.
    pub(crate) fn host_arguments(&mut self, args: &[Value]) -> Vec<Value> {
        let types: Vec<Type> = args.iter().map(|value| self.builder.func.dfg.value_type(*value)).collect();
        let passed = self.host_types(&types);
        args.iter()
            .zip(types.iter().zip(passed))
            .map(
                |(value, (ty, passed))| {
                    if *ty == passed { *value } else { self.builder.ins().bitcast(passed, MemFlagsData::new(), *value) }
                },
            )
            .collect()
    }

    /// Refers to a function.
    pub(crate) fn function(&mut self, symbol: Symbol, signature: impl FnOnce(&Self) -> Signature) -> ir::FuncRef {
        if let Some(function) = self.functions.get(&symbol) {
            return *function;
        }
        let signature = signature(self);
        let signature = self.builder.import_signature(signature);
        let name = self.builder.func.declare_imported_user_function(symbol.name());
        let data = ExtFuncData { name: ExternalName::user(name), signature, colocated: true, patchable: false };
        let function = self.builder.import_function(data);
        self.functions.insert(symbol, function);
        function
    }

    /// Refers to the code of a guest function, in the link convention. From within another its body is enough, where the check before it
    /// covers all that it calls: such a function is called only by what was checked already.
    pub(crate) fn guest_function(&mut self, func: FuncIndex) -> ir::FuncRef {
        let ty = self.env.module.func_type(func);
        let inside = self.entered && self.env.entry_checks.of(func) == StackCheck::ForAll;
        let symbol = if inside { Symbol::Body(func) } else { Symbol::Func(func) };
        self.function(symbol, |code| code.link_signature(ty))
    }

    /// Calls a function of the runtime library; the result types say what it gives back.
    pub(crate) fn call_runtime(&mut self, function: Runtime, args: &[Value], results: &[Type]) -> Vec<Value> {
        let params: Vec<Type> = args.iter().map(|value| self.builder.func.dfg.value_type(*value)).collect();
        let function = self.function(Symbol::Runtime(function), |_| c_signature(&params, results));
        let call = self.builder.ins().call(function, args);
        self.builder.inst_results(call).to_vec()
    }
}

/// A C signature of pointer-sized and 32-bit integers, none of which needs an extension.
pub(crate) fn c_signature(params: &[Type], results: &[Type]) -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend(params.iter().map(|ty| AbiParam::new(*ty)));
    signature.returns.extend(results.iter().map(|ty| AbiParam::new(*ty)));
    signature
}

/// Signature of a guest function in the link convention.
pub(crate) fn link_signature(env: &Env<'_, '_>, ty: &FunctionType) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params.extend(env.clif_types_of(&ty.params).into_iter().map(AbiParam::new));
    signature.returns.extend(env.clif_types_of(&ty.results).into_iter().map(AbiParam::new));
    signature
}
