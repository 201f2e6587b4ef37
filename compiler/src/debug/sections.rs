//! Debug sections as `gimli` writes them → sections of the object, with the places that the linker fills in.

use crate::error::Error;
use crate::object::Writer;
use crate::target::Arch;
use ::object::write::SectionId;
use ::object::{SectionKind, elf};
use gimli::write::{Address, EndianVec, RelocateWriter, Relocation, RelocationTarget};
use std::collections::HashMap;

/// Bytes with the places that the linker fills in.
#[derive(Clone)]
pub(crate) struct Relocated {
    bytes: EndianVec<gimli::LittleEndian>,
    relocations: Vec<Relocation>,
}

impl Relocated {
    /// No bytes yet.
    pub(crate) fn new() -> Relocated {
        Relocated { bytes: EndianVec::new(gimli::LittleEndian), relocations: Vec::new() }
    }

    /// Where addresses of code stand.
    pub(crate) fn code_addresses(&self) -> impl Iterator<Item = usize> {
        let is_code = |relocation: &&Relocation| matches!(relocation.target, RelocationTarget::Symbol(_));
        self.relocations.iter().filter(is_code).map(|relocation| relocation.offset)
    }

    /// How many bytes there are.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.slice().len()
    }
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

/// The sections of code that addresses lie in. `gimli`'s symbols are positions in this list.
#[derive(Default)]
pub(crate) struct CodeSections {
    list: Vec<SectionId>,
    positions: HashMap<SectionId, usize>,
}

impl CodeSections {
    /// An address in the linked image.
    pub(crate) fn address(&mut self, section: SectionId, offset: u64) -> Address {
        let symbol = *self.positions.entry(section).or_insert_with(|| {
            self.list.push(section);
            self.list.len() - 1
        });
        Address::Symbol { symbol, addend: offset.cast_signed() }
    }
}

/// Puts sections that refer to each other and to code into the object.
///
/// # Errors
/// `Internal` when one refers to a section that is not among them.
pub(crate) fn add(
    writer: &mut Writer<'_, '_>,
    code: &CodeSections,
    sections: Vec<(gimli::SectionId, Relocated)>,
) -> Result<(), Error> {
    let mut placed = Vec::with_capacity(sections.len());
    for (name, Relocated { bytes, relocations }) in sections {
        let id = writer.object.add_section(Vec::new(), name.name().as_bytes().to_vec(), SectionKind::Debug);
        let align = if name == gimli::SectionId::DebugFrame { 8 } else { 1 };
        writer.object.append_section_data(id, bytes.slice(), align);
        placed.push((name, id, relocations));
    }
    let own: Vec<(gimli::SectionId, SectionId)> = placed.iter().map(|(name, id, _)| (*name, *id)).collect();
    for (_, id, relocations) in placed {
        for relocation in relocations {
            let target = match relocation.target {
                RelocationTarget::Symbol(symbol) => code.list.get(symbol).copied(),
                RelocationTarget::Section(name) => own.iter().find(|(own, _)| *own == name).map(|(_, id)| *id),
            };
            let target = target.ok_or_else(|| Error::internal(format!("a debug section refers to {:?}", relocation.target)))?;
            let symbol = writer.object.section_symbol(target);
            let r_type = absolute(writer.env.target.arch(), relocation.size)?;
            writer.add(id, relocation.offset as u64, symbol, relocation.addend, r_type)?;
        }
    }
    Ok(())
}

/// The relocation that stores an absolute address of so many bytes.
///
/// # Errors
/// `Internal` for a width that no debug section has.
pub(crate) fn absolute(arch: Arch, bytes: u8) -> Result<elf::RelocationType, Error> {
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
