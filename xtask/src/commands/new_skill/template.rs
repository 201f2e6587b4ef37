//! The template, filled in.

use super::name::Name;
use super::{Language, Place};
use crate::files;
use saggar::failure::{Exit, Failure, Outcome};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Makes the skill's folder.
pub(super) fn write(place: &Place, name: &Name, language: Language) -> Outcome<()> {
    let kit = if place.outside { from_to(&place.folder, &place.kit) } else { PathBuf::from("..") };
    let tail = if place.outside {
        "# Built with the settings of the speaker's skills, but no member of their workspace.\n[workspace]"
    } else {
        "[lints]\nworkspace = true"
    };
    let values = [
        ("{{name}}", name.as_str().to_owned()),
        ("{{type}}", name.as_type()),
        ("{{spoken}}", name.spoken()),
        ("{{intent}}", format!("{}Hello", name.as_type())),
        ("{{memory_max}}", if language == Language::As { "65536" } else { "16384" }.to_owned()),
        ("{{kit}}", kit.display().to_string()),
        ("{{tail}}", tail.to_owned()),
    ];
    let fill = |text: &str| values.iter().fold(text.to_owned(), |text, (placeholder, value)| text.replace(placeholder, value));
    for folder in ["all", language.folder()] {
        let from = place.kit.join("template").join(folder);
        for file in files_of(&from)? {
            let text = read_text(&from.join(&file))?;
            let to = place.folder.join(fill(&file.to_string_lossy()));
            write_text(&to, &fill(&text))?;
        }
    }
    Ok(())
}

/// Lists the skill among the members of the skills' workspace; what Cargo has locked follows when it is next built.
pub(super) fn join_workspace(kit: &Path, name: &Name) -> Outcome<()> {
    let path = kit.join("Cargo.toml");
    let text = read_text(&path)?;
    let joined = with_member(&text, name.as_str())
        .ok_or_else(|| Failure::new(Exit::Io, "there is no list `members = [...]` to add the skill to").in_file(&path))?;
    write_text(&path, &joined)?;
    // The Makefile builds `--locked`; a new member without dependencies of its own locks nothing that was not.
    let metadata = super::cargo().args(["metadata", "--offline", "--quiet", "--format-version", "1"]).current_dir(kit).output();
    let metadata = metadata.map_err(|error| Failure::new(Exit::Io, format!("cannot start `cargo`: {error}")))?;
    if !metadata.status.success() {
        write_text(&path, &text)?;
        let words = String::from_utf8_lossy(&metadata.stderr).trim().to_owned();
        return Err(Failure::new(Exit::Io, format!("Cargo does not take the new member: {words}")).in_file(&path));
    }
    Ok(())
}

/// The manifest of a workspace with one more member.
fn with_member(manifest: &str, name: &str) -> Option<String> {
    let begin = manifest.find("members = [")?;
    let end = begin + manifest[begin..].find(']')?;
    let (before, after) = manifest.split_at(end);
    Some(format!("{before}, \"{name}\"{after}"))
}

/// The files of a folder and those within it, by their paths from there.
fn files_of(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(within) = folders.pop() {
        let path = folder.join(&within);
        let entries = fs::read_dir(&path).map_err(|error| Failure::io("read the template", &path, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("read the template", &path, &error))?;
            let list = if entry.path().is_dir() { &mut folders } else { &mut files };
            list.push(within.join(entry.file_name()));
        }
    }
    files.sort();
    Ok(files)
}

fn read_text(path: &Path) -> Outcome<String> {
    let bytes = files::read(path)?;
    String::from_utf8(bytes).map_err(|_| Failure::new(Exit::Io, "this is no text").in_file(path))
}

fn write_text(path: &Path, text: &str) -> Outcome<()> {
    files::write(path, text.as_bytes())
}

/// The way from one absolute path to another.
fn from_to(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[common..].iter().map(|_| Component::ParentDir);
    up.chain(to[common..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::{from_to, with_member};
    use std::path::Path;

    #[test]
    fn ways() {
        assert_eq!(from_to(Path::new("/tmp/x/tea"), Path::new("/srv/skills")), Path::new("../../../srv/skills"));
        assert_eq!(from_to(Path::new("/a/b/c"), Path::new("/a/d")), Path::new("../../d"));
    }

    #[test]
    fn members() {
        let manifest = "[workspace]\nmembers = [\"sdk\", \"timer\"]\nexclude = [\"template\"]\n";
        let joined = with_member(manifest, "tea").unwrap();
        assert_eq!(joined, "[workspace]\nmembers = [\"sdk\", \"timer\", \"tea\"]\nexclude = [\"template\"]\n");
        assert_eq!(with_member("[workspace]\n", "tea"), None);
    }
}
