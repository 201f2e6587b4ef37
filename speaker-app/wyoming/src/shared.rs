//! What the threads share, and in which order it is locked: speaker, then driver. Neither is held while waiting for a client.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::Config;
use crate::driver::Driver;
use crate::handle::Tally;
use crate::info::Info;
use crate::speaker::{Engine, Notice, Speaker};

/// What a [`Handle`](crate::Handle) needs. The speaker is not in it: it may own a handle, and then nothing would ever be freed.
pub(crate) struct Link {
    pub(crate) config: Config,
    pub(crate) driver: Mutex<Option<Driver>>,
    pub(crate) tally: Tally,
}

impl Link {
    /// Does something with the driver, if there is one.
    pub(crate) fn with_driver<T: Default>(&self, action: impl FnOnce(&mut Driver, &Config, &Tally) -> T) -> T {
        lock(&self.driver).as_mut().map(|driver| action(driver, &self.config, &self.tally)).unwrap_or_default()
    }
}

/// What connections need.
pub(crate) struct Shared {
    pub(crate) link: Arc<Link>,
    pub(crate) info: Info,
    pub(crate) speaker: Mutex<Box<dyn Speaker>>,
    pub(crate) engine: Mutex<Box<dyn Engine>>,
    stopping: AtomicBool,
}

impl Shared {
    pub(crate) fn new(link: Arc<Link>, info: Info, speaker: Box<dyn Speaker>, engine: Box<dyn Engine>) -> Self {
        Self { link, info, speaker: Mutex::new(speaker), engine: Mutex::new(engine), stopping: AtomicBool::new(false) }
    }

    /// Whether the server ends.
    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Has the server end.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// Changes the driver and tells the speaker, with no other change between: it hears of them in the order they happened.
    /// `None` from the change tells nothing.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Option<Driver>) -> Option<Notice>) -> bool {
        let mut speaker = lock(&self.speaker);
        let notice = change(&mut lock(&self.link.driver));
        notice.map(|notice| speaker.notice(notice)).is_some()
    }
}

/// Locks although a speaker's method may have panicked: what is guarded here is whole between any two statements.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
