//! A range of numbers as JSGF: structured by tens and hundreds, not one alternative a number.
//!
//! 0 to 999 is some forty words this way. With a step the grammar still says every number between (unless they are few): the
//! matcher refuses the others, and a grammar of every fifth number would be larger than one of all.
//!
//! Whole tens have JSGF's weight 4: "fifty percent" is said more often than fifteen or fifty three, which sound like it.

use std::fmt::Write;

use crate::model::Range;
use crate::numbers::{self, SMALL, TENS};

/// With a step, so many numbers are written out at most.
const MAX_LISTED: i64 = 120;

/// Rules that every grammar with numbers has; [`of`] refers to them.
pub(crate) const RULES: &str = "\
<n_1_9> = one | two | three | four | five | six | seven | eight | nine;
<n_1_19> = <n_1_9> | ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen;
<n_tens> = twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety;
<n_1_99> = <n_1_19> | /4/ <n_tens> | <n_tens> <n_1_9>;
<n_1_999> = <n_1_99> | ((<n_1_9> | a) hundred) [[and] <n_1_99>];
";

/// The numbers of a range, as alternatives.
pub(crate) fn of(range: Range) -> String {
    let mut out = Vec::new();
    let count = (range.to - range.from) / range.step + 1;
    if range.step > 1 && count <= MAX_LISTED {
        let numbers = (0..count).filter_map(|index| numbers::words_of(range.from + index * range.step));
        return numbers.collect::<Vec<_>>().join(" | ");
    }
    if range.from < 0 {
        let mut negative = Vec::new();
        between(1.max(-range.to), -range.from, &mut negative);
        out.push(format!("minus ({})", negative.join(" | ")));
    }
    if range.to >= 0 {
        between(range.from.max(0), range.to, &mut out);
    }
    out.join(" | ")
}

/// The numbers from `from` (at least 0) to `to`.
fn between(from: i64, to: i64, out: &mut Vec<String>) {
    if from > to {
        return;
    }
    // Whole parts by their rule, which is shorter and the same words.
    match (from, to) {
        (0, 1..) => {
            out.push(SMALL[0].to_owned());
            return between(1, to, out);
        }
        (1, 9) => return out.push("<n_1_9>".to_owned()),
        (1, 19) => return out.push("<n_1_19>".to_owned()),
        (1, 99) => return out.push("<n_1_99>".to_owned()),
        (1, 999) => return out.push("<n_1_999>".to_owned()),
        (1, 20..) => {
            let whole = [999, 99, 19].into_iter().find(|&end| end <= to).unwrap_or(19);
            between(1, whole, out);
            return between(whole + 1, to, out);
        }
        _ => {}
    }
    let small = usize::try_from(from).unwrap_or(0)..=usize::try_from(to.min(19)).unwrap_or(0);
    if from < 20 {
        out.extend(SMALL[small].iter().map(|&word| word.to_owned()));
        return between(20, to, out);
    }
    let (size, end) = if from < 100 {
        (10, 99)
    } else if from < 1000 {
        (100, 999)
    } else {
        (1000, numbers::MAX)
    };
    parts(from, to.min(end), size, out);
    between(end + 1, to, out);
}

/// Numbers from 20 by tens, from 100 by hundreds, from 1000 by thousands: whole parts together, partial ones by themselves.
fn parts(from: i64, to: i64, size: i64, out: &mut Vec<String>) {
    let first_whole = (from + size - 1) / size;
    let after_whole = (to + 1) / size;
    if first_whole > after_whole || first_whole == after_whole && from % size != 0 && from / size == to / size {
        return part(from / size, size, from % size, to % size, out);
    }
    if from % size != 0 {
        part(from / size, size, from % size, size - 1, out);
    }
    if first_whole < after_whole {
        let heads = heads(first_whole, after_whole - 1, size);
        out.push(match size {
            10 => format!("/4/ ({heads}) | ({heads}) <n_1_9>"),
            100 => format!("({heads}) hundred [[and] <n_1_99>]"),
            _ => format!("({heads}) thousand [[and] <n_1_999>]"),
        });
    }
    if (to + 1) % size != 0 {
        part(to / size, size, 0, to % size, out);
    }
}

/// The numbers from `head * size + from` to `head * size + to`.
fn part(head: i64, size: i64, from: i64, to: i64, out: &mut Vec<String>) {
    let mut rest = Vec::new();
    between(from.max(1), to, &mut rest);
    let mut text = format!("({})", heads(head, head, size));
    text.push_str(match size {
        10 => "",
        100 => " hundred",
        _ => " thousand",
    });
    let and = if size == 10 { "" } else { "[and] " };
    let rest = rest.join(" | ");
    // Writing to a String cannot fail.
    let _ = match (from, rest.is_empty()) {
        (_, true) => Ok(()),
        (0, false) => write!(text, " [{and}({rest})]"),
        _ => write!(text, " {and}({rest})"),
    };
    out.push(text);
}

