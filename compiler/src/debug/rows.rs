//! Spans of code → rows of the line table.
//!
//! The guest's own lines where it has them; else the line is the operator's byte offset in the module, of a file `NAME.wasm`.

use super::guest::{Guest, Row};
use super::spans::Span;
use std::collections::BTreeSet;

/// A row of the line table: what holds from `start` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NativeRow {
    /// Offset from the start of the function.
    pub(crate) start: u32,
    /// Position in the guest's files; `None` is the module itself.
    pub(crate) file: Option<u32>,
    /// Line, or byte offset in the module.
    pub(crate) line: u32,
    /// 0 for the line as a whole.
    pub(crate) column: u32,
    /// Whether this is a good place for a breakpoint.
    pub(crate) statement: bool,
    /// Whether the frame is set up from here on.
    pub(crate) prologue_end: bool,
}

/// The rows of a function. `declared` is where its declaration stands, and `None` for code that is not the guest's.
pub(crate) fn rows(
    guest: Option<&Guest<'_>>,
    spans: &[Span],
    prologue_end: u32,
    declared: Option<(Option<u32>, u32)>,
) -> Vec<NativeRow> {
    let mut rows: Vec<NativeRow> = Vec::with_capacity(spans.len() + 1);
    let mut runs = BTreeSet::new();
    // A debugger looks for the second row of a function to find the end of its set-up, so there are always two.
    if let Some((file, line)) = declared {
        rows.push(NativeRow { start: 0, file, line, column: 0, statement: true, prologue_end: false });
    }
    for span in spans.iter().filter(|span| declared.is_none() || span.start >= prologue_end) {
        let known = span.wasm_offset.and_then(|offset| guest?.row(offset)).filter(|row| row.file.is_some());
        let mut row = match (known, span.wasm_offset) {
            (Some(known), _) => from_guest(known, span.start, &mut runs),
            (None, offset) => NativeRow {
                start: span.start,
                file: None,
                line: offset.unwrap_or(0),
                column: 0,
                statement: offset.is_some(),
                prologue_end: false,
            },
        };
        row.prologue_end = declared.is_some() && span.start == prologue_end;
        // What belongs to no line belongs to no file either. gdb 13 takes a change of file even so, and then loses the end of the sequence.
        if let (0, Some(last)) = (row.line, rows.last()) {
            row.file = last.file;
        }
        let place = |row: &NativeRow| (row.file, row.line, row.column);
        match rows.last() {
            Some(last) if place(last) == place(&row) && !row.prologue_end => {}
            _ => rows.push(row),
        }
    }
    rows
}

/// A line's code may come in pieces; the first piece of each run in the function is where a breakpoint belongs.
fn from_guest(known: &Row, start: u32, runs: &mut BTreeSet<u32>) -> NativeRow {
    let statement = known.statement && runs.insert(known.run);
    NativeRow { start, file: known.file, line: known.line, column: known.column, statement, prologue_end: false }
}
