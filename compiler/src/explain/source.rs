//! Our own debug information → source lines and inlined calls.
//!
//! An image may hold the debug information of a whole host. Units that are not ours are passed over after their first entry.

use super::file::File;
use crate::debug::distrust::{self, Budget, Bytes, Tables, Unusable};
use crate::debug::{PRODUCER, text};
use gimli::{AttributeValue, Dwarf, EndianSlice, LittleEndian, Unit, UnitOffset, constants as dw};
use serde::Serialize;
use std::borrow::Cow;

/// A function that is being run at a place, and where in its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Name of the function, or of what was inlined into it.
    pub function: String,
    /// Path of the file, as the module has it.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Column, from 1.
    pub column: Option<u64>,
}

/// The calls at an address, innermost first. Empty where the debug information does not reach, or is broken.
pub(super) fn calls(file: &File<'_>, address: u64) -> Vec<Call> {
    let sections = ["abbrev", "info", "line", "ranges"].map(|name| file.section(&format!(".debug_{name}")).unwrap_or_default());
    let dwarf = Dwarf::load(|id| {
        let position = match id {
            gimli::SectionId::DebugAbbrev => Some(0),
            gimli::SectionId::DebugInfo => Some(1),
            gimli::SectionId::DebugLine => Some(2),
            gimli::SectionId::DebugRanges => Some(3),
            _ => None,
        };
        let bytes = position.map_or(&[][..], |position: usize| Cow::as_ref(&sections[position]));
        Ok::<_, gimli::Error>(EndianSlice::new(bytes, LittleEndian))
    });
    let mut budget = Budget::new(sections.iter().map(|section| section.len()).sum());
    let calls = dwarf.map_err(Unusable::from).and_then(|dwarf| find(&dwarf, address, &mut budget));
    calls.ok().flatten().unwrap_or_default()
}

/// Looks into each unit of ours.
fn find(dwarf: &Dwarf<Bytes<'_>>, address: u64, budget: &mut Budget) -> Result<Option<Vec<Call>>, Unusable> {
    let mut tables = Tables::default();
    let mut headers = dwarf.units();
    while let Some(header) = headers.next()? {
        let abbreviations = tables.of(dwarf, &header, budget)?;
        let mut raw = header.entries_raw(&abbreviations, None)?;
        let Some(root) = raw.read_abbreviation()? else { continue };
        budget.pay(2 * root.attributes().len() + header.header_size())?;
        let (mut ours, mut program) = (false, None);
        for spec in root.attributes() {
            let attribute = raw.read_attribute(*spec)?;
            match (attribute.name(), attribute.value()) {
                (dw::DW_AT_producer, AttributeValue::String(name)) => ours = name.slice().starts_with(PRODUCER.as_bytes()),
                (_, AttributeValue::DebugLineRef(offset)) => program = Some(offset),
                _ => {}
            }
        }
        if let (true, Some(program)) = (ours, program) {
            distrust::pay_for_program(dwarf, program, budget)?;
            let unit = Unit::new_with_abbreviations(dwarf, header, abbreviations)?;
            let found = enclosing(dwarf, &unit, address, budget)?;
            if !found.is_empty() {
                return Ok(Some(with_places(dwarf, &unit, &found, address, budget)?));
            }
        }
    }
    Ok(None)
}

/// A function or an inlined call that has the address.
#[derive(Default)]
struct Enclosing {
    name: Option<String>,
    origin: Option<UnitOffset>,
    /// File, line and column of the call.
    call: [Option<u64>; 3],
}

