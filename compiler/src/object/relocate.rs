//! Relocations: Cranelift's kinds and the stubs' as ELF's, per target.
//!
//! Sources: the psABI documents of x86-64 (section 4.4), AArch64 ("Relocation") and RISC-V ("Relocations").

use super::symbols::PlacedStub;
use super::{Placed, Writer};
use crate::backend::{RelocKind, RelocTarget, Relocation};
use crate::compile::Piece;
use crate::error::{Error, ErrorKind};
use crate::symbol::Symbol;
use crate::target::Arch;
use crate::trap::StubReloc;
use ::object::write::{self, SectionId, SymbolId, SymbolSection};
use ::object::{RelocationFlags, SymbolFlags, SymbolKind, SymbolScope, elf};
use cranelift_codegen::binemit::Reloc;
use std::collections::HashMap;

/// Labels in the code, by their places.
type Labels = HashMap<(SectionId, u64), SymbolId>;

impl Writer<'_, '_> {
    /// Relocations of functions and glue.
    pub(crate) fn relocate_code(&mut self, pieces: &[Piece], placed: &[Placed]) -> Result<(), Error> {
        let mut labels = HashMap::new();
        for (piece, place) in pieces.iter().zip(placed) {
            for relocation in &piece.code.relocations {
                self.relocate((place.section, place.offset), relocation, &mut labels)?;
            }
        }
        Ok(())
    }

    /// Relocations of trap stubs.
    pub(crate) fn relocate_stubs(&mut self) -> Result<(), Error> {
        let mut labels = HashMap::new();
        let stubs = std::mem::take(&mut self.symbols.stubs);
        for PlacedStub { placed, stub, .. } in &stubs {
            for &(offset, kind, symbol) in &stub.relocs {
                let (target, addend) = match kind {
                    StubReloc::RiscvLo12(page) => (RelocTarget::Offset(page), 0),
                    StubReloc::X86Pc32 | StubReloc::X86Plt32 => (RelocTarget::Symbol(symbol), -4),
                    _ => (RelocTarget::Symbol(symbol), 0),
                };
                let relocation = Relocation { offset, kind: RelocKind::Stub(kind), target, addend };
                self.relocate((placed.section, placed.offset), &relocation, &mut labels)?;
            }
        }
        self.symbols.stubs = stubs;
        Ok(())
    }

    fn relocate(
        &mut self,
        (section, start): (SectionId, u64),
        relocation: &Relocation,
        labels: &mut Labels,
    ) -> Result<(), Error> {
        let symbol = match relocation.target {
            RelocTarget::Symbol(symbol) => self.symbol_id(symbol)?,
            RelocTarget::Offset(offset) => self.label(section, start + u64::from(offset), labels),
        };
        let mut r_type = elf_type(self.env.target.arch(), relocation.kind)?;
        // Cranelift refers to nearby data as it refers to nearby code; a linker may put a jump in between for the latter.
        if r_type == elf::R_X86_64_PLT32 && matches!(relocation.target, RelocTarget::Symbol(symbol) if !symbol.is_code()) {
            r_type = elf::R_X86_64_PC32;
        }
        self.add(section, start + u64::from(relocation.offset), symbol, relocation.addend, r_type)
    }

    /// A local label in the code: riscv64's low parts refer to the instruction that holds the high part.
    fn label(&mut self, section: SectionId, offset: u64, labels: &mut Labels) -> SymbolId {
        let number = labels.len();
        *labels.entry((section, offset)).or_insert_with(|| {
            self.object.add_symbol(write::Symbol {
                name: format!(".Lsg{number}").into_bytes(),
                value: offset,
                size: 0,
                kind: SymbolKind::Label,
                scope: SymbolScope::Compilation,
                weak: false,
                section: SymbolSection::Section(section),
                flags: SymbolFlags::None,
            })
        })
    }

    /// A self-relative reference in the module's read-only data.
    pub(crate) fn self_relative(&mut self, offset: u64, target: Symbol, addend: i64) -> Result<(), Error> {
        let symbol = self.symbol_id(target)?;
        self.self_relative_to(self.sections.read_only, offset, symbol, addend)
    }

    /// A self-relative reference in read-only data.
    pub(crate) fn self_relative_to(
        &mut self,
        section: SectionId,
        offset: u64,
        symbol: SymbolId,
        addend: i64,
    ) -> Result<(), Error> {
        let r_type = match self.env.target.arch() {
            Arch::X86_64 => elf::R_X86_64_PC32,
            Arch::Aarch64 => elf::R_AARCH64_PREL32,
            Arch::Riscv64 => elf::R_RISCV_32_PCREL,
        };
        self.add(section, offset, symbol, addend, r_type)
    }

    /// Any relocation.
    pub(crate) fn add(
        &mut self,
        section: SectionId,
        offset: u64,
        symbol: SymbolId,
        addend: i64,
        r_type: elf::RelocationType,
    ) -> Result<(), Error> {
        let relocation = write::Relocation { offset, symbol, addend, flags: RelocationFlags::Elf { r_type } };
        self.object.add_relocation(section, relocation).map_err(|error| Error::internal(format!("relocation: {error}")))
    }
}

fn elf_type(arch: Arch, kind: RelocKind) -> Result<elf::RelocationType, Error> {
    Ok(match (arch, kind) {
        (Arch::X86_64, RelocKind::Code(Reloc::X86CallPCRel4) | RelocKind::Stub(StubReloc::X86Plt32)) => elf::R_X86_64_PLT32,
        (Arch::X86_64, RelocKind::Code(Reloc::X86PCRel4) | RelocKind::Stub(StubReloc::X86Pc32)) => elf::R_X86_64_PC32,
        (Arch::Aarch64, RelocKind::Code(Reloc::Arm64Call) | RelocKind::Stub(StubReloc::Aarch64Call)) => elf::R_AARCH64_CALL26,
        (Arch::Aarch64, RelocKind::Stub(StubReloc::Aarch64Jump)) => elf::R_AARCH64_JUMP26,
        (Arch::Aarch64, RelocKind::Code(Reloc::Aarch64AdrPrelPgHi21) | RelocKind::Stub(StubReloc::Aarch64Page)) => {
            elf::R_AARCH64_ADR_PREL_PG_HI21
        }
        (Arch::Aarch64, RelocKind::Code(Reloc::Aarch64AddAbsLo12Nc) | RelocKind::Stub(StubReloc::Aarch64Lo12)) => {
            elf::R_AARCH64_ADD_ABS_LO12_NC
        }
        (Arch::Riscv64, RelocKind::Code(Reloc::RiscvCallPlt) | RelocKind::Stub(StubReloc::RiscvCall)) => elf::R_RISCV_CALL_PLT,
        (Arch::Riscv64, RelocKind::Code(Reloc::RiscvPCRelHi20) | RelocKind::Stub(StubReloc::RiscvHi20)) => {
            elf::R_RISCV_PCREL_HI20
        }
        (Arch::Riscv64, RelocKind::Code(Reloc::RiscvPCRelLo12I) | RelocKind::Stub(StubReloc::RiscvLo12(_))) => {
            elf::R_RISCV_PCREL_LO12_I
        }
        (_, kind) => return Err(Error::new(ErrorKind::Backend, format!("no relocation for {kind:?}"))),
    })
}
