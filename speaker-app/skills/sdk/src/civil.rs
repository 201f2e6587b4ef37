//! Dates and times of day from Unix time.
//!
//! The conversion of days to a date is Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level Date Algorithms"): years begin
//! in March, so that the leap day is a year's last, and 400 of them are an era of always 146,097 days.

/// A moment on a calendar and a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The day of the week; 0 is Sunday.
    pub weekday: i64,
    /// The hour, to 23.
    pub hour: i64,
    /// The minute.
    pub minute: i64,
    /// The second.
    pub second: i64,
}

/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

impl Civil {
    /// The local calendar and clock at `unix_ms`, `offset_minutes` ahead of UTC.
    #[must_use]
    pub fn at(unix_ms: i64, offset_minutes: i32) -> Self {
        let local_ms = unix_ms.saturating_add(i64::from(offset_minutes) * MINUTE_MS);
        let (days, ms) = (local_ms.div_euclid(DAY_MS), local_ms.rem_euclid(DAY_MS));
        let (year, month, day) = date(days);
        let seconds = ms / 1000;
        // The first of January 1970 was a Thursday.
        let weekday = (days + 4).rem_euclid(7);
        Self { year, month, day, weekday, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60 }
    }
}

/// Year, month and day of a number of days since 1970.
fn date(days: i64) -> (i64, i64, i64) {
    // From 1970-01-01 to 0000-03-01, where era 0 begins.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // From March on, five months have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        let ymdw = |ms, offset| {
            let civil = Civil::at(ms, offset);
            (civil.year, civil.month, civil.day, civil.weekday)
        };
        assert_eq!(ymdw(0, 0), (1970, 1, 1, 4));
        assert_eq!(ymdw(0, -1), (1969, 12, 31, 3));
        assert_eq!(ymdw(951_782_400_000, 0), (2000, 2, 29, 2));
        assert_eq!(ymdw(4_107_542_400_000, 0), (2100, 3, 1, 1));
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let lengths = |year: i64| {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            [31, 28 + i64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        };
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..200_000 {
            assert_eq!(date(days), (year, month, day));
            day += 1;
            if day > lengths(year)[usize::try_from(month - 1).unwrap()] {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }
}
