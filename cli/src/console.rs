//! What people see: errors, a progress line that a pipe never gets, tables.

use crate::failure::{Failure, Shown};
use miette::{GraphicalReportHandler, GraphicalTheme};
use std::io::{IsTerminal as _, Write as _};

/// Prints a failure with its place and advice to standard error.
pub fn print_failure(failure: &Failure) {
    let theme = if std::io::stderr().is_terminal() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(110);
    match handler.render_report(&mut text, &Shown::new(failure)) {
        Ok(()) => eprint!("{text}"),
        // Rendering into a string fails only where formatting itself does; the plain line is left then.
        Err(_) => eprintln!("error: {}", failure.line()),
    }
}

/// Prints a failure as one line, for lists of files.
pub fn print_failure_line(failure: &Failure) {
    eprintln!("error: {}", failure.line());
}

/// A line at the bottom of a terminal that says what is being done; silent when standard error is a pipe.
pub struct Progress {
    shown: bool,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress { shown: std::io::stderr().is_terminal() }
    }
}

impl Progress {
    /// A progress line.
    #[must_use]
    pub fn new() -> Progress {
        Progress::default()
    }

    /// Replaces the line.
    pub fn say(&self, text: &str) {
        if self.shown {
            let short: String = text.chars().take(100).collect();
            eprint!("\r\x1b[2K{short}");
            // A terminal that went away is no reason to stop working.
            let _ = std::io::stderr().flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.say("");
    }
}

/// Rows of figures, aligned in columns: the first to the left, the others to the right.
pub fn table(rows: &[Vec<String>]) -> String {
    columns(rows, false)
}

/// Rows of words, aligned in columns to the left.
pub fn words(rows: &[Vec<String>]) -> String {
    columns(rows, true)
}

fn columns(rows: &[Vec<String>], left: bool) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            if column == 0 {
                line.push_str(&format!("{cell:<width$}"));
            } else if left {
                line.push_str(&format!("  {cell:<width$}"));
            } else {
                line.push_str(&format!("  {cell:>width$}"));
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A number of bytes with thin grouping, so that columns of sizes can be compared at a glance.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped_from_the_right() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(super::grouped(number), expected);
        }
    }

    #[test]
    fn columns_are_aligned() {
        let rows = vec![vec!["a".to_owned(), "10".to_owned()], vec!["long".to_owned(), "7".to_owned()]];
        assert_eq!(super::table(&rows), "a     10\nlong   7\n");
    }
}
