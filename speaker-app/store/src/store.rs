//! The store: opening its log, changing it, and writing it anew.

use crate::disk::{Disk, Folder};
use crate::error::{Problem, StoreError};
use crate::frame;
use crate::record::Record;
use crate::state::{State, bytes};
use std::io;
use std::path::Path;

const LOG: &str = "log";
const NEW: &str = "log.new";
const DAMAGED: &str = "log.damaged";

/// A log may grow by so many bytes beyond twice what it holds before it is written anew.
pub const SLACK_BYTES: u64 = 64 << 10;

/// Keys and values of the skills, and their timers, on a disk.
#[derive(Debug)]
pub struct Store<D = Folder> {
    disk: D,
    pub(crate) state: State,
    marker: u32,
    /// Up to here the log is whole and survives.
    len_bytes: u64,
    /// Beyond this length the log is written anew.
    rewrite_at_bytes: u64,
    slack_bytes: u64,
    /// Something failed half-way: the log may be longer than `len_bytes`, or its name not be for good.
    unsettled: bool,
    problems: Vec<Problem>,
}

impl Store {
    /// Opens the store in a folder; both are made where there are none.
    ///
    /// A log with damage is not an error: see [`problems`](Self::problems).
    ///
    /// # Errors
    /// [`StoreError::InUse`], or the disk's.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let disk = Folder::open(folder).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => StoreError::InUse { folder: folder.to_owned() },
            _ => StoreError::io("open its folder")(error),
        })?;
        Self::open_on(disk, SLACK_BYTES)
    }
}

impl<D: Disk> Store<D> {
    /// Opens the store on any disk; `slack_bytes` stands for [`SLACK_BYTES`].
    ///
    /// # Errors
    /// The disk's.
    pub fn open_on(mut disk: D, slack_bytes: u64) -> Result<Self, StoreError> {
        let log = disk.read(LOG).map_err(StoreError::io("read its log"))?;
        let marker = disk.random();
        let mut store = Self {
            disk,
            state: State::default(),
            marker,
            len_bytes: 0,
            rewrite_at_bytes: 0,
            slack_bytes,
            unsettled: true,
            problems: Vec::new(),
        };
        match log {
            None => store.rewrite()?,
            Some(log) => store.take_over(&log)?,
        }
        Ok(store)
    }

    /// Reads a log, and puts it in order where it is not.
    fn take_over(&mut self, log: &[u8]) -> Result<(), StoreError> {
        let Some(scan) = frame::scan(log) else {
            self.problems.push(Problem::NoLog { bytes: log.len() });
            // Where it cannot be kept it is not replaced either.
            self.keep(log)?;
            return self.rewrite();
        };
        self.marker = scan.marker;
        self.problems = scan.problems;
        for (offset_bytes, payload) in scan.payloads {
            match Record::decode(payload) {
                Some(record) => self.state.apply(&record),
                None => self.problems.push(Problem::Unknown { offset_bytes }),
            }
        }
        self.len_bytes = bytes(&log[..scan.len_bytes]);
        self.rewrite_at_bytes = 2 * bytes(&self.written_anew(self.marker)) + self.slack_bytes;
        // Also where nothing is amiss: what a killed process wrote is read, but need not be for good yet.
        let settled = self.settle();
        let torn = |problem: &Problem| matches!(problem, Problem::TornTail { .. });
        let settled = match self.problems.iter().all(torn) {
            true => settled,
            false => self.keep(log).and_then(|()| self.rewrite()),
        };
        if let Err(error) = settled {
            self.problems.push(Problem::Unsettled { reason: error.to_string() });
        }
        Ok(())
    }

    /// Keeps a damaged log for a person.
    fn keep(&mut self, log: &[u8]) -> Result<(), StoreError> {
        let disk = &mut self.disk;
        let kept = disk.cut(DAMAGED, 0).and_then(|()| disk.write(DAMAGED, 0, log)).and_then(|()| disk.sync(DAMAGED));
        kept.map_err(StoreError::io("keep its damaged log"))?;
        self.problems.push(Problem::Kept { name: DAMAGED });
        Ok(())
    }

    /// What was not as it should be when the store was opened.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What `owner` stored under `key`.
    pub fn get(&self, owner: &str, key: &[u8]) -> Option<&[u8]> {
        self.state.owner(owner)?.entries.get(key).map(Vec::as_slice)
    }

