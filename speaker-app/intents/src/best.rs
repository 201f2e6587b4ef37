//! The best way in which a sentence matches: its slots.
//!
//! [`crate::matcher`] said that the sentence matches; this repeats it for one sentence, with costs. A cost is compared as a
//! whole, its parts by importance, and added part by part: adding keeps the order, so that of the ways from one position to
//! another only the best need be remembered. Ways are remembered by node and position: polynomial, as the matcher is.

use std::collections::HashMap;
use std::rc::Rc;

use crate::matcher::{Input, MAX_WORDS};
use crate::model::{ListKind, Node, NodeId, Word};
use crate::value::Value;
use crate::words::Token;

/// Wildcards, letters matched (negative), words folded, words skipped, words in wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Cost([i64; 5]);

impl Cost {
    const WILDCARD: usize = 0;
    const LETTERS: usize = 1;
    const FOLDED: usize = 2;
    const SKIPPED: usize = 3;
    const WILD_WORDS: usize = 4;

    fn of(part: usize, amount: i64) -> Self {
        let mut cost = Self::default();
        cost.0[part] = amount;
        cost
    }

    fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part] + other.0[part]))
    }

    /// A word of the text taken for a word of the template.
    fn word(word: &Word, token: &Token) -> Self {
        let letters = i64::try_from(token.text.chars().count()).unwrap_or(i64::MAX / 128);
        let mut cost = Self::of(Self::LETTERS, -letters);
        cost.0[Self::FOLDED] = i64::from(word.text != token.text);
        cost
    }
}

/// A slot that was filled, and those before it.
struct Filled {
    name: String,
    value: Filling,
    before: Slots,
}

type Slots = Option<Rc<Filled>>;

enum Filling {
    Value(Value),
    /// What was said between two words.
    Said(usize, usize),
}

/// A way from one position to another.
#[derive(Clone)]
struct Way {
    end: usize,
    cost: Cost,
    /// The slots from where the search began, latest first. Shared between ways.
    slots: Slots,
}

/// The best way through a whole sentence.
pub(crate) struct Found {
    pub(crate) cost: Cost,
    slots: Slots,
}

impl Found {
    /// The slots in the order in which they were said.
    pub(crate) fn slots(&self, input: &Input<'_>, text: &str) -> Vec<(String, Value)> {
        let mut slots = Vec::new();
        let mut next = &self.slots;
        while let Some(filled) = next {
            let value = match &filled.value {
                Filling::Value(value) => value.clone(),
                Filling::Said(from, to) => Value::Text(text[input.tokens[*from].start..input.tokens[*to - 1].end].to_owned()),
            };
            slots.push((filled.name.clone(), value));
            next = &filled.before;
        }
        slots.reverse();
        slots
    }
}

/// The best way in which a sentence is the whole text.
pub(crate) fn best(input: &mut Input<'_>, root: NodeId) -> Option<Found> {
    let mut search = Search { input, known: HashMap::new() };
    let starts = search.skipped(Way { end: 0, cost: Cost::default(), slots: None });
    let ways = search.after(&starts, root);
    let count = search.input.tokens.len();
    ways.into_iter().find(|way| way.end == count).map(|way| Found { cost: way.cost, slots: way.slots })
}

struct Search<'i, 'a> {
    input: &'i mut Input<'a>,
    known: HashMap<(NodeId, usize), Rc<Vec<Way>>>,
}

/// For every end the best way; the first of equals.
#[derive(Default)]
struct Ways(Vec<Way>);

impl Ways {
    fn add(&mut self, way: Way) {
        match self.0.iter_mut().find(|other| other.end == way.end) {
            Some(other) if way.cost < other.cost => *other = way,
            Some(_) => {}
            None => self.0.push(way),
        }
    }

    /// Longest first, so that of equals the one whose earlier parts are longer is the first.
    fn done(mut self) -> Vec<Way> {
        debug_assert!(self.0.len() <= MAX_WORDS + 1);
        self.0.sort_by_key(|way| std::cmp::Reverse(way.end));
        self.0
    }
}

impl Search<'_, '_> {
    /// A way, and the ways that skip words after it.
    fn skipped(&self, way: Way) -> Vec<Way> {
        let reached = self.input.skipping_from(way.end).into_iter();
        reached
            .map(|(end, words)| {
                let cost = way.cost.plus(Cost::of(Cost::SKIPPED, words));
                Way { end, cost, slots: way.slots.clone() }
            })
            .collect()
    }

