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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    /// The place before the word that is being written.
    place: Place,
    /// What is written of it, in lower case.
    word: String,
    /// What stands before the next word.
    gap: Gap,
}

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    pieces: Vec<Piece>,
    words: Vec<String>,
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
    let mut texts = vec![Text { score: 0.0, at, pieces: Vec::new(), words: Vec::new() }];
    let mut branch = from.clone();
    let mut found: Vec<Found> = Vec::new();
    for _ in 0..LONGEST {
        // A text, the piece that goes on with it, and where that leads.
        let mut further: Vec<(f64, usize, Piece, At, Option<String>)> = Vec::new();
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
                further.push((text.score + row.log(piece), number, piece, at, word));
            };
            ways(vocabulary, graph, &text.at, ended, &mut add);
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(wanted);
        let least = if found.len() == wanted { found.last().map_or(f64::MIN, |found| found.1) } else { f64::MIN };
        further.retain(|further| further.0 > least);
        // Ties are broken by what is written: the same audio leads to the same sentence.
        further.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        further.truncate(width);
        if further.is_empty() {
            break;
        }
        let rows: Vec<usize> = further.iter().map(|further| further.1).collect();
        let pieces: Vec<Piece> = further.iter().map(|further| further.2).collect();
        branch = model.go_on(&branch, &rows, &pieces)?;
        texts = further
            .into_iter()
            .map(|(score, number, piece, at, word)| {
                let before = &texts[number];
                let pieces = before.pieces.iter().copied().chain([piece]).collect();
                let words = before.words.iter().cloned().chain(word).collect();
                Text { score, at, pieces, words }
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
    let mut beginnings = BTreeSet::new();
    // The rest of a word of which something is written, or the first of one after a hyphen.
    if matches!(at.gap, Gap::Within | Gap::Hyphen) {
        for word in graph.words(at.place) {
            if let Some(rest) = word.strip_prefix(at.word.as_str()) {
                beginnings.extend(starts(rest));
            }
        }
        for more in std::mem::take(&mut beginnings) {
            for &piece in vocabulary.spelling(&more) {
                let word = format!("{}{more}", at.word);
                add(piece, At { place: at.place, word, gap: Gap::Within }, None);
            }
        }
    }
    let (place, word) = match (at.gap, ended) {
        (Gap::First, _) => (at.place, None),
        (_, Some(ended)) => ended,
        (_, None) => return,
    };
    for next in graph.words(place) {
        beginnings.extend(starts(next));
    }
    for begun in beginnings {
        for &piece in vocabulary.spelling(&format!("{GAP}{begun}")) {
            add(piece, At { place, word: begun.clone(), gap: Gap::Within }, word.clone());
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
fn starts(text: &str) -> impl Iterator<Item = String> {
    text.char_indices().map(|(at, character)| text[..at + character.len_utf8()].to_owned())
}
