//! Folders of music, and what somebody means by a name.

mod made;

use made::sine;
use saggar_media::{DEEPEST_FOLDERS, Library, MediaError};
use std::fs;
use std::path::Path;

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

fn piece(folder: &Path, name: &str, tags: &[(&str, &str)]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder of this test");
    sine(&path, 44_100, 0.2, &[440], tags);
}

fn named(library: &Library, words: &str) -> Vec<String> {
    library.matching(words).into_iter().map(|index| library.tracks()[index].name().to_owned()).collect()
}

#[test]
fn what_is_asked_for_is_found() -> Result {
    let folder = tempfile::tempdir()?;
    let of = |title, artist, album| [("TITLE", title), ("ARTIST", artist), ("ALBUM", album)];
    piece(folder.path(), "a/01.flac", &of("Blue Morning", "Café Noir", "The River"));
    piece(folder.path(), "a/02.ogg", &of("River", "Café Noir", "The River"));
    piece(folder.path(), "a/03.mp3", &of("Don't Wait", "Café Noir", "The River"));
    piece(folder.path(), "b/Rain Song.wav", &[]);
    piece(folder.path(), "b/blue.OGG", &[("TITLE", "Blue"), ("GENRE", "Jazz")]);
    fs::write(folder.path().join("b/cover.jpg"), "not music")?;
    fs::write(folder.path().join("b/broken.mp3"), "not music either")?;
    fs::write(folder.path().join("b/._blue.ogg"), "left behind")?;

    let library = Library::scan(folder.path())?;
    assert_eq!(named(&library, ""), ["Blue Morning", "River", "Don't Wait", "Rain Song", "Blue"]);
    assert_eq!(named(&library, "some music"), named(&library, ""));
    assert_eq!(named(&library, "blue"), ["Blue"], "a whole title goes first");
    assert_eq!(named(&library, "Blue Morning"), ["Blue Morning"]);
    assert_eq!(named(&library, "the river"), ["River"]);
    assert_eq!(named(&library, "the song dont wait"), ["Don't Wait"]);
    assert_eq!(named(&library, "don't wait"), ["Don't Wait"]);
    assert_eq!(named(&library, "cafe noir"), ["Blue Morning", "River", "Don't Wait"]);
    assert_eq!(named(&library, "something by café noir"), ["Blue Morning", "River", "Don't Wait"]);
    assert_eq!(named(&library, "river by cafe noir"), ["Blue Morning", "River", "Don't Wait"]);
    assert_eq!(named(&library, "morning by cafe noir"), ["Blue Morning"]);
    assert_eq!(named(&library, "some jazz music"), ["Blue"]);
    assert_eq!(named(&library, "rain"), ["Rain Song"]);
    assert_eq!(named(&library, "green"), [""; 0]);
    assert_eq!((library.find("river"), library.find(""), library.find("green")), (Some(1), Some(0), None));
    assert_eq!(library.names(), ["blue", "blue morning", "cafe noir", "dont wait", "jazz", "rain song", "river", "the river"]);
    let mp3 = &library.tracks()[2];
    assert_eq!((mp3.artist.as_deref(), mp3.album.as_deref()), (Some("Café Noir"), Some("The River")));
    let [problem] = library.problems() else { panic!("{:?}", library.problems()) };
    assert!(problem.path.ends_with("b/broken.mp3") && problem.reason.contains("is it MP3, FLAC"), "{problem:?}");
    Ok(())
}

#[test]
fn an_empty_folder_has_nothing_to_play() -> Result {
    let folder = tempfile::tempdir()?;
    let library = Library::scan(folder.path())?;
    assert_eq!((library.tracks().len(), library.find(""), library.find("x")), (0, None, None));
    let error = Library::scan(&folder.path().join("none")).expect_err("there is none");
    assert!(matches!(error, MediaError::Folder { .. }) && error.to_string().contains("choose a folder"), "{error}");
    Ok(())
}

#[test]
#[cfg(unix)]
fn links_that_go_in_circles_end() -> Result {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (tempfile::tempdir()?, tempfile::tempdir()?);
    piece(folder.path(), "a/one.wav", &[]);
    piece(elsewhere.path(), "two.wav", &[]);
    symlink(folder.path(), folder.path().join("a/up"))?;
    symlink(folder.path().join("a"), folder.path().join("b"))?;
    symlink(elsewhere.path(), folder.path().join("c"))?;
    symlink(folder.path().join("gone"), folder.path().join("lost.wav"))?;
    symlink("self.wav", folder.path().join("self.wav"))?;
    let library = Library::scan(folder.path())?;
    assert_eq!(named(&library, ""), ["one", "two"]);
    assert_eq!(library.problems().len(), 2, "{:?}", library.problems());
    Ok(())
}

#[test]
fn folders_are_not_followed_for_ever() -> Result {
    let folder = tempfile::tempdir()?;
    let deep = (0..DEEPEST_FOLDERS).fold(folder.path().to_owned(), |path, _| path.join("d"));
    piece(&deep, "reached.wav", &[]);
    piece(&deep, "d/not.wav", &[]);
    let library = Library::scan(folder.path())?;
    assert_eq!(named(&library, ""), ["reached"]);
    assert!(library.problems()[0].reason.contains("16 folders deep"), "{:?}", library.problems());
    Ok(())
}
