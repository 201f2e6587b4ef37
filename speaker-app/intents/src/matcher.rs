//! Which sentences a text is: all templates at once, by sets of positions.
//!
//! A set of positions between words is the bits of a `u64`. A node maps the set of positions where it may begin to the set
//! where it may end; for a word that is one AND and one shift, since the positions of every key were found before. A node
//! distributes over its set, so there is no backtracking: a template costs its size (limited at loading), whatever was said.
//! A list's ends are remembered by position. Only for sentences that match, [`crate::best`] finds the slots.
//!
//! Articles and skip words of the text may be passed anywhere between words: `close` adds the positions after them.

use crate::best;
use crate::model::{Intents, KeyId, ListId, ListKind, Node, NodeId};
use crate::numbers::{self, Spoken};
use crate::value::Value;
use crate::words::{self, Token};

/// Words of a text: positions 0 to 63. Nobody gives a speaker a longer command.
pub(crate) const MAX_WORDS: usize = 63;

/// What a text means.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Match {
    /// The intent's name.
    pub intent: String,
    /// The slots: those that were said in the order of the sentence, then the fixed ones. A name comes once; of one that
    /// was said twice the last counts.
    pub slots: Vec<(String, Value)>,
    /// The `response:` of the sentences, if there is one.
    pub response: Option<String>,
    /// The template that matched.
    pub template: String,
}

impl Match {
    /// The value of a slot.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<&Value> {
        self.slots.iter().find(|(slot, _)| slot == name).map(|(_, value)| value)
    }
}

impl Intents {
    /// What the text means, or nothing.
    ///
    /// When several sentences match, or one in several ways, the best is the one with
    /// 1. the fewest wildcards,
    /// 2. the most letters matched literally (words of sentences and of lists' values, not numbers),
    /// 3. the fewest words that matched only by folding (plurals, "a" for 1),
    /// 4. the fewest skipped words,
    /// 5. the fewest words in wildcards,
    ///
    /// and of equals the first in the order of the files, alternatives in the order they are written, earlier slots as long
    /// as they can be. A text of more than 63 words means nothing.
    #[must_use]
    pub fn recognise(&self, text: &str) -> Option<Match> {
        let tokens = words::tokens(text);
        if tokens.is_empty() || tokens.len() > MAX_WORDS {
            return None;
        }
        let mut input = Input::new(self, tokens);
        let begin = input.close(1);
        let mut best: Option<(best::Found, usize)> = None;
        for (index, sentence) in self.sentences.iter().enumerate() {
            if input.ends(sentence.root, begin) & input.last() == 0 {
                continue;
            }
            let Some(found) = best::best(&mut input, sentence.root) else { continue };
            if best.as_ref().is_none_or(|(other, _)| found.cost < other.cost) {
                best = Some((found, index));
            }
        }
        let (found, index) = best?;
        let sentence = &self.sentences[index];
        let data = &self.data[sentence.data];
        let mut slots: Vec<(String, Value)> = Vec::new();
        for (name, value) in found.slots(&input, text) {
            slots.retain(|(other, _)| *other != name);
            slots.push((name, value));
        }
        for (name, value) in &data.slots {
            if slots.iter().all(|(other, _)| other != name) {
                slots.push((name.clone(), value.clone()));
            }
        }
        let (response, template) = (data.response.clone(), sentence.template.clone());
        Some(Match { intent: self.names[data.intent].clone(), slots, response, template })
    }
}

/// A text, prepared.
pub(crate) struct Input<'a> {
    pub(crate) intents: &'a Intents,
    pub(crate) tokens: Vec<Token>,
    /// For every key the positions before words that have it.
    at: Vec<u64>,
    /// (position, words) that may be skipped.
    skips: Vec<(usize, usize)>,
    /// For every position the numbers that begin there, once they were asked for.
    numbers: Vec<Option<Vec<Spoken>>>,
    /// For every list and position the ends, once they were asked for.
    lists: Vec<Vec<Option<u64>>>,
    /// The same of rules, so that rules within rules cost their text and not what they stand for.
    rules: Vec<Vec<Option<u64>>>,
}

impl<'a> Input<'a> {
    fn new(intents: &'a Intents, tokens: Vec<Token>) -> Self {
        let keys: Vec<Option<KeyId>> = tokens.iter().map(|token| intents.keys.get(&words::key(&token.text)).copied()).collect();
        let mut at = vec![0; intents.keys.len()];
        let mut skips = Vec::new();
        for (position, key) in keys.iter().enumerate() {
            if let Some(key) = key {
                at[key.index()] |= 1 << position;
            }
            // An article is somebody's: "cancel the" is no command that lost a word, but one that has one too few.
            if words::is_article(&tokens[position].text) && position + 1 < tokens.len() {
                skips.push((position, 1));
            }
            let starts_here = |phrase: &Vec<KeyId>| {
                keys.len() - position >= phrase.len() && phrase.iter().zip(&keys[position..]).all(|(a, b)| Some(*a) == *b)
            };
            skips.extend(intents.skips.iter().filter(|phrase| starts_here(phrase)).map(|phrase| (position, phrase.len())));
        }
        let numbers = vec![None; tokens.len()];
        Self {
            intents,
            tokens,
            at,
            skips,
            numbers,
            lists: vec![Vec::new(); intents.lists.len()],
            rules: vec![Vec::new(); intents.rule_count],
        }
    }

