//! What skills act upon: storage and timers, the music player, servers, the home, the clock.
//!
//! While a skill runs, the world is the thread's, so that the functions of the host find it ([`with_current`]); at all other times it
//! belongs to the dialog. So a call of a skill needs no lock, and two skills never see each other's half-done work.

use super::message::field;
use crate::clock::Clock;
use crate::music::Music;
use crate::outside::{Answer, Outside};
use saggar_net::home::Command;
use saggar_skill_manifest::{Manifest, Permissions};
use saggar_store::Store;
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

pub use crate::music::Player;

/// Something that a skill wants, done after its call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Say it.
    Say(String),
    /// Say it and listen.
    Ask(String),
    /// A line for the log.
    Log(String),
    /// Something that the host refused, for the log: why.
    Refused(String),
}

/// What skills act upon.
pub struct World {
    /// Storage and timers.
    pub store: Store,
    /// The music player.
    pub music: Music,
    /// Servers and devices.
    pub outside: Outside,
    /// The time.
    pub clock: Box<dyn Clock>,
    random: u64,
    effects: Vec<Effect>,
    skill: String,
    permissions: Permissions,
    /// What this call may still have the host do, and how often it may still call it.
    left: u32,
    calls_left: u32,
}

/// The world, or nothing while a skill has it.
pub struct Place(Option<Box<World>>);

thread_local! {
    static CURRENT: RefCell<Option<Box<World>>> = const { RefCell::new(None) };
}

/// Does something to the world of the skill that runs on this thread; `None` when none does.
pub(crate) fn with_current<R>(act: impl FnOnce(&mut World) -> R) -> Option<R> {
    CURRENT.with(|current| current.try_borrow_mut().ok()?.as_mut().map(|world| act(world)))
}

impl Place {
    /// The world at its place. `seed` is where its random numbers begin.
    #[must_use]
    pub fn new(store: Store, music: Music, outside: Outside, clock: Box<dyn Clock>, seed: u64) -> Place {
        let permissions = Permissions::default();
        let world = World {
            store,
            music,
            outside,
            clock,
            random: seed | 1,
            effects: Vec::new(),
            skill: String::new(),
            permissions,
            left: 0,
            calls_left: 0,
        };
        Place(Some(Box::new(world)))
    }

    /// Names the skill that is called next, and what it may do.
    pub(crate) fn stand_for(&mut self, manifest: &Manifest) {
        self.skill.clone_from(&manifest.id);
        self.permissions.clone_from(&manifest.permissions);
        (self.left, self.calls_left) = (MOST_ACTS, MOST_CALLS);
    }

    /// Runs a call of a skill.
    pub(crate) fn during<R>(&mut self, call: impl FnOnce() -> R) -> R {
        CURRENT.set(self.0.take());
        let result = call();
        self.0 = CURRENT.take();
        result
    }
}

impl Deref for Place {
    type Target = World;

    fn deref(&self) -> &World {
        // It is away only within `during`, which borrows the place.
        self.0.as_deref().unwrap_or_else(|| unreachable!("the world is with a skill"))
    }
}

impl DerefMut for Place {
    fn deref_mut(&mut self) -> &mut World {
        self.0.as_deref_mut().unwrap_or_else(|| unreachable!("the world is with a skill"))
    }
}

/// Effects that one call may have: nobody wants to hear more.
const MOST_EFFECTS: usize = 32;
/// Things that one call may have the host do, beside: each may write to the disk, or go to the network, and takes none of its fuel.
const MOST_ACTS: u32 = 64;
/// Calls of the host in one call of a skill: texts are copied and lists made, which takes none of its fuel either.
const MOST_CALLS: u32 = 1_000;

/// What is told of a call that wants more.
const TOO_MUCH: &str = "a call may set, cancel, store, fetch, play and command 64 times in all";

impl World {
    /// The skill that runs, or ran last.
    #[must_use]
    pub fn skill(&self) -> &str {
        &self.skill
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        if self.effects.len() < MOST_EFFECTS {
            self.effects.push(effect);
        }
    }

    /// What the last call wanted.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn refuse<R>(&mut self, why: impl std::fmt::Display) -> Option<R> {
        self.push(Effect::Refused(why.to_string()));
        None
    }

    /// Whether it may call the host once more.
    pub(crate) fn may_call(&mut self) -> bool {
        let may = self.calls_left > 0;
        self.calls_left = self.calls_left.saturating_sub(1);
        may
    }

    /// Whether the call may have one more thing done.
    pub(crate) fn may_act(&mut self) -> bool {
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        if !may && self.effects.last() != Some(&Effect::Refused(TOO_MUCH.to_owned())) {
            self.push(Effect::Refused(TOO_MUCH.to_owned()));
        }
        may
    }

    pub(crate) fn timer_set(&mut self, milliseconds: i64, tag: &str) -> Option<i32> {
        if !self.may_act() {
            return None;
        }
        let due = self.clock.now_unix_ms().saturating_add(milliseconds.max(0));
        match self.store.timer_add(&self.skill, due, tag) {
            Ok(id) => Some(id),
            Err(error) => self.refuse(error),
        }
    }

    pub(crate) fn timer_cancel(&mut self, id: i32) -> bool {
        if !self.may_act() {
            return false;
        }
        match self.store.timer_cancel(&self.skill, id) {
            Ok(there) => there,
            Err(error) => self.refuse::<()>(error).is_some(),
        }
    }

    pub(crate) fn timer_list(&mut self) -> String {
        let now = self.clock.now_unix_ms();
        let timers = self.store.timers(&self.skill);
        timers.map(|timer| format!("{} {} {}\n", timer.id, timer.tag, timer.due_unix_ms.saturating_sub(now))).collect()
    }

    pub(crate) fn kv_get(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.store.get(&self.skill, key).map(<[u8]>::to_vec)
    }

    pub(crate) fn kv_put(&mut self, key: &[u8], value: &[u8]) -> bool {
        if !self.may_act() {
            return false;
        }
        match self.store.put(&self.skill, key, value, self.permissions.storage) {
            Ok(()) => true,
            Err(error) => self.refuse::<()>(error).is_some(),
        }
    }

    /// Random numbers by xorshift64* (Marsaglia 2003, Vigna 2016): for jokes, not for secrets.
    pub(crate) fn random(&mut self) -> i64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        self.random.wrapping_mul(0x2545_f491_4f6c_dd1d).cast_signed()
    }

    pub(crate) fn http_fetch(&mut self, url: &str) -> Option<i32> {
        if !self.may_act() {
            return None;
        }
        match self.outside.fetch(&self.skill, url, &self.permissions.http) {
            Ok(id) => Some(id),
            Err(error) => self.refuse(error),
        }
    }

    pub(crate) fn home_call(&mut self, call: &str) -> Option<i32> {
        if !self.may_act() {
            return None;
        }
        let domain = field(call, "domain");
        if !self.permissions.home.contains(&domain) {
            return self.refuse(format!("devices of the kind `{domain}` are not among those that the manifest grants"));
        }
        let part = |key| field(call, key);
        let (service, name, area, value) = (part("service"), part("name"), part("area"), part("value"));
        let command = Command { domain: &domain, service: &service, name: &name, area: &area, value: &value };
        Some(self.outside.command(&self.skill, command))
    }

    /// What servers and devices have answered since, with the skill that had asked.
    pub fn answers(&mut self) -> Vec<(String, Answer)> {
        self.outside.answers()
    }
}
