//! The words that a recogniser knows how to pronounce.

use std::collections::HashSet;

/// The words of a pronunciation dictionary.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    words: HashSet<String>,
}

impl Dictionary {
    /// Reads the text of a dictionary of CMU's form: a word and its phones a line; `word(2)` is another pronunciation.
    #[must_use]
    pub fn from_cmu(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with(";;;"));
        lines.filter_map(|line| line.split_whitespace().next()).filter(|word| !word.ends_with(')')).collect()
    }

    /// Whether the word is in it. Words are lower case.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Dictionary {
    fn from_iter<I: IntoIterator<Item = S>>(words: I) -> Self {
        Self { words: words.into_iter().map(|word| word.as_ref().to_lowercase()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cmu() {
        let dictionary = Dictionary::from_cmu(";;; words\na AH\na(2) EY\na.m. EY EH M\nlight L AY T\n\n");
        assert_eq!(dictionary.len(), 3);
        assert!(dictionary.contains("a.m.") && !dictionary.contains("a(2)") && !dictionary.is_empty());
    }
}
