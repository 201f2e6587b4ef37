//! Loads and stores of vectors (spec section 4.4.7), as rows: operator → shape. Bounds are checked by [`bounds`](crate::bounds), once for all bytes of an
//! access, before any of them is touched.

use super::super::Translator;
use super::super::code::CodeBuilder;
use super::halves::Halves;
use super::shape::{Half, Lanes, Sign};
use crate::bounds::Checked;
use crate::target::Arch;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use wasmparser::{MemArg, Operator};

/// What an access does with its bytes.
#[derive(Clone, Copy)]
enum Access {
    Load,
    /// 64 bits, each lane widened to one of these.
    LoadExtended(Lanes, Sign),
    /// One lane, to all.
    LoadSplat(Lanes),
    /// One lane, to the first; the others are zero.
    LoadZero(Lanes),
    LoadLane(Lanes, u8),
    Store,
    StoreLane(Lanes, u8),
}

impl Access {
    /// Bytes that it touches.
    fn bytes(self) -> u32 {
        match self {
            Access::Load | Access::Store => 16,
            Access::LoadExtended(..) => 8,
            Access::LoadSplat(lanes) | Access::LoadZero(lanes) | Access::LoadLane(lanes, _) | Access::StoreLane(lanes, _) => {
                lanes.bits() / 8
            }
        }
    }
}

fn access(operator: &Operator<'_>) -> Option<(MemArg, Access)> {
    use Access::{Load, LoadExtended, LoadLane, LoadSplat, LoadZero, Store, StoreLane};
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    use Operator as O;
    use Sign::{Signed, Unsigned};
    Some(match operator {
        O::V128Load { memarg } => (*memarg, Load),
        O::V128Load8x8S { memarg } => (*memarg, LoadExtended(I16x8, Signed)),
        O::V128Load8x8U { memarg } => (*memarg, LoadExtended(I16x8, Unsigned)),
        O::V128Load16x4S { memarg } => (*memarg, LoadExtended(I32x4, Signed)),
        O::V128Load16x4U { memarg } => (*memarg, LoadExtended(I32x4, Unsigned)),
        O::V128Load32x2S { memarg } => (*memarg, LoadExtended(I64x2, Signed)),
        O::V128Load32x2U { memarg } => (*memarg, LoadExtended(I64x2, Unsigned)),
        O::V128Load8Splat { memarg } => (*memarg, LoadSplat(I8x16)),
        O::V128Load16Splat { memarg } => (*memarg, LoadSplat(I16x8)),
        O::V128Load32Splat { memarg } => (*memarg, LoadSplat(I32x4)),
        O::V128Load64Splat { memarg } => (*memarg, LoadSplat(I64x2)),
        O::V128Load32Zero { memarg } => (*memarg, LoadZero(I32x4)),
        O::V128Load64Zero { memarg } => (*memarg, LoadZero(I64x2)),
        O::V128Load8Lane { memarg, lane } => (*memarg, LoadLane(I8x16, *lane)),
        O::V128Load16Lane { memarg, lane } => (*memarg, LoadLane(I16x8, *lane)),
        O::V128Load32Lane { memarg, lane } => (*memarg, LoadLane(I32x4, *lane)),
        O::V128Load64Lane { memarg, lane } => (*memarg, LoadLane(I64x2, *lane)),
        O::V128Store { memarg } => (*memarg, Store),
        O::V128Store8Lane { memarg, lane } => (*memarg, StoreLane(I8x16, *lane)),
        O::V128Store16Lane { memarg, lane } => (*memarg, StoreLane(I16x8, *lane)),
        O::V128Store32Lane { memarg, lane } => (*memarg, StoreLane(I32x4, *lane)),
        O::V128Store64Lane { memarg, lane } => (*memarg, StoreLane(I64x2, *lane)),
        _ => return None,
    })
}

impl Translator<'_, '_> {
    /// Carries an operator out, if it is a load or store of vectors.
    pub(super) fn simd_memory(&mut self, operator: &Operator<'_>) -> bool {
        let Some((arg, access)) = access(operator) else { return false };
        let vectors = self.code.env.target.has_vectors();
        let operands = matches!(access, Access::LoadLane(..) | Access::Store | Access::StoreLane(..));
        let vector = operands.then(|| if vectors { vec![self.pop()] } else { self.pop_halves().0.to_vec() });
        let place = self.checked_vector(arg, access);
        match (vector, vectors) {
            (None, true) => {
                let value = self.code.load_vector(place, access);
                self.push_vector(value);
            }
            (None, false) => {
                let halves = self.code.load_halves(place, access);
                self.push_halves(halves);
            }
            (Some(vector), true) => {
                if let Some(value) = self.code.access_vector(place, access, vector[0]) {
                    self.push_vector(value);
                }
            }
            (Some(vector), false) => {
                if let Some(halves) = self.code.access_halves(place, access, Halves([vector[0], vector[1]])) {
                    self.push_halves(halves);
                }
            }
        }
        true
    }

    /// Pops an index and checks it. There is room above the offset for that of a second half.
    fn checked_vector(&mut self, arg: MemArg, access: Access) -> Checked {
        let index = self.pop();
        let memory = self.memory_of(&arg);
        let bytes = if crate::fault::active!(self.code.env.options, VectorHalfChecked) && access.bytes() == 16 {
            8
        } else {
            access.bytes()
        };
        let mut checked = self.memories[memory.index()].check(&mut self.code, index, arg.offset, bytes);
        if checked.offset > i32::MAX - 16 {
            checked.address = self.code.builder.ins().iadd_imm_s(checked.address, i64::from(checked.offset));
            checked.offset = 0;
        }
        checked
    }
}

