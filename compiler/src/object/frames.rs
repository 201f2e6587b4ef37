//! `.debug_frame`: how to unwind through guest code. Not loaded; debuggers and profilers read it from the file.

use super::{Placed, Writer};
use crate::compile::Piece;
use crate::debug::sections::{self, CodeSections, Relocated};
use crate::error::Error;
use gimli::write::{CommonInformationEntry, DebugFrame, FrameDescriptionEntry, FrameTable};

/// Describes the frame of every function that has one.
pub(crate) fn write(
    writer: &mut Writer<'_, '_>,
    header: Option<CommonInformationEntry>,
    pieces: &[Piece],
    placed: &[Placed],
) -> Result<(), Error> {
    let Some(header) = header else { return Ok(()) };
    let failed = |error: &dyn std::fmt::Display| Error::internal(format!("frame descriptions: {error}"));
    let mut table = FrameTable::default();
    let header = table.add_cie(header);
    let mut code = CodeSections::default();
    for (piece, place) in pieces.iter().zip(placed) {
        let bytes = u32::try_from(piece.code.bytes.len()).unwrap_or(u32::MAX);
        let address = code.address(place.section, place.offset);
        let description = match &piece.code.unwind {
            Some(info) => info.to_fde(address),
            // Written by hand, without a frame: what holds on entry holds throughout.
            None => FrameDescriptionEntry::new(address, bytes),
        };
        table.add_fde(header, description);
    }
    // A trap stub stands as if it had been called from the place of the trap.
    for stub in writer.stubs() {
        let address = code.address(stub.placed.section, stub.placed.offset);
        table.add_fde(header, FrameDescriptionEntry::new(address, stub.bytes()));
    }
    let mut section = DebugFrame(Relocated::new());
    table.write_debug_frame(&mut section).map_err(|error| failed(&error))?;
    sections::add(writer, &code, vec![(gimli::SectionId::DebugFrame, section.0)])
}
