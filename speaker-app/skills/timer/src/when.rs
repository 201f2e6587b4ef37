//! When an alarm is due: a time of day that was said, and the next moment that it comes round.

use saggar_skill::{
    Intent, Reply,
    civil::{Civil, DAY_MS, MINUTE_MS},
    heard, host, phrase,
};

/// A time of day, as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    hour: i64,
    minute: i64,
    /// Whether it is after noon, if that was said.
    after_noon: Option<bool>,
}

impl Time {
    /// None where there is no such time.
    fn new(hour: i64, minute: i64, after_noon: Option<bool>) -> Option<Self> {
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(Self { hour, minute, after_noon })
    }

    /// The minutes of the day that it may mean: one or two.
    fn candidates(self) -> impl Iterator<Item = i64> {
        let on_dial = self.hour % 12;
        let whole_day = self.hour > 12 || self.hour == 0;
        let halves = match self.after_noon {
            _ if whole_day => [Some(self.hour), None],
            Some(after) => [Some(on_dial + if after { 12 } else { 0 }), None],
            None => [Some(on_dial), Some(on_dial + 12)],
        };
        halves.into_iter().flatten().map(move |hour| hour * 60 + self.minute)
    }
}

/// The time in an intent's slots `hour`, `minute` and `period`.
pub(crate) fn of_slots(intent: &Intent<'_>) -> Option<Time> {
    let after_noon = intent.slot("period").and_then(period);
    Time::new(intent.slot_number("hour")?, intent.slot_number("minute").unwrap_or(0), after_noon)
}

/// The time in words, such as "seven thirty in the evening".
pub(crate) fn of_words(text: &str) -> Option<Time> {
    let mut numbers = heard::words(text).filter(|word| !matches!(*word, "a" | "an")).filter_map(heard::number);
    Time::new(numbers.next()?, numbers.sum(), period(text))
}

/// Which half of the day is said, however the recogniser spells it: "pm", "p.m.", "p m", "in the evening".
fn period(text: &str) -> Option<bool> {
    let mut before = "";
    for word in heard::words(text) {
        match word {
            "am" | "morning" => return Some(false),
            "pm" | "afternoon" | "evening" | "night" | "tonight" => return Some(true),
            "m" if before == "a" => return Some(false),
            "m" if before == "p" => return Some(true),
            _ => before = word,
        }
    }
    None
}

/// The next moment that it is this time; not now, if it is just this minute.
pub(crate) fn next(time: Time, now: i64, offset_minutes: i32) -> i64 {
    let offset_ms = i64::from(offset_minutes) * MINUTE_MS;
    let today_ms = now.saturating_add(offset_ms).rem_euclid(DAY_MS);
    let wait = |minute: i64| match (minute * MINUTE_MS - today_ms).rem_euclid(DAY_MS) {
        0 => DAY_MS,
        wait => wait,
    };
    now.saturating_add(time.candidates().map(wait).min().unwrap_or(DAY_MS))
}

/// Says a moment's local time of day.
pub(crate) fn say(due_ms: i64, reply: &mut Reply<'_>) {
    let local = Civil::at(due_ms, host::local_offset_minutes());
    phrase::time_of_day(reply, local.hour, local.minute);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes to wait from a local time of day, an hour ahead of UTC.
    fn wait(words: &str, hour: i64, minute: i64) -> i64 {
        let now = (hour * 60 + minute - 60) * MINUTE_MS;
        (next(of_words(words).unwrap(), now, 60) - now) / MINUTE_MS
    }

    #[test]
    fn the_next_such_time_is_meant() {
        assert_eq!(wait("seven thirty", 6, 0), 90);
        assert_eq!(wait("seven thirty", 8, 0), 690);
        assert_eq!(wait("seven thirty in the morning", 8, 0), 23 * 60 + 30);
        assert_eq!(wait("twelve p m", 11, 0), 60);
        assert_eq!(wait("twelve am", 23, 0), 60);
        assert_eq!(wait("nineteen twenty five", 19, 25), 1440);
        assert_eq!(wait("six oh five", 6, 4), 1);
        assert_eq!(of_words("thirty"), None);
        assert_eq!(of_words("soon"), None);
    }
}
