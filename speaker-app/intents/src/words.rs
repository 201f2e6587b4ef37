//! Text → words, and when two words count as the same.
//!
//! Words are compared by their *key*: lower case, plural and possessive removed, a number word as digits. The same function
//! makes the keys of templates and of what was said, so that a key needs to be no word of English, only the same for what
//! should match and different for what should not. Articles keep their key; [`is_article`] lets the matcher skip them.
//! A recogniser hears "light" for "lights" and loses "the" more often than it errs about anything else, which is why.

/// A word of a text, with the place it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, without punctuation.
    pub(crate) text: String,
    /// Bytes of the original text.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Splits a text into words. Punctuation and hyphens separate words, except: an apostrophe within a word, a point or comma within
/// a number, the points of "a.m.", and a minus sign before a number. Digits and letters are parted ("7am"); "%" and "°" are words.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let char_at = |index: usize| chars.get(index).map_or(' ', |&(_, c)| c);
    let byte_at = |index: usize| chars.get(index).map_or(text.len(), |&(byte, _)| byte);
    let mut words: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let first = char_at(at);
        let mut word = String::new();
        if first.is_ascii_digit() {
            while char_at(at).is_ascii_digit() || (matches!(char_at(at), '.' | ',') && char_at(at + 1).is_ascii_digit()) {
                word.push(char_at(at));
                at += 1;
            }
            word = without_thousands(&word);
        } else if first.is_alphanumeric() {
            if let Some(length) = initials(|ahead| char_at(at + ahead)) {
                word.extend((0..length).step_by(2).flat_map(|ahead| char_at(at + ahead).to_lowercase()));
                at += length;
            } else {
                // An apostrophe belongs to the word it is within ("o'clock", "nell'ingresso"), not to its end ("dogs'").
                while is_letter(char_at(at)) || (is_apostrophe(char_at(at)) && is_letter(char_at(at + 1))) {
                    let c = char_at(at);
                    if is_apostrophe(c) {
                        word.push('\'')
                    } else {
                        word.extend(c.to_lowercase())
                    }
                    at += 1;
                }
            }
        } else {
            at += 1;
            let before = if start == 0 { ' ' } else { char_at(start - 1) };
            word = match first {
                '%' => "percent",
                '°' => "degrees",
                '&' => "and",
                '-' | '−' if before.is_whitespace() && char_at(at).is_ascii_digit() => "minus",
                _ => "",
            }
            .to_owned();
            // What is left of "{area}'s": the possessive, which no key has either.
            if is_apostrophe(first) && matches!(char_at(at), 's' | 'S') && !is_letter(char_at(at + 1)) && !is_letter(before) {
                at += 1;
            }
        }
        if !word.is_empty() {
            words.push(Token { text: word, start: byte_at(start), end: byte_at(at) });
        }
    }
    words
}

fn is_letter(c: char) -> bool {
    // Combining marks belong to the letter before them; they are no letters themselves.
    (c.is_alphanumeric() && !c.is_ascii_digit()) || ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// The length of "a.m." or "A.C": two or more single letters with points, of which the last may lack its own.
fn initials(char_at: impl Fn(usize) -> char) -> Option<usize> {
    let mut length = 0;
    while is_letter(char_at(length)) && char_at(length + 1) == '.' {
        length += 2;
    }
    if length > 0 && is_letter(char_at(length)) && !is_letter(char_at(length + 1)) {
        length += 1;
    }
    (length >= 3).then_some(length)
}

/// "1,000" is a number with a separator of thousands; "2,5" is left alone, and matches no integer.
fn without_thousands(number: &str) -> String {
    let mut groups = number.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped =
        number.contains(',') && !number.contains('.') && (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if grouped { number.replace(',', "") } else { number.to_owned() }
}

/// Whether the word may be missing, on either side, without a change of meaning.
pub(crate) fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the")
}

/// Plurals that are not made with an s.
const IRREGULAR: [(&str, &str); 12] = [
    ("children", "child"),
    ("feet", "foot"),
    ("geese", "goose"),
    ("halves", "half"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("loaves", "loaf"),
    ("men", "man"),
    ("mice", "mouse"),
    ("people", "person"),
    ("teeth", "tooth"),
    ("women", "woman"),
];

/// Words whose s is no plural's: without it they would be another word that people say to a speaker.
const NO_PLURAL: [&str; 4] = ["news", "ours", "yours", "does"];

/// Words whose 's is an "is" (or "us"), not a possessive.
const IS: [&str; 9] = ["here", "how", "it", "let", "that", "there", "what", "where", "who"];

/// What a word is compared by.
pub(crate) fn key(word: &str) -> String {
    let word = word.strip_suffix("'s").filter(|owner| !IS.contains(owner)).unwrap_or(word);
    if let Some(&(_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return singular.to_owned();
    }
    if let Some(number) = crate::numbers::single_word(word) {
        return number.to_string();
    }
    // Three letters: "gas", "bus", "yes". Not ASCII: not English, whose plurals these are.
    if word.len() <= 3 || !word.is_ascii() || NO_PLURAL.contains(&word) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if let Some(stem) = word.strip_suffix("es")
        && ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end))
    {
        return stem.to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if !["s", "u", "i"].iter().any(|end| stem.ends_with(end)) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn splitting() {
        assert_eq!(words("Turn ON the living-room light, please!"), ["turn", "on", "the", "living", "room", "light", "please"]);
        assert_eq!(words("what’s 7:30am in o'clock"), ["what's", "7", "30", "am", "in", "o'clock"]);
        assert_eq!(words("at 7 a.m. or 8 P.M"), ["at", "7", "am", "or", "8", "pm"]);
        assert_eq!(words("stop. A light."), ["stop", "a", "light"]);
        assert_eq!(words("to 50% and -5°"), ["to", "50", "percent", "and", "minus", "5", "degrees"]);
        assert_eq!(words("1,000 2.5 2,5 3."), ["1000", "2.5", "2,5", "3"]);
        assert_eq!(words("the dogs' 's 'quoted' bed"), ["the", "dogs", "quoted", "bed"]);
        assert_eq!(words("…?! —"), Vec::<String>::new());
        assert_eq!(words("Küche ÉCLAIR"), ["küche", "éclair"]);
    }

    #[test]
    fn places() {
        let text = "Add “Brown Bread”.";
        let found: Vec<&str> = tokens(text).iter().map(|token| &text[token.start..token.end]).collect();
        assert_eq!(found, ["Add", "Brown", "Bread"]);
    }

    #[test]
    fn same_and_different() {
        for (a, b) in [
            ("light", "lights"),
            ("batteries", "battery"),
            ("inches", "inch"),
            ("boxes", "box"),
            ("feet", "foot"),
            ("kitchen's", "kitchen"),
            ("minutes", "minute"),
            ("two", "2"),
            ("twenty", "20"),
            ("times", "time"),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
        for (a, b) in [
            ("news", "new"),
            ("gas", "ga"),
            ("this", "thi"),
            ("on", "one"),
            ("do", "does"),
            ("what's", "what"),
            ("glass", "glas"),
        ] {
            assert_ne!(key(a), key(b), "{a} {b}");
        }
    }
}
