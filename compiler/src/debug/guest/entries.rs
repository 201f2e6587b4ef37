//! Units and their entries → functions, and the calls that were inlined into them.

use super::files::{Files, UnitFiles};
use super::lines::Lines;
use crate::debug::distrust::{self, Budget, Bytes, Tables, Unusable};
use gimli::{
    Abbreviation, Abbreviations, Attribute, AttributeValue, DwLang, Dwarf, EntriesRaw, Reader as _, Unit, UnitHeader, UnitOffset,
    constants as dw,
};
use std::collections::{BTreeMap, HashMap};

/// How deep inlined calls may nest; what is deeper is left out.
const DEEPEST: usize = 32;

/// Something that functions and inlined calls are instances of.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Subroutine<'a> {
    /// Name within its scope.
    pub(crate) name: Option<&'a [u8]>,
    /// Name for the linker.
    pub(crate) linkage_name: Option<&'a [u8]>,
    /// Where it is declared; a position in the list of files.
    pub(crate) file: Option<u32>,
    /// 0 where that is not known.
    pub(crate) line: u32,
}

/// A function of the module.
pub(crate) struct Function {
    /// Position in the list of subroutines.
    pub(crate) subroutine: usize,
    /// What was inlined into it; what a call contains follows it, one deeper.
    pub(crate) inlined: Vec<Inlined>,
}

/// A call that was inlined.
pub(crate) struct Inlined {
    /// 0 directly in the function.
    pub(crate) depth: usize,
    /// Position in the list of subroutines.
    pub(crate) subroutine: usize,
    /// Operators of the body, as offsets in the module.
    pub(crate) ranges: Vec<(u32, u32)>,
    /// Where the call stood; a position in the list of files.
    pub(crate) file: Option<u32>,
    /// 0 where that is not known.
    pub(crate) line: u32,
    /// 0 where that is not known.
    pub(crate) column: u32,
}

/// A subroutine as its entry says it: the rest may stand in an entry that it refers to.
struct Declared<'a> {
    said: Subroutine<'a>,
    origin: Option<usize>,
}

/// The entries so far. While they are read, a subroutine is the offset of its entry.
pub(super) struct Entries<'a> {
    code_start: u32,
    code_end: u32,
    declared: HashMap<usize, Declared<'a>>,
    functions: BTreeMap<u32, Function>,
    languages: Vec<DwLang>,
}

/// What encloses an entry.
struct Scope {
    depth: isize,
    /// Start of the function's body, and how many inlined calls enclose; `None` in a function that is not code.
    inside: Option<(u32, usize)>,
}

/// The attributes of a subroutine or call that matter here.
#[derive(Default)]
struct Attributes<'a> {
    said: Subroutine<'a>,
    origin: Option<usize>,
    low: Option<u64>,
    high: Option<AttributeValue<Bytes<'a>>>,
    ranges: Option<AttributeValue<Bytes<'a>>>,
    call: (Option<u32>, u32, u32),
}

/// Reads every unit with its line program.
pub(super) fn read<'a>(
    dwarf: &Dwarf<Bytes<'a>>,
    budget: &mut Budget,
    files: &mut Files,
    lines: &mut Lines,
    entries: &mut Entries<'a>,
) -> Result<(), Unusable> {
    let mut tables = Tables::default();
    let mut headers = dwarf.units();
    while let Some(header) = headers.next()? {
        let abbreviations = tables.of(dwarf, &header, budget)?;
        let language = read_root(dwarf, &header, &abbreviations, budget)?;
        let unit = Unit::new_with_abbreviations(dwarf, header, abbreviations)?;
        budget.pay(unit.name.map_or(0, |name| name.len()) + unit.comp_dir.map_or(0, |name| name.len()))?;
        let mut files = UnitFiles::new(dwarf, &unit, files);
        if let Some(program) = &unit.line_program {
            lines.read(program, &mut files, budget)?;
        }
        let before = entries.functions.len();
        entries.read_unit(dwarf, &unit, &mut files, budget)?;
        if entries.functions.len() > before {
            entries.languages.extend(language);
        }
    }
    Ok(())
}