    /// Continues ways with a node.
    fn after(&mut self, ways: &[Way], node: NodeId) -> Vec<Way> {
        let mut all = Ways::default();
        for way in ways {
            for next in self.from(node, way.end).iter() {
                let slots = append(&way.slots, &next.slots);
                all.add(Way { end: next.end, cost: way.cost.plus(next.cost), slots });
            }
        }
        all.done()
    }

    /// The ways of a node from a position.
    fn from(&mut self, node: NodeId, position: usize) -> Rc<Vec<Way>> {
        if let Some(known) = self.known.get(&(node, position)) {
            return Rc::clone(known);
        }
        let here = Way { end: position, cost: Cost::default(), slots: None };
        let mut ways = Ways::default();
        let intents = self.input.intents;
        // The cheap test first: most nodes do not match where they are tried.
        if self.input.ends(node, 1 << position) != 0 {
            match intents.node(node) {
                Node::Word(word) => {
                    let token = self.input.tokens.get(position);
                    if let Some(token) = token.filter(|_| self.input.is_at(word.key, position)) {
                        let way = Way { end: position + 1, cost: Cost::word(word, token), slots: None };
                        self.skipped(way).into_iter().for_each(|way| ways.add(way));
                    }
                    if word.article {
                        ways.add(here);
                    }
                }
                Node::Seq(items) => {
                    let mut so_far = vec![here];
                    for &item in items {
                        so_far = self.after(&so_far, item);
                    }
                    ways.0 = so_far;
                }
                Node::Alt(items) => {
                    for &item in items {
                        self.from(item, position).iter().for_each(|way| ways.add(way.clone()));
                    }
                }
                Node::Slot { .. } => self.slot(node, position, &mut ways),
                Node::Rule { body, .. } => ways.0 = self.from(*body, position).to_vec(),
            }
        }
        let ways = Rc::new(ways.done());
        self.known.insert((node, position), Rc::clone(&ways));
        ways
    }

    /// The ways to fill a slot.
    fn slot(&mut self, node: NodeId, position: usize, ways: &mut Ways) {
        let intents = self.input.intents;
        let Node::Slot { name, list } = intents.node(node) else { return };
        let count = self.input.tokens.len();
        let fill = |value, before| Some(Rc::new(Filled { name: name.clone(), value, before }));
        match &intents.list(*list).kind {
            ListKind::Values(values) => {
                for value in values {
                    for way in self.from(value.node, position).iter() {
                        let filling = match &value.out {
                            Some(out) => Filling::Value(out.clone()),
                            None => Filling::Said(position, self.input.without_skipped(position, way.end)),
                        };
                        ways.add(Way { slots: fill(filling, way.slots.clone()), ..*way });
                    }
                }
            }
            ListKind::Range(range) => {
                for spoken in self.input.numbers_at(position).to_vec() {
                    if range.contains(spoken.value) {
                        let slots = fill(Filling::Value(Value::Integer(spoken.value)), None);
                        let cost = Cost::of(Cost::FOLDED, i64::from(spoken.article));
                        self.skipped(Way { end: spoken.end, cost, slots }).into_iter().for_each(|way| ways.add(way));
                    }
                }
            }
            ListKind::Wildcard => {
                for end in position + 1..=count {
                    let mut cost = Cost::of(Cost::WILDCARD, 1);
                    cost.0[Cost::WILD_WORDS] = i64::try_from(end - position).unwrap_or(i64::MAX / 128);
                    ways.add(Way { end, cost, slots: fill(Filling::Said(position, end), None) });
                }
            }
        }
    }
}

/// The slots of `later` after those of `earlier`. Slots are few; most often one of the two is empty.
fn append(earlier: &Slots, later: &Slots) -> Slots {
    match (earlier, later) {
        (None, _) => later.clone(),
        (_, None) => earlier.clone(),
        (Some(_), Some(filled)) => {
            let value = match &filled.value {
                Filling::Value(value) => Filling::Value(value.clone()),
                Filling::Said(from, to) => Filling::Said(*from, *to),
            };
            Some(Rc::new(Filled { name: filled.name.clone(), value, before: append(earlier, &filled.before) }))
        }
    }
}
