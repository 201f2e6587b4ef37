//! The pieces of words that Moonshine writes.

use std::collections::HashMap;

/// A piece's number.
pub(super) type Piece = u32;

/// The piece with which every text begins, and the one with which it ends.
pub(super) const BEGIN: Piece = 1;
/// See [`BEGIN`].
pub(super) const END: Piece = 2;

/// How SentencePiece writes the space before a word.
const SPACE: char = '\u{2581}';
/// How it is written here.
pub(super) const GAP: char = ' ';

/// All pieces, by number and by text.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pieces: Vec<String>,
    /// Those that differ only in capitals are one here.
    spelled: HashMap<String, Vec<Piece>>,
}

impl Vocabulary {
    /// Reads `tokenizer.bin`: the pieces one after the other, each behind its length in bytes, of one byte below 128 or of two, the lower
    /// seven bits first. `None` when it ends within a piece, or there are too few.
    pub(super) fn read(bytes: &[u8]) -> Option<Vocabulary> {
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while let Some((&low, mut after)) = rest.split_first() {
            let mut length = usize::from(low);
            if length >= 128 {
                let (&high, further) = after.split_first()?;
                length = usize::from(high) * 128 + (length - 128);
                after = further;
            }
            let (piece, after) = after.split_at_checked(length)?;
            pieces.push(String::from_utf8_lossy(piece).replace(SPACE, &GAP.to_string()));
            rest = after;
        }
        let mut spelled: HashMap<String, Vec<Piece>> = HashMap::new();
        for (number, piece) in (0..).zip(&pieces).skip(END as usize + 1) {
            if !piece.is_empty() {
                let alike = spelled.entry(piece.to_lowercase()).or_default();
                // Bytes, for what has no piece of its own, come first: who has one is never written by them.
                alike.retain(|&other| pieces[other as usize] != *piece);
                alike.push(number);
            }
        }
        (pieces.len() > END as usize + 1).then_some(Vocabulary { pieces, spelled })
    }

    /// The pieces that spell this, capitals or not.
    pub(super) fn spelling(&self, text: &str) -> &[Piece] {
        self.spelled.get(text).map_or(&[], Vec::as_slice)
    }

    /// A text in as few pieces as a greedy reader finds; characters that no piece has are left out.
    pub(super) fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let ends = rest.char_indices().map(|(at, character)| at + character.len_utf8());
            let longest = ends.rev().find_map(|end| {
                let numbers = self.spelling(&rest[..end].to_lowercase());
                numbers.iter().find(|&&number| self.pieces[number as usize] == rest[..end]).map(|&number| (number, end))
            });
            let end = longest.map_or(first.len_utf8(), |(number, end)| {
                found.push(number);
                end
            });
            rest = &rest[end..];
        }
        found
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A vocabulary of these pieces, written as the file is.
    pub(in super::super) fn of(pieces: &[&str]) -> Vocabulary {
        let mut bytes = Vec::new();
        for piece in ["<unk>", "<s>", "</s>"].iter().chain(pieces) {
            let piece = piece.replace(' ', "\u{2581}");
            bytes.push(u8::try_from(piece.len()).expect("short"));
            bytes.extend(piece.as_bytes());
        }
        Vocabulary::read(&bytes).expect("whole")
    }

    #[test]
    fn pieces_are_read_whole_or_not_at_all() {
        let long = "x".repeat(300);
        let mut bytes = vec![1, b'u', 1, b's', 1, b'e', 172, 2];
        bytes.extend(long.as_bytes());
        let vocabulary = Vocabulary::read(&bytes).expect("whole");
        assert_eq!(vocabulary.spelling(&long), [3]);
        for cut in [1, 3, 7, 8, 100] {
            assert!(Vocabulary::read(&bytes[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn capitals_and_spaces_count_in_texts_and_not_in_spellings() {
        let vocabulary = of(&[" Ok", " ok", "Ok", ",", " Jar", "vis", " J"]);
        assert_eq!(vocabulary.spelling(" ok"), [3, 4]);
        assert_eq!(vocabulary.spelling("ok"), [5]);
        assert_eq!(of(&[",", " a", ","]).spelling(","), [5]);
        assert_eq!(vocabulary.pieces(" Ok, Jarvis,"), [3, 6, 7, 8, 6]);
        assert_eq!(vocabulary.pieces(" Ok!vis"), [3, 8]);
    }
}
