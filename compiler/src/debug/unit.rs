//! The compile unit: one for the module, with an entry for every piece of code.

use super::PRODUCER;
use super::guest::{File, Guest, Subroutine};
use super::inlined;
use super::rows::{self, NativeRow};
use super::sections::CodeSections;
use super::spans::{self, Span};
use super::text;
use crate::backend::SourceRange;
use crate::module::{FuncIndex, Module};
use crate::object::Placed;
use gimli::write::{
    Address, AttributeValue, DirectoryId, DwarfUnit, FileId, LineProgram, LineString, Range, RangeList, UnitEntryId,
};
use gimli::{DwInl, Encoding, Format, LineEncoding, constants as dw};
use std::collections::HashMap;

/// Version 4 has all that is said here, and every debugger of the last ten years reads it.
const ENCODING: Encoding = Encoding { address_size: 8, format: Format::Dwarf32, version: 4 };

/// Code that is described: its place in the object, its name there, its length.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) placed: Placed,
    pub(crate) symbol_name: String,
    pub(crate) bytes: u32,
}

/// A unit under construction.
pub(crate) struct UnitWriter<'g, 'a> {
    guest: Option<&'g Guest<'a>>,
    module: &'g Module<'a>,
    dwarf: DwarfUnit,
    pub(crate) code: CodeSections,
    own_file: FileId,
    files: HashMap<u32, FileId>,
    /// Entries that inlined calls refer to, by their subroutine.
    abstracts: HashMap<usize, UnitEntryId>,
    /// For each section of code that is described, in order, where that begins and ends.
    extents: Vec<(Placed, u64)>,
}

impl<'g, 'a> UnitWriter<'g, 'a> {
    /// A unit for the module of this name.
    pub(crate) fn new(name: &str, guest: Option<&'g Guest<'a>>, module: &'g Module<'a>) -> UnitWriter<'g, 'a> {
        let mut dwarf = DwarfUnit::new(ENCODING);
        let file = format!("{}.wasm", text::path(name.as_bytes()));
        let line = LineEncoding { minimum_instruction_length: 1, ..LineEncoding::default() };
        let mut program = LineProgram::new(ENCODING, line, string("."), None, string(&file), None);
        let here = program.default_directory();
        let own_file = program.add_file(string(&file), here, None);
        dwarf.unit.line_program = program;
        let root = dwarf.unit.root();
        let entry = dwarf.unit.get_mut(root);
        entry.set(dw::DW_AT_producer, plain(&format!("{PRODUCER}{}", env!("CARGO_PKG_VERSION"))));
        let language = guest.and_then(|guest| guest.language).unwrap_or(dw::DW_LANG_C99);
        entry.set(dw::DW_AT_language, AttributeValue::Language(language));
        entry.set(dw::DW_AT_name, plain(&file));
        UnitWriter {
            guest,
            module,
            dwarf,
            code: CodeSections::default(),
            own_file,
            files: HashMap::new(),
            abstracts: HashMap::new(),
            extents: Vec::new(),
        }
    }

    /// Describes a function of the guest.
    pub(crate) fn function(&mut self, func: FuncIndex, sources: &[SourceRange], code: &Code) {
        let start = self.module.body_range(func).map(|(start, _)| start);
        let spans = spans::cut(sources, code.bytes, start);
        let function = start.and_then(|start| self.guest?.function(start));
        let said = function.and_then(|function| self.guest?.subroutines.get(function.subroutine));
        let prologue_end = spans::prologue_end(sources);
        let declared = self.declaration(said, &spans, prologue_end, start);
        let rows = rows::rows(self.guest, &spans, prologue_end, Some(declared));
        self.rows(code, &rows);
        let id = self.subprogram(code);
        self.name(id, said, self.module.func_name(func).unwrap_or(&code.symbol_name).to_string());
        if let Some(said) = said {
            self.declared_at(id, said);
        }
        if let Some(function) = function {
            self.inlined(id, code, &inlined::place(&function.inlined, &spans));
        }
    }

    /// Describes code that is no function of the guest: it has the name of its symbol.
    pub(crate) fn glue(&mut self, code: &Code, sources: &[SourceRange]) {
        let spans = spans::cut(sources, code.bytes, None);
        self.rows(code, &rows::rows(None, &spans, 0, None));
        let id = self.subprogram(code);
        let entry = self.dwarf.unit.get_mut(id);
        entry.set(dw::DW_AT_name, plain(&code.symbol_name));
        entry.set(dw::DW_AT_artificial, AttributeValue::FlagPresent);
    }

