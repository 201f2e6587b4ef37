//! Stack that calls used, held against the bounds of the report.

use saggar_compiler::report::Bound;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A call of which the bound is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// What was called.
    pub what: String,
    /// Bytes from the stack pointer at the host's call down to the deepest byte that was written.
    pub used: u64,
    /// What the report says.
    pub bound: u64,
}

/// What calls used; what there is of several adds up.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StackUse {
    /// By how many bytes the bound was above what was used, and how often.
    above: BTreeMap<u64, u64>,
    /// At how many percent of what was used the bound was, and how often.
    percent: BTreeMap<u64, u64>,
    /// The call whose bound was farthest above.
    loosest: Option<Measured>,
    /// Calls without a bound.
    unbounded: u64,
}

/// What a measured call gets beyond its bound, so that one that goes too far is told by how much.
const BEYOND_BYTES: u64 = 4096;

/// The bound of a call with the stack to give it, so that painting that does not take longer than the call; `None` where there is no
/// bound, or not so much stack.
#[must_use]
pub fn given(bound: &Bound, most: u32) -> Option<(u64, u32)> {
    match bound {
        Bound::AtMost(bound) => {
            let given = u32::try_from(bound.saturating_add(BEYOND_BYTES)).ok()?.checked_next_multiple_of(1024)?;
            (given <= most).then_some((*bound, given))
        }
        Bound::Unbounded(_) => None,
    }
}

impl StackUse {
    /// Enters a call.
    ///
    /// # Errors
    /// When it used more than its bound.
    pub fn enter(&mut self, what: impl FnOnce() -> String, used: u64, bound: u64) -> Result<(), String> {
        if used > bound {
            return Err(format!("{} used {used} bytes of stack, of {bound} that it can use", what()));
        }
        let above = bound - used;
        *self.above.entry(above).or_default() += 1;
        *self.percent.entry(bound * 100 / used.max(1)).or_default() += 1;
        if self.loosest.as_ref().is_none_or(|loosest| loosest.bound - loosest.used < above) {
            self.loosest = Some(Measured { what: what(), used, bound });
        }
        Ok(())
    }

    /// Enters a call without a bound.
    pub fn enter_unbounded(&mut self) {
        self.unbounded += 1;
    }

    /// Adds what others used.
    pub fn add(&mut self, other: StackUse) {
        for (mine, theirs) in [(&mut self.above, other.above), (&mut self.percent, other.percent)] {
            theirs.into_iter().for_each(|(number, count)| *mine.entry(number).or_default() += count);
        }
        self.unbounded += other.unbounded;
        let distance = |measured: &Measured| measured.bound - measured.used;
        self.loosest = [self.loosest.take(), other.loosest].into_iter().flatten().max_by_key(distance);
    }

    /// Calls with a bound.
    #[must_use]
    pub fn measured(&self) -> u64 {
        self.above.values().sum()
    }

    /// Smallest, middle and largest distance of a bound from what was used, in bytes.
    #[must_use]
    pub fn above(&self) -> Option<[u64; 3]> {
        spread(&self.above)
    }

    /// Smallest, middle and largest ratio of a bound to what was used, in percent.
    #[must_use]
    pub fn percent(&self) -> Option<[u64; 3]> {
        spread(&self.percent)
    }
}

/// Least, median and most of numbers with their counts.
fn spread(counts: &BTreeMap<u64, u64>) -> Option<[u64; 3]> {
    let half = counts.values().sum::<u64>() / 2;
    let mut seen = 0;
    let median = counts.iter().find_map(|(number, count)| {
        seen += count;
        (seen > half).then_some(*number)
    });
    Some([*counts.keys().next()?, median?, *counts.keys().last()?])
}

impl fmt::Display for StackUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls with a bound of stack, {} without", self.measured(), self.unbounded)?;
        let (Some(above), Some(percent), Some(loosest)) = (self.above(), self.percent(), &self.loosest) else { return Ok(()) };
        write!(
            f,
            "; it is above what was used by {}, {}, {} bytes (least, median, most), at {}, {}, {} %; the most: {}, {} of {}",
            above[0], above[1], above[2], percent[0], percent[1], percent[2], loosest.what, loosest.used, loosest.bound
        )
    }
}

#[cfg(test)]
mod tests {
    use super::StackUse;

    #[test]
    fn what_was_used_adds_up() {
        let mut stack = StackUse::default();
        for (used, bound) in [(100, 110), (200, 300), (50, 60)] {
            stack.enter(|| format!("{used}"), used, bound).expect("it is within the bound");
        }
        let mut other = StackUse::default();
        other.enter(|| "most".to_owned(), 10, 500).expect("it is within the bound");
        other.enter_unbounded();
        assert!(other.enter(|| "too much".to_owned(), 11, 10).is_err());
        stack.add(other);
        assert_eq!((stack.measured(), stack.above(), stack.percent()), (4, Some([10, 100, 490]), Some([110, 150, 5000])));
        assert!(stack.to_string().ends_with("the most: most, 10 of 500"), "{stack}");
    }
}
