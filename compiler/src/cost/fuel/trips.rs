//! How often a counted loop runs, in the arithmetic of machine integers.
//!
//! A counter is a local that every iteration changes by the same step. Whether the loop goes on is a *test*: whether the counter, as it
//! was when the iteration began, lies in a range of the circle of 2³² or 2⁶⁴ numbers. Every comparison with a constant is such a range,
//! signed or not, and so is its opposite.

/// Width of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// 32 bits.
    Word,
    /// 64 bits.
    Double,
}

impl Width {
    /// How many numbers there are.
    fn size(self) -> u128 {
        match self {
            Width::Word => 1 << 32,
            Width::Double => 1 << 64,
        }
    }

    /// A number as one of these.
    pub(super) fn wrap(self, number: u64) -> u64 {
        match self {
            Width::Word => number & 0xffff_ffff,
            Width::Double => number,
        }
    }

    fn least_signed(self) -> u64 {
        self.wrap(u64::MAX) / 2 + 1
    }
}

/// `count` numbers from `first` on, around the circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) width: Width,
    pub(super) first: u64,
    pub(super) count: u128,
}

impl Range {
    /// The numbers from one up to before another; none where they are the same.
    fn between(width: Width, first: u64, end: u64) -> Range {
        Range { width, first, count: u128::from(width.wrap(end.wrapping_sub(first))) }
    }

    /// One number.
    pub(super) fn only(width: Width, number: u64) -> Range {
        Range { width, first: number, count: 1 }
    }

    /// The numbers below another, without a sign.
    pub(super) fn below(width: Width, number: u64) -> Range {
        Range::between(width, 0, number)
    }

    /// The numbers below another, with a sign.
    pub(super) fn below_signed(width: Width, number: u64) -> Range {
        Range::between(width, width.least_signed(), number)
    }

    /// The numbers n for which n + a is less than n + b: those from where n + a wraps, on to where n + b does too.
    pub(super) fn wrapping(width: Width, a: u64, b: u64, signed: bool) -> Range {
        let zero = if signed { width.least_signed() } else { 0 };
        Range::between(width, width.wrap(zero.wrapping_sub(a)), width.wrap(zero.wrapping_sub(b)))
    }

    /// All others.
    pub(super) fn others(self) -> Range {
        let past = u128::from(self.first) + self.count;
        let first = u64::try_from(past % self.width.size()).unwrap_or(0);
        Range { width: self.width, first, count: self.width.size() - self.count }
    }

    /// The same numbers, each less an amount.
    pub(super) fn less(self, amount: u64) -> Range {
        Range { first: self.width.wrap(self.first.wrapping_sub(amount)), ..self }
    }

    /// After how many steps a counter is out of the range for the first time; `None` where it never is, or it is not easy to see.
    pub(super) fn steps_out(self, start: u64, step: u64) -> Option<u64> {
        let size = self.width.size();
        let offset = u128::from(self.width.wrap(start.wrapping_sub(self.first)));
        if offset >= self.count {
            return Some(0);
        }
        let up = u128::from(self.width.wrap(step));
        if up == 0 || self.count == size {
            return None;
        }
        // Upwards over the end of the range, unless the step leads over all that is outside into the range again.
        let steps = (self.count - offset).div_ceil(up);
        if offset + steps * up < size {
            return u64::try_from(steps).ok();
        }
        // Downwards over its beginning.
        let down = size - up;
        let steps = offset / down + 1;
        if steps * down - offset <= size - self.count {
            return u64::try_from(steps).ok();
        }
        if self.count == size - 1 { self.steps_to_gap(offset, up) } else { None }
    }