/// What is said before "hundred", or the tens themselves.
fn heads(from: i64, to: i64, size: i64) -> String {
    let mut out = Vec::new();
    if size == 10 {
        let tens = usize::try_from(from - 2).unwrap_or(0)..=usize::try_from(to - 2).unwrap_or(0);
        return TENS[tens].join(" | ");
    }
    between(from, to, &mut out);
    if from == 1 {
        out.push("a".to_owned());
    }
    out.join(" | ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::numbers::numbers_at;
    use crate::words::tokens;

    /// All sentences of an expression of this file's own making: words, rules, `|`, `( )`, `[ ]`.
    fn sentences(text: &str) -> BTreeSet<String> {
        let spaced = text.replace(['(', ')', '[', ']', '|'], " $0 ");
        let mut marked = String::new();
        for (index, part) in spaced.split("$0").enumerate() {
            let mark = text.chars().filter(|c| "()[]|".contains(*c)).nth(index);
            marked.push_str(part);
            marked.extend(mark);
        }
        let words: Vec<&str> = marked.split_whitespace().collect();
        let (all, end) = alternatives(&words, 0);
        assert_eq!(end, words.len(), "{text}");
        all
    }

    fn alternatives(words: &[&str], mut at: usize) -> (BTreeSet<String>, usize) {
        let mut all = BTreeSet::new();
        let mut so_far = BTreeSet::from([String::new()]);
        loop {
            let part = match words.get(at).copied() {
                None | Some(")" | "]") => {
                    all.extend(so_far);
                    return (all, at);
                }
                Some("|") => {
                    all.extend(std::mem::replace(&mut so_far, BTreeSet::from([String::new()])));
                    at += 1;
                    continue;
                }
                Some(open @ ("(" | "[")) => {
                    let (mut inside, end) = alternatives(words, at + 1);
                    if open == "[" {
                        inside.insert(String::new());
                    }
                    at = end;
                    inside
                }
                Some(rule) if rule.starts_with('<') => {
                    let line = RULES.lines().find(|line| line.starts_with(rule)).unwrap_or_else(|| panic!("{rule}"));
                    sentences(line.split_once(" = ").unwrap().1.trim_end_matches(';'))
                }
                // A weight says nothing.
                Some(word) if word.starts_with('/') => BTreeSet::from([String::new()]),
                Some(word) => BTreeSet::from([word.to_owned()]),
            };
            at += 1;
            so_far =
                so_far.iter().flat_map(|head| part.iter().map(move |tail| format!("{head} {tail}").trim().to_owned())).collect();
        }
    }

    fn numbers_of(from: i64, to: i64, step: i64) -> BTreeSet<i64> {
        let said = sentences(&of(Range { from, to, step }));
        said.iter()
            .map(|text| {
                let words = tokens(text);
                let whole = numbers_at(&words, 0, true).into_iter().find(|spoken| spoken.end == words.len());
                whole.unwrap_or_else(|| panic!("{text:?} in {from}..{to} is no number")).value
            })
            .collect()
    }

    #[test]
    fn exactly_the_range() {
        for (from, to) in [
            (0, 0),
            (0, 100),
            (1, 12),
            (0, 59),
            (1, 24),
            (5, 8),
            (17, 23),
            (21, 24),
            (30, 39),
            (1, 99),
            (1, 100),
            (0, 999),
            (37, 412),
            (150, 160),
            (99, 101),
            (100, 199),
            (150, 350),
            (-20, 50),
            (-7, -3),
            (-100, 0),
            (200, 299),
            (1, 1000),
            (995, 1105),
            (1999, 2001),
            (20, 20),
            (110, 110),
        ] {
            assert_eq!(numbers_of(from, to, 1), (from..=to).collect(), "{from}..{to}");
        }
        assert_eq!(numbers_of(0, 100, 5), (0..=20).map(|index| index * 5).collect());
    }

    #[test]
    fn random_ranges() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..150 {
            let from = random.i64(-150..1500);
            let to = from + random.i64(0..300);
            assert_eq!(numbers_of(from, to, 1), (from..=to).collect(), "{from}..{to}");
        }
    }

    #[test]
    fn compact() {
        assert!(of(Range { from: 0, to: 999, step: 1 }).len() < 30);
        assert!(of(Range { from: 0, to: 999_999, step: 1 }).len() < 200);
    }
}
