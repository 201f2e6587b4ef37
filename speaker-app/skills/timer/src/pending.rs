//! The timers and alarms that have not rung yet.
//!
//! Invariant: an entry that is not paused is here exactly as long as the host runs a timer with its tag, and the storage holds the
//! same entries in the same order after every change. A restart reads them back, adopts those that the host still runs, and sets the
//! others again.

use saggar_skill::{Sink, Text, heard, host};

/// As many as one keeps in mind.
const MOST: usize = 8;
const KEY: &str = "pending";
/// Room for `MOST` lines of at most 72 bytes.
const STORED: usize = 576;
/// What rang unheard for longer than this is of no use to anybody.
const FORGOTTEN_MS: i64 = 3_600_000;

/// A timer's name.
pub(crate) type Name = Text<24>;
type Tag = Text<12>;

/// A timer or an alarm.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    serial: u32,
    id: i32,
    pub(crate) alarm: bool,
    pub(crate) due_ms: i64,
    pub(crate) seconds: i64,
    /// What is left of one that is paused; 0 for one that runs.
    pub(crate) paused_ms: i64,
    pub(crate) name: Name,
}

impl Entry {
    /// Whether somebody means this timer by `name`, which may also be its length.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let name = name.strip_suffix(" timer").or_else(|| name.strip_suffix(" one")).unwrap_or(name);
        heard::same(name, self.name.as_str()) || heard::duration(name) == Some(self.seconds)
    }

    /// What is left of it.
    pub(crate) fn left_ms(&self, now: i64) -> i64 {
        if self.paused_ms > 0 { self.paused_ms } else { self.due_ms.saturating_sub(now).max(1) }
    }

    fn tag(&self) -> Tag {
        let mut tag = Text::of("t");
        tag.push_number(self.serial.into());
        tag
    }

    /// Starts the host's timer, unless it runs or is not to.
    fn start(&mut self, now: i64) -> bool {
        if self.paused_ms > 0 {
            self.id = -1;
            return true;
        }
        let mut buffer = [0; 400];
        let running = host::timer_list(&mut buffer).lines().find_map(|line| {
            let mut words = line.split(' ');
            let id = words.next()?.parse().ok()?;
            (words.next()? == self.tag().as_str()).then_some(id)
        });
        let id = running.or_else(|| host::timer_set(self.left_ms(now), self.tag().as_str()));
        self.id = id.unwrap_or(-1);
        id.is_some()
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(6, ' ');
        let mut word = || words.next();
        Some(Self {
            serial: word()?.parse().ok()?,
            id: -1,
            alarm: word()? == "1",
            due_ms: word()?.parse().ok()?,
            seconds: word()?.parse().ok()?,
            paused_ms: word()?.parse().ok()?,
            name: Text::of(word()?),
        })
    }
}

/// All of them.
pub(crate) struct Pending {
    entries: [Option<Entry>; MOST],
    next_serial: u32,
}

impl Pending {
    /// What was pending when the skill was last alive.
    pub(crate) fn restore() -> Self {
        let mut pending = Self { entries: [None; MOST], next_serial: 1 };
        let mut buffer = [0; STORED];
        let now = host::now();
        let Some(stored) = host::kv_get(KEY, &mut buffer) else { return pending };
        for mut entry in stored.lines().filter_map(Entry::parse) {
            pending.next_serial = pending.next_serial.max(entry.serial.wrapping_add(1));
            let forgotten = entry.paused_ms <= 0 && entry.due_ms <= now.saturating_sub(FORGOTTEN_MS);
            if !forgotten && entry.start(now) {
                pending.insert(entry);
            }
        }
        pending
    }

    pub(crate) fn timers(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten().filter(|entry| !entry.alarm)
    }

    pub(crate) fn alarms(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten().filter(|entry| entry.alarm)
    }

    /// Starts one more, and says whether it was stored; none where there is no room.
    pub(crate) fn add(&mut self, alarm: bool, due_ms: i64, seconds: i64, name: Name) -> Option<bool> {
        self.entries.iter().find(|entry| entry.is_none())?;
        let mut entry = Entry { serial: self.next_serial, id: -1, alarm, due_ms, seconds, paused_ms: 0, name };
        if !entry.start(host::now()) {
            return None;
        }
        self.next_serial = self.next_serial.wrapping_add(1);
        self.insert(entry);
        Some(self.store())
    }

    fn insert(&mut self, entry: Entry) {
        if let Some(free) = self.entries.iter_mut().find(|entry| entry.is_none()) {
            *free = Some(entry);
        }
    }

    /// Takes out the one that has rung.
    pub(crate) fn take(&mut self, tag: &str) -> Option<Entry> {
        let place = self.entries.iter_mut().find(|entry| entry.is_some_and(|entry| entry.tag().as_str() == tag))?;
        let rung = place.take();
        self.store();
        rung
    }

    /// Lets one run on with another end, pauses it or lets it go on. Says whether that was stored; none where the host does not let it
    /// run any more, and then it is gone.
    pub(crate) fn change(&mut self, mut changed: Entry) -> Option<bool> {
        host::timer_cancel(changed.id);
        let place = self.entries.iter_mut().find(|entry| entry.is_some_and(|entry| entry.serial == changed.serial))?;
        *place = changed.start(host::now()).then_some(changed);
        let runs = place.is_some();
        let stored = self.store();
        runs.then_some(stored)
    }

    /// Cancels one.
    pub(crate) fn cancel(&mut self, entry: &Entry) {
        host::timer_cancel(entry.id);
        self.take(entry.tag().as_str());
    }

    /// Cancels every alarm, or every timer.
    pub(crate) fn cancel_all(&mut self, alarms: bool) {
        for place in &mut self.entries {
            if let Some(entry) = place.take_if(|entry| entry.alarm == alarms) {
                host::timer_cancel(entry.id);
            }
        }
        self.store();
    }

    fn store(&self) -> bool {
        let mut text = Text::<STORED>::new();
        for entry in self.entries.iter().flatten() {
            for number in [entry.serial.into(), entry.alarm.into(), entry.due_ms, entry.seconds, entry.paused_ms] {
                text.push_number(number);
                text.push(" ");
            }
            text.push(entry.name.as_str());
            text.push("\n");
        }
        host::kv_put(KEY, text.as_str())
    }
}
