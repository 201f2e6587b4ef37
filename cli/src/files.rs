//! Reading and writing files, with errors that name them.

use crate::failure::{Failure, Outcome};
use std::fs;
use std::path::{Path, PathBuf};

/// Reads a file.
///
/// # Errors
/// With the file's name.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| Failure::io("read", path, &error))
}

/// Writes a file, and the folders above it where they are missing.
///
/// # Errors
/// With the file's or the folder's name.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, &error))?;
    }
    fs::write(path, bytes).map_err(|error| Failure::io("write", path, &error))
}

/// Files stay themselves; a folder becomes the files beneath it that have one of the extensions, sorted.
///
/// # Errors
/// When one cannot be read, or a folder has no such file.
pub fn expand(paths: &[PathBuf], extensions: &[&str]) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| Failure::io("read", path, &error))?;
        if metadata.is_dir() {
            let before = found.len();
            walk(path, extensions, &mut found)?;
            if found.len() == before {
                return Err(Failure::usage(format!("{}: no .{} file in this folder", path.display(), extensions.join(" or ."))));
            }
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) -> Outcome<()> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("read", folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| Failure::io("read", folder, &error))?.path());
    }
    paths.sort();
    for path in paths {
        // A link to a folder could lead in a circle; a link to a file cannot.
        if path.is_dir() && !path.is_symlink() {
            walk(&path, extensions, found)?;
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|&wanted| extension == wanted)) {
            found.push(path);
        }
    }
    Ok(())
}
