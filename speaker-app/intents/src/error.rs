//! What can be wrong with somebody's sentences, and where.
//!
//! Every error of this crate comes from loading: matching and writing a grammar cannot fail. An error says the file, the
//! intent (or the list, or the rule), the template, the column in it, what is wrong and what to do, because whoever reads it
//! wrote the YAML, not this program.

use std::fmt;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file is not the YAML that is expected here.
    #[error("{0}")]
    Yaml(String),
    /// Two files say different languages, or a file says none.
    #[error("{0}")]
    Language(String),
    /// A part of hassil that this crate refuses, since ignoring it would match what it must not.
    #[error("`{what}` is not supported; {advice}")]
    Unsupported {
        /// The key or the syntax.
        what: String,
        /// What to do instead.
        advice: &'static str,
    },
    /// A list is neither values, nor a range, nor a wildcard, or is empty.
    #[error("{0}")]
    List(String),
    /// A range without numbers in it, or of numbers that nobody says.
    #[error("the range from {from} to {to} step {step} {why}")]
    Range {
        /// The first number.
        from: i64,
        /// The last number.
        to: i64,
        /// The step.
        step: i64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A bracket without its partner.
    #[error("`{0}` has no partner; close it, or write `\\{0}` if it is said aloud")]
    Unbalanced(char),
    /// A list or rule reference without a sensible name.
    #[error("`{0}` is not a name; write {{list}}, {{list:slot}} or <rule>")]
    Name(String),
    /// `|` and `;` in the same group.
    #[error("`|` and `;` are mixed in one group; put brackets around the alternatives")]
    Mixed,
    /// A permutation of so many parts that its orders are too many.
    #[error("a permutation of {0} parts has too many orders; {1} parts are the most")]
    Permutation(usize, usize),
    /// A list that nobody defines.
    #[error("no list is called `{0}`; define it under `lists:`, or correct the name")]
    UnknownList(String),
    /// A rule that nobody defines.
    #[error("no rule is called `{0}`; define it under `expansion_rules:`, or correct the name")]
    UnknownRule(String),
    /// The same rule twice, with different bodies.
    #[error("the rule `{0}` is defined twice, differently; rename one of them")]
    RuleTwice(String),
    /// A rule that contains itself.
    #[error("the rule `{0}` contains itself ({1}); rules cannot be recursive")]
    RecursiveRule(String, String),
    /// Brackets or rules nested too deeply.
    #[error("nested more than {0} deep; give inner parts a rule, and rules fewer levels")]
    TooDeep(usize),
    /// A template that stands for too many sentences, or is too long.
    #[error("{what} is too large ({size}, at most {limit}); {advice}")]
    TooLarge {
        /// Which thing.
        what: &'static str,
        /// Its size.
        size: u64,
        /// The largest allowed.
        limit: u64,
        /// What to do.
        advice: &'static str,
    },
    /// Sentences of somebody who may only give some of them.
    #[error("{0}")]
    NotYours(String),
    /// A sentence or value that matches silence.
    #[error("this can be empty, so that silence would match it; make one word of it necessary")]
    Empty,
}

/// Where it is wrong. All parts are optional except the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// "intent X", "list x" or "rule x".
    pub(crate) owner: Option<String>,
    pub(crate) template: Option<String>,
    /// In characters, from 0.
    pub(crate) position: Option<usize>,
}

/// An error in somebody's sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Box<ErrorKind>,
    place: Box<Place>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, place: Place) -> Self {
        Self { kind: Box::new(kind), place: Box::new(place) }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file, as named by the caller.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.place.file
    }

    /// The intent, list or rule: `intent HassTurnOn`, `list area`, `rule the`.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.place.owner.as_deref()
    }

    /// The template (the sentence, the rule's body, the list's value).
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.place.template.as_deref()
    }

    /// The position in the template, in characters from 0.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        self.place.position
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place.file)?;
        if let Some(owner) = &self.place.owner {
            write!(f, "{owner}: ")?;
        }
        if let Some(template) = &self.place.template {
            // A hostile file may hold a megabyte on one line; an error message shows the part that matters.
            let (shown, rest) = match template.char_indices().nth(120) {
                Some((end, _)) => (&template[..end], "…"),
                None => (template.as_str(), ""),
            };
            write!(f, "\"{shown}{rest}\"")?;
            if let Some(position) = self.place.position {
                write!(f, " column {}", position + 1)?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.kind)
    }
}
