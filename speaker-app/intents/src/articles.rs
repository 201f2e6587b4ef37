//! "a" is said before consonants and "an" before vowels: a grammar that lets both be said before everything hears "a oven" for "an egg".
//!
//! What is said for a node is therefore kept apart by its last word where that is an article, and what may follow one is asked for by its
//! first sound.

use crate::dictionary::Sound;

/// What is said for a node, as JSGF: nothing at all where it cannot be said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Ways that end with "a"; all without `|` outside of brackets, as in the others.
    pub(crate) a: Vec<String>,
    /// Ways that end with "an".
    pub(crate) an: Vec<String>,
    /// Other ways that are not silent.
    pub(crate) other: Vec<String>,
    /// Whether silence is a way too.
    pub(crate) silence: bool,
}

/// What must come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum First {
    /// Anything.
    Any,
    /// A word that begins with this sound, or one of which no sound is known.
    With(Sound),
}

impl First {
    /// Whether a word whose sound is this, if it is known, may come first.
    pub(crate) fn allows(self, sound: Option<Sound>) -> bool {
        match (self, sound) {
            (First::With(wanted), Some(sound)) => wanted == sound,
            _ => true,
        }
    }

    /// For the name of a rule.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            First::Any => "",
            First::With(Sound::Vowel) => "_v",
            First::With(Sound::Consonant) => "_c",
        }
    }
}

impl Said {
    pub(crate) const SILENCE: Said = Said { a: Vec::new(), an: Vec::new(), other: Vec::new(), silence: true };

    /// One way.
    pub(crate) fn words(text: String) -> Said {
        let mut said = Said::default();
        let place = match text.as_str() {
            "a" => &mut said.a,
            "an" => &mut said.an,
            _ => &mut said.other,
        };
        place.push(text);
        said
    }

    /// Whether there is no way to say it.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.silence && self.is_silent()
    }

    /// Whether it says no word.
    fn is_silent(&self) -> bool {
        self.a.is_empty() && self.an.is_empty() && self.other.is_empty()
    }

    /// Whether it may end with an article.
    pub(crate) fn has_article(&self) -> bool {
        !self.a.is_empty() || !self.an.is_empty()
    }

    /// This or that.
    pub(crate) fn or(mut self, that: Said) -> Said {
        self.a.extend(that.a);
        self.an.extend(that.an);
        self.other.extend(that.other);
        self.silence |= that.silence;
        self
    }

    /// All ways that are not silent, as alternatives.
    pub(crate) fn alternatives(&self) -> String {
        [&self.a, &self.an, &self.other].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" | ")
    }

    /// All ways, silence included, within a sequence.
    fn within(&self) -> String {
        let count = self.a.len() + self.an.len() + self.other.len();
        match (self.silence, count) {
            (_, 0) => String::new(),
            (true, _) => format!("[{}]", self.alternatives()),
            (false, 1) => self.alternatives(),
            (false, _) => format!("({})", self.alternatives()),
        }
    }

    /// All ways of one after those of another, whatever the first ends with.
    pub(crate) fn then(self, next: Said) -> Said {
        if self.is_nothing() || next.is_nothing() {
            return Said::default();
        }
        if next.is_silent() {
            return self;
        }
        if self.is_silent() {
            return next;
        }
        let silence = self.silence && next.silence;
        // Where the next says nothing, the end of this one is the end.
        let ends_here = next.silence && self.has_article();
        if !(next.has_article() || ends_here) {
            return Said { other: vec![format!("{} {}", self.within(), next.within())], silence, ..Said::default() };
        }
        let first = self.within();
        let after = |ways: &[String]| ways.iter().map(|way| format!("{first} {way}")).collect::<Vec<_>>();
        let mut said = Said { a: after(&next.a), an: after(&next.an), other: after(&next.other), silence };
        if next.silence {
            said = said.or(Said { silence: false, ..self });
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    fn said(texts: &[&str], silence: bool) -> Said {
        let words = texts.iter().map(|text| Said::words((*text).to_owned()));
        Said { silence, ..words.fold(Said::default(), Said::or) }
    }

    #[test]
    fn what_comes_last_is_kept_apart() {
        let article = said(&["a", "an", "the"], true);
        assert_eq!((article.a.len(), article.an.len(), article.other.len()), (1, 1, 1));
        let sentence = said(&["put on"], false).then(article.clone()).then(said(&["lamp", "light"], false));
        assert_eq!(sentence.other, ["(put on a | put on an | put on the | put on) (lamp | light)"]);
        assert!(!sentence.has_article());
        assert_eq!(said(&["turn"], false).then(article).an, ["turn an"]);
    }

    #[test]
    fn silence_and_nothing() {
        let optional = said(&["please"], true);
        let both = optional.clone().then(said(&["now"], true));
        assert_eq!((both.other.as_slice(), both.silence), (["[please] [now]".to_owned()].as_slice(), true));
        assert_eq!(Said::SILENCE.then(optional.clone()), optional);
        assert!(optional.then(Said::default()).is_nothing());
    }
}
