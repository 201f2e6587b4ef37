//! Line programs → rows in one ascending list.
//!
//! A linker that drops a function leaves its rows behind, with an address that nothing has: all ones, or zero. So a sequence
//! counts only if it starts within the code section behind the number of its functions, and where two overlap the first is kept.

use super::files::UnitFiles;
use crate::debug::distrust::{Budget, Bytes, Unusable};
use gimli::IncompleteLineProgram;
use std::collections::BTreeSet;

/// A place where a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Byte offset in the module.
    pub(crate) offset: u32,
    /// Position in the list of files.
    pub(crate) file: Option<u32>,
    /// 0 where the code belongs to no line.
    pub(crate) line: u32,
    /// 0 for the line as a whole.
    pub(crate) column: u32,
    /// Number of the run of rows of one line that this belongs to.
    pub(crate) run: u32,
    /// Whether a row of the run is a good place for a breakpoint.
    pub(crate) statement: bool,
    /// Whether nothing is known from here on.
    pub(crate) end: bool,
}

/// The sequences so far.
pub(super) struct Lines {
    code_start: u32,
    code_end: u32,
    /// Line programs that are read already, by their offset.
    seen: BTreeSet<usize>,
    sequences: Vec<Vec<Row>>,
}

impl Lines {
    pub(super) fn new(code_start: u32, code_end: u32) -> Lines {
        Lines { code_start, code_end, seen: BTreeSet::new(), sequences: Vec::new() }
    }

    /// Reads the program of a unit, unless another unit shares it.
    pub(super) fn read<'a>(
        &mut self,
        program: &IncompleteLineProgram<Bytes<'a>>,
        files: &mut UnitFiles<'_, 'a>,
        budget: &mut Budget,
    ) -> Result<(), Unusable> {
        if !self.seen.insert(program.header().offset().0) {
            return Ok(());
        }
        // Every instruction has at least a byte, and gives at most one row.
        budget.pay(program.header().raw_program_buf().len())?;
        let mut sequence = Vec::new();
        let mut rows = program.clone().rows();
        while let Some((_, row)) = rows.next_row()? {
            let file = files.number(row.file_index(), budget)?;
            let narrow = |value: u64| u32::try_from(value).unwrap_or(0);
            let column = match row.column() {
                gimli::ColumnType::LeftEdge => 0,
                gimli::ColumnType::Column(column) => narrow(column.get()),
            };
            let row = Row {
                offset: u32::try_from(row.address().saturating_add(self.code_start.into())).unwrap_or(u32::MAX),
                file,
                line: row.line().map_or(0, |line| narrow(line.get())),
                column,
                run: 0,
                statement: row.is_stmt(),
                end: row.end_sequence(),
            };
            let end = row.end;
            sequence.push(row);
            if end {
                self.add(std::mem::take(&mut sequence));
            }
        }
        Ok(())
    }

    fn add(&mut self, sequence: Vec<Row>) {
        let (Some(first), Some(last)) = (sequence.first(), sequence.last()) else { return };
        let ascending = sequence.is_sorted_by_key(|row| row.offset);
        if ascending && first.offset > self.code_start && last.offset <= self.code_end && first.offset < last.offset {
            self.sequences.push(sequence);
        }
    }

    /// All rows, with their runs numbered.
    pub(super) fn finish(mut self) -> Vec<Row> {
        self.sequences.sort_by_key(|sequence| sequence.first().map_or(0, |row| row.offset));
        let mut rows: Vec<Row> = Vec::new();
        for sequence in self.sequences {
            let start = sequence.first().map_or(0, |row| row.offset);
            if rows.last().is_none_or(|last| last.offset <= start) {
                rows.extend(sequence);
            }
        }
        number_runs(&mut rows);
        rows
    }
}

/// Rows of one line that follow each other are a run; what belongs to no line does not end it. Producers mark only the first row of a
/// run as a statement, and that one may have become no code: so the mark holds for the run.
fn number_runs(rows: &mut [Row]) {
    let mut statements = vec![false];
    let mut current = None;
    for row in rows.iter_mut() {
        let line = (row.file, row.line);
        if row.line != 0 && current.is_some_and(|current| current != line) {
            statements.push(false);
        }
        if row.line != 0 {
            current = Some(line);
        }
        let run = statements.len() - 1;
        row.run = u32::try_from(run).unwrap_or(u32::MAX);
        statements[run] |= row.statement && row.line != 0 && !row.end;
        if row.end {
            statements.push(false);
            current = None;
        }
    }
    for row in rows {
        row.statement = row.line != 0 && statements.get(row.run as usize) == Some(&true);
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, number_runs};

    #[test]
    fn a_mark_holds_for_its_run() {
        let row = |line, statement, end| Row { offset: 0, file: Some(0), line, column: 0, run: 0, statement, end };
        let mut rows = [
            row(5, false, false),
            row(0, true, false),
            row(5, true, false),
            row(6, false, false),
            row(6, true, true),
            row(6, true, false),
        ];
        number_runs(&mut rows);
        assert_eq!(rows.map(|row| row.run), [0, 0, 0, 1, 1, 2]);
        assert_eq!(rows.map(|row| row.statement), [true, false, true, false, false, true]);
    }
}