    /// After how many steps the one number is met that is outside.
    fn steps_to_gap(self, offset: u128, up: u128) -> Option<u64> {
        // offset + steps · up ≡ size − 1. What the step and the size have in common, a power of two, must divide the distance.
        let common = up.trailing_zeros();
        let distance = self.width.size() - 1 - offset;
        if distance.trailing_zeros() < common {
            return None;
        }
        let odd = up >> common;
        // Newton's iteration: each round doubles the number of low bits that are right, from the three of `odd · odd ≡ 1 mod 8`.
        let mut inverse = odd;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2_u128.wrapping_sub(odd.wrapping_mul(inverse)));
        }
        let steps = (distance >> common).wrapping_mul(inverse) % (self.width.size() >> common);
        u64::try_from(steps).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, Width};

    /// Counts by counting.
    fn counted(range: Range, start: u64, step: u64, most: u64) -> Option<u64> {
        let width = range.width;
        let inside = |number: u64| u128::from(width.wrap(number.wrapping_sub(range.first))) < range.count;
        (0..most).find(|steps| !inside(width.wrap(start.wrapping_add(step.wrapping_mul(*steps)))))
    }

    #[test]
    fn it_is_what_counting_finds() {
        let edges =
            [0, 1, 2, 3, 7, 100, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ff00, 0xffff_fffe, 0xffff_ffff];
        let steps =
            [1, 2, 3, 4, 5, 8, 100, 0x1000_0000, 0x4000_0001, 0x8000_0000, 0xffff_ffff, 0xffff_fffe, 0xffff_fffc, 0xffff_fff9];
        let (mut answered, mut tried) = (0, 0);
        for limit in edges {
            let width = Width::Word;
            let ranges = [Range::only(width, limit), Range::below(width, limit), Range::below_signed(width, limit)];
            for range in ranges.into_iter().flat_map(|range| [range, range.others(), range.others().less(7)]) {
                for start in edges {
                    for step in steps {
                        tried += 1;
                        let found = range.steps_out(start, step);
                        answered += usize::from(found.is_some());
                        match found {
                            Some(found) if found < 1000 => {
                                assert_eq!(counted(range, start, step, 1001), Some(found), "{range:?} {start:#x} {step:#x}");
                            }
                            Some(found) => {
                                assert_eq!(counted(range, start, step, 1000), None, "{range:?} {start:#x} {step:#x} {found}")
                            }
                            None => assert_eq!(counted(range, start, step, 3), None, "{range:?} {start:#x} {step:#x}"),
                        }
                    }
                }
            }
        }
        assert!(answered * 4 > tried * 3, "{answered} of {tried}");
    }

    #[test]
    fn sums_are_less_where_they_wrap() {
        let edges = [0, 1, 2, 5, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffb, 0xffff_fffe, 0xffff_ffff_u32];
        for (a, b) in edges.iter().flat_map(|a| edges.map(|b| (*a, b))) {
            for signed in [false, true] {
                let range = Range::wrapping(Width::Word, a.into(), b.into(), signed);
                for number in edges.iter().flat_map(|number| [number.wrapping_sub(a), number.wrapping_sub(b), *number]) {
                    let (left, right) = (number.wrapping_add(a), number.wrapping_add(b));
                    let less = if signed { left.cast_signed() < right.cast_signed() } else { left < right };
                    let inside = u128::from(Width::Word.wrap(u64::from(number).wrapping_sub(range.first))) < range.count;
                    assert_eq!(inside, less, "{number:#x} + {a:#x} < {number:#x} + {b:#x}, {signed}");
                }
            }
        }
    }

    #[test]
    fn gaps_are_met_exactly() {
        for width in [Width::Word, Width::Double] {
            let not = |number| Range::only(width, number).others();
            assert_eq!(not(10).steps_out(0, 1), Some(10));
            assert_eq!(not(0).steps_out(10, u64::MAX), Some(10));
            assert_eq!(not(12).steps_out(0, 4), Some(3));
            assert_eq!(not(13).steps_out(0, 4), None, "it is stepped over for ever");
            assert_eq!(not(1).steps_out(0, 3).map(|steps| width.wrap(steps.wrapping_mul(3))), Some(1));
        }
    }
}
