//! Opens microphone and loudspeaker in a thread of its own: a sound server may take seconds to answer, or never do, and the
//! conversation does not wait for it. Devices that are not used any more end there too.

use crate::config::Audio;
use crate::devices::{DeviceError, Devices, Loudspeaker, Microphone};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long until a missing device is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// A device that gives or takes nothing for so long is opened again.
const STANDSTILL: Duration = Duration::from_secs(3);

/// What the thread is told.
enum Wish {
    Microphone,
    Loudspeaker,
    /// Closes a device.
    Close(Device),
}

/// A device, or why there is none.
enum Found {
    Microphone(Result<Microphone, DeviceError>),
    Loudspeaker(Result<Loudspeaker, DeviceError>),
}

/// An open device.
#[expect(dead_code, reason = "held until it is dropped")]
enum Device {
    Microphone(Microphone),
    Loudspeaker(Loudspeaker),
}

/// What came of looking.
pub(super) enum News {
    /// A microphone: its ring is to be taken.
    Microphone,
    /// A loudspeaker: its rings are to be taken.
    Loudspeaker,
    /// Something is gone or missing, in words.
    Problem(String),
}

/// Both devices.
pub(super) struct Hardware {
    wishes: Sender<Wish>,
    found: Receiver<Found>,
    pub(super) microphone: Option<Microphone>,
    pub(super) loudspeaker: Option<Loudspeaker>,
    slots: [Slot; 2],
}

/// Where one of them is.
struct Slot {
    asked: bool,
    /// When it is looked for again.
    next: Instant,
    /// Whether somebody was told that it is missing.
    told: bool,
    /// Samples that it had moved, and when that changed.
    moved: (u64, Instant),
}

impl Slot {
    fn new() -> Slot {
        let now = Instant::now();
        Slot { asked: false, next: now, told: false, moved: (0, now) }
    }

    fn must_ask(&mut self) -> bool {
        let ask = !self.asked && self.next <= Instant::now();
        self.asked |= ask;
        ask
    }

    fn stands_still(&mut self, moved: u64) -> bool {
        if moved != self.moved.0 {
            self.moved = (moved, Instant::now());
        }
        self.moved.1.elapsed() > STANDSTILL
    }

    fn opened(&mut self) {
        *self = Slot::new();
    }

    /// Whether it is told that it is missing: once.
    fn missing(&mut self) -> bool {
        self.asked = false;
        self.next = Instant::now() + LOOK_AGAIN;
        !std::mem::replace(&mut self.told, true)
    }

    fn gone(&mut self) {
        // It is told that it is gone; that it is missing then goes without saying.
        *self = Slot { told: true, ..Slot::new() };
    }
}

impl Hardware {
    /// Starts the thread; `muted` is for the microphone. It ends with this value, or when a sound server that answers nothing lets it.
    pub(super) fn start(config: &Audio, muted: Arc<AtomicBool>) -> std::io::Result<Hardware> {
        let (wishes, wished) = channel();
        let (to, found) = channel();
        let devices = Devices::new(config);
        thread::Builder::new().name("devices".to_owned()).spawn(move || {
            for wish in wished {
                let found = match wish {
                    Wish::Microphone => Found::Microphone(devices.microphone(Arc::clone(&muted))),
                    Wish::Loudspeaker => Found::Loudspeaker(devices.loudspeaker()),
                    Wish::Close(device) => {
                        // Waits for the server's answer, which may never come; nobody waits for that.
                        thread::spawn(move || drop(device));
                        continue;
                    }
                };
                if to.send(found).is_err() {
                    return;
                }
            }
        })?;
        Ok(Hardware { wishes, found, microphone: None, loudspeaker: None, slots: [Slot::new(), Slot::new()] })
    }

    /// Looks after both: gives what has changed.
    pub(super) fn look(&mut self) -> Vec<News> {
        let mut news = Vec::new();
        let [microphone, loudspeaker] = &mut self.slots;
        // The loudspeaker first, so that from its first frame on the canceller knows what is heard.
        let lost = match &self.loudspeaker {
            Some(device) => device.health.is_gone() || loudspeaker.stands_still(device.health.taken()),
            None => false,
        };
        if lost {
            loudspeaker.gone();
            news.push(gone("loudspeaker"));
            close(&self.wishes, self.loudspeaker.take().map(Device::Loudspeaker));
        } else if self.loudspeaker.is_none() && loudspeaker.must_ask() {
            let _ = self.wishes.send(Wish::Loudspeaker);
        }
        let lost = match &self.microphone {
            Some(device) => device.health.is_gone() || microphone.stands_still(device.health.given()),
            None => false,
        };
        if lost {
            microphone.gone();
            news.push(gone("microphone"));
            close(&self.wishes, self.microphone.take().map(Device::Microphone));
        } else if self.microphone.is_none() && microphone.must_ask() {
            let _ = self.wishes.send(Wish::Microphone);
        }
        while let Ok(found) = self.found.try_recv() {
            news.extend(self.take(found));
        }
        news
    }

    fn take(&mut self, found: Found) -> Option<News> {
        let [microphone, loudspeaker] = &mut self.slots;
        match found {
            Found::Microphone(Ok(device)) => {
                microphone.opened();
                self.microphone = Some(device);
                Some(News::Microphone)
            }
            Found::Loudspeaker(Ok(device)) => {
                loudspeaker.opened();
                self.loudspeaker = Some(device);
                Some(News::Loudspeaker)
            }
            Found::Microphone(Err(error)) => microphone.missing().then(|| News::Problem(error.to_string())),
            Found::Loudspeaker(Err(error)) => loudspeaker.missing().then(|| News::Problem(error.to_string())),
        }
    }
}

impl Drop for Hardware {
    fn drop(&mut self) {
        close(&self.wishes, self.loudspeaker.take().map(Device::Loudspeaker));
        close(&self.wishes, self.microphone.take().map(Device::Microphone));
    }
}

fn close(wishes: &Sender<Wish>, device: Option<Device>) {
    if let Some(device) = device {
        let _ = wishes.send(Wish::Close(device));
    }
}

fn gone(name: &str) -> News {
    News::Problem(format!("the {name} is gone; everything else goes on, and it is used again when it comes back"))
}
