//! What the log says, in memory.

use crate::record::Record;
use std::collections::BTreeMap;

/// A timer that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Its number among those of its owner; not negative.
    pub id: i32,
    /// The skill that set it.
    pub owner: String,
    /// When it is due: milliseconds since 1970, in UTC.
    pub due_unix_ms: i64,
    /// What its owner wants to be told with it.
    pub tag: String,
}

/// What belongs to one skill.
#[derive(Debug, Default)]
pub(crate) struct Owner {
    pub(crate) entries: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Bytes of all keys and values.
    pub(crate) used_bytes: u64,
    pub(crate) timers: BTreeMap<i32, Timer>,
    /// The number that the next timer gets, or the first free one after it.
    pub(crate) next_id: i32,
}

/// What belongs to all.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) owners: BTreeMap<String, Owner>,
}

impl State {
    pub(crate) fn owner(&self, name: &str) -> Option<&Owner> {
        self.owners.get(name)
    }

    fn owner_mut(&mut self, name: &str) -> &mut Owner {
        // Without `entry`, which would want a new `String` each time.
        if !self.owners.contains_key(name) {
            self.owners.insert(name.to_owned(), Owner::default());
        }
        self.owners.get_mut(name).expect("it was just put there")
    }

    pub(crate) fn apply(&mut self, record: &Record<'_>) {
        match *record {
            Record::Put { owner, key, value } => {
                let owner = self.owner_mut(owner);
                owner.forget(key);
                owner.used_bytes += bytes(key) + bytes(value);
                owner.entries.insert(key.to_vec(), value.to_vec());
            }
            Record::Delete { owner, key } => self.owner_mut(owner).forget(key),
            Record::Add { owner: name, id, due_unix_ms, tag } => {
                let owner = self.owner_mut(name);
                owner.timers.insert(id, Timer { id, owner: name.to_owned(), due_unix_ms, tag: tag.to_owned() });
                owner.next_id = after(id);
            }
            Record::Take(ref timers) => {
                for &(owner, id) in timers {
                    self.owner_mut(owner).timers.remove(&id);
                }
            }
            Record::Next { owner, id } => self.owner_mut(owner).next_id = id.max(0),
        }
    }

    /// The records that give this state, in the shortest way.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.owners.iter().flat_map(|(name, owner)| {
            let entries = owner.entries.iter().map(move |(key, value)| Record::Put { owner: name, key, value });
            let timers = owner.timers.values().map(move |timer| Record::Add {
                owner: name,
                id: timer.id,
                due_unix_ms: timer.due_unix_ms,
                tag: &timer.tag,
            });
            // Last: each `Add` sets it too.
            let next = (owner.next_id != 0).then_some(Record::Next { owner: name, id: owner.next_id });
            entries.chain(timers).chain(next)
        })
    }
}

impl Owner {
    fn forget(&mut self, key: &[u8]) {
        if let Some(value) = self.entries.remove(key) {
            self.used_bytes -= bytes(key) + bytes(&value);
        }
    }

    /// A number that no timer of this owner has, and none had for two thousand million timers.
    pub(crate) fn free_id(&self) -> i32 {
        let mut id = self.next_id;
        // Ends: there are far fewer timers than numbers.
        while self.timers.contains_key(&id) {
            id = after(id);
        }
        id
    }
}

fn after(id: i32) -> i32 {
    id.checked_add(1).unwrap_or(0).max(0)
}

/// A length as the limits count it.
pub(crate) fn bytes(slice: &[u8]) -> u64 {
    u64::try_from(slice.len()).unwrap_or(u64::MAX)
}
