//! The words that a recogniser knows how to pronounce.

use std::collections::HashMap;

/// The words of a pronunciation dictionary.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// With what each begins, where its pronunciation is known.
    words: HashMap<String, Option<Sound>>,
}

/// What a word begins with, when it is said: "hour" with a vowel, "one" with a consonant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sound {
    Vowel,
    Consonant,
}

impl Dictionary {
    /// Reads the text of a dictionary of CMU's form: a word and its phones a line; `word(2)` is another pronunciation.
    #[must_use]
    pub fn from_cmu(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with(";;;"));
        let words = lines.filter_map(|line| {
            let mut parts = line.split_whitespace();
            let word = parts.next().filter(|word| !word.ends_with(')'))?;
            Some((word.to_lowercase(), parts.next().map(sound_of)))
        });
        Self { words: words.collect() }
    }

    /// Whether the word is in it. Words are lower case.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// What the word begins with, where that is known.
    pub(crate) fn sound(&self, word: &str) -> Option<Sound> {
        self.words.get(word).copied().flatten()
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

/// The sound of one of CMU's phones (`AE`, `M`).
fn sound_of(phone: &str) -> Sound {
    if phone.starts_with(['A', 'E', 'I', 'O', 'U']) { Sound::Vowel } else { Sound::Consonant }
}

impl<S: AsRef<str>> FromIterator<S> for Dictionary {
    fn from_iter<I: IntoIterator<Item = S>>(words: I) -> Self {
        Self { words: words.into_iter().map(|word| (word.as_ref().to_lowercase(), None)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dictionary, Sound};

    #[test]
    fn cmu() {
        let dictionary = Dictionary::from_cmu(";;; words\na AH\na(2) EY\na.m. EY EH M\nlight L AY T\n\n");
        assert_eq!(dictionary.len(), 3);
        assert!(dictionary.contains("a.m.") && !dictionary.contains("a(2)") && !dictionary.is_empty());
        assert_eq!(
            ["a", "light", "heavy"].map(|word| dictionary.sound(word)),
            [Some(Sound::Vowel), Some(Sound::Consonant), None]
        );
    }
}
