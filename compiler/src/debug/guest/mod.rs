//! What a module says of its own source: DWARF in custom sections, as `wasm-ld` leaves it.
//!
//! Addresses there count from the content of the code section; here they are offsets in the module, like everywhere else.
//!
//! The sections are the guest's word and may be made to hurt: tables that are shared by thousands of units, lists that thousands of
//! entries refer to, strings without an end. So everything that is read is paid from one [`Budget`], which grows with the size of
//! the sections; what honest tools write costs a small part of it. When it is used up, or something is malformed, reading ends with
//! an error, and the caller falls back to offsets. Nothing here has a say in code.

mod entries;
mod files;
mod lines;

pub(crate) use entries::{Function, Inlined, Subroutine};
pub(crate) use files::File;
pub(crate) use lines::Row;

use crate::module::Module;
use entries::Entries;
use files::Files;
use gimli::{DwLang, EndianSlice, LittleEndian};
use lines::Lines;
use std::collections::BTreeMap;

/// Bytes of a section of the module.
type Bytes<'a> = EndianSlice<'a, LittleEndian>;

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

/// How much more may be read: about one unit for a byte.
struct Budget(u64);

impl Budget {
    /// What any module gets, whatever its size.
    const LEAST: u64 = 1 << 20;
    /// Units for each byte of debug information.
    const PER_BYTE: u64 = 32;

    fn new(section_bytes: usize) -> Budget {
        Budget((section_bytes as u64).saturating_mul(Budget::PER_BYTE).saturating_add(Budget::LEAST))
    }

    fn pay(&mut self, units: usize) -> Result<(), Unusable> {
        self.0 = self.0.checked_sub(units as u64).ok_or(Unusable::TooMuchWork)?;
        Ok(())
    }
}

/// The sources of a module.
#[derive(Default)]
pub(crate) struct Guest<'a> {
    /// Source files that rows and functions name.
    pub(crate) files: Vec<File>,
    /// Where lines begin, ascending by offset; every sequence ends with a row that says so.
    rows: Vec<Row>,
    /// Functions of which the module says something, by the offset where their body starts.
    functions: BTreeMap<u32, Function>,
    /// What functions and inlined calls are instances of.
    pub(crate) subroutines: Vec<Subroutine<'a>>,
    /// The language, if all units are of one.
    pub(crate) language: Option<DwLang>,
}

impl<'a> Guest<'a> {
    /// Reads what there is; `None` where the module has no line table.
    ///
    /// # Errors
    /// When a section is malformed, or built to be expensive.
    pub(crate) fn read(module: &Module<'a>, code_end: u32) -> Result<Option<Guest<'a>>, Unusable> {
        let section = |name: &str| {
            let found = module.debug_sections.iter().find(|(known, _)| *known == name);
            found.map_or(&[][..], |(_, bytes)| *bytes)
        };
        if section(".debug_line").is_empty() {
            return Ok(None);
        }
        let mut bytes = 0;
        let dwarf = gimli::Dwarf::load(|id| {
            let section = section(id.name());
            bytes += section.len();
            Ok::<_, gimli::Error>(EndianSlice::new(section, LittleEndian))
        })?;
        let mut budget = Budget::new(bytes);
        let mut files = Files::default();
        let mut lines = Lines::new(module.code_start, code_end);
        let mut entries = Entries::new(module.code_start, code_end);
        entries::read(&dwarf, &mut budget, &mut files, &mut lines, &mut entries)?;
        let rows = lines.finish();
        let (functions, subroutines, language) = entries.finish();
        Ok(Some(Guest { files: files.finish(), rows, functions, subroutines, language }))
    }

    /// The row that covers an operator.
    pub(crate) fn row(&self, wasm_offset: u32) -> Option<&Row> {
        let after = self.rows.partition_point(|row| row.offset <= wasm_offset);
        self.rows.get(after.checked_sub(1)?).filter(|row| !row.end)
    }

    /// The function whose body starts here.
    pub(crate) fn function(&self, body_start: u32) -> Option<&Function> {
        self.functions.get(&body_start)
    }

    /// The file of a number, if it is one of [`Guest::files`].
    pub(crate) fn file(&self, number: Option<u32>) -> Option<&File> {
        self.files.get(number? as usize)
    }
}
