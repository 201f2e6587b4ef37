//! Source files, numbered once for the whole module: units repeat them.

use crate::debug::distrust::{Budget, Bytes, Unusable};
use crate::debug::text;
use gimli::{AttributeValue, Dwarf, Unit};
use std::collections::HashMap;

/// A source file, as the guest spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct File {
    /// Empty where the guest says nothing.
    pub(crate) directory: String,
    pub(crate) name: String,
}

/// The files that something refers to.
#[derive(Default)]
pub(super) struct Files {
    list: Vec<File>,
    numbers: HashMap<File, u32>,
}

impl Files {
    pub(super) fn finish(self) -> Vec<File> {
        self.list
    }
}

/// The files of one unit, by the numbers of its line table.
pub(super) struct UnitFiles<'u, 'a> {
    dwarf: &'u Dwarf<Bytes<'a>>,
    unit: &'u Unit<Bytes<'a>>,
    files: &'u mut Files,
    numbers: HashMap<u64, Option<u32>>,
}

impl<'u, 'a> UnitFiles<'u, 'a> {
    pub(super) fn new(dwarf: &'u Dwarf<Bytes<'a>>, unit: &'u Unit<Bytes<'a>>, files: &'u mut Files) -> UnitFiles<'u, 'a> {
        UnitFiles { dwarf, unit, files, numbers: HashMap::new() }
    }

    /// The number of a file in the module; `None` for one that the unit's table does not have.
    pub(super) fn number(&mut self, index: u64, budget: &mut Budget) -> Result<Option<u32>, Unusable> {
        if let Some(number) = self.numbers.get(&index) {
            return Ok(*number);
        }
        let number = self.read(index, budget)?;
        self.numbers.insert(index, number);
        Ok(number)
    }

    fn read(&mut self, index: u64, budget: &mut Budget) -> Result<Option<u32>, Unusable> {
        let header = self.unit.line_program.as_ref().map(gimli::IncompleteLineProgram::header);
        let Some((header, entry)) = header.and_then(|header| Some((header, header.file(index)?))) else { return Ok(None) };
        let mut read = |value: AttributeValue<Bytes<'a>>| -> Result<String, Unusable> {
            let bytes = self.dwarf.attr_string(self.unit, value)?;
            budget.pay(bytes.len())?;
            Ok(text::path(bytes.slice()))
        };
        let name = read(entry.path_name())?;
        if name.is_empty() {
            return Ok(None);
        }
        let directory = entry.directory(header).map(&mut read).transpose()?.unwrap_or_default();
        let working = self.unit.comp_dir.map(|bytes| text::path(bytes.slice())).unwrap_or_default();
        budget.pay(working.len())?;
        let file = File { directory: join(working, directory), name };
        let list = &mut self.files.list;
        let number = *self.files.numbers.entry(file).or_insert_with_key(|file| {
            list.push(file.clone());
            u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
        });
        Ok(Some(number))
    }
}

/// A directory below the one in which the compiler ran.
fn join(working: String, directory: String) -> String {
    let has_drive = directory.as_bytes().get(1) == Some(&b':');
    if directory.is_empty() || directory == working {
        working
    } else if working.is_empty() || has_drive || directory.starts_with(['/', '\\']) {
        directory
    } else {
        format!("{}/{directory}", working.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn directories_stand_below_the_working_directory() {
        for (working, directory, joined) in [
            ("/guest", "src", "/guest/src"),
            ("/", "src", "/src"),
            ("/guest", "", "/guest"),
            ("/guest", "/rustc/library", "/rustc/library"),
            ("", "src", "src"),
            ("C:\\guest", "D:\\src", "D:\\src"),
        ] {
            assert_eq!(join(working.to_string(), directory.to_string()), joined);
        }
    }
}
