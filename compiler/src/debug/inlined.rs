//! Which code belongs to which inlined call.
//!
//! A call is known as ranges of operators; its code is what the spans with such operators make. The code generator moves instructions,
//! so one range of operators may be many ranges of code.

use super::guest::Inlined;
use super::spans::Span;

/// A call with its code.
pub(crate) struct NativeInlined<'g> {
    pub(crate) call: &'g Inlined,
    /// Position of the enclosing call in this list; `None` directly in the function.
    pub(crate) parent: Option<usize>,
    /// Code from the start of the function, ascending, not touching.
    pub(crate) ranges: Vec<(u32, u32)>,
}

/// Looks at no more than so many spans, per span of the function: honest calls nest, and do not overlap.
const LOOKS_PER_SPAN: usize = 64;

/// The calls that have code. Each span goes to one call of each depth at most, and only where it is the enclosing call's already; if
/// calls overlap so much that sorting this out would take long, the function gets none.
pub(crate) fn place<'g>(calls: &'g [Inlined], spans: &[Span]) -> Vec<NativeInlined<'g>> {
    let mut by_offset: Vec<(u32, usize)> =
        spans.iter().enumerate().filter_map(|(index, span)| Some((span.wasm_offset?, index))).collect();
    by_offset.sort_unstable();
    // For each span the innermost call that has it so far.
    let mut owners: Vec<Option<usize>> = vec![None; spans.len()];
    let mut looks = spans.len() * LOOKS_PER_SPAN;
    let mut out: Vec<NativeInlined<'g>> = Vec::new();
    // The call of each depth that encloses the next one; `None` where it has no code.
    let mut path: Vec<Option<usize>> = Vec::new();
    for call in calls {
        path.truncate(call.depth);
        let parent = match path.last() {
            Some(None) => {
                path.push(None);
                continue;
            }
            Some(Some(parent)) => Some(*parent),
            None => None,
        };
        let number = out.len();
        let mut own = Vec::new();
        for (begin, end) in &call.ranges {
            let first = by_offset.partition_point(|(offset, _)| offset < begin);
            for (_, span) in by_offset[first..].iter().take_while(|(offset, _)| offset < end) {
                if looks == 0 {
                    return Vec::new();
                }
                looks -= 1;
                if owners[*span] == parent {
                    owners[*span] = Some(number);
                    own.push(*span);
                }
            }
        }
        own.sort_unstable();
        let ranges = join(own.iter().map(|span| (spans[*span].start, spans[*span].end)));
        path.push((!ranges.is_empty()).then_some(number));
        if !ranges.is_empty() {
            out.push(NativeInlined { call, parent, ranges });
        }
    }
    out
}

/// Makes ranges that touch one.
fn join(ranges: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for (start, end) in ranges {
        match out.last_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => out.push((start, end)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::debug::guest::Inlined;
    use crate::debug::spans::Span;

    fn call(depth: usize, ranges: &[(u32, u32)]) -> Inlined {
        Inlined { depth, subroutine: 0, ranges: ranges.to_vec(), file: None, line: 0, column: 0 }
    }

    /// Four bytes of code each.
    fn spans(offsets: &[u32]) -> Vec<Span> {
        (0..).zip(offsets).map(|(at, offset)| Span { start: at * 4, end: at * 4 + 4, wasm_offset: Some(*offset) }).collect()
    }

    #[test]
    fn code_follows_its_operators() {
        // The operators 20 to 29 are a call, of which 24 to 25 are another; the generator moved 28 to the front.
        let calls = [call(0, &[(20, 30)]), call(1, &[(24, 26)]), call(0, &[(40, 50)]), call(1, &[(41, 42)])];
        let placed = place(&calls, &spans(&[28, 10, 20, 24, 25, 27, 31]));
        let seen: Vec<_> = placed.iter().map(|inlined| (inlined.parent, inlined.ranges.clone())).collect();
        assert_eq!(seen, [(None, vec![(0, 4), (8, 24)]), (Some(0), vec![(12, 20)])]);
    }

    #[test]
    fn calls_that_overlap_share_nothing() {
        let calls = [call(0, &[(10, 20)]), call(0, &[(10, 30)]), call(1, &[(5, 40)])];
        let placed = place(&calls, &spans(&[10, 25, 35]));
        let seen: Vec<_> = placed.iter().map(|inlined| (inlined.parent, inlined.ranges.clone())).collect();
        assert_eq!(seen, [(None, vec![(0, 4)]), (None, vec![(4, 8)]), (Some(1), vec![(4, 8)])]);
        let many: Vec<_> = (0..1000).map(|_| call(0, &[(0, 100)])).collect();
        assert!(place(&many, &spans(&[10, 25, 35])).is_empty());
    }
}
