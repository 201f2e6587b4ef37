//! Sections, symbols, relocations → ELF.
//!
//! The text section holds functions in index order, then glue, then trap stubs. Read-only data holds the module record,
//! function records, reference cells and segments, all self-relative. RAM that starts as zero holds state, globals,
//! slots, records and tables; the memories have a section of their own, so that a linker script can place them.
//! What every module of a link must share (the domain record, identities of types) is defined weakly, each in a section of
//! its own, so that a linker that collects garbage keeps one.

mod code_map;
mod data;
mod frames;
mod relocate;
mod symbols;

use crate::Artifact;
use crate::backend::{Backend, Cranelift};
use crate::compile::Piece;
use crate::error::Error;
use crate::instance::Env;
use crate::module::FuncIndex;
use crate::report::{FunctionReport, Report};
use crate::symbol::Symbol;
use crate::target::Arch;
use crate::trap;
use ::object::write::{Object, SectionId};
use ::object::{Architecture, BinaryFormat, Endianness, FileFlags, SectionKind, elf};
use saggar_abi::trap::Code;
use std::collections::BTreeSet;
use symbols::Symbols;
pub(crate) use symbols::{interface, shown_name};

/// The sections of an object under construction.
pub(crate) struct Sections {
    pub(crate) text: SectionId,
    pub(crate) read_only: SectionId,
    pub(crate) zero: SectionId,
    pub(crate) memory: SectionId,
}

/// An object under construction.
pub(crate) struct Writer<'w, 'e> {
    pub(crate) env: &'w Env<'e, 'e>,
    pub(crate) object: Object<'static>,
    pub(crate) sections: Sections,
    pub(crate) symbols: Symbols,
    pub(crate) report: Report,
}

/// Writes the object and everything that is known once the layout is.
pub(crate) fn write(env: &Env<'_, '_>, backend: &Cranelift, pieces: Vec<Piece>) -> Result<Artifact, Error> {
    let mut writer = Writer::new(env);
    let placed = writer.place_code(&pieces);
    writer.place_stubs(&pieces);
    writer.place_data();
    writer.place_exports()?;
    writer.relocate_code(&pieces, &placed)?;
    writer.relocate_stubs()?;
    writer.relocate_data()?;
    frames::write(&mut writer, backend.frame_header(), &pieces, &placed)?;
    let code_map = code_map::build(env, &pieces, &placed);
    code_map::write(&mut writer, &code_map);
    let section = writer.object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Metadata);
    writer.object.section_mut(section).flags =
        ::object::SectionFlags::Elf { sh_flags: elf::SectionFlags(0), sh_type: elf::SHT_PROGBITS };
    let interface = symbols::interface(env);
    let mut report = std::mem::take(&mut writer.report);
    report.functions = code_map.functions.clone();
    let bytes = writer.object.write().map_err(|error| Error::internal(format!("cannot write the object: {error}")))?;
    let join = |select: fn(&Piece) -> Option<&String>| {
        let title = |piece: &Piece| symbols::local_name(env, piece.symbol);
        pieces.iter().filter_map(|piece| Some(format!("; {}\n{}\n", title(piece), select(piece)?))).collect::<String>()
    };
    Ok(Artifact {
        object: bytes,
        interface,
        report,
        code_map,
        clif: env.options.emit_clif.then(|| join(|piece| piece.clif.as_ref())),
        asm: env.options.emit_asm.then(|| join(|piece| piece.code.asm.as_ref())),
    })
}

