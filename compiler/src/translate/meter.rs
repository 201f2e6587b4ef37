//! Metering: how a guest that runs too long is stopped.
//!
//! **Fuel.** Every executed operator costs 1, structural ones too: `block`, `loop`, `if` when they are entered, `else` and `end` when they
//! are fallen into, but not when they are branched to. A branch to a loop continues behind its `loop`. Bulk operators cost a 64th of
//! their length more (bytes, or elements of a table; rounded down), after their operands were found in bounds and before anything is
//! written; an operator that grows something costs a 64th of what it gained, afterwards. The operators of a *block* are charged
//! together at its entry; blocks begin at the body's start, after `loop`, `if`, `else`, `br_if`, after the `end` of an `if`, and after the `end`
//! of a `block` that something branches to. (The rules one by one: `testsuite/src/meter/blocks.rs`, by which a replay checks this.) Where less is left than a block costs, the trap is raised at its first operator, before any of it.
//!
//! What is left is a variable of the function while it runs. The domain record has it wherever someone else may look: before calls and
//! returns. After a trap there is none: the runtime library sees to that. A signed number, so that one subtraction gives what is left and whether it is enough.
//!
//! **Flag.** A byte in the domain record is looked at at the entry of every function and of every iteration of a loop, and by the
//! runtime library during bulk operations. A loop without the look does not exist: the barrier before the load keeps
//! Cranelift from taking the value from an earlier load.

use super::code::{CodeBuilder, Region};
use crate::options::Meter;
use crate::symbol::{Runtime, Symbol};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Inst, InstBuilder, InstructionData, MemFlagsData, Opcode, Value, types};
use cranelift_frontend::Variable;
use saggar_abi::layout;
use saggar_abi::trap::Code;

/// What a function knows of the fuel.
pub(super) struct FuelMeter {
    /// What is left.
    left: Variable,
    /// The constant that holds what the current block costs, and what it has come to so far.
    block: Option<(Inst, i64)>,
}

impl CodeBuilder<'_, '_> {
    /// Begins to meter, at the entry of a guest function.
    pub(super) fn meter_entry(&mut self) {
        match self.env.options.meter {
            Meter::Off => {}
            Meter::Fuel => {
                let left = self.builder.declare_var(types::I64);
                self.fuel = Some(FuelMeter { left, block: None });
                self.load_fuel();
            }
            Meter::Flag => self.poll(),
        }
    }

    /// An operator that is reached.
    pub(super) fn meter_operator(&mut self) {
        let Some(fuel) = &mut self.fuel else { return };
        if let Some((_, cost)) = &mut fuel.block {
            *cost += 1;
            return;
        }
        let amount = self.builder.ins().iconst(types::I64, 0);
        let inst = self.builder.func.dfg.value_def(amount).inst();
        self.charge(amount);
        if let (Some(fuel), Some(inst)) = (&mut self.fuel, inst) {
            fuel.block = Some((inst, 1));
        }
    }

    /// The next operator that is reached begins a block.
    pub(super) fn end_meter_block(&mut self) {
        let Some((inst, cost)) = self.fuel.as_mut().and_then(|fuel| fuel.block.take()) else { return };
        let cost = if crate::fault::active!(self.env.options, BlocksCostOne) { 1 } else { cost };
        self.builder.func.dfg.insts[inst] = InstructionData::UnaryImm { opcode: Opcode::Iconst, imm: cost.into() };
    }

    /// What a bulk operation costs beyond its operator: `length` is 64 bits.
    pub(super) fn meter_length(&mut self, length: Value) {
        if self.fuel.is_some() && !crate::fault::active!(self.env.options, LengthsCostNothing) {
            let amount = self.builder.ins().ushr_imm_u(length, 6);
            self.charge(amount);
        }
    }

    /// What a growth costs beyond its operator: `gained` is 64 bits, `old` the old size as 64 bits or all ones.
    pub(super) fn meter_growth(&mut self, old: Value, gained: Value) {
        if self.fuel.is_none() {
            return;
        }
        let refused = self.builder.ins().icmp_imm_s(IntCC::Equal, old, -1);
        let nothing = self.builder.ins().iconst(types::I64, 0);
        let gained = self.builder.ins().select(refused, nothing, gained);
        self.meter_length(gained);
    }

