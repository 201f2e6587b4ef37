//! `skill.toml`: what a skill is, what it answers to and what it may do.
//!
//! The build, the skills' own tests and the speaker all read it here, so that what one of them takes is what the others mean. What the
//! keys are for is told in `speaker-app/skills/README.md`.

#![forbid(unsafe_code)]

mod functions;

pub use functions::{FUNCTIONS, Function, Refused};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The contract's version.
pub const ABI: u32 = 1;
/// Longest deadline in milliseconds, of a call and the start that it may need: a skill runs where music is decoded, half a second ahead, and
/// may not keep it waiting.
pub const LONGEST_DEADLINE_MS: u32 = 200;

/// Most bytes of memory of a skill, and of its tables: 16 MiB.
pub const MOST_MEMORY: u64 = 16 << 20;
/// Letters of a name: it becomes the names of files and symbols.
const LONGEST_ID: usize = 64;
/// Bytes of a text that is said in a skill's place.
const LONGEST_RESPONSE: usize = 300;

/// What a `skill.toml` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name: small letters, digits and underscores.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The contract that it was built for.
    pub abi: u32,
    /// The languages it speaks.
    pub locales: Vec<String>,
    /// What it is told of.
    pub intents: Vec<String>,
    /// Its module.
    pub module: Module,
    /// What it may do.
    #[serde(default)]
    pub permissions: Permissions,
    /// What the speaker says in its place, by language.
    #[serde(default)]
    pub responses: BTreeMap<String, Responses>,
}

/// The module of a skill.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Its file, beside the manifest.
    pub wasm: String,
    /// SHA-256 of that file, 64 digits of sixteen; without it, any file is the right one.
    pub sha256: Option<String>,
    /// Most bytes that its memory may have.
    pub memory_max: u64,
    /// How long a call may take, in milliseconds of the device that the contract assumes: 1 to [`LONGEST_DEADLINE_MS`].
    pub deadline_ms: u32,
}

/// What a skill may do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Permissions {
    /// Say something beside its replies.
    pub speak: bool,
    /// Ask: the microphone is listened to without the wake word.
    pub microphone: bool,
    /// Timers.
    pub timers: bool,
    /// Date and time.
    pub clock: bool,
    /// The music player.
    pub music: bool,
    /// Bytes that it may store.
    pub storage: u64,
    /// Hosts that it may ask.
    pub http: Vec<String>,
    /// Kinds of devices that it may command.
    pub home: Vec<String>,
}

/// What the speaker says in a skill's place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Responses {
    /// When it trapped.
    pub failed: String,
    /// When it took too long.
    pub late: String,
}

/// Why a manifest is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is not TOML, or a key is missing, unknown, or of another type.
    #[error("line {line}: {what}")]
    Toml {
        /// The line, from 1; where a key is missing, that of its table.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// No name that a symbol can have.
    #[error("`id = {0:?}`: a name has at most {LONGEST_ID} small letters, digits and underscores, and begins with a letter")]
    Id(String),
    /// More memory than a skill may have.
    #[error("`[module] memory_max = {0}`: give at most {MOST_MEMORY}")]
    Memory(u64),
    /// More words than anybody would listen to.
    #[error("`[responses]`: a text of {0} bytes; give at most {LONGEST_RESPONSE}")]
    Response(usize),
    /// The module is somewhere else.
    #[error("`[module] wasm = {0:?}` leaves the skill's folder: give a file beside the manifest")]
    Outside(String),
    /// No hash.
    #[error("`[module] sha256 = {0:?}` is no SHA-256: give its 64 digits, or leave it out")]
    Hash(String),
    /// A deadline that nobody could hold, or would wait for.
    #[error("`[module] deadline_ms = {0}`: give 1 to {LONGEST_DEADLINE_MS}")]
    Deadline(u32),
    /// Another language.
    #[error("`locales` lacks \"en\": this speaker hears and speaks English only")]
    Locale,
    /// Built for another contract.
    #[error("it was built for version {0} of the contract, and this speaker has version {ABI}: build it anew")]
    Abi(u32),
    /// The module is another than the manifest's.
    #[error("its module is not the one that `[module] sha256` names, but has {0}: one of the two was changed")]
    OtherModule(String),
}

