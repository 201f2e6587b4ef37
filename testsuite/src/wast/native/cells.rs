//! Reads exported globals from outside: through the reference cells that importers use.

use crate::target::Runner;
use saggar_abi::layout::cell;
use saggar_compiler::ValueType;

/// No chain of re-exports in a script is longer.
const MAX_HOPS: usize = 64;

/// Follows cells to the thing itself.
pub(super) fn follow(runner: &mut Runner, mut address: u64) -> Result<u64, String> {
    for _ in 0..MAX_HOPS {
        let bytes = runner.read(address, cell::SIZE as usize).map_err(|error| error.to_string())?;
        let bytes = <[u8; 4]>::try_from(bytes).map_err(|_| "a reference cell is cut off".to_owned())?;
        let reference = u32::from_le_bytes(bytes);
        let distance = i64::from((reference & !cell::INDIRECT).cast_signed());
        address = address.wrapping_add_signed(distance);
        if reference & cell::INDIRECT == 0 {
            return Ok(address);
        }
    }
    Err("reference cells lead in a circle".to_owned())
}

/// Bytes that a global of a type takes.
pub(super) fn storage_bytes(ty: ValueType) -> usize {
    match ty {
        ValueType::I32 | ValueType::F32 => 4,
        ValueType::V128 => 16,
        ValueType::I64 | ValueType::F64 | ValueType::FuncRef | ValueType::ExternRef => 8,
    }
}

/// Little-endian bytes as a slot.
pub(super) fn slot(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |slot, &byte| slot << 8 | u64::from(byte))
}
