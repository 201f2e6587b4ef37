//! What skills store, and the timers that run: kept over restarts, and over a loss of power at any byte.
//!
//! One file, `log`, to which a checksummed record is appended and synced before any change is acknowledged. All of it is
//! held in memory too, so reading costs nothing. When the log has grown to twice what it holds it is written anew beside
//! the old one, synced, renamed over it, and the folder synced.
//!
//! Invariants, each of which `tests/power_loss.rs` checks by losing power at every byte of a recorded history:
//! - what was acknowledged is there after any loss of power;
//! - a change is there wholly or not at all, and the one in flight is the only one in doubt;
//! - a change that failed (full disk) leaves the old state, and the store works again as soon as the disk does.
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let mut store = saggar_store::Store::open(folder.path())?;
//! store.put("shopping", b"list", b"milk\nbread", 4096)?;
//! let id = store.timer_add("timer", 1_767_225_600_000, "tea")?;
//! drop(store);
//!
//! let mut store = saggar_store::Store::open(folder.path())?;
//! assert_eq!(store.get("shopping", b"list"), Some(&b"milk\nbread"[..]));
//! let due = store.due(1_767_225_600_000);
//! assert_eq!((due[0].id, due[0].tag.as_str()), (id, "tea"));
//! // It rings; then it is taken out.
//! store.take(&due)?;
//! assert!(store.due(i64::MAX).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is deliberately elsewhere: who may store how much (the manifests, so the limit is a parameter), and the clock.

#![forbid(unsafe_code)]

pub mod disk;
mod error;
mod frame;
mod record;
mod state;
mod store;
mod timers;

pub use error::{Problem, StoreError};
pub use record::{LONGEST_KEY_BYTES, LONGEST_OWNER_BYTES, LONGEST_TAG_BYTES, LONGEST_VALUE_BYTES};
pub use state::Timer;
pub use store::{SLACK_BYTES, Store};
pub use timers::MOST_TIMERS;
