//! Sections, symbols, relocations → ELF.
//!
//! The text section holds functions in index order, then glue, then trap stubs. Read-only data holds the module record,
//! function records, reference cells and segments, all self-relative. RAM that starts as zero holds state, globals,
//! slots, records and tables; the memories have a section of their own, so that a linker script can place them.
//! What every module of a link must share (the domain record, identities of types) is defined weakly, each in a section of
//! its own, so that a linker that collects garbage keeps one.
//!
//! [`Placement`](crate::Placement) changes names: a prefix for the sections that are the module's alone, another name and alignment for the
//! memories, and on request a section for each function and each segment. What belongs to the module as a whole (trap
//! stubs, records, cells) stays together.

mod code_map;
mod data;
mod frames;
mod relocate;
mod symbols;

use crate::Artifact;
use crate::backend::{Backend, Cranelift};
use crate::compile::Piece;
use crate::debug;
use crate::error::Error;
use crate::instance::Env;
use crate::module::FuncIndex;
use crate::report::{FunctionReport, Report, SectionReport, SectionUse};
use crate::symbol::Symbol;
use crate::target::Arch;
use crate::trap;
use ::object::write::{Object, SectionId};
use ::object::{Architecture, BinaryFormat, Endianness, FileFlags, SectionKind, elf};
use saggar_abi::trap::Code;
use std::collections::BTreeSet;
use symbols::Symbols;
pub(crate) use symbols::{interface, local_name, shown_name};

/// Alignment of trap stubs.
const STUB_ALIGN: u64 = 4;

/// The sections of an object under construction.
pub(crate) struct Sections {
    pub(crate) text: SectionId,
    pub(crate) read_only: SectionId,
    pub(crate) zero: SectionId,
    pub(crate) memory: SectionId,
}

/// A section that is loaded.
struct Loaded {
    id: SectionId,
    name: String,
    kind: SectionKind,
    /// Bytes that it reserves, where it has no content.
    reserved: u64,
}

impl Loaded {
    /// Adds a section to the object and to the list of those that are loaded.
    fn add(object: &mut Object<'static>, loaded: &mut Vec<Loaded>, name: String, kind: SectionKind) -> SectionId {
        let id = object.add_section(Vec::new(), name.clone().into_bytes(), kind);
        loaded.push(Loaded { id, name, kind, reserved: 0 });
        id
    }
}

/// Where a piece of code stands.
#[derive(Clone, Copy)]
pub(crate) struct Placed {
    pub(crate) section: SectionId,
    pub(crate) offset: u64,
    /// Offset from the start of the module's code, as though all of it lay in one section.
    pub(crate) joined: u64,
}

/// An object under construction.
pub(crate) struct Writer<'w, 'e> {
    pub(crate) env: &'w Env<'e, 'e>,
    pub(crate) object: Object<'static>,
    pub(crate) sections: Sections,
    /// Sections that are loaded, in the order in which they were made.
    loaded: Vec<Loaded>,
    pub(crate) symbols: Symbols,
    pub(crate) report: Report,
}

