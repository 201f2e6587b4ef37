//! Which pieces somebody means by a few spoken words.

use crate::library::Track;

/// Words that say that music is meant, not which.
const IDLE: [&str; 24] = [
    "a",
    "album",
    "an",
    "any",
    "anything",
    "artist",
    "by",
    "from",
    "listen",
    "me",
    "music",
    "my",
    "of",
    "piece",
    "play",
    "some",
    "something",
    "song",
    "songs",
    "the",
    "to",
    "track",
    "tracks",
    "tune",
];

/// How well a piece fits; the better is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// The words are its whole title.
    Title,
    /// They are its whole artist, album or genre.
    Whole,
    /// They are in its title or file's name.
    InTitle,
    /// They are in one of the others.
    InOther,
    /// They are spread over several, as in "TITLE by ARTIST".
    Spread,
}

/// The words of a text as they are compared: small letters without accents, digits, and no apostrophes.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut folded = String::with_capacity(text.len());
    for char in text.chars().flat_map(char::to_lowercase) {
        match char {
            '\'' | '\u{2019}' => {}
            '&' => folded.push_str(" and "),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            char if char.is_alphanumeric() => folded.push(plain(char)),
            _ => folded.push(' '),
        }
    }
    folded.split_whitespace().map(str::to_owned).collect()
}

/// A letter without its accent, of the languages that are written in Latin letters of one byte's code page.
fn plain(char: char) -> char {
    match char {
        'à'..='å' | 'ā' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' => 'o',
        'ù'..='ü' | 'ū' | 'ů' => 'u',
        'ý' | 'ÿ' => 'y',
        'ś' | 'š' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        'ł' => 'l',
        'ř' => 'r',
        char => char,
    }
}

/// The words that say which: without idle ones, unless there are no others.
fn telling(words: Vec<String>) -> Vec<String> {
    let telling: Vec<String> = words.iter().filter(|word| !IDLE.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// The request's words; empty where any music is meant.
pub(crate) fn request(text: &str) -> Vec<String> {
    let all = words(text);
    if all.iter().all(|word| IDLE.contains(&word.as_str())) { Vec::new() } else { telling(all) }
}

/// How a piece fits the words; `None` where it does not.
pub(crate) fn fit(track: &Track, wanted: &[String]) -> Option<Fit> {
    let of = |text: Option<&str>| telling(words(text.unwrap_or("")));
    let (title, stem) = (of(track.title.as_deref()), of(track.stem()));
    let others = [&track.artist, &track.album, &track.genre].map(|text| of(text.as_deref()));
    let has = |field: &Vec<String>| wanted.iter().all(|word| field.contains(word));
    let anywhere = |word| title.contains(word) || stem.contains(word) || others.iter().any(|field| field.contains(word));
    let is = |field: &Vec<String>| field == wanted;
    Some(if is(&title) || is(&stem) {
        Fit::Title
    } else if others.iter().any(is) {
        Fit::Whole
    } else if has(&title) || has(&stem) {
        Fit::InTitle
    } else if others.iter().any(has) {
        Fit::InOther
    } else if wanted.iter().all(anywhere) {
        Fit::Spread
    } else {
        return None;
    })
}
