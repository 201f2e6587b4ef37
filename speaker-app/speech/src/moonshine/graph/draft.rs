//! How a graph is built from a grammar: rules put into one another, ways in any order.

use super::{Graph, SILENT, State, Word};
use crate::jsgf::Token;
use std::collections::{BTreeMap, HashMap};

/// Brackets and rules within each other, at most: strangers write grammars, too.
const DEEPEST: usize = 200;
/// Most ways of a graph: a grammar's rules may multiply.
const MOST_WAYS: usize = 2_000_000;
/// The least weight: what has none at all may be said as well.
const LEAST_WEIGHT: f32 = 1e-6;

/// A graph that is being built: ways in any order.
#[derive(Default)]
struct Draft {
    words: Vec<String>,
    numbers: HashMap<String, Word>,
    states: u32,
    ways: Vec<(State, Word, State, f32)>,
}

/// The graph of a grammar's public rule; `None` where brackets are not as they should be, a rule is missing, or there is too much of it.
pub(super) fn of_grammar(tokens: &[Token<'_>]) -> Option<Graph> {
    let mut rules = BTreeMap::new();
    let mut public = None;
    for statement in tokens.split(|token| *token == Token::Sign(';')) {
        let (is_public, body) = match statement {
            [Token::Word("public"), body @ ..] => (true, body),
            _ => (false, statement),
        };
        if let [Token::Rule(rule), Token::Sign('='), expansion @ ..] = body {
            rules.insert(*rule, expansion);
            public = if is_public { Some(expansion) } else { public };
        }
    }
    let mut draft = Draft::default();
    let (begin, end) = (draft.state(), draft.state());
    let mut rest = public?;
    draft.alternatives(&mut rest, begin, end, &rules, 0)?;
    rest.is_empty().then(|| draft.finish(begin, end))
}

/// The graph of one sentence.
pub(super) fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> Graph {
    let mut draft = Draft::default();
    let begin = draft.state();
    let end = words.fold(begin, |from, word| draft.say(from, word));
    draft.finish(begin, end)
}

impl Draft {
    fn state(&mut self) -> State {
        self.states += 1;
        State(self.states - 1)
    }

    fn way(&mut self, from: State, word: Word, to: State) -> Option<()> {
        self.ways.push((from, word, to, 0.0));
        (self.ways.len() <= MOST_WAYS).then_some(())
    }

    /// A word from a state; where it leads.
    fn say(&mut self, from: State, word: &str) -> State {
        let next = u32::try_from(self.words.len()).map_or(SILENT, Word);
        let number = *self.numbers.entry(word.to_owned()).or_insert(next);
        if number == next {
            self.words.push(word.to_owned());
        }
        let to = self.state();
        self.ways.push((from, number, to, 0.0));
        to
    }

    /// All alternatives up to a closing bracket or the end, which is left there. The weights of those that have any are compared with the greatest.
    fn alternatives(
        &mut self,
        rest: &mut &[Token<'_>],
        from: State,
        to: State,
        rules: &BTreeMap<&str, &[Token<'_>]>,
        depth: usize,
    ) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        let mut at = self.state();
        // The way into each alternative, and its weight.
        let mut weights = vec![(self.ways.len(), 1.0_f32)];
        self.way(from, SILENT, at)?;
        let mut possible = true;
        while let Some((token, after)) = rest.split_first() {
            if matches!(token, Token::Sign(')' | ']')) {
                break;
            }
            *rest = after;
            let before = at;
            match token {
                Token::Word(word) => at = self.say(at, word),
                Token::Weight(weight) => {
                    let weight = weight.parse().ok().filter(|weight| (0.0..=f32::MAX).contains(weight));
                    if let (Some(last), Some(weight)) = (weights.last_mut(), weight) {
                        last.1 = weight;
                    }
                    continue;
                }
                Token::Rule("NULL") => {}
                Token::Rule("VOID") => possible = false,
                Token::Rule(rule) => {
                    let mut expansion = *rules.get(rule)?;
                    let end = self.state();
                    self.alternatives(&mut expansion, at, end, rules, depth + 1)?;
                    at = end;
                }
                Token::Sign(open @ ('(' | '[')) => {
                    let end = self.state();
                    self.alternatives(rest, at, end, rules, depth + 1)?;
                    let close = Token::Sign(if *open == '(' { ')' } else { ']' });
                    *rest = rest.split_first().filter(|(token, _)| **token == close)?.1;
                    if *open == '[' {
                        self.way(at, SILENT, end)?;
                    }
                    at = end;
                }
                Token::Sign('|') => {
                    if possible {
                        self.way(at, SILENT, to)?;
                    }
                    (at, possible) = (self.state(), true);
                    weights.push((self.ways.len(), 1.0));
                    self.way(from, SILENT, at)?;
                    continue;
                }
                Token::Sign(_) => return None,
            }
            if let Some((Token::Sign(repeats @ ('*' | '+')), after)) = rest.split_first() {
                *rest = after;
                self.way(at, SILENT, before)?;
                // What comes next must not find the way back.
                let next = self.state();
                self.way(at, SILENT, next)?;
                if *repeats == '*' {
                    self.way(before, SILENT, next)?;
                }
                at = next;
            }
        }
        let greatest = weights.iter().map(|(_, weight)| *weight).fold(LEAST_WEIGHT, f32::max);
        for (way, weight) in weights {
            self.ways[way].3 = (weight.max(LEAST_WEIGHT) / greatest).ln();
        }
        if possible { self.way(at, SILENT, to) } else { Some(()) }
    }

    fn finish(mut self, begin: State, end: State) -> Graph {
        debug_assert_eq!(begin, State(0), "sentences begin in the first state");
        self.ways.sort_unstable_by_key(|(from, word, to, _)| (*from, *word, *to));
        let mut begins = Vec::with_capacity(self.states as usize + 1);
        let mut ways = self.ways.iter().peekable();
        let mut count = 0;
        for state in (0..self.states).map(State) {
            begins.push(count);
            while ways.next_if(|(from, ..)| *from == state).is_some() {
                count += 1;
            }
        }
        begins.push(count);
        let ways = self.ways.into_iter().map(|(_, word, to, weight)| (word, to, weight)).collect();
        Graph { words: self.words, numbers: self.numbers, begins, ways, end, ..Graph::default() }
    }
}
