//! A file of sentences as it is written: YAML → plain data, nothing looked up and no template parsed.
//!
//! Keys that are not known are refused, with their line: a misspelt `sentences` must not be a silent intent. Maps keep
//! their order, since order decides between equals. This is YAML 1.2, where `on` is a word; hassil reads 1.1, where it is
//! `true` unless quoted: quote it.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::error::{Error, ErrorKind, Place};
use crate::value::Value;

/// Bytes of one file.
const MAX_BYTES: usize = 4 << 20;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) language: Option<String>,
    #[serde(default)]
    pub(crate) intents: Ordered<Intent>,
    #[serde(default)]
    pub(crate) lists: Ordered<List>,
    #[serde(default)]
    pub(crate) expansion_rules: Ordered<String>,
    #[serde(default)]
    pub(crate) skip_words: Vec<String>,
    #[serde(default)]
    pub(crate) settings: Settings,
    /// Answers are the skills' business.
    #[serde(default, rename = "responses")]
    _responses: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) ignore_whitespace: bool,
    /// hassil ignores it too.
    #[serde(default, rename = "filter_with_regex")]
    _filter_with_regex: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Intent {
    pub(crate) data: Vec<Data>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) sentences: Vec<String>,
    #[serde(default)]
    pub(crate) slots: Ordered<Value>,
    pub(crate) response: Option<String>,
    pub(crate) requires_context: Option<IgnoredAny>,
    pub(crate) excludes_context: Option<IgnoredAny>,
    pub(crate) required_keywords: Option<IgnoredAny>,
    #[serde(default)]
    pub(crate) lists: Ordered<List>,
    #[serde(default)]
    pub(crate) expansion_rules: Ordered<String>,
    #[serde(default, rename = "metadata")]
    _metadata: Option<IgnoredAny>,
    #[serde(default, rename = "settings")]
    _settings: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) values: Option<Vec<ListValue>>,
    pub(crate) range: Option<Range>,
    #[serde(default)]
    pub(crate) wildcard: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a text, or a map with `in` (a text) and `out`")]
pub(crate) enum ListValue {
    Pair {
        r#in: String,
        out: Option<Value>,
    },
    /// What is said is what it means.
    Plain(Value),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Range {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) step: Option<i64>,
    pub(crate) fractions: Option<IgnoredAny>,
    pub(crate) multiplier: Option<IgnoredAny>,
    /// What the number measures; nothing here depends on it.
    #[serde(default, rename = "type")]
    _type: Option<IgnoredAny>,
}

/// A map in the order of the file. A key that comes twice stays twice; YAML parsers refuse it before.
#[derive(Debug)]
pub(crate) struct Ordered<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Ordered::default())
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// Reads one file.
pub(crate) fn read(file: &str, text: &str) -> Result<Document, Error> {
    let fail = |kind| Error::new(kind, Place { file: file.to_owned(), ..Place::default() });
    if text.len() > MAX_BYTES {
        let (size, limit) = (text.len() as u64, MAX_BYTES as u64);
        return Err(fail(ErrorKind::TooLarge { what: "the file", size, limit, advice: "split it" }));
    }
    serde_saphyr::from_str(text).map_err(|error| fail(ErrorKind::Yaml(error.without_snippet().to_string())))
}
