//! Looking at a compiled module's state in the runner, by the records of the contract.

use super::Error;
use super::prepare::Surface;
use super::script::State;
use super::value::{Value, ValueType};
use crate::target::{self, Image, Runner};
use saggar_abi::layout;
use saggar_compiler::Interface;

/// Bytes of a pointer on every target of today.
const POINTER_BYTES: u32 = 8;

/// Where state lies in an image; lists are in the order of the surface.
pub(crate) struct Addresses {
    /// Memory records.
    pub(super) memories: Vec<u64>,
    /// Storage of globals.
    pub(super) globals: Vec<(u64, ValueType)>,
    /// Table records.
    pub(super) tables: Vec<(u64, ValueType)>,
}

/// Follows reference cells, from a symbol to the thing itself.
pub(crate) fn resolve(image: &Image, symbol: &str) -> Result<u64, Error> {
    let missing = || Error::NoSymbol(symbol.to_owned());
    let mut address = image.symbol(symbol).ok_or_else(missing)?;
    loop {
        let segment =
            image.segments().iter().find(|segment| segment.covers(address, layout::cell::SIZE.into())).ok_or_else(missing)?;
        let offset = usize::try_from(address - segment.address).unwrap_or(usize::MAX);
        let bytes = segment.bytes.get(offset..).and_then(|bytes| bytes.first_chunk::<4>()).ok_or_else(missing)?;
        let reference = i32::from_le_bytes(*bytes);
        let indirect = reference & layout::cell::INDIRECT.cast_signed() != 0;
        address = address.wrapping_add_signed(i64::from(reference & !layout::cell::INDIRECT.cast_signed()));
        if !indirect {
            return Ok(address);
        }
    }
}

impl Addresses {
    /// Finds everything of a surface by the symbols of its exports.
    pub(crate) fn of(image: &Image, interface: &Interface, surface: &Surface) -> Result<Addresses, Error> {
        let cell = |name: &String| {
            let export = interface.exports.iter().find(|export| export.name == *name);
            resolve(image, &export.ok_or_else(|| Error::NoSymbol(name.clone()))?.symbol)
        };
        Ok(Addresses {
            memories: surface.memories.iter().map(cell).collect::<Result<_, _>>()?,
            globals: surface.globals.iter().map(|(name, ty)| Ok((cell(name)?, *ty))).collect::<Result<_, Error>>()?,
            tables: surface.tables.iter().map(|(name, ty)| Ok((cell(name)?, *ty))).collect::<Result<_, Error>>()?,
        })
    }

    /// Sizes and hashes of memories, and the globals.
    pub(crate) fn look(&self, runner: &mut Runner) -> Result<State, Error> {
        let mut memories = Vec::with_capacity(self.memories.len());
        for &record in &self.memories {
            let (base, bytes) = memory_record(runner, record)?;
            // A memory without bytes need not lie anywhere.
            let hash = if bytes == 0 { target::hash(&[]) } else { runner.hash(base, bytes)? };
            memories.push((bytes, hash));
        }
        Ok(State { memories, globals: self.read_globals(runner)? })
    }

    /// Globals mostly lie together; then one read fetches them all.
    fn read_globals(&self, runner: &mut Runner) -> Result<Vec<Value>, Error> {
        const TOGETHER_BYTES: u64 = 4096;
        let end = |(address, ty): &(u64, ValueType)| address + ty.bytes() as u64;
        let (Some(first), Some(last)) = (self.globals.iter().map(|global| global.0).min(), self.globals.iter().map(end).max())
        else {
            return Ok(Vec::new());
        };
        if last - first <= TOGETHER_BYTES
            && let Ok(bytes) = runner.read(first, usize::try_from(last - first).unwrap_or(0))
        {
            let value = |&(address, ty): &(u64, ValueType)| {
                let offset = usize::try_from(address - first).unwrap_or(0);
                Value::from_bytes(ty, &bytes[offset..offset + ty.bytes()])
            };
            return Ok(self.globals.iter().map(value).collect());
        }
        let mut values = Vec::with_capacity(self.globals.len());
        for &(address, ty) in &self.globals {
            values.push(Value::from_bytes(ty, &runner.read(address, ty.bytes())?));
        }
        Ok(values)
    }

