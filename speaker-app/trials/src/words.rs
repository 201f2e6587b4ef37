//! The texts of other speech, made of word lists; no text comes twice.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::error::{Result, TrialError};
use crate::random::Random;

/// Where Debian's pocketsphinx-en-us has CMU's pronouncing dictionary.
const DICTIONARY: &str = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";
/// One passage in so many has a near miss.
const NEAR_MISS_EVERY: usize = 40;
/// One passage in so many is words at random.
const WORDS_EVERY: usize = 5;
/// Words of such a passage, and sentences of one of sentences.
const WORDS: usize = 14;
const SENTENCES: usize = 3;

/// What a passage is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text that somebody wrote.
    Written,
    /// Sentences made of the lists.
    Sentences,
    /// Words of the dictionary at random.
    Words,
    /// Sentences, the first of which sounds like a wake phrase in part.
    NearMiss,
}

/// Texts without end, no one twice.
#[derive(Debug)]
pub(crate) struct Texts {
    random: Random,
    written: std::str::Lines<'static>,
    lists: HashMap<&'static str, Vec<&'static str>>,
    near: &'static str,
    dictionary: Vec<String>,
    /// Everything said so far: sentences and passages of words.
    said: HashSet<String>,
    /// What must not be said.
    phrases: Vec<String>,
    made: usize,
}

impl Texts {
    pub(crate) fn new(set: &str, phrases: &[String], seed: u64) -> Result<Self> {
        let report = set == "report";
        let (near, written) = match report {
            false => ("near work", include_str!("../../dsp/check/src/text-work.txt")),
            true => ("near report", include_str!("../../dsp/check/src/text-report.txt")),
        };
        Ok(Self {
            random: Random::named(seed, set, 0),
            written: written.lines(),
            lists: lists(),
            near,
            dictionary: dictionary(Path::new(DICTIONARY))?,
            said: HashSet::new(),
            phrases: phrases.to_vec(),
            made: 0,
        })
    }

    pub(crate) fn next(&mut self) -> (Kind, String) {
        let number = self.made;
        self.made += 1;
        if number % NEAR_MISS_EVERY == NEAR_MISS_EVERY / 2 {
            let first = self.fresh(|texts| texts.sentence(texts.near));
            let rest = self.sentences(SENTENCES - 1);
            return (Kind::NearMiss, format!("{first} {rest}"));
        }
        if number % WORDS_EVERY == WORDS_EVERY - 1 {
            return (Kind::Words, self.fresh(Self::words));
        }
        match self.written.next() {
            Some(text) => (Kind::Written, text.to_owned()),
            None => (Kind::Sentences, self.sentences(SENTENCES)),
        }
    }

    fn sentences(&mut self, count: usize) -> String {
        let sentences: Vec<String> = (0..count).map(|_| self.fresh(|texts| texts.sentence("sentence"))).collect();
        sentences.join(" ")
    }

    /// Something that was not said before and has no wake phrase in it.
    fn fresh(&mut self, make: impl Fn(&mut Self) -> String) -> String {
        loop {
            let text = make(self);
            let plain = plain(&text);
            if !self.phrases.iter().any(|phrase| plain.contains(phrase)) && self.said.insert(plain) {
                return text;
            }
        }
    }

    fn words(&mut self) -> String {
        let mut words: Vec<String> = Vec::new();
        for _ in 0..WORDS {
            words.extend(self.random.one_of(&self.dictionary).cloned());
        }
        words.join(" ")
    }

    /// A template of a section, with a word for each name in braces.
    fn sentence(&mut self, section: &str) -> String {
        let mut text = String::new();
        let mut rest = self.one_of(section);
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            text.push_str(before);
            text.push_str(self.one_of(name));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn one_of(&mut self, section: &str) -> &'static str {
        let list = self.lists.get(section).map_or(&[][..], Vec::as_slice);
        self.random.one_of(list).copied().unwrap_or("")
    }
}

/// Lower case, and nothing but words.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The sections of the committed lists.
fn lists() -> HashMap<&'static str, Vec<&'static str>> {
    let mut lists: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut section = "";
    for line in include_str!("../sets/words.txt").lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if !line.is_empty() && !line.starts_with('#') {
            lists.entry(section).or_default().extend(line.split(" | "));
        }
    }
    lists
}

/// Words of the dictionary that a text can have: letters only, and long enough to be no abbreviation.
fn dictionary(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|source| TrialError::Dictionary { path: path.to_owned(), source })?;
    let words = text.lines().filter_map(|line| line.split_whitespace().next());
    let words = words.filter(|word| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    Ok(words.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Texts, plain};
    use std::collections::HashSet;

    #[test]
    fn nothing_is_said_twice_and_no_phrase_at_all() {
        for set in ["work", "report"] {
            let phrases = ["okay jarvis".to_owned(), "hey computer".to_owned()];
            let mut texts = Texts::new(set, &phrases, 3).expect("pocketsphinx-en-us is installed");
            let mut seen = HashSet::new();
            let mut near = 0;
            for _ in 0..2_000 {
                let (kind, text) = texts.next();
                let plain = plain(&text);
                assert!(!text.contains(['{', '}']) && !text.contains("  "), "{text}");
                assert!(phrases.iter().all(|phrase| !plain.contains(phrase.as_str())), "{text}");
                assert!(plain.split(' ').count() > 10, "{text}");
                assert!(seen.insert(plain), "{text}");
                near += usize::from(kind == Kind::NearMiss);
            }
            assert_eq!(near, 50);
        }
    }

    #[test]
    fn texts_follow_from_the_seed() {
        let take = |seed| {
            let mut texts = Texts::new("work", &[], seed).expect("pocketsphinx-en-us is installed");
            (0..60).map(|_| texts.next().1).collect::<Vec<_>>()
        };
        assert_eq!(take(3), take(3));
        assert_ne!(take(3)[30..], take(4)[30..]);
    }
}