/// Writes the object and everything that is known once the layout is.
pub(crate) fn write(env: &Env<'_, '_>, backend: &Cranelift, pieces: Vec<Piece>) -> Result<Artifact, Error> {
    let mut writer = Writer::new(env);
    let placed = writer.place_code(&pieces);
    writer.place_stubs(&pieces, &placed);
    writer.place_data();
    writer.place_exports()?;
    writer.relocate_code(&pieces, &placed)?;
    writer.relocate_stubs()?;
    writer.relocate_data()?;
    frames::write(&mut writer, backend.frame_header(), &pieces, &placed)?;
    debug::write(&mut writer, &pieces, &placed)?;
    let code_map = code_map::build(env, &pieces, &placed);
    code_map::write(&mut writer, &pieces, &placed)?;
    let section = writer.object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Metadata);
    writer.object.section_mut(section).flags =
        ::object::SectionFlags::Elf { sh_flags: elf::SectionFlags(0), sh_type: elf::SHT_PROGBITS };
    let interface = symbols::interface(env);
    writer.report_sections();
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
        let mut loaded = Vec::new();
        let mut section = |name: String, kind: SectionKind| Loaded::add(&mut object, &mut loaded, name, kind);
        let placement = &env.options.placement;
        let prefixed = |name: &str| format!("{}{name}.sg.{module}", placement.section_prefix);
        let memory = placement.memory_section.clone().unwrap_or_else(|| prefixed(".bss.memory"));
        let sections = Sections {
            text: section(prefixed(".text"), SectionKind::Text),
            read_only: section(prefixed(".rodata"), SectionKind::ReadOnlyData),
            zero: section(prefixed(".bss"), SectionKind::UninitializedData),
            memory: section(memory, SectionKind::UninitializedData),
        };
        let report = Report {
            module: env.options.name.clone(),
            target: env.target.arch().name().to_string(),
            cpu: env.target.cpu().name.to_string(),
            features: env.module.used.names(),
            notes: env.notes.clone(),
            ..Report::default()
        };
        Writer { env, object, sections, loaded, symbols: Symbols::default(), report }
    }

    /// A further section that is loaded.
    fn loaded_section(&mut self, name: String, kind: SectionKind) -> SectionId {
        Loaded::add(&mut self.object, &mut self.loaded, name, kind)
    }

    /// Reserves bytes that start as zero, and gives their offset.
    fn reserve(&mut self, section: SectionId, bytes: u64, align: u64) -> u64 {
        let offset = self.object.append_section_bss(section, bytes, align);
        if let Some(loaded) = self.loaded.iter_mut().find(|loaded| loaded.id == section) {
            loaded.reserved = offset + bytes;
        }
        offset
    }

    /// The section for something with a local name: its own where each function has one, else `shared`.
    fn section_for(&mut self, shared: SectionId, kind: SectionKind, local_name: &str) -> SectionId {
        if !self.env.options.placement.function_sections {
            return shared;
        }
        let base = if kind == SectionKind::Text { ".text" } else { ".rodata" };
        let module = symbols::component(&self.env.options.name);
        // `sg__func__skill__12__name`: what kind it is, the module, which one it is.
        let mut parts = local_name.split("__").skip(1);
        let family = parts.next().unwrap_or_default();
        let rest: String = parts.skip(1).map(|part| format!(".{part}")).collect();
        let prefix = &self.env.options.placement.section_prefix;
        self.loaded_section(format!("{prefix}{base}.sg.{module}.{family}{rest}"), kind)
    }

    /// Says what every section weighs, padding included, and what that comes to.
    fn report_sections(&mut self) {
        for Loaded { id, name, kind, reserved } in std::mem::take(&mut self.loaded) {
            let content = |section: &::object::write::Section<'_>| if section.is_bss() { 0 } else { section.data().len() as u64 };
            let bytes = reserved + content(self.object.section_mut(id));
            let kind = match kind {
                SectionKind::Text => SectionUse::Code,
                SectionKind::UninitializedData => SectionUse::Zero,
                _ => SectionUse::ReadOnly,
            };
            match kind {
                SectionUse::Code => self.report.code_bytes += bytes,
                SectionUse::ReadOnly => self.report.read_only_bytes += bytes,
                SectionUse::Zero => self.report.zero_bytes += bytes,
            }
            if bytes > 0 {
                self.report.sections.push(SectionReport { name, kind, bytes });
            }
        }
    }

    /// Appends every piece to the text section and names it; gives each one's offset.
    fn place_code(&mut self, pieces: &[Piece]) -> Vec<Placed> {
        let text = self.sections.text;
        let mut joined = 0;
        let mut placed = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let name = symbols::local_name(self.env, piece.symbol);
            let section = self.section_for(text, SectionKind::Text, &name);
            let align = if self.env.target.arch() == Arch::X86_64 { 16 } else { u64::from(piece.code.align) };
            self.pad_with_traps(section, align);
            let offset = self.object.append_section_data(section, &piece.code.bytes, align);
            let length = piece.code.bytes.len() as u64;
            // In one section, this is the offset.
            joined = u64::next_multiple_of(joined, align);
            placed.push(Placed { section, offset, joined });
            joined += length;
            self.define(piece.symbol, name, symbols::Binding::Local, symbols::Place::Code(section, offset, length));
        }
        let start = symbols::module_symbol(self.env, saggar_abi::names::Family::Text);
        self.define_extra(start, symbols::Binding::Hidden, symbols::Place::Code(text, 0, 0));
        placed
    }

    /// Fills the gap before the next function with what nobody may run into: `int3`; on riscv64 zeros are a trap already.
    fn pad_with_traps(&mut self, text: SectionId, align: u64) {
        if self.env.target.arch() != Arch::X86_64 {
            return;
        }
        let length = self.object.section_mut(text).data().len() as u64;
        let gap = usize::try_from(length.next_multiple_of(align) - length).unwrap_or(0);
        self.object.append_section_data(text, &vec![0xcc; gap], 1);
    }

    /// Appends a stub for each trap code that the code refers to.
    fn place_stubs(&mut self, pieces: &[Piece], placed: &[Placed]) {
        let used: BTreeSet<u32> = pieces
            .iter()
            .flat_map(|piece| &piece.code.relocations)
            .filter_map(|relocation| match relocation.target {
                crate::backend::RelocTarget::Symbol(Symbol::Trap(code)) => Some(code),
                _ => None,
            })
            .collect();
        let end = |(piece, place): (&Piece, &Placed)| place.joined + piece.code.bytes.len() as u64;
        let mut joined = pieces.last().zip(placed.last()).map_or(0, end);
        for code in used.into_iter().filter_map(Code::from_number) {
            let stub = trap::stub(self.env.target.arch(), code);
            let offset = self.object.append_section_data(self.sections.text, &stub.bytes, STUB_ALIGN);
            let symbol = Symbol::Trap(code as u32);
            let name = symbols::local_name(self.env, symbol);
            self.define(
                symbol,
                name,
                symbols::Binding::Local,
                symbols::Place::Code(
                    self.sections.text,
                    offset + u64::from(stub.entry),
                    stub.bytes.len() as u64 - u64::from(stub.entry),
                ),
            );
            joined = joined.next_multiple_of(STUB_ALIGN);
            let placed = Placed { section: self.sections.text, offset, joined };
            joined += stub.bytes.len() as u64;
            self.symbols.stubs.push(symbols::PlacedStub { symbol, placed, stub });
        }
    }
}

/// Functions before which a check stands: the check has the function's symbol, and the function one of its own.
pub(crate) fn checked_functions(pieces: &[Piece]) -> BTreeSet<FuncIndex> {
    let body = |piece: &Piece| match piece.symbol {
        Symbol::Body(func) => Some(func),
        _ => None,
    };
    pieces.iter().filter_map(body).collect()
}

/// What the report says of the functions.
pub(crate) fn function_reports(env: &Env<'_, '_>, pieces: &[Piece], placed: &[Placed]) -> Vec<FunctionReport> {
    pieces
        .iter()
        .zip(placed)
        .filter_map(|(piece, place)| {
            let func: FuncIndex = match piece.symbol {
                Symbol::Func(func) | Symbol::Body(func) => func,
                _ => return None,
            };
            Some(FunctionReport {
                index: func.0,
                name: env.module.func_name(func).map(str::to_string),
                offset: u32::try_from(place.joined).unwrap_or(u32::MAX),
                code_bytes: u32::try_from(piece.code.bytes.len()).unwrap_or(u32::MAX),
                frame_bytes: piece.code.frame_bytes,
            })
        })
        .collect()
}
