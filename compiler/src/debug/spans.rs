//! The code of a function, cut into spans that each come from one place of the module.
//!
//! The code generator says of most instructions which operator they come from. What it adds by itself has no place: the set-up of the
//! frame at the start gets the function's, anything later the place of what stands before it. So the spans leave no gap; and one
//! always begins where the set-up ends.

use crate::backend::SourceRange;

/// Code that comes from one operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First byte, from the start of the function.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// Byte offset in the module; `None` in code that stems from no operator.
    pub(crate) wasm_offset: Option<u32>,
}

/// The spans of `length` bytes of code, in order. `place` is the function's own.
pub(crate) fn cut(sources: &[SourceRange], length: u32, place: Option<u32>) -> Vec<Span> {
    let mut sources: Vec<&SourceRange> = sources.iter().filter(|range| range.start < range.end).collect();
    sources.sort_by_key(|range| range.start);
    let prologue_end = sources.first().map_or(0, |range| range.start);
    let mut spans: Vec<Span> = Vec::with_capacity(sources.len() + 1);
    let mut push = |start: u32, end: u32, wasm_offset: Option<u32>| match spans.last_mut() {
        _ if start >= end => {}
        Some(last) if last.wasm_offset == wasm_offset && start != prologue_end => last.end = end,
        _ => spans.push(Span { start, end, wasm_offset }),
    };
    let (mut end, mut before) = (0, place);
    for range in sources {
        push(end, range.start.min(length), before);
        push(range.start.max(end), range.end.min(length), Some(range.wasm_offset));
        (end, before) = (range.end.max(end), Some(range.wasm_offset));
    }
    push(end, length, before);
    spans
}

/// Where the set-up of the frame ends: at the first instruction that stems from an operator.
pub(crate) fn prologue_end(sources: &[SourceRange]) -> u32 {
    sources.iter().filter(|range| range.start < range.end).map(|range| range.start).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Span, cut, prologue_end};
    use crate::backend::SourceRange;

    #[test]
    fn spans_leave_no_gap() {
        let source = |start, end, wasm_offset| SourceRange { start, end, wasm_offset };
        let span = |start, end, wasm_offset| Span { start, end, wasm_offset };
        let sources = [source(20, 24, 5), source(4, 8, 7), source(8, 12, 7), source(14, 16, 9)];
        let expected = [span(0, 4, Some(3)), span(4, 14, Some(7)), span(14, 20, Some(9)), span(20, 30, Some(5))];
        assert_eq!(cut(&sources, 30, Some(3)), expected);
        assert_eq!(prologue_end(&sources), 4);
        assert_eq!(cut(&sources, 30, Some(7))[..2], [span(0, 4, Some(7)), span(4, 14, Some(7))]);
        assert_eq!(cut(&[], 8, None), [span(0, 8, None)]);
        assert_eq!(cut(&[], 0, None), []);
    }
}