    /// Stores `value` under `key`, in place of what was there. Returns when it will survive.
    ///
    /// # Errors
    /// [`StoreError::Full`] where all keys and values of `owner` would have more than `limit_bytes`;
    /// [`StoreError::TooLong`]; or the disk's. The old value stays.
    pub fn put(&mut self, owner: &str, key: &[u8], value: &[u8], limit_bytes: u64) -> Result<(), StoreError> {
        let old = self.get(owner, key);
        if old == Some(value) {
            // Spares the flash; but a failed change in doubt may not come up in place of what is now confirmed.
            return if self.unsettled { self.settle() } else { Ok(()) };
        }
        let freed = old.map_or(0, |old| bytes(key) + bytes(old));
        let needed_bytes = self.used_bytes(owner) - freed + bytes(key) + bytes(value);
        if needed_bytes > limit_bytes {
            return Err(StoreError::Full { owner: owner.to_owned(), needed_bytes, limit_bytes });
        }
        self.commit(&Record::Put { owner, key, value })
    }

    /// Forgets `key`; false where there is no such key. Returns when it will stay forgotten.
    ///
    /// # Errors
    /// The disk's. The value stays.
    pub fn delete(&mut self, owner: &str, key: &[u8]) -> Result<bool, StoreError> {
        let there = self.get(owner, key).is_some();
        if there {
            self.commit(&Record::Delete { owner, key })?;
        } else if self.unsettled {
            self.settle()?;
        }
        Ok(there)
    }

    /// Bytes of all keys and values of `owner`.
    pub fn used_bytes(&self, owner: &str) -> u64 {
        self.state.owner(owner).map_or(0, |owner| owner.used_bytes)
    }

    /// Keys and values of `owner`, by key.
    pub fn entries(&self, owner: &str) -> impl Iterator<Item = (&[u8], &[u8])> {
        let entries = self.state.owner(owner).map(|owner| owner.entries.iter());
        entries.into_iter().flatten().map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    /// All who ever stored something or set a timer, by name.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        self.state.owners.keys().map(String::as_str)
    }

    /// Length of the log, in bytes.
    pub fn log_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// Appends a record, and changes the state when it will survive.
    pub(crate) fn commit(&mut self, record: &Record<'_>) -> Result<(), StoreError> {
        record.check()?;
        if self.unsettled {
            self.settle()?;
        }
        let mut frame = Vec::new();
        frame::push(&mut frame, self.marker, &record.encode());
        let written = self.disk.write(LOG, self.len_bytes, &frame).and_then(|()| self.disk.sync(LOG));
        if let Err(error) = written {
            // It may be there by half, or even wholly: it is taken back now, or before the next change.
            self.unsettled = true;
            let _ = self.settle();
            return Err(StoreError::io("write its log")(error));
        }
        self.len_bytes += bytes(&frame);
        self.state.apply(record);
        if self.len_bytes > self.rewrite_at_bytes && self.rewrite().is_err() {
            // The change is in the old log, and that one serves on.
            self.rewrite_at_bytes = self.len_bytes + self.slack_bytes;
        }
        Ok(())
    }

    /// Cuts off what was not acknowledged, and makes sure that the rest survives.
    fn settle(&mut self) -> Result<(), StoreError> {
        let disk = &mut self.disk;
        let settled = disk.cut(LOG, self.len_bytes).and_then(|()| disk.sync(LOG)).and_then(|()| disk.sync_folder());
        settled.map_err(StoreError::io("put its log in order"))?;
        self.unsettled = false;
        Ok(())
    }

    /// Writes all to a new log in place of the old one, which stays where that fails.
    fn rewrite(&mut self) -> Result<(), StoreError> {
        let marker = self.disk.random();
        let log = self.written_anew(marker);
        let disk = &mut self.disk;
        let renamed = disk
            .cut(NEW, 0)
            .and_then(|()| disk.write(NEW, 0, &log))
            .and_then(|()| disk.sync(NEW))
            .and_then(|()| disk.rename(NEW, LOG));
        if let Err(error) = renamed {
            // Half a log would only take up room that is short.
            let _ = disk.cut(NEW, 0);
            return Err(StoreError::io("write its log anew")(error));
        }
        self.marker = marker;
        self.len_bytes = bytes(&log);
        self.rewrite_at_bytes = 2 * self.len_bytes + self.slack_bytes;
        // Until the folder is synced the old log may come back, and a record that is only in the new one would go.
        self.unsettled = true;
        self.disk.sync_folder().map_err(StoreError::io("write its log anew"))?;
        self.unsettled = false;
        Ok(())
    }

    /// The bytes of a log that says what there is.
    fn written_anew(&self, marker: u32) -> Vec<u8> {
        let mut log = frame::header(marker);
        for record in self.state.records() {
            frame::push(&mut log, marker, &record.encode());
        }
        log
    }
}
