//! How long frames took, counted without allocating.

use std::time::Duration;

/// Times up to which each microsecond is counted by itself; whatever is longer is counted together.
const LONGEST_MICROS: usize = 8_192;

/// Counts of times.
#[derive(Clone, Debug)]
pub struct Times {
    counts: Box<[u32]>,
    total: u64,
    longest: Duration,
}

impl Default for Times {
    fn default() -> Times {
        Times { counts: vec![0; LONGEST_MICROS + 1].into_boxed_slice(), total: 0, longest: Duration::ZERO }
    }
}

impl Times {
    /// Counts one.
    pub fn add(&mut self, time: Duration) {
        let micros = usize::try_from(time.as_micros()).unwrap_or(usize::MAX).min(LONGEST_MICROS);
        self.counts[micros] += 1;
        self.total += 1;
        self.longest = self.longest.max(time);
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The longest of them.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// The time that this share of them (0 to 1) does not exceed, to the microsecond.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a rank of few")]
    pub fn quantile(&self, share: f64) -> Duration {
        let rank = (self.total as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (micros, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                let upper = Duration::from_micros(micros as u64 + 1);
                return if micros == LONGEST_MICROS { self.longest } else { upper.min(self.longest) };
            }
        }
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::Times;
    use std::time::Duration;

    #[test]
    fn quantiles_are_those_of_the_sorted_list() {
        let mut times = Times::default();
        (1..=1_000).for_each(|micros| times.add(Duration::from_nanos(micros * 1_000 - 500)));
        times.add(Duration::from_millis(50));
        assert_eq!(times.quantile(0.5), Duration::from_micros(501));
        assert_eq!(times.quantile(0.999), Duration::from_micros(1_000));
        assert_eq!(times.quantile(1.0), Duration::from_millis(50));
        assert_eq!((times.count(), times.longest()), (1_001, Duration::from_millis(50)));
        assert_eq!(Times::default().quantile(0.5), Duration::ZERO);
    }
}
