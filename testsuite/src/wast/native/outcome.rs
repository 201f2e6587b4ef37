//! Slots and completions in the harness's terms.

use super::image::Linked;
use crate::target::Outcome as Ended;
use crate::wast::engine::Outcome;
use crate::wast::value::Value;
use saggar_abi::trap::Code;
use saggar_compiler::ValueType;

/// How a call of a C function of the image ended.
pub(super) enum Ending {
    /// It returned a completion.
    Completed { code: u32, pc: u64, slots: Vec<u64> },
    /// It went wrong, but the image is still there.
    Faulted(String),
    /// It went wrong, and the image with it.
    Lost(String),
}

impl Ending {
    pub(super) fn new(ended: Ended) -> Ending {
        match ended {
            Ended::Completed { code, pc, slots } => Ending::Completed { code, pc, slots },
            Ended::Signal { number, pc } => Ending::Faulted(format!("signal {number} at {pc:#x}")),
            Ended::Clobbered(what) => Ending::Faulted(format!("not kept: {what}")),
            Ended::Hung => Ending::Lost("hung".to_owned()),
            Ended::Died(reason) => Ending::Lost(format!("died: {reason}")),
        }
    }

    /// The outcome; `results` are the types of a function's results, `None` for an instantiation.
    ///
    /// A trap must lead to an operator that can trap so. Only what instantiates may trap outside of any.
    pub(super) fn outcome(self, linked: &Linked, results: Option<&[ValueType]>) -> Result<Outcome, String> {
        let (code, pc, slots) = match self {
            Ending::Completed { code, pc, slots } => (code, pc, slots),
            Ending::Faulted(reason) | Ending::Lost(reason) => return Err(reason),
        };
        let code = Code::from_number(code).ok_or_else(|| format!("unknown completion code {code}"))?;
        match code {
            Code::Ok => {
                let types = results.unwrap_or_default();
                Ok(Outcome::Returned(from_slots(types, &slots)))
            }
            Code::Unlinkable => Ok(Outcome::Unlinkable(code.description().to_owned())),
            code if code.is_refusal() => Err(format!("refused: {}", code.description())),
            code => {
                let reason = code.description();
                linked.check_trap(code, pc, results.is_none()).map_err(|place| format!("trapped: {reason}, but {place}"))?;
                Ok(Outcome::Trapped(vec![reason.to_owned()]))
            }
        }
    }
}

/// What fills the upper half of a slot that holds 32 bits; whoever reads it reads too much.
const LITTER: u64 = 0xdead_beef << 32;

/// Arguments as slots. The host's value n is n + 1 there, because 0 is null.
pub(super) fn to_slots(types: &[ValueType], arguments: &[Value]) -> Result<Vec<u64>, String> {
    if types.len() != arguments.len() {
        return Err(format!("the function takes {} arguments, the script gives {}", types.len(), arguments.len()));
    }
    let mut slots = Vec::new();
    for (ty, argument) in types.iter().zip(arguments) {
        let last = match (ty, *argument) {
            (ValueType::I32, Value::I32(bits)) | (ValueType::F32, Value::F32(bits)) => LITTER | u64::from(bits),
            (ValueType::I64, Value::I64(bits)) | (ValueType::F64, Value::F64(bits)) => bits,
            (ValueType::V128, Value::V128(bytes)) => {
                let [low, high] = [&bytes[..8], &bytes[8..]].map(super::cells::slot);
                slots.push(low);
                high
            }
            (ValueType::ExternRef, Value::Extern(number)) => u64::from(number) + 1,
            (ValueType::ExternRef | ValueType::FuncRef, Value::Null) => 0,
            (ty, argument) => return Err(format!("the script gives {argument} for {ty:?}")),
        };
        slots.push(last);
    }
    Ok(slots)
}

/// Results out of their slots; what is missing is zero.
pub(super) fn from_slots(types: &[ValueType], slots: &[u64]) -> Vec<Value> {
    let mut slots = slots.iter().copied().chain(std::iter::repeat(0));
    let mut next = || slots.next().unwrap_or(0);
    types
        .iter()
        .map(|ty| {
            let slot = next();
            let [low, _] = halves(slot);
            match ty {
                ValueType::I32 => Value::I32(low),
                ValueType::I64 => Value::I64(slot),
                ValueType::F32 => Value::F32(low),
                ValueType::F64 => Value::F64(slot),
                ValueType::V128 => Value::V128((u128::from(slot) | u128::from(next()) << 64).to_le_bytes()),
                ValueType::FuncRef | ValueType::ExternRef if slot == 0 => Value::Null,
                ValueType::FuncRef => Value::Func,
                ValueType::ExternRef => Value::Extern(u32::try_from(slot - 1).unwrap_or(u32::MAX)),
            }
        })
        .collect()
}

fn halves(slot: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = slot.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

#[cfg(test)]
mod tests {
    use super::{from_slots, to_slots};
    use crate::wast::value::Value;
    use saggar_compiler::ValueType;

    #[test]
    fn slots_round_trip() {
        let cases = [
            (ValueType::I32, Value::I32(0x8000_0001)),
            (ValueType::I64, Value::I64(u64::MAX)),
            (ValueType::F32, Value::F32(0x7fa0_0000)),
            (ValueType::F64, Value::F64(1)),
            (ValueType::V128, Value::V128([0x8f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0x9f])),
            (ValueType::ExternRef, Value::Extern(0)),
            (ValueType::ExternRef, Value::Null),
            (ValueType::FuncRef, Value::Null),
        ];
        for (ty, value) in cases {
            let slots = to_slots(&[ty], &[value]).unwrap();
            assert_eq!(from_slots(&[ty], &slots), [value]);
        }
    }

    #[test]
    fn wrong_arguments_are_told() {
        assert!(to_slots(&[ValueType::I32], &[]).is_err());
        assert!(to_slots(&[ValueType::I32], &[Value::I64(1)]).is_err());
    }
}
