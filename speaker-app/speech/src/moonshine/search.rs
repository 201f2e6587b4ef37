//! Which sentence of a grammar Moonshine finds likeliest: a beam search over pieces of words, of which only those are tried that a sentence
//! of the grammar may go on with.
//!
//! Capitals and the signs between words are Moonshine's own affair: it writes `Set an alarm for seven-thirty.` for `set an alarm for seven thirty`.

use super::graph::{Graph, Place};
use super::model::{Branch, Model};
use super::vocabulary::{END, GAP, Piece, Vocabulary};
use crate::error::Result;
use std::collections::BTreeSet;

/// Pieces of a sentence, at most.
const LONGEST: usize = 80;
/// Signs that may stand after a word.
const SIGNS: [&str; 4] = [",", ".", "?", "!"];
/// The sign that may stand between words in place of a space.
const HYPHEN: &str = "-";

/// Where a text is within the grammar.
#[derive(Debug, Clone)]
struct At {
    /// The place before the word that is being written.
    place: Place,
    /// What is written of it, in lower case.
    word: String,
    /// What stands before the next word.
    gap: Gap,
}

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A space is still to be written; no word has begun.
    Space,
    /// A space, where a sign would be wrong: the text begins.
    First,
    /// A hyphen was written, and no space comes.
    Hyphen,
    /// The word has begun.
    Within,
}

/// A text on its way.
struct Text {
    score: f64,
    at: At,
    words: Vec<String>,
}

/// A piece that may come next.
struct Further {
    score: f64,
    /// The text that it goes on with.
    text: usize,
    piece: Piece,
    at: At,
    /// The word that it completes.
    word: Option<String>,
}

/// A sentence that was found: its words, and the logarithm of its probability.
pub(super) type Found = (Vec<String>, f64);

/// The likeliest sentences, best first, from `begin` on; `from` is what was written before, whose last state is given.
///
/// # Errors
/// When the model fails.
pub(super) fn sentences(
    model: &mut Model,
    vocabulary: &Vocabulary,
    graph: &mut Graph,
    begin: Place,
    from: &Branch,
    width: usize,
    wanted: usize,
) -> Result<Vec<Found>> {
    let at = At { place: begin, word: String::new(), gap: Gap::First };
    let mut texts = vec![Text { score: 0.0, at, words: Vec::new() }];
    let mut branch = from.clone();
    let mut found: Vec<Found> = Vec::new();
    for _ in 0..LONGEST {
        let mut further: Vec<Further> = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            let row = branch.row(number);
            let ended = ended(graph, &text.at);
            if let Some((place, word)) = &ended
                && graph.ends(*place)
            {
                let words = text.words.iter().chain(word).cloned().collect();
                insert(&mut found, words, text.score + row.log(END));
            }
            let mut add = |piece: Piece, at: At, word: Option<String>| {
                further.push(Further { score: text.score + row.log(piece), text: number, piece, at, word });
            };
            ways(vocabulary, graph, &text.at, ended, &mut add);
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(wanted);
        let least = if found.len() == wanted { found.last().map_or(f64::MIN, |found| found.1) } else { f64::MIN };
        further.retain(|further| further.score > least);
        // Ties are broken by what is written: the same audio leads to the same sentence.
        further.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.text, a.piece).cmp(&(b.text, b.piece))));
        further.truncate(width);
        if further.is_empty() || graph.is_too_large() {
            break;
        }
        let rows: Vec<usize> = further.iter().map(|further| further.text).collect();
        let pieces: Vec<Piece> = further.iter().map(|further| further.piece).collect();
        branch = model.go_on(&branch, &rows, &pieces)?;
        texts = further
            .into_iter()
            .map(|Further { score, text, at, word, .. }| {
                let words = texts[text].words.iter().cloned().chain(word).collect();
                Text { score, at, words }
            })
            .collect();
    }
    Ok(found)
}

/// Keeps a sentence once, at its best.
fn insert(found: &mut Vec<Found>, words: Vec<String>, score: f64) {
    match found.iter_mut().find(|found| found.0 == words) {
        Some(known) => known.1 = known.1.max(score),
        None => found.push((words, score)),
    }
}

/// The place after the word that stands there, and that word; `None` where it is none yet.
fn ended(graph: &mut Graph, at: &At) -> Option<(Place, Option<String>)> {
    match at.gap {
        Gap::Within => graph.next(at.place, &at.word).map(|place| (place, Some(at.word.clone()))),
        Gap::Space => Some((at.place, None)),
        Gap::First | Gap::Hyphen => None,
    }
}

