//! Numbers, durations and short answers from heard words.

/// The words of the numbers below twenty.
pub(crate) const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// The words of the tens.
pub(crate) const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A whole number in digits or in words, such as `25`, "twenty five" or "a hundred and two".
#[must_use]
pub fn number(text: &str) -> Option<i64> {
    let mut total = Number::default();
    for word in words(text) {
        if !total.take(word) {
            return None;
        }
    }
    total.value()
}

/// A duration in seconds, such as "one hour and ten minutes" or "90 seconds".
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    let (mut seconds, mut count, mut any) = (0_i64, Number::default(), false);
    let mut unit_seconds = 0;
    for word in words(text) {
        if count.take(word) {
            continue;
        }
        // "two and a half hours" and "half an hour" are both in halves.
        if word == "half" {
            count.halves = true;
            continue;
        }
        unit_seconds = match word.strip_suffix('s').unwrap_or(word) {
            "hour" => 3600,
            "minute" => 60,
            "second" => 1,
            _ => continue,
        };
        seconds = seconds.checked_add(count.times(unit_seconds)?)?;
        count = Number::default();
        any = true;
    }
    // "an hour and a half": the half is of the unit before it.
    if any && count.halves {
        seconds = seconds.checked_add(unit_seconds / 2)?;
    }
    any.then_some(seconds)
}

/// Whether an answer agrees; none where it does neither.
#[must_use]
pub fn yes(text: &str) -> Option<bool> {
    words(text).find_map(|word| match word {
        "yes" | "yeah" | "yep" | "sure" | "okay" | "ok" | "please" | "do" => Some(true),
        "no" | "nope" | "not" | "don't" | "never" | "cancel" | "stop" => Some(false),
        _ => None,
    })
}

/// Whether two names mean the same thing: articles, capitals and a plural's `s` make no difference.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let mut others = content(other);
    content(one).all(|word| others.next().is_some_and(|other| alike(word, other))) && others.next().is_none()
}

fn content(text: &str) -> impl Iterator<Item = &str> {
    words(text).filter(|word| !["a", "an", "the", "my", "some"].iter().any(|article| word.eq_ignore_ascii_case(article)))
}

fn alike(one: &str, other: &str) -> bool {
    fold(one).eq_ignore_ascii_case(fold(other))
}

/// A word without a plural's ending; the same for both numbers is enough.
fn fold(word: &str) -> &str {
    let word = word.strip_suffix("es").unwrap_or(word);
    let word = word.strip_suffix('s').unwrap_or(word);
    word.strip_suffix('e').unwrap_or(word)
}

/// The words of a text.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii_whitespace() || matches!(c, ',' | '.' | '-' | '?' | '!')).filter(|word| !word.is_empty())
}

/// A number while its words arrive.
#[derive(Default)]
struct Number {
    done: i64,
    group: i64,
    any: bool,
    halves: bool,
}

impl Number {
    /// Takes one more word, if it can be a number's.
    fn take(&mut self, word: &str) -> bool {
        let place =
            |table: &[&str]| table.iter().position(|&name| name.eq_ignore_ascii_case(word)).and_then(|at| i64::try_from(at).ok());
        if let Some(value) = place(&SMALL).or_else(|| Some(place(&TENS)? * 10)) {
            self.group = self.group.saturating_add(value);
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            self.group = self.group.saturating_add(word.parse().unwrap_or(i64::MAX));
        } else {
            match word {
                "a" | "an" | "oh" if !self.any && !self.halves => self.group = i64::from(word != "oh"),
                // "half an hour": the half is of one.
                "a" | "an" | "and" => return self.any || self.halves,
                "hundred" => self.group = self.group.max(1).saturating_mul(100),
                "thousand" => {
                    self.done = self.done.saturating_add(self.group.max(1).saturating_mul(1000));
                    self.group = 0;
                }
                _ => return false,
            }
        }
        self.any = true;
        true
    }

    fn value(&self) -> Option<i64> {
        self.any.then(|| self.done.saturating_add(self.group))
    }

    /// So many units, and half a one more.
    fn times(&self, unit_seconds: i64) -> Option<i64> {
        let half = if self.halves { unit_seconds / 2 } else { 0 };
        self.value().unwrap_or(i64::from(!self.halves)).checked_mul(unit_seconds)?.checked_add(half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, value) in [
            ("25", Some(25)),
            ("twenty five", Some(25)),
            ("Twenty-Five", Some(25)),
            ("a hundred and two", Some(102)),
            ("two thousand and nineteen", Some(2019)),
            ("oh five", Some(5)),
            ("99999999999999999999", Some(i64::MAX)),
            ("", None),
            ("pasta", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("five minutes", Some(300)),
            ("one hour and ten minutes", Some(4_200)),
            ("an hour and a half", Some(5_400)),
            ("half an hour", Some(1_800)),
            ("two and a half hours", Some(9_000)),
            ("for 90 seconds please", Some(90)),
            ("99999999999999999999 hours", None),
            ("pasta", None),
        ] {
            assert_eq!(duration(text), seconds, "{text}");
        }
    }

    #[test]
    fn names_and_answers() {
        assert!(same("the tomatoes", "Tomato") && same("my pasta", "pasta") && same("boxes", "box"));
        assert!(!same("milk", "oat milk") && !same("oat milk", "milk"));
        assert_eq!((yes("yes please"), yes("oh no"), yes("purple")), (Some(true), Some(false), None));
    }
}
