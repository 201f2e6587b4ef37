//! When an alarm is due: a time of day that was said, perhaps with a day, and the next moment that it comes round.

use saggar_skill::{
    Intent, Reply, Sink,
    civil::{Civil, DAY_MS, MINUTE_MS},
    heard, host, phrase,
};

const HALF_DAY: i64 = 12 * 60;
const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// A time of day, as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    /// The minutes of the day that it may mean, in order: one, or one in each half of the day.
    minutes: (i64, Option<i64>),
    day: Day,
}

/// What was said of the half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    BeforeNoon,
    AfterNoon,
    /// Before noon for the hours after midnight.
    Night,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    Any,
    Today,
    /// From six in the evening to six in the morning.
    Tonight,
    Tomorrow,
    /// 0 is Sunday.
    Weekday(i64),
}

impl Time {
    /// The time that is `before` minutes before `hour` and `minute`; none where there is no such time.
    fn new(hour: i64, minute: i64, before: i64, half: Option<Half>, day: Day) -> Option<Self> {
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&before) {
            return None;
        }
        let total = (hour * 60 + minute - before).rem_euclid(2 * HALF_DAY);
        // The half of the day is that of the time itself: "a quarter to twelve p.m." is before midnight.
        let on_dial = total % HALF_DAY;
        let minutes = match half {
            _ if hour > 12 || hour == 0 => (total, None),
            Some(Half::BeforeNoon) => (on_dial, None),
            Some(Half::Night) if on_dial < 6 * 60 => (on_dial, None),
            Some(_) => (on_dial + HALF_DAY, None),
            None => (on_dial, Some(on_dial + HALF_DAY)),
        };
        Some(Self { minutes, day })
    }

    fn minutes(self) -> impl Iterator<Item = i64> {
        [Some(self.minutes.0), self.minutes.1].into_iter().flatten()
    }

    /// Whether a local moment is on the day that was said, `today` being the midnight that has passed.
    fn is_on_day(self, local_ms: i64, today: i64) -> bool {
        let days = (local_ms - today).div_euclid(DAY_MS);
        match self.day {
            Day::Any => true,
            Day::Today => days == 0,
            Day::Tonight => (DAY_MS * 3 / 4..DAY_MS * 5 / 4).contains(&(local_ms - today)),
            Day::Tomorrow => days == 1,
            // The first of January 1970 was a Thursday.
            Day::Weekday(weekday) => (local_ms.div_euclid(DAY_MS) + 4).rem_euclid(7) == weekday,
        }
    }
}

/// The time in an intent's slots: `hour`, `minute` or `minutes_before`, and `half_day`, or else `time` as `12:00`; and `day`.
pub(crate) fn of_slots(intent: &Intent<'_>) -> Option<Time> {
    let day = intent.slot("day").map_or(Day::Any, day);
    if let Some((hour, minute)) = intent.slot("time").and_then(|time| time.split_once(':')) {
        let (hour, minute) = (heard::number(hour)?, heard::number(minute)?);
        // "noon" is never midnight.
        let half = if hour < 12 { Half::BeforeNoon } else { Half::AfterNoon };
        return Time::new(hour, minute, 0, Some(half), day);
    }
    let number = |slot| intent.slot_number(slot).unwrap_or(0);
    Time::new(
        intent.slot_number("hour")?,
        number("minute"),
        number("minutes_before"),
        intent.slot("half_day").and_then(half),
        day,
    )
}

/// The time in words, such as "seven thirty in the evening".
pub(crate) fn of_words(text: &str) -> Option<Time> {
    let mut numbers = heard::words(text).filter(|word| !matches!(*word, "a" | "an")).filter_map(heard::number);
    let day = heard::words(text).map(day).find(|day| *day != Day::Any).unwrap_or(Day::Any);
    Time::new(numbers.next()?, numbers.sum(), 0, half(text), day)
}

fn day(word: &str) -> Day {
    match word {
        "today" => Day::Today,
        "tonight" => Day::Tonight,
        "tomorrow" => Day::Tomorrow,
        _ => {
            let weekday = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(word));
            weekday.and_then(|weekday| i64::try_from(weekday).ok()).map_or(Day::Any, Day::Weekday)
        }
    }
}

/// Which half of the day is said, however it is spelled: "pm", "p.m.", "p m", "in the evening".
fn half(text: &str) -> Option<Half> {
    let mut before = "";
    for word in heard::words(text) {
        match word {
            "am" | "morning" => return Some(Half::BeforeNoon),
            "pm" | "afternoon" | "evening" => return Some(Half::AfterNoon),
            "night" => return Some(Half::Night),
            "m" if before == "a" => return Some(Half::BeforeNoon),
            "m" if before == "p" => return Some(Half::AfterNoon),
            _ => before = word,
        }
    }
    None
}

