//! Where in the code which place of the module went: for traps, and kept in the object for tools.
//!
//! The section `.saggar.map` is not loaded. It holds, after a version byte, the ranges in ascending order, each as the
//! distance of its start from the previous end, its length (both unsigned LEB128), and the distance of its wasm offset from
//! the previous one (signed LEB128). Offsets count from the module's text symbol.

use super::{Placed, Writer};
use crate::compile::Piece;
use crate::instance::Env;
use crate::report::{CodeMap, CodeRange};
use ::object::SectionKind;

const VERSION: u8 = 1;

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
pub(crate) fn write(writer: &mut Writer<'_, '_>, map: &CodeMap) {
    let mut bytes = vec![VERSION];
    let (mut end, mut wasm_offset) = (0, 0_i64);
    for range in &map.ranges {
        unsigned(&mut bytes, u64::from(range.start - end));
        unsigned(&mut bytes, u64::from(range.end - range.start));
        signed(&mut bytes, i64::from(range.wasm_offset) - wasm_offset);
        (end, wasm_offset) = (range.end, i64::from(range.wasm_offset));
    }
    let section = writer.object.add_section(Vec::new(), b".saggar.map".to_vec(), SectionKind::Debug);
    writer.object.append_section_data(section, &bytes, 1);
}

fn unsigned(out: &mut Vec<u8>, value: u64) {
    // Writing to a vector does not fail.
    let _ = gimli::leb128::write::unsigned(out, value);
}

fn signed(out: &mut Vec<u8>, value: i64) {
    let _ = gimli::leb128::write::signed(out, value);
}
