//! What there is of the sentences' lists: genres of the music folder. The recogniser expects it rather than the rest.

use super::sentences::Sentences;
use crate::music::Music;
use saggar_intents::There;

/// The list of what music can be asked for by its kind.
const GENRES: &str = "genre";

/// The genres of which there is a piece; nothing where there is no folder of music. The folder is read once, so this is, too.
pub(super) fn genres(sentences: &Sentences, music: &Music) -> There {
    if !music.has_folder() {
        return There::new();
    }
    let there = sentences.values(GENRES).into_iter().filter(|genre| music.has(genre)).map(str::to_owned);
    There::from([(GENRES.to_owned(), there.collect())])
}
