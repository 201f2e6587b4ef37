//! What there is of the sentences' lists: genres of the music folder, and what skills keep in their storage (`expected` of their manifests).
//! The recogniser expects it rather than the rest.

use super::Dialog;
use super::sentences::Sentences;
use crate::music::Music;
use crate::skills::manifest::Manifest;
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

/// What is wrong with what manifests say: lists that there are not.
pub(super) fn problems<'a>(manifests: impl Iterator<Item = &'a Manifest>, sentences: &Sentences) -> Vec<String> {
    let lists = manifests.flat_map(|manifest| manifest.expected.keys().map(move |list| (&manifest.id, list)));
    let unknown = lists.filter(|(_, list)| sentences.values(list).is_empty());
    unknown.map(|(id, list)| format!("`expected` of the skill `{id}`: no sentence has a list `{list}` with values")).collect()
}

/// What skills keep in their storage of the lists that their manifests name, a value a line.
fn stored<'a>(manifests: impl Iterator<Item = &'a Manifest>, store: &Store, there: &mut There) {
    for manifest in manifests {
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
        stored(self.skills.iter().map(|skill| &skill.manifest), &self.world.store, &mut there);
        self.sentences.expect(there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Speech;

    fn manifest(expected: &str) -> Manifest {
        let text = "id = \"timer\"\nversion = \"1\"\nabi = 1\nlocales = []\nintents = []\n\
            [module]\nwasm = \"\"\nmemory_max = 0\ndeadline_ms = 0\n[expected]\n";
        toml::from_str(&format!("{text}{expected}")).expect("a manifest")
    }

    fn sentences() -> Sentences {
        Sentences::read(&Speech::default(), "okay jarvis", std::iter::empty()).expect("the product's own")
    }

    #[test]
    fn what_a_skill_stores_is_expected() {
        let folder = std::env::temp_dir().join(format!("saggar-there-{}", std::process::id()));
        let mut store = Store::open(&folder).expect("a store");
        let timer = manifest("running_timer = \"names\"\nnowhere = \"x\"");
        let mut sentences = sentences();
        let rule = |sentences: &Sentences| {
            let line = sentences.jsgf(super::super::When::Woken).lines().find(|line| line.contains("_running_timer> = "));
            line.expect("the list's rule").to_owned()
        };
        assert!(rule(&sentences).contains("= pizza | pasta"));
        for (names, expected) in [("", "<VOID>"), ("pizza\n\n tea \nsoup\n", "/0.475000/ pizza")] {
            store.put("timer", b"names", names.as_bytes(), 100).expect("room");
            let mut there = There::new();
            stored([&timer].into_iter(), &store, &mut there);
            let edition = sentences.edition();
            sentences.expect(there.clone());
            assert!(rule(&sentences).contains(expected), "{}", rule(&sentences));
            assert_eq!(sentences.edition(), edition + 1);
            sentences.expect(there);
            assert_eq!(sentences.edition(), edition + 1, "nothing is new");
        }
        std::fs::remove_dir_all(&folder).expect("the store's folder");
    }

    #[test]
    fn a_list_that_is_not_there_is_told() {
        let problems = problems([&manifest("running_timer = \"a\"\nnowhere = \"b\"")].into_iter(), &sentences());
        assert_eq!(problems, ["`expected` of the skill `timer`: no sentence has a list `nowhere` with values"]);
    }
}
