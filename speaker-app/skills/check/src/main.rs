//! Tests built skills and describes them: `check FOLDER…`, each with a manifest, a module, and sentences to try in `tests.txt`.

use std::path::Path;
use std::process::ExitCode;

use check::{Built, report};

fn main() -> ExitCode {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    if folders.is_empty() {
        eprintln!("usage: check FOLDER...   built skills, such as target/skills/jokes");
        return ExitCode::from(2);
    }
    for folder in folders {
        match Built::read_folder(Path::new(&folder)).and_then(|built| report(&built)) {
            Ok(text) => print!("{text}"),
            Err(error) => {
                eprintln!("{folder}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
