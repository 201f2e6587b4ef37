//! Skills: fired modules, each in its own box, with the functions that its manifest grants.
//!
//! A call has fuel for its deadline, so it ends, and at the same operator on every machine; no thread of its own and no
//! watch are needed for that. What it has the host do costs no fuel, and is counted instead (see [`world`]). A skill that fails is
//! started anew before its next call.

pub(crate) mod host;
pub mod message;
pub mod world;

use crate::dialog::OWN;
use crate::dsp::stage::place;
use message::Reply;
use saggar_abi::trap::Code;
use saggar_runtime::{Memory, Trap};
use saggar_skill_manifest::{Manifest, ManifestError};
use world::Place;

/// Operators that a millisecond of a deadline stands for: what a small application processor at 1 GHz does.
pub const FUEL_PER_MS: u64 = 400_000;
/// Longest reply in bytes: nobody listens to more.
pub(crate) const LONGEST_REPLY: usize = 4_096;

/// The functions of the contract (`speaker-app/skills/README.md`).
pub(crate) trait Module: Send {
    fn instantiate(&mut self) -> Result<(), Trap>;
    fn set_fuel(&mut self, amount: u64);
    fn fuel_left(&self) -> u64;
    fn init(&mut self) -> Result<i32, Trap>;
    fn alloc(&mut self, bytes: i32) -> Result<i32, Trap>;
    fn on_intent(&mut self, at: i32, bytes: i32) -> Result<i64, Trap>;
    fn on_event(&mut self, at: i32, bytes: i32) -> Result<i64, Trap>;
    fn close(&mut self) -> Result<(), Trap>;
    fn memory(&mut self) -> Memory<'_>;
    #[cfg(feature = "faults")]
    fn plant(&mut self, kind: i32) -> Result<(), Trap>;
}

/// Binds a fired module to the contract.
macro_rules! module {
    ($name:ident :: $module:ident) => {
        impl $crate::skills::Module for $name::$module {
            fn instantiate(&mut self) -> Result<(), saggar_runtime::Trap> {
                $name::$module::instantiate(self)
            }
            fn set_fuel(&mut self, amount: u64) {
                $name::$module::set_fuel(self, amount);
            }
            fn fuel_left(&self) -> u64 {
                $name::$module::fuel_left(self)
            }
            fn init(&mut self) -> Result<i32, saggar_runtime::Trap> {
                self.skill_init()
            }
            fn alloc(&mut self, bytes: i32) -> Result<i32, saggar_runtime::Trap> {
                self.skill_alloc(bytes)
            }
            fn on_intent(&mut self, at: i32, bytes: i32) -> Result<i64, saggar_runtime::Trap> {
                self.skill_on_intent(at, bytes)
            }
            fn on_event(&mut self, at: i32, bytes: i32) -> Result<i64, saggar_runtime::Trap> {
                self.skill_on_event(at, bytes)
            }
            fn close(&mut self) -> Result<(), saggar_runtime::Trap> {
                self.skill_close()
            }
            fn memory(&mut self) -> saggar_runtime::Memory<'_> {
                $name::$module::memory(self)
            }
            #[cfg(feature = "faults")]
            fn plant(&mut self, kind: i32) -> Result<(), saggar_runtime::Trap> {
                self.planted_fault(kind)
            }
        }
    };
}
pub(crate) use module;

/// A module behind the contract.
pub(crate) fn take<M: Module + 'static>(module: Option<M>) -> Option<Box<dyn Module>> {
    module.map(|module| Box::new(module) as Box<dyn Module>)
}

/// A skill as it is linked: module, name, manifest, sentences of its own, bytes of RAM.
pub(crate) type Linked = (Option<Box<dyn Module>>, &'static str, &'static str, &'static str, u64);

#[allow(missing_docs, dead_code, unreachable_pub, clippy::all, reason = "generated: more than one speaker uses")]
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "generated")]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "generated")]
mod linked {
    include!(concat!(env!("SAGGAR_SPEAKER_MODULES"), "/skills.rs"));
}