    /// Where a function is declared: as its entry says, else where its first line is, else in the module.
    fn declaration(
        &self,
        said: Option<&Subroutine<'_>>,
        spans: &[Span],
        prologue_end: u32,
        start: Option<u32>,
    ) -> (Option<u32>, u32) {
        if let Some((file, line)) = said.and_then(|said| Some((said.file?, said.line))).filter(|(_, line)| *line != 0) {
            return (Some(file), line);
        }
        let first = spans.iter().find(|span| span.start >= prologue_end).and_then(|span| span.wasm_offset);
        let row = |offset: u32| self.guest?.row(offset).filter(|row| row.file.is_some() && row.line != 0);
        match start.and_then(row).or_else(|| first.and_then(row)) {
            Some(row) => (row.file, row.line),
            None => (None, start.or(first).unwrap_or(0)),
        }
    }

    /// The entry of a piece of code, with its addresses.
    fn subprogram(&mut self, code: &Code) -> UnitEntryId {
        let Placed { section, offset, .. } = code.placed;
        let end = offset + u64::from(code.bytes);
        match self.extents.last_mut() {
            Some((extent, to)) if extent.section == section => *to = end,
            _ => self.extents.push((code.placed, end)),
        }
        let address = self.code.address(section, offset);
        let root = self.dwarf.unit.root();
        let id = self.dwarf.unit.add(root, dw::DW_TAG_subprogram);
        let entry = self.dwarf.unit.get_mut(id);
        entry.set(dw::DW_AT_low_pc, AttributeValue::Address(address));
        entry.set(dw::DW_AT_high_pc, AttributeValue::Udata(code.bytes.into()));
        id
    }

    /// Names an entry: the module's name for it as the linkage name, and what people call it.
    fn name(&mut self, id: UnitEntryId, said: Option<&Subroutine<'_>>, name: String) {
        let utf8 = |bytes: Option<&[u8]>| bytes.map(text::path);
        let linkage = said.and_then(|said| utf8(said.linkage_name)).unwrap_or(name);
        let people = text::function(&linkage);
        let linkage = text::path(linkage.as_bytes());
        // What stays as it is was not a Rust symbol: of C++ the guest's own short name is easier to read.
        let short = said.and_then(|said| utf8(said.name)).filter(|_| people == linkage);
        let people = short.unwrap_or(people);
        let entry = self.dwarf.unit.get_mut(id);
        if people != linkage {
            entry.set(dw::DW_AT_linkage_name, plain(&linkage));
        }
        entry.set(dw::DW_AT_name, plain(&people));
    }

    fn declared_at(&mut self, id: UnitEntryId, said: &Subroutine<'_>) {
        if let (Some(file), 1..) = (said.file, said.line) {
            let file = self.file(Some(file));
            let entry = self.dwarf.unit.get_mut(id);
            entry.set(dw::DW_AT_decl_file, AttributeValue::FileIndex(Some(file)));
            entry.set(dw::DW_AT_decl_line, AttributeValue::Udata(said.line.into()));
        }
    }

