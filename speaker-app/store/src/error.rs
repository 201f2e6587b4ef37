//! What can go wrong, and what was found damaged.

use std::io;

/// Why something was not stored. The old state is kept in every case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The owner may not store so much.
    #[error(
        "{owner} may store {limit_bytes} bytes and would need {needed_bytes}; delete something, or raise `storage` in its skill.toml"
    )]
    Full {
        /// Whose storage it is.
        owner: String,
        /// Bytes of keys and values that it would come to.
        needed_bytes: u64,
        /// Bytes that are allowed.
        limit_bytes: u64,
    },
    /// The owner has as many timers as it may have.
    #[error("{owner} has {most} timers already; cancel one first")]
    TimersFull {
        /// Whose timers they are.
        owner: String,
        /// How many are allowed.
        most: usize,
    },
    /// A name, key, value or tag is longer than the log's records allow.
    #[error("a {what} of {len_bytes} bytes is too long to store; the longest has {longest_bytes}")]
    TooLong {
        /// What it is.
        what: &'static str,
        /// Its length.
        len_bytes: usize,
        /// The longest allowed.
        longest_bytes: usize,
    },
    /// The disk is full.
    #[error("the disk is full, so nothing was stored ({action}); free some space, and it works again")]
    DiskFull {
        /// What was tried.
        action: &'static str,
    },
    /// Another process has the store.
    #[error("the store in {folder} is in use by another process; end that one, or choose another folder")]
    InUse {
        /// The store's folder.
        folder: std::path::PathBuf,
    },
    /// The system refused.
    #[error("the store could not {action}: {source}; look after the disk and the folder's permissions")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },
}

impl StoreError {
    pub(crate) fn io(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { action },
            _ => Self::Io { action, source },
        }
    }
}

/// What was not as it should be when the store was opened, and what was done. The rest was kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The log ended within a record, as it does when power is lost during a write.
    #[error("the log ended in {bytes} bytes of an unfinished record, which were cut: power was lost while something was stored")]
    TornTail {
        /// How many were cut.
        bytes: usize,
    },
    /// Bytes within the log are no record, though records follow.
    #[error("{bytes} bytes of the log at {offset_bytes} are damaged and were passed over: the disk may be failing")]
    Damaged {
        /// Where they begin.
        offset_bytes: usize,
        /// How many they are.
        bytes: usize,
    },
    /// A record is whole but says nothing that is known.
    #[error("the log's record at {offset_bytes} is of an unknown kind and was passed over: was it written by a newer version?")]
    Unknown {
        /// Where it begins.
        offset_bytes: usize,
    },
    /// The log's beginning is damaged twice over, so that its records cannot be told from other bytes.
    #[error("the log of {bytes} bytes is none, or its beginning is damaged; a new one was begun")]
    NoLog {
        /// Its length.
        bytes: usize,
    },
    /// A damaged log is kept beside the new one for a person to look at.
    #[error("the damaged log was kept as `{name}` beside the new one")]
    Kept {
        /// The file's name in the store's folder.
        name: &'static str,
    },
    /// The log could not be put in order; it is tried again before the next change.
    #[error("the log could not be put in order yet: {reason}")]
    Unsettled {
        /// The system's reason.
        reason: String,
    },
}
