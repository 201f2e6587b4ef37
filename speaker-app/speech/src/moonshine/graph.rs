//! A grammar as a graph of words, in which a search keeps its place.
//!
//! The rules are put into one another; a place is the set of all the states that the words so far may have led to. Sets are found when a search
//! first comes to them, and kept. Weights do not count in a search, but tell how much is expected of a sentence ([`Graph::expects`]).

mod draft;

use crate::jsgf::Token;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A state of the graph.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct State(u32);
/// A word's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Word(u32);
/// A place: the number of a set of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u32);

/// In place of a word where a way has none.
const SILENT: Word = Word(u32::MAX);
/// States in all places that are kept; beyond that all are found anew: 16 MB.
const MOST_KEPT: usize = 4_000_000;
/// States that a search may look at: a fraction of a second. The product's own sentences take some ten thousand.
const MOST_VISITED: usize = 5_000_000;
/// Ways that one sentence's weight may take to find: some hundredths of a second. The product's own sentences take some 10,000.
const MOST_WEIGHED: usize = 1_000_000;
/// Words that may follow each other at one place: all of them are tried at every step.
const MOST_FOLLOWING: usize = 5_000;

/// The graph, and the places found in it.
#[derive(Debug, Default)]
pub(super) struct Graph {
    words: Vec<String>,
    numbers: HashMap<String, Word>,
    /// Where a state's ways begin in `ways`; one more at the end.
    begins: Vec<u32>,
    /// A word, the state that it leads to, and the logarithm of the way's weight.
    ways: Vec<(Word, State, f32)>,
    end: State,
    places: Vec<Found>,
    known: HashMap<Arc<[State]>, Place>,
    /// States in all places.
    kept: usize,
    /// States that this search has looked at.
    visited: usize,
    /// Whether it was too much for a search: once and for all.
    is_too_large: bool,
}

/// A place that was found.
#[derive(Debug)]
struct Found {
    states: Arc<[State]>,
    /// The words that may follow, sorted, and where they lead; once they were asked for.
    follow: Option<Vec<(Word, Place)>>,
}

impl Graph {
    /// The graph of a grammar's public rule; `None` where brackets are not as they should be, a rule is missing, or there is too much of it.
    pub(super) fn new(tokens: &[Token<'_>]) -> Option<Graph> {
        draft::of_grammar(tokens)
    }

    /// The graph of one sentence.
    pub(super) fn line<'a>(words: impl Iterator<Item = &'a str>) -> Graph {
        draft::of_words(words)
    }

    /// The place where sentences begin. A search begins with it, and places of earlier ones are none any more.
    pub(super) fn begin(&mut self) -> Place {
        self.visited = 0;
        if self.kept > MOST_KEPT {
            self.places.clear();
            self.known.clear();
            self.kept = 0;
        }
        // The beginning is the first place of all, and the first state.
        if self.places.is_empty() { self.place(vec![State(0)]) } else { Place(0) }
    }