impl CodeBuilder<'_, '_> {
    fn load_lane(&mut self, place: Checked, ty: Type) -> Value {
        self.builder.ins().load(ty, place.flags, place.address, place.offset)
    }

    fn load_vector(&mut self, place: Checked, access: Access) -> Value {
        let Checked { address, offset, flags } = place;
        match access {
            Access::LoadExtended(lanes, sign) => self.load_extended(place, lanes, sign),
            Access::LoadSplat(lanes) => {
                let lane = self.load_lane(place, lanes.lane());
                self.splat(lanes, lane)
            }
            Access::LoadZero(lanes) => {
                let lane = self.load_lane(place, lanes.lane());
                self.builder.ins().scalar_to_vector(lanes.vector(), lane)
            }
            _ => self.builder.ins().load(types::I8X16, flags, address, offset),
        }
    }

    fn load_extended(&mut self, place: Checked, lanes: Lanes, sign: Sign) -> Value {
        let Checked { address, offset, flags } = place;
        if self.env.target.arch() == Arch::Riscv64 {
            // Cranelift would load a lane of 64 bits into a vector register, for which the machine may ask for an aligned
            // address (V specification, section 7.3); a load of bytes, or of an integer, is not so particular.
            let bits = self.load_lane(place, types::I64);
            let vector = self.builder.ins().scalar_to_vector(types::I64X2, bits);
            return self.widen(lanes, Half::Low, sign, vector);
        }
        let ins = self.builder.ins();
        match (lanes, sign) {
            (Lanes::I16x8, Sign::Signed) => ins.sload8x8(flags, address, offset),
            (Lanes::I16x8, Sign::Unsigned) => ins.uload8x8(flags, address, offset),
            (Lanes::I32x4, Sign::Signed) => ins.sload16x4(flags, address, offset),
            (Lanes::I32x4, Sign::Unsigned) => ins.uload16x4(flags, address, offset),
            (_, Sign::Signed) => ins.sload32x2(flags, address, offset),
            (_, Sign::Unsigned) => ins.uload32x2(flags, address, offset),
        }
    }

    fn load_halves(&mut self, place: Checked, access: Access) -> Halves {
        match access {
            Access::LoadExtended(lanes, sign) => {
                let bits = self.load_lane(place, types::I64);
                self.extend_half(lanes, sign, bits)
            }
            Access::LoadSplat(lanes) => {
                let lane = self.load_lane(place, lanes.lane());
                self.splat_halves(lanes, lane)
            }
            Access::LoadZero(lanes) => {
                let lane = self.load_lane(place, lanes.lane());
                let low = if lanes == Lanes::I32x4 { self.builder.ins().uextend(types::I64, lane) } else { lane };
                let zero = self.builder.ins().iconst(types::I64, 0);
                Halves([low, zero])
            }
            _ => Halves([0, 8].map(|bytes| self.load_lane(Checked { offset: place.offset + bytes, ..place }, types::I64))),
        }
    }

    /// An access that takes a vector, and gives one if it is a load.
    fn access_vector(&mut self, place: Checked, access: Access, vector: Value) -> Option<Value> {
        let Checked { address, offset, flags } = place;
        match access {
            Access::LoadLane(lanes, lane) => {
                let vector = self.as_type(vector, lanes.vector());
                let value = self.load_lane(place, lanes.lane());
                return Some(self.replace(lanes, vector, value, lane));
            }
            Access::StoreLane(lanes, lane) => {
                let vector = self.as_type(vector, lanes.vector());
                let value = self.builder.ins().extractlane(vector, lane);
                self.builder.ins().store(flags, value, address, offset);
            }
            _ => {
                self.builder.ins().store(flags, vector, address, offset);
            }
        }
        None
    }

    fn access_halves(&mut self, place: Checked, access: Access, halves: Halves) -> Option<Halves> {
        let Checked { address, offset, flags } = place;
        match access {
            Access::LoadLane(lanes, lane) => {
                let value = self.load_lane(place, lanes.lane());
                return Some(self.replace_half(lanes, halves, value, lane));
            }
            Access::StoreLane(lanes, lane) => {
                let value = self.extract_half(lanes, Sign::Unsigned, halves, lane);
                let wide = self.builder.func.dfg.value_type(value) != lanes.lane();
                let value = if wide { self.builder.ins().ireduce(lanes.lane(), value) } else { value };
                self.builder.ins().store(flags, value, address, offset);
            }
            _ => {
                self.store_half(flags, halves.0[0], address, offset);
                self.store_half(flags, halves.0[1], address, offset + 8);
            }
        }
        None
    }

    /// Stores a half; one that was put together from two lanes by them.
    fn store_half(&mut self, flags: MemFlagsData, half: Value, address: Value, offset: i32) {
        let Some(words) = self.joined_words(half) else {
            self.builder.ins().store(flags, half, address, offset);
            return;
        };
        for (word, offset) in words.into_iter().zip([offset, offset + 4]) {
            let word = self.as_stored(word);
            self.builder.ins().store(flags, word, address, offset);
        }
    }

    /// The float whose bits a word is, if it is; so it need not leave its register.
    fn as_stored(&self, word: Value) -> Value {
        use cranelift_codegen::ir::{InstructionData, Opcode};
        let dfg = &self.builder.func.dfg;
        match dfg.value_def(word).inst().map(|inst| dfg.insts[inst]) {
            Some(InstructionData::LoadNoOffset { opcode: Opcode::Bitcast, arg, .. }) => arg,
            _ => word,
        }
    }
}
