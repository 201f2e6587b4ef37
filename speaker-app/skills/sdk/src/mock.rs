//! A host for tests, one for each thread: it does nothing, remembers every call, and answers as the test arranged.

use std::{cell::RefCell, collections::BTreeMap};

use crate::{Event, Intent, Message, Reply, Skill};

/// What the host knows and has seen.
pub struct Mock {
    /// Milliseconds since 1970.
    pub now: i64,
    /// Local time ahead of UTC.
    pub offset_minutes: i32,
    /// The next random number; every call adds one.
    pub random: i64,
    /// Refuses whatever may be refused.
    pub refuse: bool,
    /// What is stored.
    pub stored: BTreeMap<String, String>,
    /// The timers that run: number, tag, when they are due.
    pub timers: Vec<(i32, String, i64)>,
    /// Every call that commands something, as words.
    pub calls: Vec<String>,
    next: i32,
}

thread_local! {
    static MOCK: RefCell<Mock> = const { RefCell::new(Mock::new()) };
}

impl Mock {
    const fn new() -> Self {
        Self {
            now: 0,
            offset_minutes: 0,
            random: 0,
            refuse: false,
            stored: BTreeMap::new(),
            timers: Vec::new(),
            calls: Vec::new(),
            next: 0,
        }
    }

    fn call(&mut self, words: String) -> i32 {
        self.calls.push(words);
        if self.refuse {
            return -1;
        }
        self.next += 1;
        self.next
    }
}

/// Arranges the host or looks at it.
pub fn with<T>(look: impl FnOnce(&mut Mock) -> T) -> T {
    MOCK.with_borrow_mut(look)
}

/// A host that knows nothing.
pub fn reset() {
    with(|mock| *mock = Mock::new());
}

/// The calls since this was last asked.
#[must_use]
pub fn calls() -> Vec<String> {
    with(|mock| std::mem::take(&mut mock.calls))
}

/// What a skill replies to an intent, given by the fields of its message.
pub fn intent(skill: &mut impl Skill, fields: &str) -> String {
    answer(fields, |message, reply| skill.on_intent(&Intent::of(message), reply))
}

/// What a skill replies to an event, given by the fields of its message.
pub fn event(skill: &mut impl Skill, fields: &str) -> String {
    answer(fields, |message, reply| skill.on_event(&Event::of(message), reply))
}

/// What is said, with ` [ask=1]` or ` [error=1]` behind it.
fn answer(fields: &str, handle: impl FnOnce(Message<'_>, &mut Reply<'_>)) -> String {
    let mut bytes = fields.as_bytes().to_vec();
    let mut buffer = [0; 512];
    let mut reply = Reply::new(&mut buffer);
    handle(Message::parse(&mut bytes), &mut reply);
    let len = reply.finish();
    let text = String::from_utf8_lossy(&buffer[..len]);
    let mut lines = text.lines();
    let mut said = lines.next().unwrap_or("").trim_start_matches("say=").to_owned();
    for mark in lines {
        said += &format!(" [{mark}]");
    }
    said
}

/// The host's functions, as `imports.rs` has them in a module.
pub(crate) mod imports {
    use super::with;

    pub(crate) fn say(text: &str) {
        with(|mock| mock.call(format!("say {text}")));
    }

    pub(crate) fn ask(text: &str) {
        with(|mock| mock.call(format!("ask {text}")));
    }

    pub(crate) fn play(name: &str) -> i32 {
        with(|mock| mock.call(format!("play {name}")))
    }

    pub(crate) fn music(command: i32, value: i32) -> i32 {
        with(|mock| mock.call(format!("music {command} {value}")))
    }

    pub(crate) fn timer_set(milliseconds: i64, tag: &str) -> i32 {
        with(|mock| {
            let id = mock.call(format!("timer_set {milliseconds} {tag}"));
            if id >= 0 {
                mock.timers.push((id, tag.to_owned(), mock.now + milliseconds));
            }
            id
        })
    }

    pub(crate) fn timer_cancel(id: i32) -> i32 {
        with(|mock| {
            let before = mock.timers.len();
            mock.timers.retain(|timer| timer.0 != id);
            if mock.timers.len() < before { 0 } else { -1 }
        })
    }

    pub(crate) fn timer_list(to: &mut [u8]) -> i32 {
        let lines: String =
            with(|mock| mock.timers.iter().map(|(id, tag, due)| format!("{id} {tag} {}\n", due - mock.now)).collect());
        copy(&lines, to)
    }

    pub(crate) fn kv_get(key: &str, to: &mut [u8]) -> i32 {
        with(|mock| mock.stored.get(key).map_or(-1, |value| copy(value, to)))
    }

    pub(crate) fn kv_put(key: &str, value: &str) -> i32 {
        with(|mock| {
            if mock.refuse {
                return -1;
            }
            mock.stored.insert(key.to_owned(), value.to_owned());
            0
        })
    }

    pub(crate) fn log(_: &str) {}

    pub(crate) fn now() -> i64 {
        with(|mock| mock.now)
    }

    pub(crate) fn local_offset_minutes() -> i32 {
        with(|mock| mock.offset_minutes)
    }

    pub(crate) fn random() -> i64 {
        with(|mock| {
            mock.random += 1;
            mock.random - 1
        })
    }

    pub(crate) fn http_fetch(url: &str) -> i32 {
        with(|mock| mock.call(format!("http_fetch {url}")))
    }

    pub(crate) fn home_call(call: &str) -> i32 {
        with(|mock| mock.call(format!("home_call {}", call.trim_end().replace('\n', " "))))
    }

    /// Gives the whole length, as the host does, also where less was copied.
    fn copy(text: &str, to: &mut [u8]) -> i32 {
        let len = text.len().min(to.len());
        to[..len].copy_from_slice(&text.as_bytes()[..len]);
        i32::try_from(text.len()).unwrap_or(-1)
    }
}
