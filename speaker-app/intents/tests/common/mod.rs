//! The corpus: sentences, what they mean, and where hassil may differ.
#![allow(dead_code, reason = "every test takes what it needs")]

use std::collections::BTreeMap;

use saggar_intents::{Builder, Intents, Match};

/// A sentence of `corpus.txt`.
pub(crate) struct Case {
    /// The sentence.
    pub(crate) sentence: String,
    /// The intent, or nothing.
    pub(crate) intent: Option<String>,
    /// The slots.
    pub(crate) slots: BTreeMap<String, String>,
    /// Why hassil does not match it.
    pub(crate) ours_only: Option<String>,
}

/// All commands.
pub(crate) fn corpus() -> Vec<Case> {
    cases(include_str!("../corpus.txt"))
}

/// What is said after a question.
pub(crate) fn answers() -> Vec<Case> {
    cases(include_str!("../answers.txt"))
}

/// Lines are `sentence | intent | slot=value; …` and, for some, ` | ours_only: why`.
fn cases(text: &str) -> Vec<Case> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut fields = line.split('|').map(str::trim);
            let mut field = || fields.next().unwrap_or_default();
            let (sentence, intent, slots, rest) = (field(), field(), field(), field());
            Case {
                sentence: sentence.to_owned(),
                intent: Some(intent.to_owned()).filter(|intent| intent != "-"),
                slots: slots_of(slots),
                ours_only: rest.strip_prefix("ours_only:").map(|why| why.trim().to_owned()),
            }
        })
        .collect()
}

/// `a=1; b=2`.
pub(crate) fn slots_of(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split("; ").filter_map(|slot| slot.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The product's sentences.
pub(crate) fn english() -> Intents {
    Builder::new().english().and_then(Builder::build).unwrap_or_else(|error| panic!("{error}"))
}

/// The product's sentences, and what is said after a question.
pub(crate) fn english_with_answers() -> Intents {
    let builder = Builder::new().english().and_then(Builder::english_answers);
    builder.and_then(Builder::build).unwrap_or_else(|error| panic!("{error}"))
}

/// The slots of a match, as text.
pub(crate) fn slots(found: &Match) -> BTreeMap<String, String> {
    found.slots.iter().map(|(name, value)| (name.clone(), value.to_string())).collect()
}
