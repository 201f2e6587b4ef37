//! Text to bytes, and offsets to lines: what is asked of the `wast` crate beyond its syntax tree.

use super::report::Place;
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Span;
use wast::{QuoteWat, QuoteWatTest, Wat};

/// A buffer that also takes characters which look like others: the suite's names consist of them.
///
/// # Errors
/// When a token is malformed.
pub fn buffer(source: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(source);
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// The bytes of a module that is text, bytes, or quoted text.
///
/// # Errors
/// When the text is malformed; the message tells why.
pub fn encode(module: &mut QuoteWat<'_>) -> Result<Vec<u8>, String> {
    match module.to_test().map_err(|error| error.message())? {
        QuoteWatTest::Binary(bytes) => Ok(bytes),
        QuoteWatTest::Text(text) => {
            let text = std::str::from_utf8(&text).map_err(|_| "malformed UTF-8 encoding".to_owned())?;
            encode_text(text).map_err(|error| error.message())
        }
    }
}

fn encode_text(text: &str) -> Result<Vec<u8>, wast::Error> {
    parser::parse::<Wat<'_>>(&buffer(text)?)?.encode()
}

/// Finds lines and columns.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Offset of the first byte of each line.
    starts: Vec<usize>,
}

impl Lines {
    /// For a source.
    #[must_use]
    pub fn new(source: &str) -> Lines {
        let newlines = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { starts: std::iter::once(0).chain(newlines.map(|(offset, _)| offset + 1)).collect() }
    }

    /// The place of a span's start.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let offset = span.offset();
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Place { line: number(line), column: number(offset - start + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::wast::report::Place;
    use wast::token::Span;

    #[test]
    fn places() {
        let lines = Lines::new("ab\n\ncd");
        let place = |offset| lines.place(Span::from_offset(offset));
        assert_eq!(place(0), Place { line: 1, column: 1 });
        assert_eq!(place(2), Place { line: 1, column: 3 });
        assert_eq!(place(3), Place { line: 2, column: 1 });
        assert_eq!(place(5), Place { line: 3, column: 2 });
    }
}
