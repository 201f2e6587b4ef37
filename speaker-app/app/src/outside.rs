//! Servers and devices: what skills ask of them, and what comes back.
//!
//! Requests run in threads of `saggar-net`; the conversation looks for answers between frames.

use saggar_net::home::{Broker, Command, Followed, Home};
use saggar_net::http::{FetchError, Fetched, Fetcher, granted, host_of};
use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Of a server.
    Http {
        /// What `http_fetch` gave.
        id: i32,
        /// The status; 0 where there was no answer at all.
        status: u16,
        /// What it sent; without an answer, why.
        body: String,
    },
    /// Of a device.
    Home {
        /// What `home_call` gave.
        id: i32,
        /// Whether it followed.
        ok: bool,
        /// The state that was asked for; empty otherwise.
        value: String,
    },
}

/// Why nothing is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The host is not granted.
    #[error("`{0}` is none of the hosts that the manifest grants by `permissions.http`")]
    NotGranted(String),
    /// It cannot be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

/// How long a frame of a recording waits for answers at most; requests end before that.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long to wait for the first connection to the broker.
const CONNECT: Duration = Duration::from_secs(3);

/// Servers and devices.
pub struct Outside {
    fetcher: Fetcher,
    fetched: Receiver<Fetched>,
    home: Option<(Home, Receiver<Followed>)>,
    next: i32,
    /// Who has asked under which number.
    waiting: BTreeMap<i32, String>,
    answered: Vec<(String, Answer)>,
}

impl Outside {
    /// With a broker, if one is named. What is wrong with it is told.
    #[must_use]
    pub fn new(broker: Option<&str>, problems: &mut Vec<String>) -> Outside {
        let (fetcher, fetched) = Fetcher::channel();
        let home = broker.and_then(|text| {
            let Some(broker) = Broker::parse(text) else {
                problems.push(format!("home.broker: `{text}` is no HOST:PORT, so no device can be commanded"));
                return None;
            };
            Home::channel(broker).map_err(|error| problems.push(format!("the home: {error}"))).ok()
        });
        Outside { fetcher, fetched, home, next: 0, waiting: BTreeMap::new(), answered: Vec::new() }
    }

    fn number(&mut self, owner: &str) -> i32 {
        self.next = self.next.checked_add(1).unwrap_or(1);
        self.waiting.insert(self.next, owner.to_owned());
        self.next
    }

    /// Asks a server for a skill that may ask these hosts; the number under which the answer comes.
    ///
    /// # Errors
    /// When the host is not granted, or cannot be asked.
    pub fn fetch(&mut self, owner: &str, url: &str, hosts: &[String]) -> Result<i32, Refusal> {
        if !granted(url, hosts) {
            let host = host_of(url).map_or_else(|| url.chars().take(100).collect(), |(host, port)| format!("{host}:{port}"));
            return Err(Refusal::NotGranted(host));
        }
        let id = self.number(owner);
        match self.fetcher.fetch(id, url) {
            Ok(()) => Ok(id),
            Err(error) => {
                self.waiting.remove(&id);
                Err(error.into())
            }
        }
    }

    /// Commands a device; the number under which the answer comes. Without a broker the answer is that it did not follow.
    pub fn command(&mut self, owner: &str, command: Command<'_>) -> i32 {
        let id = self.number(owner);
        match &self.home {
            Some((home, _)) => home.call(id, command),
            None => {
                self.waiting.remove(&id);
                self.answered.push((owner.to_owned(), Answer::Home { id, ok: false, value: String::new() }));
            }
        }
        id
    }

    fn look(&mut self) {
        while let Ok(Fetched { id, result }) = self.fetched.try_recv() {
            let Some(owner) = self.waiting.remove(&id) else { continue };
            let (status, body) = result.map_or_else(|error| (0, error.to_string()), |response| (response.status, response.body));
            self.answered.push((owner, Answer::Http { id, status, body }));
        }
        let Some((_, followed)) = &self.home else { return };
        while let Ok(Followed { id, ok, value }) = followed.try_recv() {
            let Some(owner) = self.waiting.remove(&id) else { continue };
            self.answered.push((owner, Answer::Home { id, ok, value }));
        }
    }

    /// What came back since, with who had asked.
    pub fn answers(&mut self) -> Vec<(String, Answer)> {
        self.look();
        std::mem::take(&mut self.answered)
    }

    /// Whether somebody waits for something.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty() || !self.answered.is_empty()
    }

    /// Waits until everything has come back.
    pub fn settle(&mut self) {
        let begin = Instant::now();
        while !self.waiting.is_empty() && begin.elapsed() < PATIENCE {
            self.look();
            if !self.waiting.is_empty() {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Waits a moment for the first connection to the broker, where there is one.
    pub fn connect(&self) {
        let Some((home, _)) = &self.home else { return };
        let begin = Instant::now();
        while !home.is_connected() && begin.elapsed() < CONNECT {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
