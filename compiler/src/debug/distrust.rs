//! Reading debug information that may be made to hurt: tables that thousands of units share, lists that thousands of entries refer to,
//! strings without an end. Everything that is read is paid from one [`Budget`].

use gimli::{Abbreviations, AttributeValue, Dwarf, EndianSlice, LittleEndian, Reader as _, Section as _, Unit, UnitHeader};
use gimli::{DebugLineOffset, constants as dw};
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of a section.
pub(crate) type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// Why debug information cannot be used, for a note to people.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    Malformed(gimli::Error),
    TooMuchWork,
}

impl From<gimli::Error> for Unusable {
    fn from(error: gimli::Error) -> Unusable {
        Unusable::Malformed(error)
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unusable::Malformed(error) => write!(f, "malformed: {error}"),
            Unusable::TooMuchWork => f.write_str("far more work to read than its size warrants"),
        }
    }
}

/// How much more may be read: about one unit for a byte. What honest tools write costs a small part of it.
pub(crate) struct Budget(u64);

impl Budget {
    /// What there is to spend in any case.
    const LEAST: u64 = 1 << 20;
    /// Units for each byte of debug information.
    const PER_BYTE: u64 = 32;

    /// The budget for sections of so many bytes together.
    pub(crate) fn new(section_bytes: usize) -> Budget {
        Budget((section_bytes as u64).saturating_mul(Budget::PER_BYTE).saturating_add(Budget::LEAST))
    }

    /// Takes from it; an error when there is not enough.
    pub(crate) fn pay(&mut self, units: usize) -> Result<(), Unusable> {
        self.0 = self.0.checked_sub(units as u64).ok_or(Unusable::TooMuchWork)?;
        Ok(())
    }
}

/// Tables of abbreviations, by their offset: units may share them.
#[derive(Default)]
pub(crate) struct Tables(HashMap<usize, Arc<Abbreviations>>);

impl Tables {
    /// The table of a unit.
    pub(crate) fn of<'a>(
        &mut self,
        dwarf: &Dwarf<Bytes<'a>>,
        header: &UnitHeader<Bytes<'a>>,
        budget: &mut Budget,
    ) -> Result<Arc<Abbreviations>, Unusable> {
        let at = header.debug_abbrev_offset();
        if let Some(table) = self.0.get(&at.0) {
            return Ok(table.clone());
        }
        budget.pay(table_bytes(dwarf, at.0))?;
        let table = Arc::new(dwarf.debug_abbrev.abbreviations(at)?);
        self.0.insert(at.0, table.clone());
        Ok(table)
    }
}

/// The length of a table of abbreviations, up to its end or its first fault.
fn table_bytes(dwarf: &Dwarf<Bytes<'_>>, offset: usize) -> usize {
    let mut table = *dwarf.debug_abbrev.reader();
    let _ = table.skip(offset);
    let all = table.len();
    let mut skim = || -> gimli::Result<()> {
        while table.read_uleb128()? != 0 {
            table.skip_leb128()?;
            table.skip(1)?;
            loop {
                let (name, form) = (table.read_uleb128()?, table.read_uleb128()?);
                if form == u64::from(dw::DW_FORM_implicit_const.0) {
                    table.skip_leb128()?;
                }
                if (name, form) == (0, 0) {
                    break;
                }
            }
        }
        Ok(())
    };
    // A fault is reported by whoever reads the table in earnest.
    let _ = skim();
    all - table.len()
}

/// Pays for reading a line program's header, and for its instructions.
pub(crate) fn pay_for_program(dwarf: &Dwarf<Bytes<'_>>, offset: DebugLineOffset, budget: &mut Budget) -> Result<(), Unusable> {
    let mut program = *dwarf.debug_line.reader();
    program.skip(offset.0)?;
    let (length, _) = program.read_initial_length()?;
    budget.pay(length.min(program.len()))
}

/// Calls `add` with each range of a `DW_AT_ranges`.
pub(crate) fn ranges<'a>(
    dwarf: &Dwarf<Bytes<'a>>,
    unit: &Unit<Bytes<'a>>,
    value: AttributeValue<Bytes<'a>>,
    budget: &mut Budget,
    mut add: impl FnMut(u64, u64),
) -> Result<(), Unusable> {
    let Some(list) = dwarf.attr_ranges_offset(unit, value)? else { return Ok(()) };
    let mut list = dwarf.ranges(unit, list)?;
    while let Some(raw) = list.next_raw()? {
        budget.pay(1)?;
        if let Some(range) = list.convert_raw(raw)? {
            add(range.begin, range.end);
        }
    }
    Ok(())
}
