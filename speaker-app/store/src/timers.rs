//! The timers of the store.
//!
//! A timer stays in the log until whoever rings has rung: power that is lost between the two lets it ring again, whereas the other
//! order would lose it. The numbers of timers are never used twice, so one that is taken out late is no other.

use crate::disk::Disk;
use crate::error::StoreError;
use crate::record::Record;
use crate::state::Timer;
use crate::store::Store;

/// Timers that one owner may have at once.
pub const MOST_TIMERS: usize = 64;

impl<D: Disk> Store<D> {
    /// Sets a timer and gives its number, which no running timer of `owner` has. Returns when it will survive.
    ///
    /// `due_unix_ms` is in milliseconds since 1970, in UTC; one in the past is due at once.
    ///
    /// # Errors
    /// [`StoreError::TimersFull`] where `owner` has [`MOST_TIMERS`]; [`StoreError::TooLong`]; or the disk's.
    pub fn timer_add(&mut self, owner: &str, due_unix_ms: i64, tag: &str) -> Result<i32, StoreError> {
        let id = match self.state.owner(owner) {
            Some(there) if there.timers.len() >= MOST_TIMERS => {
                return Err(StoreError::TimersFull { owner: owner.to_owned(), most: MOST_TIMERS });
            }
            Some(there) => there.free_id(),
            None => 0,
        };
        self.commit(&Record::Add { owner, id, due_unix_ms, tag })?;
        Ok(id)
    }

    /// Takes a timer back; false where `owner` has none of that number.
    ///
    /// # Errors
    /// The disk's. The timer runs on.
    pub fn timer_cancel(&mut self, owner: &str, id: i32) -> Result<bool, StoreError> {
        let there = self.state.owner(owner).is_some_and(|owner| owner.timers.contains_key(&id));
        if there {
            self.commit(&Record::Take(vec![(owner, id)]))?;
        }
        Ok(there)
    }

    /// The timers of `owner` that run, by number.
    pub fn timers(&self, owner: &str) -> impl Iterator<Item = &Timer> {
        self.state.owner(owner).into_iter().flat_map(|owner| owner.timers.values())
    }

    /// The timers that are due at `now_unix_ms`, the earliest first. A timer that fell due while the speaker was off is among them, and
    /// so is every one until it is [taken out](Store::take).
    pub fn due(&self, now_unix_ms: i64) -> Vec<Timer> {
        let mut due: Vec<Timer> = self.all().filter(|timer| timer.due_unix_ms <= now_unix_ms).cloned().collect();
        due.sort_by(|a, b| (a.due_unix_ms, &a.owner, a.id).cmp(&(b.due_unix_ms, &b.owner, b.id)));
        due
    }

    /// Takes out timers that have rung, all at once; those that do not run any more are none.
    ///
    /// # Errors
    /// The disk's. All of them run on.
    pub fn take(&mut self, rung: &[Timer]) -> Result<(), StoreError> {
        let runs = |timer: &&Timer| self.state.owner(&timer.owner).is_some_and(|owner| owner.timers.contains_key(&timer.id));
        let running: Vec<&Timer> = rung.iter().filter(runs).collect();
        if running.is_empty() {
            return Ok(());
        }
        self.commit(&Record::Take(running.iter().map(|timer| (timer.owner.as_str(), timer.id)).collect()))
    }

    /// When the next timer is due, in milliseconds since 1970; `None` where none runs.
    pub fn next_due_unix_ms(&self) -> Option<i64> {
        self.all().map(|timer| timer.due_unix_ms).min()
    }

    fn all(&self) -> impl Iterator<Item = &Timer> {
        self.state.owners.values().flat_map(|owner| owner.timers.values())
    }
}
