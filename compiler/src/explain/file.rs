//! An ELF file's sections; of an object as if it had been linked.
//!
//! Nothing in an object has an address yet. Each section of code is put where its pieces are in the module's map, counted from the
//! start of the module's code; then the relocations of the map and of debug information are applied to copies.

use super::ExplainError;
use super::map::{self, ModuleMap, Unreadable};
use ::object::elf::FileHeader64;
use ::object::read::elf::ElfFile;
use ::object::{Endianness, Object as _, ObjectKind, ObjectSection as _, ObjectSymbol as _};
use ::object::{RelocationKind, RelocationTarget, SectionIndex};
use std::borrow::Cow;
use std::collections::HashMap;

/// An ELF file for 64-bit machines.
pub(super) struct File<'a> {
    elf: ElfFile<'a, FileHeader64<Endianness>>,
    map: Cow<'a, [u8]>,
    /// In an object, where each section of code is put.
    bases: Option<HashMap<SectionIndex, u64>>,
}

impl<'a> File<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<File<'a>, ExplainError> {
        let elf = ElfFile::parse(bytes).map_err(|error| ExplainError::NotElf(error.to_string()))?;
        let mut file = File { elf, map: Cow::Borrowed(&[]), bases: None };
        let map = file.raw(map::SECTION).ok_or(ExplainError::NoMap)?;
        if file.elf.kind() == ObjectKind::Relocatable {
            file.bases = Some(file.bases(map)?);
        }
        file.map = file.section(map::SECTION).ok_or(ExplainError::NoMap)?;
        Ok(file)
    }

    /// The maps of all modules; in an image without what the linker dropped.
    pub(super) fn modules(&self) -> Result<Vec<ModuleMap<'_>>, ExplainError> {
        let mut modules = map::read(&self.map).map_err(unreadable)?;
        if self.bases.is_none() {
            for module in &mut modules {
                // Linkers give what they dropped one of these two addresses.
                module.pieces.retain(|piece| piece.address != 0 && piece.address != u64::MAX);
            }
        }
        Ok(modules)
    }

    /// A section's bytes, with what the linker would fill in; `None` where there is none, or none that can be read.
    pub(super) fn section(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        let bytes = self.raw(name)?;
        let Some(bases) = &self.bases else { return Some(Cow::Borrowed(bytes)) };
        let mut out = bytes.to_vec();
        for (at, target, size) in self.relocations(name) {
            let (section, addend) = target;
            let value = bases.get(&section).copied().unwrap_or(0).wrapping_add(addend);
            let at = usize::try_from(at).ok()?;
            if let Some(field) = out.get_mut(at..at.checked_add(size)?) {
                field.copy_from_slice(&value.to_le_bytes()[..size]);
            }
        }
        Some(Cow::Owned(out))
    }

    fn raw(&self, name: &str) -> Option<&'a [u8]> {
        let section = self.elf.section_by_name(name)?;
        let compressed = section.compressed_file_range().ok()?.format != ::object::CompressionFormat::None;
        section.data().ok().filter(|bytes| !compressed && !bytes.is_empty())
    }

    /// The absolute relocations of a section: where, section and offset that is referred to, bytes.
    fn relocations(&self, name: &str) -> Vec<(u64, (SectionIndex, u64), usize)> {
        let Some(section) = self.elf.section_by_name(name) else { return Vec::new() };
        let read = |(at, relocation): (u64, ::object::Relocation)| {
            let RelocationTarget::Symbol(symbol) = relocation.target() else { return None };
            let symbol = self.elf.symbol_by_index(symbol).ok()?;
            let offset = symbol.address().wrapping_add_signed(relocation.addend());
            let size = match (relocation.kind(), relocation.size()) {
                (RelocationKind::Absolute, 64) => 8,
                (RelocationKind::Absolute, 32) => 4,
                _ => return None,
            };
            Some((at, (symbol.section_index()?, offset), size))
        };
        section.relocations().filter_map(read).collect()
    }

    /// Where each section of code is put, so that every piece is where the map has it.
    fn bases(&self, map: &[u8]) -> Result<HashMap<SectionIndex, u64>, ExplainError> {
        let modules = map::read(map).map_err(unreadable)?;
        if modules.len() > 1 {
            let names = modules.iter().map(|module| crate::debug::text::path(module.name)).collect();
            return Err(ExplainError::SeveralModules(names));
        }
        let places: HashMap<u64, (SectionIndex, u64)> =
            self.relocations(map::SECTION).into_iter().map(|(at, target, _)| (at, target)).collect();
        let pieces = modules.iter().flat_map(|module| &module.pieces);
        let base = |piece: &map::Piece<'_>| {
            let (section, offset) = *places.get(&(piece.address_at as u64))?;
            Some((section, piece.joined.wrapping_sub(offset)))
        };
        Ok(pieces.filter_map(base).collect())
    }
}

fn unreadable(reason: Unreadable) -> ExplainError {
    match reason {
        Unreadable::Damaged => ExplainError::Damaged,
        Unreadable::Version(version) => ExplainError::Version(version),
    }
}