    /// Entries of inlined calls below the function's.
    fn inlined(&mut self, function: UnitEntryId, code: &Code, calls: &[inlined::NativeInlined<'_>]) {
        let mut ids: Vec<UnitEntryId> = Vec::with_capacity(calls.len());
        for inlined in calls {
            let call = inlined.call;
            let origin = self.abstract_entry(call.subroutine);
            let parent = inlined.parent.and_then(|parent| ids.get(parent).copied()).unwrap_or(function);
            let id = self.dwarf.unit.add(parent, dw::DW_TAG_inlined_subroutine);
            ids.push(id);
            let base = self.code.address(code.placed.section, code.placed.offset);
            let ranges = match inlined.ranges.as_slice() {
                [(start, end)] => Err((code.placed.offset + u64::from(*start), end - start)),
                many => {
                    let pair = |(start, end): &(u32, u32)| Range::OffsetPair { begin: (*start).into(), end: (*end).into() };
                    let base = Range::BaseAddress { address: base };
                    Ok(self.dwarf.unit.ranges.add(RangeList(std::iter::once(base).chain(many.iter().map(pair)).collect())))
                }
            };
            let low = ranges.as_ref().err().map(|(at, _)| self.code.address(code.placed.section, *at));
            let file = call.file.filter(|_| call.line != 0).map(|file| self.file(Some(file)));
            let entry = self.dwarf.unit.get_mut(id);
            entry.set(dw::DW_AT_abstract_origin, AttributeValue::UnitRef(origin));
            match (ranges, low) {
                (Err((_, bytes)), Some(low)) => {
                    entry.set(dw::DW_AT_low_pc, AttributeValue::Address(low));
                    entry.set(dw::DW_AT_high_pc, AttributeValue::Udata(bytes.into()));
                }
                (Ok(list), _) => entry.set(dw::DW_AT_ranges, AttributeValue::RangeListRef(list)),
                (Err(_), None) => {}
            }
            if let Some(file) = file {
                entry.set(dw::DW_AT_call_file, AttributeValue::FileIndex(Some(file)));
                entry.set(dw::DW_AT_call_line, AttributeValue::Udata(call.line.into()));
                if call.column != 0 {
                    entry.set(dw::DW_AT_call_column, AttributeValue::Udata(call.column.into()));
                }
            }
        }
    }

    /// The entry that stands for a subroutine wherever it was inlined.
    fn abstract_entry(&mut self, subroutine: usize) -> UnitEntryId {
        if let Some(id) = self.abstracts.get(&subroutine) {
            return *id;
        }
        let said = self.guest.and_then(|guest| guest.subroutines.get(subroutine)).cloned().unwrap_or_default();
        let root = self.dwarf.unit.root();
        let id = self.dwarf.unit.add(root, dw::DW_TAG_subprogram);
        let name = text::path(said.name.unwrap_or(b"?"));
        self.name(id, Some(&said), name);
        self.declared_at(id, &said);
        self.dwarf.unit.get_mut(id).set(dw::DW_AT_inline, AttributeValue::Inline(DwInl(dw::DW_INL_inlined.0)));
        self.abstracts.insert(subroutine, id);
        id
    }

    fn rows(&mut self, code: &Code, rows: &[NativeRow]) {
        let address = self.code.address(code.placed.section, code.placed.offset);
        self.dwarf.unit.line_program.begin_sequence(Some(address));
        for native in rows {
            let file = self.file(native.file);
            let row = self.dwarf.unit.line_program.row();
            row.address_offset = native.start.into();
            row.file = file;
            row.line = native.line.into();
            row.column = native.column.into();
            row.is_statement = native.statement;
            row.prologue_end = native.prologue_end;
            self.dwarf.unit.line_program.generate_row();
        }
        self.dwarf.unit.line_program.end_sequence(code.bytes.into());
    }

    /// The number of a file in our table: the guest's, or the module itself.
    fn file(&mut self, number: Option<u32>) -> FileId {
        let Some((number, file)) = number.and_then(|number| Some((number, self.guest?.file(Some(number))?))) else {
            return self.own_file;
        };
        if let Some(id) = self.files.get(&number) {
            return *id;
        }
        let program = &mut self.dwarf.unit.line_program;
        let File { directory, name } = file;
        let directory: DirectoryId =
            if directory.is_empty() { program.default_directory() } else { program.add_directory(string(directory)) };
        let id = program.add_file(string(name), directory, None);
        self.files.insert(number, id);
        id
    }

    /// The unit with the ranges of all its code.
    pub(crate) fn finish(mut self) -> (DwarfUnit, CodeSections) {
        let mut ranges = Vec::with_capacity(self.extents.len());
        for (placed, end) in std::mem::take(&mut self.extents) {
            let begin = self.code.address(placed.section, placed.offset);
            let length = end - placed.offset;
            if length > 0 {
                ranges.push(Range::StartLength { begin, length });
            }
        }
        let list = self.dwarf.unit.ranges.add(RangeList(ranges));
        let root = self.dwarf.unit.root();
        let entry = self.dwarf.unit.get_mut(root);
        entry.set(dw::DW_AT_low_pc, AttributeValue::Address(Address::Constant(0)));
        entry.set(dw::DW_AT_ranges, AttributeValue::RangeListRef(list));
        (self.dwarf, self.code)
    }
}

fn string(text: &str) -> LineString {
    LineString::String(text.as_bytes().to_vec())
}

fn plain(text: &str) -> AttributeValue {
    AttributeValue::String(text.as_bytes().to_vec())
}