/// The function at an address and the calls that were inlined there, outermost first.
fn enclosing(
    dwarf: &Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
    address: u64,
    budget: &mut Budget,
) -> Result<Vec<Enclosing>, Unusable> {
    let mut out: Vec<(isize, Enclosing)> = Vec::new();
    let mut raw = unit.entries_raw(None)?;
    while !raw.is_empty() {
        let depth = raw.next_depth();
        // What follows the function is not inside it.
        if out.first().is_some_and(|(function, _)| depth <= *function) {
            break;
        }
        let Some(entry) = raw.read_abbreviation()? else {
            budget.pay(1)?;
            continue;
        };
        budget.pay(1 + entry.attributes().len())?;
        if !matches!(entry.tag(), dw::DW_TAG_subprogram | dw::DW_TAG_inlined_subroutine) {
            raw.skip_attributes(entry.attributes())?;
            continue;
        }
        let (mut found, mut low, mut bytes, mut covers) = (Enclosing::default(), None, None, false);
        for spec in entry.attributes() {
            let attribute = raw.read_attribute(*spec)?;
            match (attribute.name(), attribute.value()) {
                (dw::DW_AT_low_pc, value) => low = dwarf.attr_address(unit, value)?,
                (dw::DW_AT_high_pc, value) => bytes = value.udata_value(),
                (dw::DW_AT_ranges, value) => {
                    distrust::ranges(dwarf, unit, value, budget, |begin, end| covers |= (begin..end).contains(&address))?;
                }
                (dw::DW_AT_name, AttributeValue::String(name)) => found.name = Some(text::path(name.slice())),
                (dw::DW_AT_abstract_origin, AttributeValue::UnitRef(origin)) => found.origin = Some(origin),
                (dw::DW_AT_call_file, AttributeValue::FileIndex(file)) => found.call[0] = Some(file),
                (dw::DW_AT_call_line, value) => found.call[1] = value.udata_value(),
                (dw::DW_AT_call_column, value) => found.call[2] = value.udata_value(),
                _ => {}
            }
        }
        if let (Some(low), Some(bytes)) = (low, bytes) {
            covers |= address >= low && address - low < bytes;
        }
        if covers {
            out.push((depth, found));
        }
    }
    Ok(out.into_iter().map(|(_, found)| found).collect())
}

/// Names and places of the calls, innermost first: a call's place is that of the one inside it, and the innermost is in the line table.
fn with_places(
    dwarf: &Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
    found: &[Enclosing],
    address: u64,
    budget: &mut Budget,
) -> Result<Vec<Call>, Unusable> {
    let mut place = row(unit, address)?;
    let mut out = Vec::with_capacity(found.len());
    for enclosing in found.iter().rev() {
        let [file, line, column] = place.map(|number| number.filter(|number| *number != 0));
        let function = match (&enclosing.name, enclosing.origin) {
            (Some(name), _) => name.clone(),
            (None, Some(origin)) => name_at(unit, origin, budget)?,
            (None, None) => String::new(),
        };
        // The line table has some file for what belongs to no line.
        let file = file.filter(|_| line.is_some()).map(|file| path(dwarf, unit, file)).transpose()?.flatten();
        out.push(Call { function, file, line, column });
        place = enclosing.call;
    }
    Ok(out)
}

fn name_at(unit: &Unit<Bytes<'_>>, at: UnitOffset, budget: &mut Budget) -> Result<String, Unusable> {
    let mut raw = unit.entries_raw(Some(at))?;
    let Some(entry) = raw.read_abbreviation()? else { return Ok(String::new()) };
    budget.pay(entry.attributes().len())?;
    for spec in entry.attributes() {
        let attribute = raw.read_attribute(*spec)?;
        if let (dw::DW_AT_name, AttributeValue::String(name)) = (attribute.name(), attribute.value()) {
            return Ok(text::path(name.slice()));
        }
    }
    Ok(String::new())
}

/// File, line and column that the line table has for an address.
fn row(unit: &Unit<Bytes<'_>>, address: u64) -> Result<[Option<u64>; 3], Unusable> {
    let mut found = None;
    let Some(program) = unit.line_program.clone() else { return Ok([None; 3]) };
    let mut rows = program.rows();
    let mut before: Option<(u64, [Option<u64>; 3])> = None;
    while let Some((_, row)) = rows.next_row()? {
        let covers = before.filter(|(start, _)| (*start..row.address()).contains(&address));
        found = covers.map(|(_, place)| place).or(found);
        let column = match row.column() {
            gimli::ColumnType::LeftEdge => None,
            gimli::ColumnType::Column(column) => Some(column.get()),
        };
        let place = [Some(row.file_index()), row.line().map(std::num::NonZero::get), column];
        before = (!row.end_sequence()).then_some((row.address(), place));
    }
    Ok(found.unwrap_or([None; 3]))
}

fn path(dwarf: &Dwarf<Bytes<'_>>, unit: &Unit<Bytes<'_>>, index: u64) -> Result<Option<String>, Unusable> {
    let header = unit.line_program.as_ref().map(gimli::IncompleteLineProgram::header);
    let Some((header, entry)) = header.and_then(|header| Some((header, header.file(index)?))) else { return Ok(None) };
    let name = text::path(dwarf.attr_string(unit, entry.path_name())?.slice());
    let directory = entry.directory(header).map(|value| dwarf.attr_string(unit, value)).transpose()?;
    let directory = directory.map(|bytes| text::path(bytes.slice())).unwrap_or_default();
    Ok(Some(if directory.is_empty() { name } else { format!("{directory}/{name}") }))
}