/// The next moment that it is this time, not now if it is just this minute; none where that was today, and today was said.
pub(crate) fn next(time: Time, now: i64, offset_minutes: i32) -> Option<i64> {
    let offset_ms = i64::from(offset_minutes) * MINUTE_MS;
    let local = now.saturating_add(offset_ms);
    let today = local.div_euclid(DAY_MS) * DAY_MS;
    // A weekday whose time has passed today is a week away.
    let moments = (0..=7).flat_map(|days| time.minutes().map(move |minute| today + days * DAY_MS + minute * MINUTE_MS));
    moments.filter(|&moment| moment > local).find(|&moment| time.is_on_day(moment, today)).map(|moment| moment - offset_ms)
}

/// Whether an alarm that is due at `due_ms` is the one that somebody means by this time.
pub(crate) fn means(time: Time, due_ms: i64, now: i64, offset_minutes: i32) -> bool {
    let offset_ms = i64::from(offset_minutes) * MINUTE_MS;
    let (due, local) = (due_ms.saturating_add(offset_ms), now.saturating_add(offset_ms));
    let minute = due.rem_euclid(DAY_MS) / MINUTE_MS;
    time.minutes().any(|other| other == minute) && time.is_on_day(due, local.div_euclid(DAY_MS) * DAY_MS)
}

/// Says a moment's local time of day.
pub(crate) fn say(due_ms: i64, reply: &mut Reply<'_>) {
    let local = Civil::at(due_ms, host::local_offset_minutes());
    phrase::time_of_day(reply, local.hour, local.minute);
}

/// Says a moment's local time, and its day unless it is the next such time.
pub(crate) fn say_with_day(due_ms: i64, now: i64, reply: &mut Reply<'_>) {
    say(due_ms, reply);
    let local = |ms: i64| ms.saturating_add(i64::from(host::local_offset_minutes()) * MINUTE_MS);
    if due_ms.saturating_sub(now) <= DAY_MS {
        return;
    }
    if local(due_ms).div_euclid(DAY_MS) - local(now).div_euclid(DAY_MS) == 1 {
        return reply.push(" tomorrow");
    }
    reply.push(" on ");
    phrase::weekday(reply, Civil::at(due_ms, host::local_offset_minutes()).weekday);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes to wait from a local time of day on a Thursday, an hour ahead of UTC.
    fn wait(words: &str, hour: i64, minute: i64) -> Option<i64> {
        let now = (hour * 60 + minute - 60) * MINUTE_MS;
        next(of_words(words).unwrap(), now, 60).map(|due| (due - now) / MINUTE_MS)
    }

    #[test]
    fn the_next_such_time_is_meant() {
        for (words, hour, minute, minutes) in [
            ("seven thirty", 6, 0, 90),
            ("seven thirty", 8, 0, 690),
            ("seven thirty in the morning", 8, 0, 23 * 60 + 30),
            ("twelve p m", 11, 0, 60),
            ("twelve am", 23, 0, 60),
            ("twelve thirty at night", 23, 0, 90),
            ("eleven at night", 22, 0, 60),
            ("nineteen twenty five", 19, 25, 1440),
            ("six oh five", 6, 4, 1),
            ("seven tomorrow", 6, 0, 25 * 60),
            ("seven tonight", 6, 0, 13 * 60),
            ("two tonight", 20, 0, 6 * 60),
            ("six am on thursday", 7, 0, 7 * 24 * 60 - 60),
            ("six am on friday", 7, 0, 23 * 60),
        ] {
            assert_eq!(wait(words, hour, minute), Some(minutes), "{words}");
        }
        assert_eq!(wait("six today", 19, 0), None);
        assert_eq!(of_words("thirty"), None);
        assert_eq!(of_words("soon"), None);
    }

    #[test]
    fn times_before_an_hour() {
        let quarter_to = |hour, half| Time::new(hour, 0, 15, half, Day::Any).unwrap().minutes().collect::<Vec<_>>();
        assert_eq!(quarter_to(9, None), [8 * 60 + 45, 20 * 60 + 45]);
        assert_eq!(quarter_to(1, Some(Half::AfterNoon)), [12 * 60 + 45]);
        assert_eq!(quarter_to(12, Some(Half::AfterNoon)), [23 * 60 + 45]);
        assert_eq!(quarter_to(0, None), [23 * 60 + 45]);
    }
}
