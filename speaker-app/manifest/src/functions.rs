//! The functions of the host, and what a skill needs to call them.

use crate::Permissions;

/// A permission: its key in the manifest, and whether it is granted.
type Permission = (&'static str, fn(&Permissions) -> bool);

const SPEAK: Permission = ("speak", |have| have.speak);
const MICROPHONE: Permission = ("microphone", |have| have.microphone);
const TIMERS: Permission = ("timers", |have| have.timers);
const CLOCK: Permission = ("clock", |have| have.clock);
const MUSIC: Permission = ("music", |have| have.music);
const STORAGE: Permission = ("storage", |have| have.storage > 0);
const HTTP: Permission = ("http", |have| !have.http.is_empty());
const HOME: Permission = ("home", |have| !have.home.is_empty());

/// A function of the host, of the module `speaker`.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Types of its parameters, as the text format calls them.
    pub params: &'static [&'static str],
    /// Types of its results.
    pub results: &'static [&'static str],
    needs: &'static [Permission],
}

const fn function(
    name: &'static str,
    params: &'static [&'static str],
    results: &'static [&'static str],
    needs: &'static [Permission],
) -> Function {
    Function { name, params, results, needs }
}

const TEXT: &[&str] = &["i32", "i32"];
const INT: &[&str] = &["i32"];
const LONG: &[&str] = &["i64"];

/// Every function that a skill can import. What they do is told in `speaker-app/skills/sdk/src/host.rs`.
pub const FUNCTIONS: [Function; 15] = [
    function("say", TEXT, &[], &[SPEAK]),
    function("ask", TEXT, &[], &[SPEAK, MICROPHONE]),
    function("play", TEXT, INT, &[MUSIC]),
    function("music", &["i32", "i32"], INT, &[MUSIC]),
    function("timer_set", &["i64", "i32", "i32"], INT, &[TIMERS]),
    function("timer_cancel", INT, INT, &[TIMERS]),
    function("timer_list", TEXT, INT, &[TIMERS]),
    function("kv_get", &["i32", "i32", "i32", "i32"], INT, &[STORAGE]),
    function("kv_put", &["i32", "i32", "i32", "i32"], INT, &[STORAGE]),
    function("now", &[], LONG, &[CLOCK]),
    function("local_offset_minutes", &[], INT, &[CLOCK]),
    function("http_fetch", TEXT, INT, &[HTTP]),
    function("home_call", TEXT, INT, &[HOME]),
    function("log", TEXT, &[], &[]),
    function("random", &[], LONG, &[]),
];

/// Why a skill may not call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No speaker has it.
    #[error("no speaker has this function: build the skill with this SDK")]
    Unknown,
    /// It is of another type.
    #[error("the speaker's function has other parameters or results: build the skill with this SDK")]
    Type,
    /// Its manifest does not grant it.
    #[error("its manifest does not grant the permission `{0}`: grant `{0}` in its skill.toml, or do without")]
    Permission(&'static str),
}

pub(crate) fn may_call(have: &Permissions, function: &str) -> Result<&'static Function, Refused> {
    let function = FUNCTIONS.iter().find(|known| known.name == function).ok_or(Refused::Unknown)?;
    match function.needs.iter().find(|(_, granted)| !granted(have)) {
        Some((permission, _)) => Err(Refused::Permission(permission)),
        None => Ok(function),
    }
}