    /// All bytes of a memory.
    pub(crate) fn memory(&self, runner: &mut Runner, index: usize) -> Result<Vec<u8>, Error> {
        let (base, bytes) = memory_record(runner, self.memories[index])?;
        Ok(if bytes == 0 { Vec::new() } else { runner.read(base, usize::try_from(bytes).unwrap_or(0))? })
    }

    /// All elements of all tables.
    pub(crate) fn tables(&self, runner: &mut Runner) -> Result<Vec<Vec<Value>>, Error> {
        let mut tables = Vec::with_capacity(self.tables.len());
        for &(record, ty) in &self.tables {
            let bytes = runner.read(record, layout::table::RECORD_SIZE.bytes(POINTER_BYTES) as usize)?;
            let base = word_at(&bytes, layout::table::BASE.bytes(POINTER_BYTES));
            let size = usize::try_from(word_at(&bytes, layout::table::SIZE.bytes(POINTER_BYTES))).unwrap_or(0);
            // A table without elements need not lie anywhere.
            let elements = if size == 0 { Vec::new() } else { runner.read(base, size * POINTER_BYTES as usize)? };
            tables.push(elements.chunks(POINTER_BYTES as usize).map(|element| Value::from_bytes(ty, element)).collect());
        }
        Ok(tables)
    }
}

/// Base and size in bytes.
pub(crate) fn memory_record(runner: &mut Runner, record: u64) -> Result<(u64, u64), Error> {
    let bytes = runner.read(record, layout::memory::SIZE.bytes(POINTER_BYTES) as usize)?;
    let base = word_at(&bytes, layout::memory::BASE.bytes(POINTER_BYTES));
    Ok((base, word_at(&bytes, layout::memory::SIZE_BYTES.bytes(POINTER_BYTES))))
}

fn word_at(bytes: &[u8], offset: u32) -> u64 {
    let offset = offset as usize;
    word(&bytes[offset..offset + POINTER_BYTES as usize])
}

/// Up to eight bytes as a number.
fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// Describes where two memories begin to differ; a NaN on both sides is named, as its payload may be all there is to it.
pub(crate) fn first_difference(expected: &[u8], found: &[u8]) -> (String, String) {
    if expected.len() != found.len() {
        return (format!("{} bytes", expected.len()), format!("{} bytes", found.len()));
    }
    let Some(at) = (0..expected.len()).find(|&at| expected[at] != found[at]) else {
        return ("as hashed before".to_owned(), "as hashed before, but it is the same now".to_owned());
    };
    let show = |bytes: &[u8]| {
        let start = at & !7;
        let around = &bytes[start..(start + 8).min(bytes.len())];
        let nan = nan_at(around, at & 4).map_or("", |name| name);
        format!("at {at:#x}: {:#04x}, within {around:02x?}{nan}", bytes[at])
    };
    (show(expected), show(found))
}

fn nan_at(around: &[u8], half: usize) -> Option<&'static str> {
    if around.len() == 8 && f64::from_bits(word(around)).is_nan() {
        return Some(" (a NaN)");
    }
    let single = around.get(half..half + 4).and_then(|bytes| bytes.first_chunk::<4>())?;
    f32::from_le_bytes(*single).is_nan().then_some(" (a NaN)")
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn differences_are_located() {
        let mut other = [0; 32];
        other[13] = 7;
        let (expected, found) = first_difference(&[0; 32], &other);
        assert!(expected.starts_with("at 0xd: 0x00") && found.starts_with("at 0xd: 0x07"), "{expected} {found}");
        let (expected, _) = first_difference(&f64::NAN.to_le_bytes(), &(-f64::NAN).to_le_bytes());
        assert!(expected.ends_with("(a NaN)"), "{expected}");
    }
}
