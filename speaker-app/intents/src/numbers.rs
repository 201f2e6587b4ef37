//! Numbers as people say them, in English: words → numbers, and numbers → words.
//!
//! Other languages have their digits matched and nothing else: their numbers have another order ("fünfundzwanzig").
//! The grammar's side (a whole range as JSGF) is [`crate::range`].

use crate::words::Token;

/// The largest absolute value of a range's ends.
pub(crate) const MAX: i64 = 999_999;

/// 0 to 19.
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

/// 20 to 90.
pub(crate) const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that one word is, if it is one on its own.
pub(crate) fn single_word(word: &str) -> Option<i64> {
    if let Some(index) = SMALL.iter().position(|&small| small == word) {
        return i64::try_from(index).ok();
    }
    let index = TENS.iter().position(|&tens| tens == word || (word == "fourty" && tens == "forty"))?;
    i64::try_from(index * 10 + 20).ok()
}

/// A number that begins at some word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) value: i64,
    /// The word after its last.
    pub(crate) end: usize,
    /// Whether it is only an article ("a minute").
    pub(crate) article: bool,
}

/// Every number that begins at word `at`: for "one hundred and five" these are 1, 100 and 105.
pub(crate) fn numbers_at(words: &[Token], at: usize, with_words: bool) -> Vec<Spoken> {
    let word = |index: usize| words.get(index).map_or("", |token| token.text.as_str());
    let mut found = Vec::new();
    let negative = matches!(word(at), "minus" | "negative");
    let begin = at + usize::from(negative);
    if let Some(value) = digits(word(begin)) {
        found.push(Spoken { value, end: begin + 1, article: false });
    }
    if with_words {
        for (value, end) in below_million(&word, begin) {
            found.push(Spoken { value, end, article: false });
        }
        if matches!(word(begin), "a" | "an") && !negative {
            found.push(Spoken { value: 1, end: begin + 1, article: true });
        }
    }
    if negative {
        found.iter_mut().for_each(|spoken| spoken.value = -spoken.value);
    }
    found
}

/// Twelve digits at most, so that nothing overflows; nobody says more.
fn digits(word: &str) -> Option<i64> {
    (word.len() <= 12 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.parse().ok())?
}

/// (value, end) of all numbers from 0 to 999,999 that begin at `at`.
fn below_million<'a>(word: &impl Fn(usize) -> &'a str, at: usize) -> Vec<(i64, usize)> {
    let mut found = below_thousand(word, at);
    for (thousands, end) in found.clone() {
        if word(end) != "thousand" || thousands == 0 {
            continue;
        }
        let base = thousands * 1000;
        found.push((base, end + 1));
        let rest = end + 1 + usize::from(word(end + 1) == "and");
        found.extend(
            below_thousand(word, rest).into_iter().filter(|(value, _)| *value > 0).map(|(value, end)| (base + value, end)),
        );
    }
    found
}

/// The same up to 999, and "a thousand"'s "a".
fn below_thousand<'a>(word: &impl Fn(usize) -> &'a str, at: usize) -> Vec<(i64, usize)> {
    let mut found = below_hundred(word, at);
    let hundreds = match single_word(word(at)) {
        Some(value @ 1..=9) => Some(value),
        None if word(at) == "a" => Some(1),
        _ => None,
    };
    match (hundreds, word(at + 1)) {
        (Some(hundreds), "hundred") => {
            let base = hundreds * 100;
            found.push((base, at + 2));
            let rest = at + 2 + usize::from(word(at + 2) == "and");
            found.extend(
                below_hundred(word, rest).into_iter().filter(|(value, _)| *value > 0).map(|(value, end)| (base + value, end)),
            );
        }
        (Some(1), "thousand") if word(at) == "a" => found.push((1, at + 1)),
        _ => {}
    }
    found
}

/// The same up to 99.
fn below_hundred<'a>(word: &impl Fn(usize) -> &'a str, at: usize) -> Vec<(i64, usize)> {
    let Some(first) = single_word(word(at)) else { return Vec::new() };
    let mut found = vec![(first, at + 1)];
    if let (20.., Some(unit @ 1..=9)) = (first, single_word(word(at + 1))) {
        found.push((first + unit, at + 2));
    }
    found
}

/// The words of a number, as the recogniser's grammar spells it. `None` beyond [`MAX`].
pub(crate) fn words_of(value: i64) -> Option<String> {
    if value.abs() > MAX {
        return None;
    }
    if value < 0 {
        return Some(format!("minus {}", words_of(-value)?));
    }
    let index = usize::try_from(value).ok()?;
    Some(match index {
        0..20 => SMALL[index].to_owned(),
        20..100 if index.is_multiple_of(10) => TENS[index / 10 - 2].to_owned(),
        20..100 => format!("{} {}", TENS[index / 10 - 2], SMALL[index % 10]),
        100..1000 => compound(value / 100, "hundred", value % 100)?,
        _ => compound(value / 1000, "thousand", value % 1000)?,
    })
}

fn compound(count: i64, of: &str, rest: i64) -> Option<String> {
    let head = format!("{} {of}", words_of(count)?);
    if rest == 0 { Some(head) } else { Some(format!("{head} {}", words_of(rest)?)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tokens;

    fn whole(text: &str) -> Option<i64> {
        let words = tokens(text);
        numbers_at(&words, 0, true).iter().find(|spoken| spoken.end == words.len()).map(|spoken| spoken.value)
    }

    #[test]
    fn every_number_is_understood() {
        for value in (-1200..=1200).chain([20_000, 123_456, 999_999]) {
            assert_eq!(whole(&words_of(value).unwrap()), Some(value));
            assert_eq!(whole(&value.to_string()), Some(value));
        }
        assert_eq!(words_of(1_000_000), None);
    }

    #[test]
    fn ways_to_say_it() {
        for (text, value) in [
            ("one hundred and five", 105),
            ("a hundred", 100),
            ("a hundred and twenty-one", 121),
            ("a thousand and one", 1001),
            ("two thousand five hundred", 2500),
            ("minus twenty", -20),
            ("negative three", -3),
            ("an", 1),
            ("007", 7),
        ] {
            assert_eq!(whole(text), Some(value), "{text}");
        }
        for text in ["twenty ten", "five two", "hundred", "two hundred and", "zero thousand", "99999999999999999999"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn prefixes() {
        let words = tokens("one hundred and five minutes");
        let values: Vec<(i64, usize)> = numbers_at(&words, 0, true).iter().map(|spoken| (spoken.value, spoken.end)).collect();
        assert_eq!(values, [(1, 1), (100, 2), (105, 4)]);
    }
}
