//! Numbers, durations, times and lists as they are spoken in English. Words rather than digits: no voice reads them wrong.

use crate::{Sink, heard};

const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const TENTHS: [&str; 10] =
    ["", "", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"];
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The element of a table, or nothing where there is none.
fn name<'a>(table: &[&'a str], index: i64) -> &'a str {
    usize::try_from(index).ok().and_then(|index| table.get(index).copied()).unwrap_or("")
}

/// "minus one hundred and twenty three"; numbers of a trillion and more in digits.
pub fn number(out: &mut dyn Sink, number: i64) {
    if number < 0 {
        out.push("minus ");
    }
    let mut rest = number.unsigned_abs();
    if rest >= 1_000_000_000_000 {
        return out.push_number(number.saturating_abs());
    }
    let whole = rest;
    for (scale, word) in [(1_000_000_000, " billion"), (1_000_000, " million"), (1_000, " thousand")] {
        if rest >= scale {
            below_thousand(out, rest / scale);
            out.push(word);
            rest %= scale;
            out.push(if rest == 0 { "" } else { " " });
        }
    }
    if rest > 0 || whole == 0 {
        if whole >= 1_000 && rest < 100 {
            out.push("and ");
        }
        below_thousand(out, rest);
    }
}

fn below_thousand(out: &mut dyn Sink, number: u64) {
    let number = number.cast_signed();
    if number >= 100 {
        out.push(name(&heard::SMALL, number / 100));
        out.push(if number % 100 == 0 { " hundred" } else { " hundred and " });
    }
    if number < 100 || number % 100 > 0 {
        below_hundred(out, number % 100, &heard::SMALL, &heard::TENS);
    }
}

/// A number below 100, whose last word is from these tables.
fn below_hundred(out: &mut dyn Sink, number: i64, last: &[&str], tens: &[&str]) {
    match (number / 10, number % 10) {
        (0 | 1, _) => out.push(name(last, number)),
        (ten, 0) => out.push(name(tens, ten)),
        (ten, one) => {
            out.push(name(&heard::TENS, ten));
            out.push(" ");
            out.push(name(last, one));
        }
    }
}

/// "twenty first"; for numbers below 100.
pub fn ordinal(out: &mut dyn Sink, number: i64) {
    below_hundred(out, number.rem_euclid(100), &ORDINALS, &TENTHS);
}

/// "five minutes": a number with the right form of what is counted.
pub fn counted(out: &mut dyn Sink, count: i64, one: &str) {
    number(out, count);
    out.push(" ");
    out.push(one);
    out.push(if count == 1 { "" } else { "s" });
}

/// "one hour, ten minutes and five seconds".
pub fn duration(out: &mut dyn Sink, seconds: i64) {
    let parts = [(seconds / 3600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let mut left = parts.iter().filter(|part| part.0 != 0).count();
    if left == 0 {
        return counted(out, 0, "second");
    }
    for (count, unit) in parts {
        if count != 0 {
            counted(out, count, unit);
            left -= 1;
            out.push(between(left));
        }
    }
}

/// "five minute": a duration before what it describes. Only its longest unit where that is all there is, otherwise as [`duration`].
pub fn duration_of(out: &mut dyn Sink, seconds: i64) {
    for (unit_seconds, unit) in [(3600, "hour"), (60, "minute"), (1, "second")] {
        if seconds >= unit_seconds && seconds % unit_seconds == 0 && (seconds / unit_seconds < 60 || unit_seconds == 3600) {
            number(out, seconds / unit_seconds);
            out.push(" ");
            return out.push(unit);
        }
    }
    duration(out, seconds);
}

/// "seven thirty in the morning", "noon".
pub fn time_of_day(out: &mut dyn Sink, hour: i64, minute: i64) {
    match (hour, minute) {
        (0, 0) => return out.push("midnight"),
        (12, 0) => return out.push("noon"),
        _ => number(out, (hour + 11) % 12 + 1),
    }
    match minute {
        0 => out.push(" o'clock"),
        1..=9 => out.push(" oh "),
        _ => out.push(" "),
    }
    if minute > 0 {
        number(out, minute);
    }
    out.push(match hour {
        0..=11 => " in the morning",
        12..=17 => " in the afternoon",
        18..=21 => " in the evening",
        _ => " at night",
    });
}

/// "Friday"; 0 is Sunday.
pub fn weekday(out: &mut dyn Sink, weekday: i64) {
    out.push(name(&WEEKDAYS, weekday));
}

/// "Friday, November twenty eighth".
pub fn date(out: &mut dyn Sink, civil: &crate::civil::Civil) {
    weekday(out, civil.weekday);
    out.push(", ");
    out.push(name(&MONTHS, civil.month - 1));
    out.push(" ");
    ordinal(out, civil.day);
}

/// "milk, eggs and bread".
pub fn list<'a>(out: &mut dyn Sink, items: impl Iterator<Item = &'a str> + Clone) {
    let mut left = items.clone().count();
    for item in items {
        out.push(item);
        left -= 1;
        out.push(between(left));
    }
}

/// What stands between an element and the `left` ones behind it.
#[must_use]
pub const fn between(left: usize) -> &'static str {
    match left {
        0 => "",
        1 => " and ",
        _ => ", ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Text, civil::Civil};

    fn said(write: impl FnOnce(&mut Text<200>)) -> String {
        let mut text = Text::new();
        write(&mut text);
        text.as_str().to_owned()
    }

    #[test]
    fn numbers() {
        for (value, words) in [
            (0, "zero"),
            (-7, "minus seven"),
            (20, "twenty"),
            (42, "forty two"),
            (100, "one hundred"),
            (219, "two hundred and nineteen"),
            (1_000, "one thousand"),
            (1_005, "one thousand and five"),
            (12_300, "twelve thousand three hundred"),
            (3_000_001, "three million and one"),
            (-5_000_000_000_000, "minus 5000000000000"),
        ] {
            assert_eq!(said(|out| number(out, value)), words);
        }
        assert_eq!(said(|out| ordinal(out, 21)) + &said(|out| ordinal(out, 30)), "twenty firstthirtieth");
    }

    #[test]
    fn durations() {
        for (seconds, words) in [
            (0, "zero seconds"),
            (300, "five minutes"),
            (4_200, "one hour and ten minutes"),
            (3_661, "one hour, one minute and one second"),
        ] {
            assert_eq!(said(|out| duration(out, seconds)), words);
        }
        assert_eq!(said(|out| duration_of(out, 300)), "five minute");
        assert_eq!(said(|out| duration_of(out, 5_400)), "one hour and thirty minutes");
        assert_eq!(said(|out| duration_of(out, 7_200)), "two hour");
    }

    #[test]
    fn times_and_dates() {
        assert_eq!(said(|out| time_of_day(out, 7, 30)), "seven thirty in the morning");
        assert_eq!(said(|out| time_of_day(out, 15, 5)), "three oh five in the afternoon");
        assert_eq!(said(|out| time_of_day(out, 0, 15)), "twelve fifteen in the morning");
        assert_eq!(said(|out| time_of_day(out, 12, 0)), "noon");
        assert_eq!(said(|out| time_of_day(out, 23, 0)), "eleven o'clock at night");
        assert_eq!(said(|out| date(out, &Civil::at(1_764_331_200_000, 0))), "Friday, November twenty eighth");
        assert_eq!(said(|out| list(out, ["milk", "eggs", "bread"].into_iter())), "milk, eggs and bread");
    }
}