/// Pays for what opening the unit costs, its line table's header included, and gives its language.
fn read_root<'a>(
    dwarf: &Dwarf<Bytes<'a>>,
    header: &UnitHeader<Bytes<'a>>,
    abbreviations: &Abbreviations,
    budget: &mut Budget,
) -> Result<Option<DwLang>, Unusable> {
    let mut language = None;
    let mut raw = header.entries_raw(abbreviations, None)?;
    let Some(root) = raw.read_abbreviation()? else { return Ok(None) };
    // Twice: here, and by the library.
    budget.pay(2 * root.attributes().len() + header.header_size())?;
    for spec in root.attributes() {
        match raw.read_attribute(*spec)?.value() {
            AttributeValue::Language(found) => language = Some(found),
            AttributeValue::DebugLineRef(offset) => distrust::pay_for_program(dwarf, offset, budget)?,
            _ => {}
        }
    }
    Ok(language)
}

impl<'a> Entries<'a> {
    pub(super) fn new(code_start: u32, code_end: u32) -> Entries<'a> {
        Entries { code_start, code_end, declared: HashMap::new(), functions: BTreeMap::new(), languages: Vec::new() }
    }

    fn read_unit(
        &mut self,
        dwarf: &Dwarf<Bytes<'a>>,
        unit: &Unit<Bytes<'a>>,
        files: &mut UnitFiles<'_, 'a>,
        budget: &mut Budget,
    ) -> Result<(), Unusable> {
        let mut scopes: Vec<Scope> = Vec::new();
        let mut raw = unit.entries_raw(None)?;
        while !raw.is_empty() {
            let (at, depth) = (raw.next_offset(), raw.next_depth());
            let entry = raw.read_abbreviation()?;
            budget.pay(1 + entry.map_or(0, |entry| entry.attributes().len()))?;
            let Some(entry) = entry else { continue };
            while scopes.last().is_some_and(|scope| scope.depth >= depth) {
                scopes.pop();
            }
            let inside = match entry.tag() {
                dw::DW_TAG_subprogram => {
                    let read = self.attributes(dwarf, unit, &mut raw, entry, files, budget)?;
                    self.add_function(section_offset(unit, at), read)
                }
                dw::DW_TAG_inlined_subroutine => {
                    let read = self.attributes(dwarf, unit, &mut raw, entry, files, budget)?;
                    let inside = scopes.last().and_then(|scope| scope.inside);
                    self.add_inlined(dwarf, unit, inside, &read, budget)?
                }
                _ => {
                    raw.skip_attributes(entry.attributes())?;
                    continue;
                }
            };
            scopes.push(Scope { depth, inside });
        }
        Ok(())
    }

    fn attributes(
        &self,
        dwarf: &Dwarf<Bytes<'a>>,
        unit: &Unit<Bytes<'a>>,
        raw: &mut EntriesRaw<'_, Bytes<'a>>,
        entry: &Abbreviation,
        files: &mut UnitFiles<'_, 'a>,
        budget: &mut Budget,
    ) -> Result<Attributes<'a>, Unusable> {
        let mut out = Attributes::default();
        for spec in entry.attributes() {
            let attribute: Attribute<Bytes<'a>> = raw.read_attribute(*spec)?;
            let value = attribute.value();
            let number = || value.udata_value().and_then(|value| u32::try_from(value).ok()).unwrap_or(0);
            let mut file = || match value {
                AttributeValue::FileIndex(index) => files.number(index, budget),
                _ => Ok(None),
            };
            match attribute.name() {
                dw::DW_AT_decl_file => out.said.file = file()?,
                dw::DW_AT_call_file => out.call.0 = file()?,
                dw::DW_AT_decl_line => out.said.line = number(),
                dw::DW_AT_call_line => out.call.1 = number(),
                dw::DW_AT_call_column => out.call.2 = number(),
                dw::DW_AT_low_pc => out.low = dwarf.attr_address(unit, value)?,
                dw::DW_AT_high_pc => out.high = Some(value),
                dw::DW_AT_ranges => out.ranges = Some(value),
                dw::DW_AT_abstract_origin | dw::DW_AT_specification => out.origin = reference(unit, &value),
                name @ (dw::DW_AT_name | dw::DW_AT_linkage_name | dw::DW_AT_MIPS_linkage_name) => {
                    let text = dwarf.attr_string(unit, value)?;
                    budget.pay(text.len())?;
                    let text = Some(text.slice()).filter(|text| !text.is_empty());
                    if name == dw::DW_AT_name { out.said.name = text } else { out.said.linkage_name = text }
                }
                _ => {}
            }
        }
        Ok(out)
    }

    /// An address as an offset in the module, if it is one of code.
    fn offset(&self, address: u64) -> Option<u32> {
        let offset = u32::try_from(address.checked_add(self.code_start.into())?).ok()?;
        (self.code_start < offset && offset <= self.code_end).then_some(offset)
    }

    fn add_function(&mut self, at: usize, read: Attributes<'a>) -> Option<(u32, usize)> {
        self.declared.insert(at, Declared { said: read.said, origin: read.origin });
        let start = self.offset(read.low?)?;
        if self.functions.contains_key(&start) {
            return None;
        }
        self.functions.insert(start, Function { subroutine: at, inlined: Vec::new() });
        Some((start, 0))
    }

    fn add_inlined(
        &mut self,
        dwarf: &Dwarf<Bytes<'a>>,
        unit: &Unit<Bytes<'a>>,
        inside: Option<(u32, usize)>,
        read: &Attributes<'a>,
        budget: &mut Budget,
    ) -> Result<Option<(u32, usize)>, Unusable> {
        let (Some((function, depth)), Some(subroutine)) = (inside, read.origin) else { return Ok(None) };
        if depth >= DEEPEST {
            return Ok(None);
        }
        let ranges = self.ranges(dwarf, unit, read, budget)?;
        let (file, line, column) = read.call;
        if let Some(function) = self.functions.get_mut(&function) {
            function.inlined.push(Inlined { depth, subroutine, ranges, file, line, column });
        }
        Ok(Some((function, depth + 1)))
    }

    fn ranges(
        &self,
        dwarf: &Dwarf<Bytes<'a>>,
        unit: &Unit<Bytes<'a>>,
        read: &Attributes<'a>,
        budget: &mut Budget,
    ) -> Result<Vec<(u32, u32)>, Unusable> {
        let mut out = Vec::new();
        let mut add = |begin: u64, end: u64| {
            let range = self.offset(begin).zip(self.offset(end)).filter(|(begin, end)| begin < end);
            out.extend(range);
        };
        if let Some(value) = read.ranges {
            distrust::ranges(dwarf, unit, value, budget, add)?;
        } else if let (Some(low), Some(high)) = (read.low, read.high) {
            let end = match high {
                AttributeValue::Addr(end) => end,
                length => low.saturating_add(length.udata_value().unwrap_or(0)),
            };
            add(low, end);
        }
        Ok(out)
    }

    /// Functions, what they are instances of, and the language.
    pub(super) fn finish(mut self) -> (BTreeMap<u32, Function>, Vec<Subroutine<'a>>, Option<DwLang>) {
        let mut list = Vec::new();
        // Units repeat what they inline.
        let mut known: HashMap<Subroutine<'a>, usize> = HashMap::new();
        let declared = &self.declared;
        let mut position = |at: usize| {
            *known.entry(resolve(declared, at)).or_insert_with_key(|subroutine| {
                list.push(subroutine.clone());
                list.len() - 1
            })
        };
        for function in self.functions.values_mut() {
            function.subroutine = position(function.subroutine);
            for inlined in &mut function.inlined {
                inlined.subroutine = position(inlined.subroutine);
            }
        }
        let first = self.languages.first().copied();
        (self.functions, list, first.filter(|first| self.languages.iter().all(|other| other == first)))
    }
}

/// What an entry says, with what it leaves to the ones that it refers to: the concrete one to the abstract, that to a declaration.
fn resolve<'a>(declared: &HashMap<usize, Declared<'a>>, at: usize) -> Subroutine<'a> {
    const HOPS: usize = 4;
    let mut out = Subroutine::default();
    let mut next = Some(at);
    for _ in 0..HOPS {
        let Some(Declared { said, origin }) = next.and_then(|at| declared.get(&at)) else { break };
        out.name = out.name.or(said.name);
        out.linkage_name = out.linkage_name.or(said.linkage_name);
        if out.line == 0 {
            (out.file, out.line) = (said.file, said.line);
        }
        next = *origin;
    }
    out
}

fn reference(unit: &Unit<Bytes<'_>>, value: &AttributeValue<Bytes<'_>>) -> Option<usize> {
    match value {
        AttributeValue::UnitRef(offset) => Some(section_offset(unit, *offset)),
        AttributeValue::DebugInfoRef(offset) => Some(offset.0),
        _ => None,
    }
}

fn section_offset(unit: &Unit<Bytes<'_>>, offset: UnitOffset) -> usize {
    let start = unit.header.debug_info_offset().map_or(0, |offset| offset.0);
    start.saturating_add(offset.0)
}