/// Tells every piece that may come next, where it leads, and the word that it completes.
fn ways(
    vocabulary: &Vocabulary,
    graph: &mut Graph,
    at: &At,
    ended: Option<(Place, Option<String>)>,
    add: &mut impl FnMut(Piece, At, Option<String>),
) {
    // The rest of a word of which something is written, or the first of one after a hyphen.
    if matches!(at.gap, Gap::Within | Gap::Hyphen) {
        let rests: BTreeSet<&str> =
            graph.words(at.place).filter_map(|word| word.strip_prefix(at.word.as_str())).flat_map(starts).collect();
        for more in rests {
            for &piece in vocabulary.spelling(more) {
                add(piece, At { place: at.place, word: format!("{}{more}", at.word), gap: Gap::Within }, None);
            }
        }
    }
    let (place, word) = match (at.gap, ended) {
        (Gap::First, _) => (at.place, None),
        (_, Some(ended)) => ended,
        (_, None) => return,
    };
    let beginnings: BTreeSet<&str> = graph.words(place).flat_map(starts).collect();
    let mut spaced = String::new();
    for begun in beginnings {
        spaced.clear();
        spaced.push(GAP);
        spaced.push_str(begun);
        for &piece in vocabulary.spelling(&spaced) {
            add(piece, At { place, word: begun.to_owned(), gap: Gap::Within }, word.clone());
        }
    }
    if at.gap == Gap::Within {
        let signs = SIGNS.iter().map(|sign| (sign, Gap::Space)).chain([(&HYPHEN, Gap::Hyphen)]);
        for (sign, gap) in signs {
            for &piece in vocabulary.spelling(sign) {
                add(piece, At { place, word: String::new(), gap }, word.clone());
            }
        }
    }
}

/// All beginnings of a text but the empty one, itself included.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, character)| &text[..at + character.len_utf8()])
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary;
    use super::*;

    /// The pieces that may follow a text within `a (pizza | p.m.) tea`, by their text and what they leave of a word.
    fn after(written: &[&str]) -> Vec<(String, String)> {
        let all = [" a", " p", "izza", "iz", "za", " Pizza", ".m.", ".", "m", "-", ",", " tea", "tea", " te", "a", " b"];
        let vocabulary = vocabulary::tests::of(&all);
        let tokens = crate::jsgf::tokens("#JSGF V1.0; grammar g; public <g> = a (pizza | p.m.) tea;").expect("JSGF");
        let mut graph = Graph::new(&tokens).expect("a grammar");
        let place = graph.begin();
        let mut at = At { place, word: String::new(), gap: Gap::First };
        let mut found = Vec::new();
        for step in 0..=written.len() {
            found.clear();
            let ended = ended(&mut graph, &at);
            ways(&vocabulary, &mut graph, &at, ended, &mut |piece, at, _| found.push((all[piece as usize - 3], at)));
            if let Some(piece) = written.get(step) {
                at = found.iter().find(|(text, _)| text == piece).expect("possible").1.clone();
            }
        }
        found.into_iter().map(|(text, at)| (text.to_owned(), at.word)).collect()
    }

    #[test]
    fn only_what_the_grammar_goes_on_with_is_tried() {
        let pairs = |expected: &[(&str, &str)]| {
            expected.iter().map(|(piece, word)| ((*piece).to_owned(), (*word).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(after(&[]), pairs(&[(" a", "a")]));
        // After a word: the next with a space, or a sign; capitals are as good.
        assert_eq!(after(&[" a"]), pairs(&[(" p", "p"), (" Pizza", "pizza"), (",", ""), (".", ""), ("-", "")]));
        assert_eq!(after(&[" a", ","]), pairs(&[(" p", "p"), (" Pizza", "pizza")]));
        // Within a word only its rest, whose dots are no signs.
        assert_eq!(after(&[" a", " p"]), pairs(&[(".", "p."), (".m.", "p.m."), ("iz", "piz"), ("izza", "pizza")]));
        assert_eq!(after(&[" a", " p", "iz"]), pairs(&[("za", "pizza")]));
        // After a hyphen there is no space.
        let hyphen = [" a", " Pizza", "-"];
        assert_eq!(after(&hyphen), pairs(&[("tea", "tea")]));
        assert_eq!(after(&[" a", " Pizza", " te"]), pairs(&[("a", "tea")]));
    }
}
