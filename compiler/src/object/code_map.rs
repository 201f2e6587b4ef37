//! Where in the code which place of the module went: for traps, and kept in the object for tools.
//!
//! The section is described where it is read, in [`crate::explain::map`].

use super::{Placed, Writer};
use crate::compile::Piece;
use crate::debug::sections::absolute;
use crate::error::Error;
use crate::explain::map::{Kind, MAGIC, SECTION, VERSION};
use crate::instance::Env;
use crate::report::{CodeMap, CodeRange};
use crate::symbol::Symbol;
use ::object::SectionKind;
use ::object::write::SymbolId;
use saggar_abi::names::Family;

/// Collects the ranges of all pieces, merging neighbours of the same place.
pub(crate) fn build(env: &Env<'_, '_>, pieces: &[Piece], placed: &[Placed]) -> CodeMap {
    let mut ranges: Vec<CodeRange> = Vec::new();
    for (piece, start) in pieces.iter().zip(placed) {
        let start = u32::try_from(start.joined).unwrap_or(u32::MAX);
        for source in &piece.code.sources {
            let range = CodeRange { start: start + source.start, end: start + source.end, wasm_offset: source.wasm_offset };
            match ranges.last_mut() {
                Some(last) if last.end == range.start && last.wasm_offset == range.wasm_offset => last.end = range.end,
                _ => ranges.push(range),
            }
        }
    }
    CodeMap { ranges, functions: super::function_reports(env, pieces, placed) }
}

/// Writes the map into the object.
pub(crate) fn write(writer: &mut Writer<'_, '_>, pieces: &[Piece], placed: &[Placed]) -> Result<(), Error> {
    let env = writer.env;
    let mut map = Map::default();
    map.sized(env.options.name.as_bytes());
    let text = super::symbols::module_symbol(env, Family::Text);
    let text = writer.object.symbol_id(text.as_bytes()).ok_or_else(|| Error::internal("no text symbol"))?;
    map.address(text, 0);
    let checked = super::checked_functions(pieces);
    for (piece, placed) in pieces.iter().zip(placed) {
        let (kind, func) = match piece.symbol {
            Symbol::Func(func) if checked.contains(&func) => (Kind::Check, Some(func)),
            Symbol::Func(func) | Symbol::Body(func) => (Kind::Function, Some(func)),
            Symbol::Entry(func) => (Kind::Entry, Some(func)),
            Symbol::Thunk(func) | Symbol::ThunkBody(func) => (Kind::Thunk, Some(func)),
            Symbol::ReExport(func) => (Kind::ReExport, Some(func)),
            _ => (Kind::Instantiation, None),
        };
        let section = writer.object.section_symbol(placed.section);
        let name = func.and_then(|func| env.module.func_name(func)).unwrap_or_default();
        map.piece(section, *placed, piece.code.bytes.len() as u64, kind, func.map_or(0, |func| func.0), name);
        let body = func.filter(|_| kind == Kind::Function).and_then(|func| env.module.body_range(func));
        let sources = || piece.code.sources.iter().filter(|source| source.start < source.end);
        unsigned(&mut map.bytes, sources().count() as u64);
        let (mut end, mut wasm_offset) = (0, 0_i64);
        for source in sources() {
            unsigned(&mut map.bytes, u64::from(source.start.saturating_sub(end)));
            unsigned(&mut map.bytes, u64::from(source.end - source.start));
            signed(&mut map.bytes, i64::from(source.wasm_offset) - wasm_offset);
            // The check before a large frame has the body's own place, which is before its first operator.
            let within = body.is_some_and(|(start, end)| start < source.wasm_offset && source.wasm_offset < end);
            let opcode = if within { opcode(env.module.wasm, source.wasm_offset) } else { None };
            unsigned(&mut map.bytes, opcode.map_or(0, |opcode| opcode + 1));
            (end, wasm_offset) = (source.end, i64::from(source.wasm_offset));
        }
    }
    for stub in 0..writer.stubs().len() {
        let (placed, symbol, bytes) = (writer.stubs()[stub].placed, writer.stubs()[stub].symbol, writer.stubs()[stub].bytes());
        let section = writer.object.section_symbol(placed.section);
        let Symbol::Trap(code) = symbol else { continue };
        map.piece(section, placed, bytes.into(), Kind::TrapStub, code, "");
        unsigned(&mut map.bytes, 0);
    }
    map.finish(writer)
}

/// A map under construction: what follows the length.
#[derive(Default)]
struct Map {
    bytes: Vec<u8>,
    /// Where addresses stand, and which.
    addresses: Vec<(usize, SymbolId, u64)>,
    joined: u64,
}

impl Map {
    fn piece(&mut self, section: SymbolId, placed: Placed, bytes: u64, kind: Kind, index: u32, name: &str) {
        self.address(section, placed.offset);
        unsigned(&mut self.bytes, placed.joined - self.joined);
        unsigned(&mut self.bytes, bytes);
        self.bytes.push(kind as u8);
        unsigned(&mut self.bytes, index.into());
        self.sized(name.as_bytes());
        self.joined = placed.joined + bytes;
    }

    fn address(&mut self, symbol: SymbolId, addend: u64) {
        self.addresses.push((self.bytes.len(), symbol, addend));
        self.bytes.extend_from_slice(&[0; 8]);
    }

    fn sized(&mut self, bytes: &[u8]) {
        unsigned(&mut self.bytes, bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    fn finish(self, writer: &mut Writer<'_, '_>) -> Result<(), Error> {
        let length = u32::try_from(self.bytes.len()).map_err(|_| Error::limit("a code map of 4 GiB"))?;
        let header = [&MAGIC[..], &[VERSION], &length.to_le_bytes()].concat();
        let section = writer.object.add_section(Vec::new(), SECTION.as_bytes().to_vec(), SectionKind::Debug);
        writer.object.append_section_data(section, &header, 1);
        writer.object.append_section_data(section, &self.bytes, 1);
        let r_type = absolute(writer.env.target.arch(), 8)?;
        for (at, symbol, addend) in self.addresses {
            writer.add(section, (header.len() + at) as u64, symbol, addend.cast_signed(), r_type)?;
        }
        Ok(())
    }
}

/// The opcode at an offset of the module: its byte, or prefix + 256 × number.
fn opcode(wasm: &[u8], offset: u32) -> Option<u64> {
    const FIRST_PREFIX: u8 = 0xfb;
    const LAST_PREFIX: u8 = 0xfe;
    let (first, rest) = wasm.get(offset as usize..)?.split_first()?;
    if !(FIRST_PREFIX..=LAST_PREFIX).contains(first) {
        return Some(u64::from(*first));
    }
    let number = gimli::Reader::read_uleb128_u32(&mut gimli::EndianSlice::new(rest, gimli::LittleEndian)).ok()?;
    Some(u64::from(*first) + 256 * u64::from(number))
}

fn unsigned(out: &mut Vec<u8>, value: u64) {
    // Writing to a vector does not fail.
    let _ = gimli::leb128::write::unsigned(out, value);
}

fn signed(out: &mut Vec<u8>, value: i64) {
    let _ = gimli::leb128::write::signed(out, value);
}
