//! Commands that await their answer, and the states that devices have told.

use super::topic::{ANY, Device, Told};
use super::{Command, Followed, MOST_AT_ONCE, MOST_STATES, PATIENCE, state};
use rumqttc::{Client, QoS};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

/// What the callers and the thread share.
#[derive(Default)]
pub(super) struct Shared {
    /// There where the broker is connected.
    pub(super) client: Option<Client>,
    pub(super) trouble: Option<String>,
    /// Nobody wants the home any more.
    pub(super) closed: bool,
    pending: HashMap<i32, Pending>,
    states: BTreeMap<Device, String>,
}

struct Pending {
    device: Device,
    service: String,
    until: Instant,
}

impl Shared {
    /// Sends a command; gives its end where that is known already.
    pub(super) fn begin(&mut self, id: i32, command: Command<'_>) -> Option<Followed> {
        let failed = Some(Followed { id, ok: false, value: String::new() });
        let Some(client) = &self.client else { return failed };
        if self.pending.len() >= MOST_AT_ONCE || self.pending.contains_key(&id) {
            return failed;
        }
        let device = self.resolve(Device::spoken(command.domain, command.area, command.name));
        let asks = command.service == "get";
        if let Some(state) = self.states.get(&device).filter(|_| asks) {
            return Some(Followed { id, ok: true, value: state.clone() });
        }
        let (last, payload) = match asks {
            true => ("get", json!({ "id": id })),
            false => ("set", json!({ "service": command.service, "value": value(command.value), "id": id })),
        };
        // Not sent again by the client: it would come late. Whether it arrived the answer tells.
        if client.try_publish(device.topic(last), QoS::AtMostOnce, false, payload.to_string()).is_err() {
            return failed;
        }
        self.pending.insert(id, Pending { device, service: command.service.to_owned(), until: Instant::now() + PATIENCE });
        None
    }

    /// The device itself where its area was not said, and only one of that kind and name has told its state.
    fn resolve(&self, device: Device) -> Device {
        if device.area != ANY || device.name == ANY || self.states.contains_key(&device) {
            return device;
        }
        let mut same = self.states.keys().filter(|told| told.domain == device.domain && told.name == device.name);
        match (same.next(), same.next()) {
            (Some(only), None) => only.clone(),
            _ => device,
        }
    }

    /// What a device told; gives the commands that ended by it. A retained message was told before any command.
    pub(super) fn told(&mut self, topic: &str, payload: &[u8], retained: bool) -> Vec<Followed> {
        match Device::of(topic) {
            Some((_, Told::Ack)) if !retained => {
                let Some((id, ok)) = state::acknowledged(payload) else { return Vec::new() };
                // Of a question the state is the answer; only that there is none can be acknowledged.
                match self.pending.get(&id) {
                    Some(pending) if !(ok && pending.service == "get") => self.pending.remove(&id),
                    _ => return Vec::new(),
                };
                vec![Followed { id, ok, value: String::new() }]
            }
            Some((device, Told::State)) => {
                let state = state::told(payload);
                if state.is_empty() {
                    // An empty retained message is how MQTT forgets one.
                    self.states.remove(&device);
                    return Vec::new();
                }
                let ended = |pending: &Pending| {
                    pending.device == device
                        && (!retained || pending.service == "get")
                        && state::fulfils(&pending.service, &state)
                };
                let mut ids: Vec<i32> = self.pending.iter().filter(|(_, pending)| ended(pending)).map(|(id, _)| *id).collect();
                ids.sort_unstable();
                let follow = |id| {
                    let asked = self.pending.remove(&id).is_some_and(|pending| pending.service == "get");
                    Followed { id, ok: true, value: if asked { state.clone() } else { String::new() } }
                };
                let followed = ids.into_iter().map(follow).collect();
                if self.states.len() < MOST_STATES || self.states.contains_key(&device) {
                    self.states.insert(device, state);
                }
                followed
            }
            _ => Vec::new(),
        }
    }

    /// The commands that nobody answered in time.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<Followed> {
        self.end(|pending| pending.until <= now)
    }

    /// The connection is gone, and with it all that was under way and all that is known.
    pub(super) fn disconnected(&mut self, why: String) -> Vec<Followed> {
        self.client = None;
        self.trouble = Some(why);
        self.states.clear();
        self.end(|_| true)
    }

    fn end(&mut self, which: impl Fn(&Pending) -> bool) -> Vec<Followed> {
        let mut ids: Vec<i32> = self.pending.iter().filter(|(_, pending)| which(pending)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        self.pending.retain(|_, pending| !which(pending));
        ids.into_iter().map(|id| Followed { id, ok: false, value: String::new() }).collect()
    }
}

/// A number where it is one.
fn value(text: &str) -> Value {
    match text.parse::<serde_json::Number>() {
        _ if text.is_empty() => Value::Null,
        Ok(number) => Value::Number(number),
        Err(_) => Value::String(text.to_owned()),
    }
}
