//! What is known of values on the way through a body: constants, counters, and comparisons of counters with constants.
//!
//! Every fact has a *time*, the place in the body where it became true. Where paths meet, what became true on only one of them is
//! true no more: that is everything since the construct began that they meet at the end of. So facts never have to be copied,
//! and a body costs what it is long.
//!
//! Inside a loop the value that a local had when the iteration began stands for itself; everything is counted from there.

use super::trips::{Range, Width};

/// A loop, by its number in the body; 0 is the body itself.
pub(super) type LoopId = u32;

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing.
    Unknown,
    /// It is this.
    Constant(Width, u64),
    /// What a local had at the begin of an iteration of the loop, plus an amount.
    Counter(Counter, u64),
    /// Whether it is not zero is whether the counter was in the range.
    Test(Test),
}

/// A local at the begin of an iteration. Its width is known as soon as something is computed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counter {
    pub(super) inside: LoopId,
    pub(super) local: u32,
}

/// Whether a counter lies in a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) counter: Counter,
    pub(super) range: Range,
}

impl Test {
    /// The opposite.
    pub(super) fn not(self) -> Test {
        Test { range: self.range.others(), ..self }
    }
}

impl Value {
    /// As the condition of a branch: it is taken when this holds.
    pub(super) fn condition(self) -> Option<Test> {
        match self {
            Value::Test(test) => Some(test),
            Value::Counter(counter, amount) => Some(Test { counter, range: Range::only(Width::Word, 0).others().less(amount) }),
            _ => None,
        }
    }

    /// The sum of two, or their difference where `sign` is all ones.
    pub(super) fn sum(self, other: Value, width: Width, sign: u64) -> Value {
        match (self, other) {
            (Value::Constant(_, a), Value::Constant(_, b)) => {
                Value::Constant(width, width.wrap(a.wrapping_add(b.wrapping_mul(sign))))
            }
            (Value::Counter(counter, amount), Value::Constant(_, b)) => {
                Value::Counter(counter, width.wrap(amount.wrapping_add(b.wrapping_mul(sign))))
            }
            (Value::Constant(..), Value::Counter(..)) if sign == 1 => other.sum(self, width, sign),
            _ => Value::Unknown,
        }
    }

    /// Whether a value lies in a range of numbers; `range` is that for the value.
    fn within(self, range: Range) -> Value {
        match self {
            Value::Counter(counter, amount) => Value::Test(Test { counter, range: range.less(amount) }),
            _ => Value::Unknown,
        }
    }

    /// Whether a comparison of two holds.
    pub(super) fn compare(self, other: Value, comparison: Comparison, width: Width) -> Value {
        match (self, other) {
            (counter, Value::Constant(_, number)) => counter.within(comparison.range(width, number)),
            (Value::Constant(_, number), counter) => counter.within(comparison.turned().range(width, number)),
            // How compilers ask whether a sum has wrapped.
            (Value::Counter(counter, a), Value::Counter(same, b)) if counter == same => {
                comparison.of_sums(width, a, b).map_or(Value::Unknown, |range| Value::Test(Test { counter, range }))
            }
            _ => Value::Unknown,
        }
    }

    /// Whether it is zero.
    pub(super) fn is_zero(self, width: Width) -> Value {
        match self {
            Value::Test(test) => Value::Test(test.not()),
            value => value.within(Range::only(width, 0)),
        }
    }
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less { signed: bool },
    LessOrEqual { signed: bool },
    Greater { signed: bool },
    GreaterOrEqual { signed: bool },
}

impl Comparison {
    /// The numbers on the left for which it holds.
    fn range(self, width: Width, right: u64) -> Range {
        let less = |signed: bool| if signed { Range::below_signed(width, right) } else { Range::below(width, right) };
        // One more, which is none at all only where the right side is the greatest.
        let up_to = |signed: bool| {
            let less = less(signed);
            Range { count: less.count + 1, ..less }
        };
        match self {
            Comparison::Equal => Range::only(width, right),
            Comparison::NotEqual => Range::only(width, right).others(),
            Comparison::Less { signed } => less(signed),
            Comparison::LessOrEqual { signed } => up_to(signed),
            Comparison::Greater { signed } => up_to(signed).others(),
            Comparison::GreaterOrEqual { signed } => less(signed).others(),
        }
    }

    /// The numbers to which `a` is added on the left, and `b` on the right, for which it holds.
    fn of_sums(self, width: Width, a: u64, b: u64) -> Option<Range> {
        // Sums are in order but where one of them has wrapped and the other has not.
        let less = |a: u64, b: u64, signed: bool| Range::wrapping(width, a, b, signed);
        Some(match self {
            Comparison::Equal | Comparison::NotEqual => return None,
            Comparison::Less { signed } => less(a, b, signed),
            Comparison::LessOrEqual { signed } => less(b, a, signed).others(),
            Comparison::Greater { signed } => less(b, a, signed),
            Comparison::GreaterOrEqual { signed } => less(a, b, signed).others(),
        })
    }

    /// With the sides exchanged.
    fn turned(self) -> Comparison {
        match self {
            Comparison::Less { signed } => Comparison::Greater { signed },
            Comparison::LessOrEqual { signed } => Comparison::GreaterOrEqual { signed },
            Comparison::Greater { signed } => Comparison::Less { signed },
            Comparison::GreaterOrEqual { signed } => Comparison::LessOrEqual { signed },
            same => same,
        }
    }
}
