//! What a module says of its own source: DWARF in custom sections, as `wasm-ld` leaves it.
//!
//! Addresses there count from the content of the code section; here they are offsets in the module, like everywhere else.
//!
//! The sections are the guest's word: see [`super::distrust`]. When reading costs too much, or something is malformed, it ends with an
//! error, and the caller falls back to offsets. Nothing here has a say in code.

mod entries;
mod files;
mod lines;

pub(crate) use entries::{Function, Inlined, Subroutine};
pub(crate) use files::File;
pub(crate) use lines::Row;

use super::distrust::{Budget, Unusable};
use crate::module::Module;
use entries::Entries;
use files::Files;
use gimli::{DwLang, EndianSlice, LittleEndian};
use lines::Lines;
use std::collections::BTreeMap;

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
