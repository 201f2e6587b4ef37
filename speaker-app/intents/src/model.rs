//! The compiled sentences: what the matcher walks and the grammar is written from.
//!
//! Invariants, by [`crate::compile`]: nodes only refer to nodes before them, so that there is no cycle; no sentence and no
//! list value is empty; a sentence written out without sharing has at most [`MAX_COST`] nodes; the graph is shallow enough
//! to be walked recursively.

use std::collections::HashMap;

use crate::value::Value;

/// Nodes that matching a sentence may visit, and arcs that the recogniser may make of it.
pub(crate) const MAX_COST: u64 = 300_000;
/// Nodes of all sentences together.
pub(crate) const MAX_NODES: usize = 2_000_000;

/// Index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(pub(crate) u32);
/// Index of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ListId(pub(crate) u32);
/// Index of a key: words with the same key match each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyId(pub(crate) u32);

macro_rules! index {
    ($($id:ident),*) => {$(
        impl $id {
            pub(crate) fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
index!(NodeId, ListId, KeyId);

/// A part of a sentence.
#[derive(Debug)]
pub(crate) enum Node {
    /// One word. An article may be missing.
    Word(Word),
    /// One after the other; empty for nothing.
    Seq(Vec<NodeId>),
    /// Any one.
    Alt(Vec<NodeId>),
    /// A list's value, which fills a slot.
    Slot { name: String, list: ListId },
    /// A rule's body. The name is for the grammar; by the index, counted from 0, the matcher remembers where it may end.
    Rule { name: String, index: usize, body: NodeId },
}

/// A word of a template.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) key: KeyId,
    pub(crate) article: bool,
    /// As [`crate::words::tokens`] gives it.
    pub(crate) text: String,
    /// As the template spells it, in lower case: the recogniser's dictionary has "a.m.".
    pub(crate) spelling: String,
}

/// A list.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) kind: ListKind,
}

#[derive(Debug)]
pub(crate) enum ListKind {
    Values(Vec<ListValue>),
    Range(Range),
    Wildcard,
}

#[derive(Debug)]
pub(crate) struct ListValue {
    pub(crate) node: NodeId,
    /// Nothing for what was said.
    pub(crate) out: Option<Value>,
}

/// The numbers `from`, `from + step`, … up to `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) step: i64,
}

impl Range {
    pub(crate) fn contains(self, value: i64) -> bool {
        // Both ends are at most a million (checked at loading), and a value at most twelve digits: no overflow.
        (self.from..=self.to).contains(&value) && (value - self.from) % self.step == 0
    }
}

/// A sentence template.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub(crate) root: NodeId,
    /// Index into [`Intents::data`].
    pub(crate) data: usize,
    pub(crate) template: String,
}

/// What the sentences of one block share.
#[derive(Debug)]
pub(crate) struct Data {
    /// Index into [`Intents::names`].
    pub(crate) intent: usize,
    pub(crate) slots: Vec<(String, Value)>,
    pub(crate) response: Option<String>,
}

/// Sentences and their meanings, ready for matching and for writing a grammar.
#[derive(Debug)]
pub struct Intents {
    pub(crate) language: String,
    pub(crate) names: Vec<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) lists: Vec<List>,
    pub(crate) rule_count: usize,
    pub(crate) data: Vec<Data>,
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) keys: HashMap<String, KeyId>,
    /// Words that may be skipped, as they are written and as keys.
    pub(crate) skip_words: Vec<String>,
    pub(crate) skips: Vec<Vec<KeyId>>,
}

impl Intents {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(crate) fn list(&self, id: ListId) -> &List {
        &self.lists[id.index()]
    }

    /// The language of the files, such as `en`.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The intents' names, in the order of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How many sentence templates there are.
    #[must_use]
    pub fn sentence_count(&self) -> usize {
        self.sentences.len()
    }

    /// Whether number words are understood: only in English, see [`crate::numbers`].
    pub(crate) fn has_number_words(&self) -> bool {
        self.language == "en" || self.language.starts_with("en-") || self.language.starts_with("en_")
    }
}
