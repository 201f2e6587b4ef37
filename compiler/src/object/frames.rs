//! `.debug_frame`: how to unwind through guest code. Not loaded; debuggers and profilers read it from the file.

use super::{Placed, Writer};
use crate::compile::Piece;
use crate::error::Error;
use crate::target::Arch;
use ::object::write::SectionId;
use ::object::{SectionKind, elf};
use gimli::write::{
    Address, CommonInformationEntry, DebugFrame, EndianVec, FrameDescriptionEntry, FrameTable, Relocation, RelocationTarget,
};
use gimli::write::{RelocateWriter, Section as _};
use std::collections::HashMap;

/// Bytes with the places that the linker fills in.
#[derive(Clone)]
struct Relocated {
    bytes: EndianVec<gimli::LittleEndian>,
    relocations: Vec<Relocation>,
}

impl RelocateWriter for Relocated {
    type Writer = EndianVec<gimli::LittleEndian>;

    fn writer(&self) -> &Self::Writer {
        &self.bytes
    }

    fn writer_mut(&mut self) -> &mut Self::Writer {
        &mut self.bytes
    }

    fn relocate(&mut self, relocation: Relocation) {
        self.relocations.push(relocation);
    }
}

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
    // The symbols here are sections, by their position in this list.
    let (mut sections, mut known) = (Vec::new(), HashMap::new());
    let mut address = |section: SectionId, offset: u64| {
        let symbol = *known.entry(section).or_insert_with(|| {
            sections.push(section);
            sections.len() - 1
        });
        Address::Symbol { symbol, addend: offset.cast_signed() }
    };
    for (piece, place) in pieces.iter().zip(placed) {
        let bytes = u32::try_from(piece.code.bytes.len()).unwrap_or(u32::MAX);
        let description = match &piece.code.unwind {
            Some(info) => info.to_fde(address(place.section, place.offset)),
            // Written by hand, without a frame: what holds on entry holds throughout.
            None => FrameDescriptionEntry::new(address(place.section, place.offset), bytes),
        };
        table.add_fde(header, description);
    }
    // A trap stub stands as if it had been called from the place of the trap.
    for (offset, bytes) in writer.stubs() {
        table.add_fde(header, FrameDescriptionEntry::new(address(writer.sections.text, offset), bytes));
    }
    let mut section = DebugFrame(Relocated { bytes: EndianVec::new(gimli::LittleEndian), relocations: Vec::new() });
    table.write_debug_frame(&mut section).map_err(|error| failed(&error))?;
    let id = writer.object.add_section(Vec::new(), section.name().as_bytes().to_vec(), SectionKind::Debug);
    let Relocated { bytes, relocations } = section.0;
    writer.object.append_section_data(id, bytes.slice(), 8);
    let own = writer.object.section_symbol(id);
    for relocation in relocations {
        let symbol = match relocation.target {
            RelocationTarget::Symbol(symbol) => writer.object.section_symbol(sections[symbol]),
            RelocationTarget::Section(_) => own,
        };
        let r_type = absolute(writer.env.target.arch(), relocation.size)?;
        writer.add(id, relocation.offset as u64, symbol, relocation.addend, r_type)?;
    }
    Ok(())
}

fn absolute(arch: Arch, bytes: u8) -> Result<elf::RelocationType, Error> {
    Ok(match (arch, bytes) {
        (Arch::X86_64, 8) => elf::R_X86_64_64,
        (Arch::X86_64, 4) => elf::R_X86_64_32,
        (Arch::Aarch64, 8) => elf::R_AARCH64_ABS64,
        (Arch::Aarch64, 4) => elf::R_AARCH64_ABS32,
        (Arch::Riscv64, 8) => elf::R_RISCV_64,
        (Arch::Riscv64, 4) => elf::R_RISCV_32,
        _ => return Err(Error::internal(format!("no absolute relocation of {bytes} bytes"))),
    })
}