    /// Whether a search found the graph too large to follow; what it told from then on is worth nothing.
    pub(super) fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// The place after more words; `None` where they cannot be said.
    pub(super) fn after<'a>(&mut self, place: Place, words: impl Iterator<Item = &'a str>) -> Option<Place> {
        let mut at = place;
        for word in words {
            at = self.next(at, word)?;
        }
        Some(at)
    }

    /// The place after a word; `None` where it cannot be said.
    pub(super) fn next(&mut self, place: Place, word: &str) -> Option<Place> {
        let word = *self.numbers.get(word)?;
        let follow = self.follow(place);
        follow.binary_search_by_key(&word, |(word, _)| *word).ok().map(|at| follow[at].1)
    }

    /// The words that may follow.
    pub(super) fn words(&mut self, place: Place) -> impl Iterator<Item = &str> {
        self.follow(place);
        let follow = self.places[place.0 as usize].follow.as_deref().unwrap_or_default();
        follow.iter().map(|(word, _)| self.words[word.0 as usize].as_str())
    }

    /// Whether a sentence may end here.
    pub(super) fn ends(&self, place: Place) -> bool {
        self.places[place.0 as usize].states.binary_search(&self.end).is_ok()
    }

    /// How much less is expected of a sentence than of others, by the weights of its likeliest way: a logarithm, at most 0; `None` where it cannot be
    /// said, or where too much would have to be looked at.
    pub(super) fn expects<'a>(&self, words: impl Iterator<Item = &'a str>) -> Option<f64> {
        let mut visited = 0;
        let mut reached = self.silently(BTreeMap::from([(State(0), 0.0)]), &mut visited)?;
        for word in words {
            let word = self.numbers.get(word)?;
            let mut next = BTreeMap::new();
            for (state, score) in reached {
                visited += self.ways_from(state).len();
                for (_, to, weight) in self.ways_from(state).iter().filter(|(said, ..)| said == word) {
                    better(&mut next, *to, score + weight);
                }
            }
            reached = self.silently(next, &mut visited)?;
        }
        reached.get(&self.end).copied().map(f64::from)
    }

    /// These states and those reached from them without a word, each by its best way.
    fn silently(&self, mut best: BTreeMap<State, f32>, visited: &mut usize) -> Option<BTreeMap<State, f32>> {
        let mut changed: Vec<State> = best.keys().copied().collect();
        while let Some(state) = changed.pop() {
            *visited += 1 + self.ways_from(state).len();
            if *visited > MOST_WEIGHED {
                return None;
            }
            let score = best[&state];
            for (_, to, weight) in self.ways_from(state).iter().filter(|(word, ..)| *word == SILENT) {
                // No weight is above 0, so a circle is never better.
                if better(&mut best, *to, score + weight) {
                    changed.push(*to);
                }
            }
        }
        Some(best)
    }

    fn follow(&mut self, place: Place) -> &[(Word, Place)] {
        let at = place.0 as usize;
        if self.places[at].follow.is_none() {
            let mut targets: BTreeMap<Word, Vec<State>> = BTreeMap::new();
            for &state in self.places[at].states.iter() {
                for &(word, to, _) in self.ways_from(state) {
                    if word != SILENT {
                        targets.entry(word).or_default().push(to);
                    }
                }
            }
            self.is_too_large |= targets.len() > MOST_FOLLOWING;
            let mut follow = Vec::new();
            for (word, states) in targets {
                if self.is_too_large {
                    break;
                }
                follow.push((word, self.place(states)));
            }
            self.places[at].follow = Some(follow);
        }
        self.places[at].follow.as_deref().unwrap_or_default()
    }

    fn ways_from(&self, state: State) -> &[(Word, State, f32)] {
        let at = state.0 as usize;
        &self.ways[self.begins[at] as usize..self.begins[at + 1] as usize]
    }

    /// The number of the place of these states and those reached from them without a word.
    fn place(&mut self, states: Vec<State>) -> Place {
        let mut reached = states;
        let mut all = BTreeSet::new();
        while let Some(state) = reached.pop() {
            if all.insert(state) {
                reached.extend(self.ways_from(state).iter().filter(|(word, ..)| *word == SILENT).map(|(_, to, _)| *to));
            }
        }
        self.visited += all.len();
        // States that only lead on silently tell nothing.
        let tells = |state: &State| *state == self.end || self.ways_from(*state).iter().any(|(word, ..)| *word != SILENT);
        let states: Arc<[State]> = all.into_iter().filter(tells).collect();
        if let Some(place) = self.known.get(&states) {
            return *place;
        }
        self.kept += states.len();
        self.is_too_large |= self.visited > MOST_VISITED || self.kept > MOST_KEPT + MOST_VISITED;
        // Fewer than states were visited.
        let place = Place(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        self.known.insert(Arc::clone(&states), place);
        self.places.push(Found { states, follow: None });
        place
    }
}