impl<'w, 'e> Writer<'w, 'e> {
    fn new(env: &'w Env<'_, '_>) -> Writer<'w, 'e>
    where
        'w: 'e,
    {
        let (architecture, e_flags) = match env.target.arch() {
            Arch::X86_64 => (Architecture::X86_64, 0),
            Arch::Aarch64 => (Architecture::Aarch64, 0),
            Arch::Riscv64 => (Architecture::Riscv64, elf::EF_RISCV_RVC.0 | elf::EF_RISCV_FLOAT_ABI_DOUBLE.0),
        };
        let mut object = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
        object.flags = FileFlags::Elf { os_abi: elf::ELFOSABI_NONE, abi_version: 0, e_flags: elf::FileFlags(e_flags) };
        let module = symbols::component(&env.options.name);
        let mut section =
            |prefix: &str, kind: SectionKind| object.add_section(Vec::new(), format!("{prefix}.sg.{module}").into_bytes(), kind);
        let sections = Sections {
            text: section(".text", SectionKind::Text),
            read_only: section(".rodata", SectionKind::ReadOnlyData),
            zero: section(".bss", SectionKind::UninitializedData),
            memory: section(".bss.memory", SectionKind::UninitializedData),
        };
        let report = Report {
            module: env.options.name.clone(),
            target: env.target.arch().name().to_string(),
            cpu: env.target.cpu().name.to_string(),
            features: env.module.used.names(),
            ..Report::default()
        };
        Writer { env, object, sections, symbols: Symbols::default(), report }
    }

    /// Appends every piece to the text section and names it; gives each one's offset.
    fn place_code(&mut self, pieces: &[Piece]) -> Vec<u64> {
        let text = self.sections.text;
        let placed: Vec<u64> = pieces
            .iter()
            .map(|piece| {
                let align = if self.env.target.arch() == Arch::X86_64 { 16 } else { u64::from(piece.code.align) };
                self.pad_with_traps(align);
                self.object.append_section_data(text, &piece.code.bytes, align)
            })
            .collect();
        for (piece, offset) in pieces.iter().zip(&placed) {
            let name = symbols::local_name(self.env, piece.symbol);
            self.define(
                piece.symbol,
                name,
                symbols::Binding::Local,
                symbols::Place::Code(text, *offset, piece.code.bytes.len() as u64),
            );
        }
        let start = symbols::module_symbol(self.env, saggar_abi::names::Family::Text);
        self.define_extra(start, symbols::Binding::Hidden, symbols::Place::Code(text, 0, 0));
        placed
    }

    /// Fills the gap before the next function with what nobody may run into: `int3`; on riscv64 zeros are a trap already.
    fn pad_with_traps(&mut self, align: u64) {
        if self.env.target.arch() != Arch::X86_64 {
            return;
        }
        let text = self.sections.text;
        let length = self.object.section_mut(text).data().len() as u64;
        let gap = usize::try_from(length.next_multiple_of(align) - length).unwrap_or(0);
        self.object.append_section_data(text, &vec![0xcc; gap], 1);
    }

    /// Appends a stub for each trap code that the code refers to.
    fn place_stubs(&mut self, pieces: &[Piece]) {
        let used: BTreeSet<u32> = pieces
            .iter()
            .flat_map(|piece| &piece.code.relocations)
            .filter_map(|relocation| match relocation.target {
                crate::backend::RelocTarget::Symbol(Symbol::Trap(code)) => Some(code),
                _ => None,
            })
            .collect();
        for code in used.into_iter().filter_map(Code::from_number) {
            let stub = trap::stub(self.env.target.arch(), code);
            let offset = self.object.append_section_data(self.sections.text, &stub.bytes, 4);
            let symbol = Symbol::Trap(code as u32);
            let name = symbols::local_name(self.env, symbol);
            self.define(
                symbol,
                name,
                symbols::Binding::Local,
                symbols::Place::Code(self.sections.text, offset, stub.bytes.len() as u64),
            );
            self.symbols.stubs.push((offset, stub));
        }
        self.report.code_bytes = self.object.section_mut(self.sections.text).data().len() as u64;
    }
}

/// What the report says of the functions.
pub(crate) fn function_reports(env: &Env<'_, '_>, pieces: &[Piece], placed: &[u64]) -> Vec<FunctionReport> {
    pieces
        .iter()
        .zip(placed)
        .filter_map(|(piece, offset)| {
            let func: FuncIndex = match piece.symbol {
                Symbol::Func(func) | Symbol::Body(func) => func,
                _ => return None,
            };
            Some(FunctionReport {
                index: func.0,
                name: env.module.func_name(func).map(str::to_string),
                offset: u32::try_from(*offset).unwrap_or(u32::MAX),
                code_bytes: u32::try_from(piece.code.bytes.len()).unwrap_or(u32::MAX),
                frame_bytes: piece.code.frame_bytes,
            })
        })
        .collect()
}