    /// The position after the last word, as a set.
    pub(crate) fn last(&self) -> u64 {
        1 << self.tokens.len()
    }

    /// Adds the positions that skipping reaches. Skips are in the order of their positions, so that one pass is enough.
    pub(crate) fn close(&self, mut set: u64) -> u64 {
        for &(position, length) in &self.skips {
            if set & (1 << position) != 0 {
                set |= 1 << (position + length);
            }
        }
        set
    }

    /// Where skipping from a position may lead, with the number of words skipped at the least, the position itself first.
    pub(crate) fn skipping_from(&self, position: usize) -> Vec<(usize, i64)> {
        let mut reached = vec![(position, 0)];
        for &(start, length) in &self.skips {
            if let Some(&(_, skipped)) = reached.iter().find(|(at, _)| *at == start) {
                let words = skipped + i64::try_from(length).unwrap_or(i64::MAX / 2);
                match reached.iter_mut().find(|(at, _)| *at == start + length) {
                    Some((_, other)) => *other = (*other).min(words),
                    None => reached.push((start + length, words)),
                }
            }
        }
        reached
    }

    /// Whether the word at a position has a key.
    pub(crate) fn is_at(&self, key: KeyId, position: usize) -> bool {
        self.at[key.index()] & (1 << position) != 0
    }

    /// The end of what was said from one position to another, without the skipped words at its end.
    pub(crate) fn without_skipped(&self, from: usize, mut to: usize) -> usize {
        while let Some(&(start, _)) = self.skips.iter().find(|(start, length)| start + length == to && *start > from) {
            to = start;
        }
        to
    }

    /// Where a node may end that begins in `set`, which is closed; so is the result.
    pub(crate) fn ends(&mut self, node: NodeId, set: u64) -> u64 {
        if set == 0 {
            return 0;
        }
        let intents = self.intents;
        match intents.node(node) {
            Node::Word(word) => {
                let hit = set & self.at[word.key.index()];
                let end = if hit == 0 { 0 } else { self.close(hit << 1) };
                if word.article { end | set } else { end }
            }
            Node::Seq(items) => items.iter().fold(set, |set, &item| self.ends(item, set)),
            Node::Alt(items) => items.iter().fold(0, |all, &item| all | self.ends(item, set)),
            Node::Slot { list, .. } => {
                let starts = set & (self.last() - 1);
                bits(starts).fold(0, |all, position| all | self.list_ends(*list, position))
            }
            Node::Rule { index, body, .. } => bits(set).fold(0, |all, position| all | self.rule_ends(*index, *body, position)),
        }
    }

    /// Where a rule may end that begins at a position.
    fn rule_ends(&mut self, index: usize, body: NodeId, position: usize) -> u64 {
        let count = self.tokens.len() + 1;
        let known = &mut self.rules[index];
        if known.is_empty() {
            known.resize(count, None);
        }
        if let Some(ends) = known[position] {
            return ends;
        }
        let ends = self.ends(body, 1 << position);
        self.rules[index][position] = Some(ends);
        ends
    }

    /// Where a list's value may end that begins at a position.
    fn list_ends(&mut self, list: ListId, position: usize) -> u64 {
        let count = self.tokens.len();
        let known = &mut self.lists[list.index()];
        if known.is_empty() {
            known.resize(count, None);
        }
        if let Some(ends) = known[position] {
            return ends;
        }
        let intents = self.intents;
        let ends = match &intents.list(list).kind {
            // A value begins at this very word: the positions after skipped words are in the caller's set.
            ListKind::Values(values) => values.iter().fold(0, |all, value| all | self.ends(value.node, 1 << position)),
            ListKind::Range(range) => {
                let ends = self.numbers_at(position).iter().filter(|spoken| range.contains(spoken.value));
                let ends = ends.fold(0, |all, spoken| all | 1 << spoken.end);
                self.close(ends)
            }
            // At least one word.
            ListKind::Wildcard => (self.last() | (self.last() - 1)) & !((2 << position) - 1),
        };
        self.lists[list.index()][position] = Some(ends);
        ends
    }

    /// The numbers that begin at a position.
    pub(crate) fn numbers_at(&mut self, position: usize) -> &[Spoken] {
        let with_words = self.intents.has_number_words();
        let tokens = &self.tokens;
        self.numbers[position].get_or_insert_with(|| numbers::numbers_at(tokens, position, with_words))
    }
}

/// The positions in a set.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let position = set.trailing_zeros() as usize;
        (set != 0).then(|| {
            set &= set - 1;
            position
        })
    })
}
