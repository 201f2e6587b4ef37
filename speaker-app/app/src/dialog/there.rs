//! What there is of the sentences' lists: genres of the music folder, and what skills keep in their storage (`expected` of their manifests).
//! The recogniser expects it rather than the rest.

use super::Dialog;
use super::sentences::Sentences;
use crate::music::Music;
use crate::skills::Skill;
use saggar_intents::There;
use saggar_store::Store;

/// The list of what music can be asked for by its kind.
const GENRES: &str = "genre";

/// The genres of which there is a piece; nothing where there is no folder of music. The folder is read once, so this is, too.
pub(super) fn genres(sentences: &Sentences, music: &Music) -> There {
    let all = sentences.values(GENRES).into_iter();
    let known: Option<Vec<_>> = all.map(|genre| Some((genre.to_owned(), music.has(genre)?))).collect();
    let there = known.map(|known| known.into_iter().filter(|(_, there)| *there).map(|(genre, _)| genre).collect());
    there.map(|there| (GENRES.to_owned(), there)).into_iter().collect()
}

/// What skills keep in their storage of the lists that their manifests name, a value a line.
fn stored(skills: &[Skill], store: &Store, there: &mut There) {
    for manifest in skills.iter().map(|skill| &skill.manifest) {
        for (list, key) in &manifest.expected {
            let stored = store.get(&manifest.id, key.as_bytes()).unwrap_or_default();
            let stored = String::from_utf8_lossy(stored);
            let lines = stored.lines().map(str::trim).filter(|line| !line.is_empty());
            there.entry(list.clone()).or_default().extend(lines.map(str::to_owned));
        }
    }
}

impl Dialog {
    /// Lets the recogniser expect what there is now.
    pub(super) fn look_what_there_is(&mut self) {
        let mut there = self.genres.clone();
        stored(&self.skills, &self.world.store, &mut there);
        self.sentences.expect(there);
    }
}
