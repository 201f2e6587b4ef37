//! Quantiles of times, exact.

/// Times of frames in nanoseconds, sorted.
pub(crate) struct Sorted(Vec<u32>);

impl Sorted {
    /// Sorts them.
    pub(crate) fn new(times: &[u32]) -> Sorted {
        let mut times = times.to_vec();
        times.sort_unstable();
        Sorted(times)
    }

    /// The time in µs that this many in a thousand do not exceed; 0 when there are none.
    pub(crate) fn micros(&self, per_mille: usize) -> f64 {
        let rank = (self.0.len() * per_mille).div_ceil(1_000).max(1);
        self.0.get(rank - 1).map_or(0.0, |nanos| f64::from(*nanos) / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Sorted;

    #[test]
    fn the_rank_is_rounded_up() {
        let times: Vec<u32> = (1..=2_000).rev().map(|micros| micros * 1_000).collect();
        let sorted = Sorted::new(&times);
        assert_eq!([500, 999, 1_000].map(|share| sorted.micros(share)), [1_000.0, 1_998.0, 2_000.0]);
        assert_eq!(Sorted::new(&[7_000, 5_000, 6_000]).micros(500), 6.0);
        assert_eq!(Sorted::new(&[]).micros(999), 0.0);
    }
}
