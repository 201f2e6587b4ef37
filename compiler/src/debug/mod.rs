//! What debuggers read: `.debug_info` and `.debug_line`. Not loaded, and without a say in code.
//!
//! The module becomes one compile unit. Each function is a subprogram under the module's own name for it; entries, thunks, checks and
//! trap stubs are artificial ones under the names of their symbols. The line table leads to the guest's source lines where the module
//! has debug information itself ([`guest`]), with the calls that were inlined; elsewhere the line is a byte offset in the module, of a
//! file `NAME.wasm`. Variables and types are not described.
//!
//! [`spans`] cuts code by the operators that it comes from, [`rows`] and [`inlined`] turn that into lines and calls, [`unit`] writes
//! them down, [`sections`] puts them into the object.

pub(crate) mod distrust;
mod guest;
mod inlined;
mod rows;
pub(crate) mod sections;
mod spans;
pub(crate) mod text;
mod unit;

use crate::compile::Piece;
use crate::error::Error;
use crate::object::{Placed, Writer, checked_functions, local_name};
use crate::symbol::Symbol;
use gimli::write::Sections;
use guest::Guest;
use sections::Relocated;
use unit::{Code, UnitWriter};

/// Who wrote the compile unit, in so many words at the beginning of `DW_AT_producer`.
pub(crate) const PRODUCER: &str = "saggar ";

/// Describes all code of the module, its trap stubs included.
///
/// # Errors
/// `Internal` when what is written contradicts itself. The guest's own debug information is never a reason: where it cannot be used,
/// a note in the report says so.
pub(crate) fn write(writer: &mut Writer<'_, '_>, pieces: &[Piece], placed: &[Placed]) -> Result<(), Error> {
    let env = writer.env;
    let code_end = env.module.body_ranges.last().map_or(0, |(_, end)| *end);
    let guest = Guest::read(env.module, code_end).unwrap_or_else(|reason| {
        writer.report.notes.push(format!(
            "the module's debug information is not used ({reason}): debuggers see offsets in the module instead of source lines"
        ));
        None
    });
    let checked = checked_functions(pieces);
    let mut unit = UnitWriter::new(&env.options.name, guest.as_ref(), env.module);
    for (piece, placed) in pieces.iter().zip(placed) {
        let bytes = u32::try_from(piece.code.bytes.len()).unwrap_or(u32::MAX);
        let code = Code { placed: *placed, symbol_name: local_name(env, piece.symbol), bytes };
        match piece.symbol {
            Symbol::Func(func) if !checked.contains(&func) => unit.function(func, &piece.code.sources, &code),
            Symbol::Body(func) => unit.function(func, &piece.code.sources, &code),
            _ => unit.glue(&code, &piece.code.sources),
        }
    }
    for stub in writer.stubs() {
        unit.glue(&Code { placed: stub.placed, symbol_name: local_name(env, stub.symbol), bytes: stub.bytes() }, &[]);
    }
    let (mut dwarf, code) = unit.finish();
    let mut sections = Sections::new(Relocated::new());
    dwarf.write(&mut sections).map_err(|error| Error::internal(format!("debug information: {error}")))?;
    let mut written = Vec::new();
    sections
        .for_each_mut(|id, section| {
            if section.bytes() > 0 {
                written.push((id, std::mem::replace(section, Relocated::new())));
            }
            Ok(())
        })
        .map_err(|error: gimli::write::Error| Error::internal(format!("debug information: {error}")))?;
    sections::add(writer, &code, written)
}
