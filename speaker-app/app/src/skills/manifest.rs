//! What a skill's manifest says at run time. The build has read it too: what it does not grant is not linked.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `skill.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name.
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
    /// Its file.
    pub wasm: String,
    /// Most bytes that its memory may have.
    pub memory_max: u64,
    /// How long a call may take, in milliseconds of the device that the contract assumes (see `FUEL_PER_MS`).
    pub deadline_ms: u32,
}

/// What a skill may do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Permissions {
    /// Say and ask beside its replies.
    pub speak: bool,
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
