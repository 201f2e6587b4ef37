//! A built skill: its manifest, its module, and what else lies beside them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use saggar_skill_manifest::{FUNCTIONS, Manifest};
use wasmi::{Config, Engine, Linker, Module, Store};

use crate::{Host, Running, host};

/// Where the skills are.
fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names of all skills: the folders with a manifest.
///
/// # Panics
/// Where the folder of the skills cannot be read.
#[must_use]
pub fn skills() -> Vec<String> {
    let folders = fs::read_dir(here()).expect("the folder of the skills").flatten();
    let mut names: Vec<String> = folders
        .filter(|folder| folder.path().join("skill.toml").exists())
        .filter_map(|folder| folder.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// A built skill.
pub struct Built {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its module.
    pub module: Module,
    /// The same as it is in its file.
    pub wasm: Vec<u8>,
    /// Its own sentences, in hassil's YAML, if it has some.
    pub sentences: Option<String>,
    /// Sentences with the answers that are expected, if there are some.
    pub tests: Option<String>,
}

impl Built {
    /// Reads a skill of these that `make` has built.
    ///
    /// # Panics
    /// Where it was not built, or is no valid module.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let folder = here().join("target/skills").join(name);
        Self::read_folder(&folder).unwrap_or_else(|error| panic!("{name}: {error}; run `make` first"))
    }

    /// Reads a built skill: a folder with a manifest, and the module that it names.
    ///
    /// # Errors
    /// What is not there, or not what it should be.
    pub fn read_folder(folder: &Path) -> Result<Self, String> {
        let read = |file: &str| {
            let path = folder.join(file);
            fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let text = String::from_utf8(read("skill.toml")?).map_err(|error| format!("skill.toml: {error}"))?;
        let manifest = Manifest::parse(&text).map_err(|error| format!("skill.toml: {error}"))?;
        let wasm = read(&manifest.module.wasm)?;
        manifest.check(&wasm).map_err(|error| format!("skill.toml: {error}"))?;
        let mut config = Config::default();
        config.wasm_custom_page_sizes(true);
        let module = Module::new(&Engine::new(&config), &wasm).map_err(|error| format!("no valid module: {error}"))?;
        let text = |file: &str| read(file).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(Self { manifest, module, wasm, sentences: text("intents.en.yaml"), tests: text("tests.txt") })
    }

    /// Links the skill with what it is granted.
    ///
    /// # Errors
    /// The linker's, where an import does not resolve.
    ///
    /// # Panics
    /// Where the module exports no memory.
    pub fn link(&self, host: Host) -> Result<Running, wasmi::Error> {
        let mut store = Store::new(self.module.engine(), host);
        let mut linker = Linker::new(self.module.engine());
        for function in FUNCTIONS {
            if self.manifest.may_call(function.name).is_ok() {
                host::define(&mut linker, function.name)?;
            }
        }
        let instance = linker.instantiate_and_start(&mut store, &self.module)?;
        let memory = instance.get_memory(&store, "memory").expect("an exported memory");
        Ok(Running { store, instance, memory })
    }
}
