//! The pieces of a folder.

use crate::error::{FORMATS, MediaError, Problem};
use crate::find::{fit, request, words};
use crate::source;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders that are looked at; those beyond are left out, and that is told.
pub const MOST_ENTRIES: usize = 100_000;
/// Folders within folders that are looked into.
pub const DEEPEST_FOLDERS: usize = 16;

const EXTENSIONS: [&str; 6] = ["flac", "mp3", "oga", "ogg", "wav", "wave"];

/// One piece of music.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Track {
    /// Its file.
    pub path: PathBuf,
    /// Its title, by its tags.
    pub title: Option<String>,
    /// Who plays or sings, by its tags.
    pub artist: Option<String>,
    /// The album it is on, by its tags.
    pub album: Option<String>,
    /// Its kind, such as jazz, by its tags.
    pub genre: Option<String>,
}

impl Track {
    /// What to call it aloud: its title, or its file's name.
    pub fn name(&self) -> &str {
        self.title.as_deref().or(self.stem()).unwrap_or("a piece without a name")
    }

    pub(crate) fn stem(&self) -> Option<&str> {
        self.path.file_stem()?.to_str()
    }
}

/// The music of a folder, in the order of its paths: as albums are mostly filed.
#[derive(Clone, Debug, Default)]
pub struct Library {
    tracks: Vec<Track>,
    problems: Vec<Problem>,
}

impl Library {
    /// Lists a folder and those within it. Links are followed, each folder is looked at once.
    ///
    /// Opens every file for its tags, so a large library on a slow disk takes a while.
    ///
    /// # Errors
    /// [`MediaError::Folder`] where the folder itself cannot be read; anything within it is a [problem](Self::problems) only.
    pub fn scan(folder: &Path) -> Result<Self, MediaError> {
        let (mut library, files) = (Self::default(), Self::files(folder, MOST_ENTRIES)?);
        library.problems = files.problems;
        for path in files.found {
            match source::open(&path).and_then(|mut format| source::decoder(&path, &*format).map(|_| source::tags(&mut *format)))
            {
                Ok(source::Tags { title, artist, album, genre }) => {
                    library.tracks.push(Track { path, title, artist, album, genre });
                }
                Err(error) => library.problems.push(Problem { path, reason: reason(error) }),
            }
        }
        Ok(library)
    }

    fn files(folder: &Path, most: usize) -> Result<Files, MediaError> {
        let failed = |source| MediaError::Folder { folder: folder.to_owned(), source };
        fs::read_dir(folder).map_err(failed)?;
        let mut files =
            Files { found: BTreeSet::new(), problems: Vec::new(), seen: HashSet::new(), most, left: most, full: false };
        files.add(folder, DEEPEST_FOLDERS);
        Ok(files)
    }

    /// All pieces.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// What was left out, and why.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The first piece that is meant by these words; `None` where none is.
    pub fn find(&self, words: &str) -> Option<usize> {
        self.matching(words).first().copied()
    }

    /// All pieces that are meant by these words, in the order to play them.
    ///
    /// A whole title goes before a whole artist, album or genre, these before words within a title, and those before words
    /// anywhere; only what fits best is given. No words, or "some music", mean all. Case, accents and articles do not count.
    pub fn matching(&self, words: &str) -> Vec<usize> {
        let wanted = request(words);
        if wanted.is_empty() {
            return (0..self.tracks.len()).collect();
        }
        let fits: Vec<_> = self.tracks.iter().map(|track| fit(track, &wanted)).collect();
        let best = fits.iter().flatten().min().copied();
        (0..fits.len()).filter(|&index| best.is_some() && fits[index] == best).collect()
    }

    /// What can be asked for, as it is spoken: titles (or names of files), artists, albums and genres, each once, sorted.
    pub fn names(&self) -> Vec<String> {
        let of = |track: &Track| {
            let others = [&track.artist, &track.album, &track.genre].map(|text| text.as_deref().unwrap_or("").to_owned());
            others.into_iter().chain([track.name().to_owned()]).map(|text| words(&text).join(" ")).collect::<Vec<_>>()
        };
        let names: BTreeSet<String> = self.tracks.iter().flat_map(of).filter(|name| !name.is_empty()).collect();
        names.into_iter().collect()
    }
}

/// A walk through folders.
struct Files {
    found: BTreeSet<PathBuf>,
    problems: Vec<Problem>,
    /// Folders that were looked at, without links: a link to one above would go on for ever.
    seen: HashSet<PathBuf>,
    /// Entries that may be looked at, and those of them that are left.
    most: usize,
    left: usize,
    full: bool,
}

impl Files {
    fn add(&mut self, folder: &Path, deeper: usize) {
        match fs::canonicalize(folder).map(|real| self.seen.insert(real)) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return self.problem(folder, error.to_string()),
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.problem(folder, error.to_string()),
        };
        let mut folders = BTreeSet::new();
        for entry in entries {
            if self.left == 0 {
                // Told once, not of every folder above.
                if std::mem::replace(&mut self.full, true) {
                    return;
                }
                return self.problem(folder, format!("more than {} files; the rest was left out", self.most));
            }
            self.left -= 1;
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => return self.problem(folder, error.to_string()),
            };
            // Players leave files such as `._01.mp3` behind.
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            match fs::metadata(&path) {
                Ok(kind) if kind.is_dir() => _ = folders.insert(path),
                Ok(kind) if kind.is_file() && is_music(&path) => _ = self.found.insert(path),
                Err(error) if is_music(&path) => self.problem(&path, error.to_string()),
                _ => {}
            }
        }
        for below in folders {
            match deeper.checked_sub(1) {
                Some(deeper) => self.add(&below, deeper),
                None => self.problem(&below, format!("more than {DEEPEST_FOLDERS} folders deep")),
            }
        }
    }

    fn problem(&mut self, path: &Path, reason: String) {
        self.problems.push(Problem { path: path.to_owned(), reason });
    }
}

/// The error without the path, which the problem names.
fn reason(error: MediaError) -> String {
    match error {
        MediaError::Folder { source, .. } | MediaError::File { source, .. } => source.to_string(),
        MediaError::Format { reason, .. } => format!("{reason}; is it {FORMATS}?"),
    }
}

fn is_music(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_files_are_looked_at() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        for name in ["a", "b", "c"] {
            fs::create_dir(folder.path().join(name))?;
            for number in 0..4 {
                fs::write(folder.path().join(name).join(format!("{number}.wav")), "")?;
            }
        }
        let all = Library::files(folder.path(), 15)?;
        assert_eq!((all.found.len(), all.problems.len()), (12, 0));
        let some = Library::files(folder.path(), 9)?;
        assert_eq!((some.found.len(), some.problems.len()), (6, 1));
        assert!(some.problems[0].to_string().contains("more than 9 files"), "{}", some.problems[0]);
        Ok(())
    }
}