/// Keeps a state's better score; whether it is this.
fn better(best: &mut BTreeMap<State, f32>, state: State, score: f32) -> bool {
    let is_better = best.get(&state).is_none_or(|old| score > *old);
    if is_better {
        best.insert(state, score);
    }
    is_better
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jsgf::tokens;

    fn graph(rules: &str) -> Option<Graph> {
        Graph::new(&tokens(&format!("#JSGF V1.0;\ngrammar g;\n{rules}")).ok()?)
    }

    fn accepts(graph: &mut Graph, sentence: &str) -> bool {
        let begin = graph.begin();
        graph.after(begin, sentence.split_whitespace()).is_some_and(|place| graph.ends(place))
    }

    #[test]
    fn what_a_grammar_says_and_nothing_else() {
        let rules = "<n> = one | /0.5/ two; public <s> = [please] (stop | play <n> [more] | go <n>+ on*);";
        let mut graph = graph(rules).expect("a grammar");
        for right in ["stop", "please stop", "play one", "play two more", "go one", "go one two one on on", "please go two"] {
            assert!(accepts(&mut graph, right), "{right}");
        }
        for wrong in ["", "please", "play", "play more", "go", "go on", "go one on one", "stop stop", "one", "unheard of"] {
            assert!(!accepts(&mut graph, wrong), "{wrong}");
        }
        let begin = graph.begin();
        let mut first: Vec<&str> = graph.words(begin).collect();
        first.sort_unstable();
        assert_eq!(first, ["go", "play", "please", "stop"]);
    }

    #[test]
    fn weights_tell_what_is_expected() {
        let rules = "<n> = /0.5/ one | /0.25/ two | three; public <s> = [please] (go <n>+ | /4/ (two | /0/ one)* | go two | two+ <VOID>);";
        let graph = graph(rules).expect("a grammar");
        let expects = |sentence: &str| graph.expects(sentence.split_whitespace());
        // "go two" by its likelier way, and what has no weight is worth one.
        for (sentence, right) in [
            ("go three", 0.25),
            ("go one", 0.125),
            ("please go two", 0.25),
            ("go one one", 0.0625),
            ("two two", 1.0),
            ("", 1.0),
            ("one", 1e-6),
        ] {
            let found = expects(sentence).expect(sentence);
            assert!((found - f64::ln(right)).abs() < 1e-3, "{sentence}: {found}");
        }
        for wrong in ["go", "three", "go now"] {
            assert_eq!(expects(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn special_rules() {
        let mut graph = graph("public <s> = a (<NULL> | b) | c <VOID> | <VOID> | d;").expect("a grammar");
        for (sentence, right) in [("a", true), ("a b", true), ("c", false), ("d", true), ("", false)] {
            assert_eq!(accepts(&mut graph, sentence), right, "{sentence}");
        }
    }

    #[test]
    fn one_sentence() {
        let mut graph = Graph::line("stop the stop".split(' '));
        assert!(accepts(&mut graph, "stop the stop") && !accepts(&mut graph, "stop the") && !accepts(&mut graph, "stop"));
    }

    #[test]
    fn what_is_wrong_or_too_much_is_refused() {
        for wrong in
            ["public <s> = (a;", "public <s> = a);", "public <s> = (a];", "public <s> = <b>;", "<s> = a;", "public <s> = a = b;"]
        {
            assert!(graph(wrong).is_none(), "{wrong}");
        }
        let mut rules = "<r0> = a b c d e f g h;".to_owned();
        for rule in 1..8 {
            let inner = format!("<r{}> ", rule - 1);
            rules += &format!("<r{rule}> = {};", inner.repeat(8));
        }
        assert!(graph(&format!("{rules} public <s> = <r7>;")).is_none());
        assert!(graph(&format!("public <s> = {}a;", "(".repeat(100_000))).is_none());
        // A rule within itself ends as well.
        assert!(graph("public <s> = a <s>;").is_none());
    }

    #[test]
    fn nothing_may_be_repeated() {
        let mut graph = graph("public <s> = a <NULL>* b;").expect("a grammar");
        assert!(accepts(&mut graph, "a b") && !accepts(&mut graph, "a"));
    }

    #[test]
    fn what_no_search_can_follow_is_known_for_it() {
        let words = |letter: char, more: &str| {
            let all: Vec<String> = (0..4_000).map(|number| format!("{letter}{number}{more}")).collect();
            all.join(" | ")
        };
        // After each of thousands of words the same thousands of states, and with one of its own each time.
        for more in ["", " [again]"] {
            let mut graph = graph(&format!("public <s> = ({}) ({});", words('a', more), words('b', ""))).expect("a grammar");
            assert!(!accepts(&mut graph, "a1 b1"));
            assert!(graph.is_too_large());
            assert!(graph.kept < MOST_KEPT + MOST_VISITED);
        }
        let mut wide = graph(&format!("public <s> = {} | {};", words('a', ""), words('b', ""))).expect("a grammar");
        assert!(!accepts(&mut wide, "a1") && wide.is_too_large());
        let mut narrow = graph(&format!("public <s> = {};", words('a', ""))).expect("a grammar");
        assert!(accepts(&mut narrow, "a1") && !narrow.is_too_large());
    }
}
