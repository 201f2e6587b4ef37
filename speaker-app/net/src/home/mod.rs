//! Devices of a home, by MQTT.
//!
//! The speaker knows devices as they are spoken of: what they are (`light`, `switch`, `fan`, `cover`, `lock`, `climate`), a
//! name and an area. Each has topics of its own, all under
//!
//! ```text
//! saggar/home/DOMAIN/AREA/NAME/
//!     set     speaker → device   {"service":"turn_on","value":null,"id":7}     QoS 0, not retained
//!     get     speaker → device   {"id":8}         where a state is asked for that nobody has told
//!     ack     device → speaker   {"id":7,"ok":true}, or a plain 7               the device followed, or did not
//!     state   device → speaker   {"state":"ON"}, or a plain ON; retained        how it is
//! ```
//!
//! AREA and NAME are in small letters, without an article, with `_` for a space: "the desk lamp" in "Living Room" is
//! `saggar/home/light/living_room/desk_lamp/set`. `-` stands for what was not said: `light/kitchen/-` is all lights of the
//! kitchen, `light/-/-` all lights, and `light/-/desk_lamp` the desk lamp wherever it is; where exactly one device of that
//! kind and name has told its state, it is asked under its own topic. Services are `turn_on`, `turn_off`, `set` (a light's
//! brightness in percent, a heating's degrees), `color`, `open`, `close`, `lock` and `unlock`; `value` is a number, a text or
//! null.
//!
//! A command worked when an `ack` with its `id` says so, or when the device tells the state that was wanted. No answer within
//! [`PATIENCE`] means that it failed. States are told apart without regard to case, in the words of Home Assistant and of
//! Zigbee2MQTT: `ON`, `OFF`, `OPEN`, `CLOSE` or `closed`, `LOCK` or `locked`, `UNLOCK` or `unlocked`. The state that is given
//! to a skill is `on`, `off`, `open`, `closed`, `locked` or `unlocked`, or whatever else the device says, in small letters.
//!
//! A lamp of Home Assistant that is turned on and off needs one automation that follows, and one that tells:
//!
//! ```yaml
//! - trigger: {platform: mqtt, topic: saggar/home/light/living_room/desk_lamp/set}
//!   action:
//!     - service: "light.{{ trigger.payload_json.service }}"
//!       target: {entity_id: light.desk_lamp}
//! - trigger: {platform: state, entity_id: light.desk_lamp}
//!   action:
//!     - service: mqtt.publish
//!       data: {topic: saggar/home/light/living_room/desk_lamp/state, payload: "{{ states('light.desk_lamp') }}", retain: true}
//! ```
//!
//! A command is never late: where the broker is away it fails at once, and what was not delivered is dropped with its
//! connection. A lamp that goes on an hour after it was asked for frightens people.

mod link;
mod pending;
mod state;
mod topic;

use pending::Shared;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A device that does not answer within this time has not followed.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// Commands that may await their answer at once.
pub const MOST_AT_ONCE: usize = 32;
/// Devices whose state is kept; the states of others are asked for.
pub const MOST_STATES: usize = 1024;

/// Where the home's broker is.
#[derive(Clone, PartialEq, Eq)]
pub struct Broker {
    /// Its name or IP address.
    pub host: String,
    /// Its port; mostly 1883.
    pub port: u16,
    /// User and password, where it wants them.
    pub login: Option<(String, String)>,
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Logs are read by others than those who know the password.
        let login = self.login.as_ref().map(|(user, _)| user);
        f.debug_struct("Broker").field("host", &self.host).field("port", &self.port).field("user", &login).finish()
    }
}

impl Broker {
    /// A broker of `HOST` or `HOST:PORT` without a login; the port is 1883 where there is none. `None` where it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, port.parse().ok().filter(|port| *port > 0)?)
            }
            _ => (text, 1883),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
        (!host.is_empty() && host.bytes().all(plain)).then(|| Self { host: host.to_owned(), port, login: None })
    }
}

/// What is wanted of a device, in spoken words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Command<'a> {
    /// What it is: `light`, `switch` and so on.
    pub domain: &'a str,
    /// What it shall do; `get` asks for its state.
    pub service: &'a str,
    /// Its name; empty where all of an area are meant.
    pub name: &'a str,
    /// Its room; empty where it was not said.
    pub area: &'a str,
    /// A number or a text; empty where the service needs none.
    pub value: &'a str,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The number that [`Home::call`] was given.
    pub id: i32,
    /// Whether the device followed, or told its state.
    pub ok: bool,
    /// The state that was asked for; empty otherwise.
    pub value: String,
}

/// A home.
pub struct Home {
    shared: Arc<Mutex<Shared>>,
    done: Arc<dyn Fn(Followed) + Send + Sync>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Home").field("connected", &self.is_connected()).finish_non_exhaustive()
    }
}

impl Home {
    /// A home behind a broker, which a thread connects to, now and whenever the connection is lost. `done` is called once for
    /// each [`call`](Self::call), in that thread or within the call.
    ///
    /// # Errors
    /// The system's, where there is no thread to be had.
    pub fn new(broker: Broker, done: impl Fn(Followed) + Send + Sync + 'static) -> std::io::Result<Self> {
        let home = Self { shared: Arc::default(), done: Arc::new(done) };
        let (shared, done) = (Arc::clone(&home.shared), Arc::clone(&home.done));
        std::thread::Builder::new().name("home".to_owned()).spawn(move || link::run(&broker, &shared, &*done))?;
        Ok(home)
    }

    /// A home that sends its results to a channel.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn channel(broker: Broker) -> std::io::Result<(Self, Receiver<Followed>)> {
        let (sender, receiver) = channel();
        // Where nobody listens any more the result is nobody's.
        Ok((Self::new(broker, move |followed| drop(sender.send(followed)))?, receiver))
    }

    /// Whether there is a connection to the broker.
    pub fn is_connected(&self) -> bool {
        lock(&self.shared).client.is_some()
    }

    /// Why there is no connection, for a person; `None` where there is one, or none was tried yet.
    pub fn trouble(&self) -> Option<String> {
        lock(&self.shared).trouble.clone()
    }

    /// Sends a command. What became of it is told with the same `id`, which no other command under way may have.
    pub fn call(&self, id: i32, command: Command<'_>) {
        // Told without the lock: `done` may call again.
        let followed = lock(&self.shared).begin(id, command);
        if let Some(followed) = followed {
            (self.done)(followed);
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        shared.closed = true;
        if let Some(client) = &shared.client {
            // Where its queue is full the thread ends all the same, a little later.
            let _ = client.try_disconnect();
        }
    }
}

/// Nothing is half done where a holder of this lock may panic, so a poisoned one is as good.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