/// What a skill is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A sentence.
    Intent,
    /// Something else.
    Event,
}

/// Why a skill gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkillFailure {
    /// It trapped.
    #[error("it trapped ({})", .0.code().map_or("of an unknown kind", Code::description))]
    Trapped(Trap),
    /// It used up its fuel.
    #[error("it took longer than its deadline")]
    Late,
    /// It has no room for the message.
    #[error("it has no room for a message of {0} bytes")]
    NoRoom(usize),
    /// It gave a reply outside its memory, or one that is too long.
    #[error("its reply is not within its memory, or too long")]
    Reply,
    /// `skill_init` did not say 0.
    #[error("it did not start: skill_init gave {0}")]
    Init(i32),
}

impl From<Trap> for SkillFailure {
    fn from(trap: Trap) -> SkillFailure {
        if trap.code() == Some(Code::OutOfFuel) { SkillFailure::Late } else { SkillFailure::Trapped(trap) }
    }
}

/// The skills are those of another speaker in this process.
#[derive(Debug, thiserror::Error)]
#[error("the skill `{0}` is in use already")]
pub struct Taken(&'static str);

/// A skill that is not there: which one, and why. The others are none the worse for it.
#[derive(Debug, thiserror::Error)]
#[error("the skill `{skill}` is left out: {why}")]
pub struct Missing {
    skill: String,
    why: Why,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    /// The build could not link it.
    #[error("{0}")]
    Build(&'static str),
    #[error("its skill.toml: {0}")]
    Manifest(#[from] ManifestError),
    #[error("the skill `{0}` lists the intent `{1}` too: take it out of one skill.toml")]
    Intent(String, String),
    #[error("the intent `{0}` is the speaker's own: take it out of its skill.toml")]
    Own(String),
}

/// A skill.
pub struct Skill {
    module: Box<dyn Module>,
    /// What its manifest says.
    pub manifest: Manifest,
    /// Sentences of its own, hassil's YAML; empty for none.
    pub sentences: &'static str,
    /// Memory, tables and records: what it takes of RAM.
    pub ram_bytes: u64,
    ready: bool,
    /// Calls so far.
    pub calls: u64,
    /// Calls that failed.
    pub failures: u64,
    /// Times that it was started anew after it had failed.
    pub restarts: u64,
    /// What its costliest call used, in operators.
    pub most_fuel: u64,
}

/// All skills that are linked, and those that cannot be used.
///
/// # Errors
/// When they were taken before.
pub fn all() -> Result<(Vec<Skill>, Vec<Missing>), Taken> {
    let mut skills: Vec<Skill> = Vec::new();
    let left_out = linked::LEFT_OUT.iter().map(|(skill, why)| Missing { skill: (*skill).to_owned(), why: Why::Build(why) });
    let mut missing: Vec<Missing> = left_out.collect();
    for (module, name, manifest, sentences, ram_bytes) in linked::all() {
        let module = module.ok_or(Taken(name))?;
        match fits(&skills, manifest) {
            Ok(manifest) => skills.push(Skill::new(module, manifest, sentences, ram_bytes)),
            Err(why) => missing.push(Missing { skill: name.to_owned(), why }),
        }
    }
    Ok((skills, missing))
}

/// The manifest of a skill beside others.
fn fits(others: &[Skill], manifest: &str) -> Result<Manifest, Why> {
    let manifest = Manifest::parse(manifest)?;
    for intent in &manifest.intents {
        if OWN.contains(&intent.as_str()) {
            return Err(Why::Own(intent.clone()));
        }
        if let Some(other) = others.iter().find(|skill| skill.manifest.intents.contains(intent)) {
            return Err(Why::Intent(other.manifest.id.clone(), intent.clone()));
        }
    }
    Ok(manifest)
}

impl Skill {
    fn new(module: Box<dyn Module>, manifest: Manifest, sentences: &'static str, ram_bytes: u64) -> Skill {
        let (calls, failures, restarts, most_fuel) = (0, 0, 0, 0);
        Skill { module, manifest, sentences, ram_bytes, ready: false, calls, failures, restarts, most_fuel }
    }

    /// Calls it. What it commands meanwhile is done to `world`.
    ///
    /// # Errors
    /// When it traps, takes too long or answers nonsense; it is started anew at the next call.
    pub fn call(&mut self, world: &mut Place, call: Call, message: &str) -> Result<Reply, SkillFailure> {
        self.calls += 1;
        world.stand_for(&self.manifest);
        let outcome = world.during(|| self.run(call, message.as_bytes()));
        if outcome.is_err() {
            self.failures += 1;
            self.ready = false;
        }
        outcome
    }

    /// Lets it put away what it has, before the speaker ends: `skill_close`, once.
    ///
    /// # Errors
    /// When it traps or takes too long.
    pub fn close(&mut self, world: &mut Place) -> Result<(), SkillFailure> {
        if !std::mem::take(&mut self.ready) {
            return Ok(());
        }
        self.module.set_fuel(self.fuel());
        world.stand_for(&self.manifest);
        Ok(world.during(|| self.module.close())?)
    }

    /// Starts it anew at its next call.
    pub fn forget(&mut self) {
        self.ready = false;
    }

    fn fuel(&self) -> u64 {
        u64::from(self.manifest.module.deadline_ms) * FUEL_PER_MS
    }

    fn run(&mut self, call: Call, message: &[u8]) -> Result<Reply, SkillFailure> {
        let fuel = self.fuel();
        // One deadline for all of it: who is started anew has what that leaves.
        let starts = !self.ready;
        if starts {
            self.module.set_fuel(fuel);
            self.module.instantiate()?;
            match self.module.init()? {
                0 => self.ready = true,
                refused => return Err(SkillFailure::Init(refused)),
            }
            self.restarts += u64::from(self.failures > 0);
        }
        if !starts {
            self.module.set_fuel(fuel);
        }
        let bytes = i32::try_from(message.len()).map_err(|_| SkillFailure::NoRoom(message.len()))?;
        let at = self.module.alloc(bytes)?;
        {
            let mut memory = self.module.memory();
            let room = place(at).filter(|at| *at != 0).and_then(|at| memory.slice_mut(at, message.len()));
            room.ok_or(SkillFailure::NoRoom(message.len()))?.copy_from_slice(message);
        }
        let packed = match call {
            Call::Intent => self.module.on_intent(at, bytes)?,
            Call::Event => self.module.on_event(at, bytes)?,
        };
        self.most_fuel = self.most_fuel.max(fuel - self.module.fuel_left().min(fuel));
        let packed = packed.cast_unsigned();
        let (at, bytes) = (usize::try_from(packed >> 32), usize::try_from(packed & 0xffff_ffff));
        let (Ok(at), Ok(bytes)) = (at, bytes) else { return Err(SkillFailure::Reply) };
        if bytes == 0 {
            return Ok(Reply::default());
        }
        let memory = self.module.memory();
        let reply = if bytes > LONGEST_REPLY { None } else { memory.slice(at, bytes) };
        Ok(Reply::read(reply.ok_or(SkillFailure::Reply)?))
    }

    /// What the speaker says when the skill cannot.
    #[must_use]
    pub fn apology(&self, failure: SkillFailure) -> String {
        let responses = self.manifest.responses.get("en").cloned().unwrap_or_default();
        let text = if failure == SkillFailure::Late { responses.late } else { responses.failed };
        if text.is_empty() { format!("The {} skill failed.", self.manifest.id.replace('_', " ")) } else { text }
    }

    /// Makes the next call fail: see [`crate::dsp::module::Module::plant`]. For the evaluation.
    #[cfg(feature = "faults")]
    pub fn plant(&mut self, kind: i32) {
        if !self.ready {
            self.module.set_fuel(self.fuel());
            self.ready = self.module.instantiate().is_ok() && self.module.init() == Ok(0);
        }
        let fuel = self.fuel();
        self.module.set_fuel(fuel);
        let _ = self.module.plant(kind);
    }
}

#[cfg(all(test, feature = "faults"))]
mod tests;
