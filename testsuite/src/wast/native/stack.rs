//! Stack that calls used, found by painting it, held against the bounds that the compiler's report gives.

use saggar_compiler::report::Bound;
use std::fmt;

/// A call of which the bound is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The module and what was called of it.
    pub what: String,
    /// Bytes from the stack pointer at the host's call down to the deepest byte that was written.
    pub used: u64,
    /// What the report says.
    pub bound: u64,
}

/// The calls of a session.
#[derive(Clone, Debug, Default)]
pub struct StackUse {
    /// Those with a bound, in their order.
    pub measured: Vec<Measured>,
    /// How many had none.
    pub unbounded: u64,
}

/// What a measured call gets beyond its bound, so that one that goes too far is told by how much.
const BEYOND_BYTES: u64 = 4096;

/// The stack to give a call of a bound, so that painting it does not take longer than the call.
pub(super) fn given(bound: &Bound, most: u32) -> Option<(u64, u32)> {
    match bound {
        Bound::AtMost(bound) => {
            let given = u32::try_from(bound + BEYOND_BYTES).unwrap_or(u32::MAX).next_multiple_of(1024);
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
    pub(super) fn enter(&mut self, what: String, used: u64, bound: u64) -> Result<(), String> {
        let result =
            if used > bound { Err(format!("{what} used {used} bytes of stack, of {bound} that it can use")) } else { Ok(()) };
        self.measured.push(Measured { what, used, bound });
        result
    }

    /// Adds the calls of another session.
    pub fn add(&mut self, other: StackUse) {
        self.measured.extend(other.measured);
        self.unbounded += other.unbounded;
    }

    /// The call of which this is the least.
    fn least<K: Ord>(&self, key: impl Fn(&Measured) -> K) -> Option<&Measured> {
        self.measured.iter().min_by_key(|measured| key(measured))
    }

    /// Smallest, middle and largest distance of a bound from what was used, in bytes.
    #[must_use]
    pub fn above(&self) -> Option<[u64; 3]> {
        let mut above: Vec<u64> = self.measured.iter().map(|measured| measured.bound.saturating_sub(measured.used)).collect();
        above.sort_unstable();
        Some([*above.first()?, above[above.len() / 2], *above.last()?])
    }

    /// Smallest, middle and largest ratio of a bound to what was used, in percent.
    #[must_use]
    pub fn percent(&self) -> Option<[u64; 3]> {
        let mut percent: Vec<u64> = self.measured.iter().map(|measured| measured.bound * 100 / measured.used.max(1)).collect();
        percent.sort_unstable();
        Some([*percent.first()?, percent[percent.len() / 2], *percent.last()?])
    }
}

impl fmt::Display for StackUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(above), Some(percent)) = (self.above(), self.percent()) else { return write!(f, "no call has a bound") };
        write!(
            f,
            "{} calls with a bound, {} without; the bound is above what was used by {}, {}, {} bytes (least, median, most), at {}, {}, {} %",
            self.measured.len(),
            self.unbounded,
            above[0],
            above[1],
            above[2],
            percent[0],
            percent[1],
            percent[2]
        )?;
        let loosest = self.least(|measured| std::cmp::Reverse(measured.bound.saturating_sub(measured.used)));
        loosest.map_or(Ok(()), |call| write!(f, "; the most at {}: {} of {}", call.what, call.used, call.bound))
    }
}