impl Manifest {
    /// Reads one.
    ///
    /// # Errors
    /// In words that name the key, and what to write instead.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let manifest: Manifest = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            // An error of several lines would not fit where it is told.
            let what = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            ManifestError::Toml { line: before.matches('\n').count() + 1, what }
        })?;
        let letter = |byte: u8| byte.is_ascii_lowercase();
        let id = manifest.id.as_bytes();
        if id.len() > LONGEST_ID
            || !id.first().copied().is_some_and(letter)
            || !id.iter().all(|&byte| letter(byte) || byte.is_ascii_digit() || byte == b'_')
        {
            return Err(ManifestError::Id(manifest.id));
        }
        let module = &manifest.module;
        if module.wasm.is_empty() || module.wasm.starts_with('.') || module.wasm.contains(['/', '\\', '\0']) {
            return Err(ManifestError::Outside(module.wasm.clone()));
        }
        if let Some(hash) = &module.sha256
            && (hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            return Err(ManifestError::Hash(hash.clone()));
        }
        if module.memory_max > MOST_MEMORY {
            return Err(ManifestError::Memory(module.memory_max));
        }
        let texts = manifest.responses.values().flat_map(|texts| [&texts.failed, &texts.late]);
        if let Some(text) = texts.into_iter().find(|text| text.len() > LONGEST_RESPONSE) {
            return Err(ManifestError::Response(text.len()));
        }
        if !(1..=LONGEST_DEADLINE_MS).contains(&module.deadline_ms) {
            return Err(ManifestError::Deadline(module.deadline_ms));
        }
        if !manifest.locales.iter().any(|locale| locale == "en") {
            return Err(ManifestError::Locale);
        }
        if manifest.abi != ABI {
            return Err(ManifestError::Abi(manifest.abi));
        }
        Ok(manifest)
    }

    /// Whether a file is the module that the manifest means.
    ///
    /// # Errors
    /// Where its hash is another.
    pub fn check(&self, wasm: &[u8]) -> Result<(), ManifestError> {
        let Some(wanted) = &self.module.sha256 else { return Ok(()) };
        let found: String = Sha256::digest(wasm).iter().map(|byte| format!("{byte:02x}")).collect();
        if found.eq_ignore_ascii_case(wanted) { Ok(()) } else { Err(ManifestError::OtherModule(found)) }
    }

    /// Whether a function of the host is one that it may call.
    ///
    /// # Errors
    /// Where there is no such function, and where a permission is missing, with its name.
    pub fn may_call(&self, function: &str) -> Result<(), Refused> {
        functions::may_call(&self.permissions, function).map(|_| ())
    }

    /// Whether it may import a function: `module` and `name` of the import, and its types as the text format calls them.
    ///
    /// # Errors
    /// As [`Manifest::may_call`], and where the function is of another type.
    pub fn may_import(&self, module: &str, name: &str, params: &[&str], results: &[&str]) -> Result<(), Refused> {
        if module != "speaker" {
            return Err(Refused::Unknown);
        }
        let function = functions::may_call(&self.permissions, name)?;
        if function.params == params && function.results == results { Ok(()) } else { Err(Refused::Type) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Manifest, ManifestError, Refused};

    const GOOD: &str = "id = \"tea\"\nversion = \"1\"\nabi = 1\nlocales = [\"en\"]\nintents = [\"Tea\"]\n\
                        [module]\nwasm = \"tea.wasm\"\nmemory_max = 100\ndeadline_ms = 50\n";

    fn broken(from: &str, to: &str) -> String {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD);
        Manifest::parse(&text).expect_err("broken").to_string()
    }

    #[test]
    fn what_is_broken_is_told() {
        for (from, to, part) in [
            ("deadline_ms = 50\n", "", "missing field `deadline_ms`"),
            ("deadline_ms = 50", "deadline_ms = 0", "give 1 to 200"),
            ("locales = [\"en\"]", "locales = [\"de\"]", "English only"),
            ("abi = 1", "abi = 7", "version 7 of the contract"),
            ("id = \"tea\"", "id = \"../tea\"", "small letters"),
            ("\"tea.wasm\"", "\"../tea.wasm\"", "leaves the skill's folder"),
            ("\"tea.wasm\"", "\"\"", "leaves the skill's folder"),
            ("memory_max = 100", "memory_max = -1", "line 8: invalid value: integer `-1`"),
            ("memory_max = 100", "memory_max = 99999999999", "at most 16777216"),
            ("abi = 1", "abi = 1\ncolor = 3", "unknown field `color`"),
            ("[module]", "[permissions]\nfly = true\n[module]", "unknown field `fly`"),
            ("[module]", "[permissions]\nstorage = true\n[module]", "line 7"),
            ("[module]", "[module]\nsha256 = \"12\"", "no SHA-256"),
            ("[module]", "[module", "line 6"),
        ] {
            let told = broken(from, to);
            assert!(told.contains(part), "{to}: {told}");
        }
        assert!(Manifest::parse("").is_err());
        assert!(broken("\"tea\"", &format!("\"{}\"", "t".repeat(65))).contains("at most 64"));
        let long = format!("{GOOD}[responses.en]\nfailed = \"{}\"\n", "x".repeat(301));
        assert!(matches!(Manifest::parse(&long), Err(ManifestError::Response(301))));
    }

    #[test]
    fn a_module_is_known_by_its_hash() {
        // The hash of nothing, as FIPS 180-4's examples have it.
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let manifest = Manifest::parse(&GOOD.replace("[module]", &format!("[module]\nsha256 = \"{hash}\""))).expect("good");
        assert_eq!(manifest.check(b""), Ok(()));
        assert!(matches!(manifest.check(b"\0asm"), Err(ManifestError::OtherModule(_))));
        assert_eq!(Manifest::parse(GOOD).expect("good").check(b"\0asm"), Ok(()));
    }

    #[test]
    fn what_is_not_granted_is_named() {
        let with = |permissions: &str| Manifest::parse(&format!("{GOOD}[permissions]\n{permissions}")).expect("good");
        let some = with("http = [\"127.0.0.1\"]\nspeak = true\nstorage = 0\nhome = []");
        for function in ["http_fetch", "say", "log", "random"] {
            assert_eq!(some.may_call(function), Ok(()), "{function}");
        }
        for (function, permission) in
            [("kv_put", "storage"), ("home_call", "home"), ("timer_set", "timers"), ("now", "clock"), ("ask", "microphone")]
        {
            assert_eq!(some.may_call(function), Err(Refused::Permission(permission)), "{function}");
        }
        assert_eq!(with("speak = true\nmicrophone = true").may_call("ask"), Ok(()));
        assert_eq!(with("microphone = true").may_call("ask"), Err(Refused::Permission("speak")));
        assert_eq!(some.may_call("open_door"), Err(Refused::Unknown));
        assert_eq!(some.may_import("speaker", "log", &["i32", "i32"], &[]), Ok(()));
        assert_eq!(some.may_import("speaker", "log", &["i32", "i64"], &[]), Err(Refused::Type));
        assert_eq!(some.may_import("speaker", "log", &["i32", "i32"], &["i32"]), Err(Refused::Type));
        assert_eq!(some.may_import("env", "log", &["i32", "i32"], &[]), Err(Refused::Unknown));
    }
}