    /// Takes an amount, which is not negative.
    fn charge(&mut self, amount: Value) {
        let Some(left) = self.fuel.as_ref().map(|fuel| fuel.left) else { return };
        let before = self.builder.use_var(left);
        let after = self.builder.ins().isub(before, amount);
        let short = self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, after, 0);
        self.trap_if(short, Code::OutOfFuel);
        self.builder.def_var(left, after);
    }

    /// Before something that may look at the fuel or use it.
    pub(super) fn store_fuel(&mut self) {
        let Some(left) = self.fuel.as_ref().map(|fuel| fuel.left) else { return };
        let value = self.builder.use_var(left);
        let domain = self.address_of(Symbol::Domain);
        let (flags, offset) = self.fuel_field();
        self.builder.ins().store(flags, value, domain, offset);
    }

    /// After something that may have used fuel.
    pub(super) fn load_fuel(&mut self) {
        let Some(left) = self.fuel.as_ref().map(|fuel| fuel.left) else { return };
        let domain = self.address_of(Symbol::Domain);
        let (flags, offset) = self.fuel_field();
        let value = self.builder.ins().load(types::I64, flags, domain, offset);
        self.builder.def_var(left, value);
    }

    fn fuel_field(&mut self) -> (MemFlagsData, i32) {
        let offset = layout::domain::FUEL.bytes(self.env.target.pointer_bytes());
        (self.flags(Region::Fuel).with_aligned(), offset.cast_signed())
    }

    /// At the entry of a loop's iteration.
    pub(super) fn meter_loop(&mut self) {
        if self.env.options.meter == Meter::Flag && !crate::fault::active!(self.env.options, LoopsNotPolled) {
            self.poll();
        }
    }

    /// Traps where the flag is set.
    fn poll(&mut self) {
        let pointer = self.env.pointer();
        self.builder.ins().sequence_point();
        let domain = self.address_of(Symbol::Domain);
        let offset = layout::domain::INTERRUPT.bytes(self.env.target.pointer_bytes());
        let flag = self.builder.ins().uload8(pointer, MemFlagsData::trusted(), domain, offset.cast_signed());
        self.trap_if(flag, Code::Interrupted);
    }

    /// Calls a function of the runtime library that does bulk work: the one that polls, where a flag stops guests. What the former
    /// returns is the result; the latter's word is taken care of here.
    pub(crate) fn call_bulk(&mut self, function: Runtime, args: &[Value]) {
        let polled = match function {
            Runtime::Copy => Runtime::CopyPolled,
            Runtime::Fill => Runtime::FillPolled,
            Runtime::TableFill => Runtime::TableFillPolled,
            _ => Runtime::TableInitPolled,
        };
        if self.env.options.meter != Meter::Flag {
            self.call_runtime(function, args, &[]);
            return;
        }
        let args = [args, &[self.address_of(Symbol::Domain)]].concat();
        let pointer = self.env.pointer();
        let interrupted = self.call_runtime(polled, &args, &[pointer])[0];
        self.trap_if(interrupted, Code::Interrupted);
    }

    /// Calls a function of the runtime library that grows something: the old size, or all ones.
    pub(super) fn call_grow(&mut self, function: Runtime, args: &[Value]) -> Value {
        if self.env.options.meter != Meter::Flag {
            return self.call_runtime(function, args, &[types::I64])[0];
        }
        let polled = if function == Runtime::MemoryGrow { Runtime::MemoryGrowPolled } else { Runtime::TableGrowPolled };
        let args = [args, &[self.address_of(Symbol::Domain)]].concat();
        let old = self.call_runtime(polled, &args, &[types::I64])[0];
        let interrupted = self.builder.ins().icmp_imm_s(IntCC::Equal, old, -2);
        self.trap_if(interrupted, Code::Interrupted);
        old
    }
}
