//! A history of changes, made from a seed, and what is there after each.

use super::Sim;
use saggar_store::{Store, StoreError, Timer};
use std::collections::BTreeMap;

/// All that a store says, without its log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) entries: BTreeMap<(String, Vec<u8>), Vec<u8>>,
    pub(crate) timers: BTreeMap<(String, i32), Timer>,
}

pub(crate) const OWNERS: [&str; 3] = ["timer", "shopping", "weather"];
/// Small, so that the log is written anew several times.
pub(crate) const SLACK_BYTES: u64 = 200;
pub(crate) const LIMIT_BYTES: u64 = 300;

pub(crate) fn snapshot(store: &Store<Sim>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for owner in store.owners() {
        for (key, value) in store.entries(owner) {
            snapshot.entries.insert((owner.to_owned(), key.to_vec()), value.to_vec());
        }
        for timer in store.timers(owner) {
            assert_eq!(timer.owner, owner);
            snapshot.timers.insert((owner.to_owned(), timer.id), timer.clone());
        }
    }
    snapshot
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Put { owner: &'static str, key: Vec<u8>, value: Vec<u8> },
    Delete { owner: &'static str, key: Vec<u8> },
    Add { owner: &'static str, due: i64 },
    Cancel { owner: &'static str, nth: usize },
    Ring { now: i64 },
}

/// A small generator of our own, so that histories stay the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }
}

pub(crate) fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut dice = Dice(seed);
    let mut now = 0;
    (0..count)
        .map(|_| {
            now += 1;
            let owner = OWNERS[dice.below(3)];
            let key = vec![b'k', u8::try_from(dice.below(4)).unwrap_or(0)];
            match dice.below(10) {
                0..4 => Step::Put { owner, key, value: vec![u8::try_from(dice.below(256)).unwrap_or(0); dice.below(40)] },
                4 => Step::Delete { owner, key },
                5..8 => Step::Add { owner, due: now + 1 + i64::try_from(dice.below(8)).unwrap_or(0) },
                8 => Step::Cancel { owner, nth: dice.below(3) },
                _ => Step::Ring { now },
            }
        })
        .collect()
}

/// What the step leaves of `before` where it works; `given` is the number that a new timer got.
pub(crate) fn expected(before: &Snapshot, step: &Step, given: Option<i32>) -> Snapshot {
    let mut after = before.clone();
    match step {
        Step::Put { owner, key, value } => {
            after.entries.insert(((*owner).to_owned(), key.clone()), value.clone());
        }
        Step::Delete { owner, key } => {
            after.entries.remove(&((*owner).to_owned(), key.clone()));
        }
        Step::Add { owner, due } => {
            let id = given.expect("a timer that was set has a number");
            let timer = Timer { id, owner: (*owner).to_owned(), due_unix_ms: *due, tag: format!("tag {due}") };
            assert!(after.timers.insert(((*owner).to_owned(), id), timer).is_none(), "the number was free");
        }
        Step::Cancel { owner, nth } => {
            if let Some(id) = nth_timer(before, owner, *nth) {
                after.timers.remove(&((*owner).to_owned(), id));
            }
        }
        Step::Ring { now } => after.timers.retain(|_, timer| timer.due_unix_ms > *now),
    }
    after
}

fn nth_timer(snapshot: &Snapshot, owner: &str, nth: usize) -> Option<i32> {
    snapshot.timers.keys().filter(|(name, _)| name == owner).nth(nth).map(|(_, id)| *id)
}

/// Does a step; gives the number of a new timer.
pub(crate) fn run(store: &mut Store<Sim>, step: &Step) -> Result<Option<i32>, StoreError> {
    match step {
        Step::Put { owner, key, value } => store.put(owner, key, value, LIMIT_BYTES).map(|()| None),
        Step::Delete { owner, key } => store.delete(owner, key).map(|_| None),
        Step::Add { owner, due } => store.timer_add(owner, *due, &format!("tag {due}")).map(Some),
        Step::Cancel { owner, nth } => match nth_timer(&snapshot(store), owner, *nth) {
            Some(id) => store.timer_cancel(owner, id).map(|_| None),
            None => Ok(None),
        },
        Step::Ring { now } => {
            let count = snapshot(store).timers.into_values().filter(|timer| timer.due_unix_ms <= *now).count();
            let due = store.due(*now);
            assert_eq!(due.len(), count);
            assert!(due.is_sorted_by_key(|timer| timer.due_unix_ms));
            store.take(&due).map(|()| None)
        }
    }
}
