//! The thread that holds the connection to the broker.
//!
//! Each connection has a client of its own: the library would keep what was not delivered and send it over the next one.

use super::pending::Shared;
use super::{Broker, Followed, lock, topic};
use rumqttc::{
    Client, Connection, ConnectionError, Event, MqttOptions, NetworkOptions, Packet, QoS, RecvTimeoutError, SubscribeFilter,
};
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A broker that takes longer to connect is away, in seconds.
const CONNECT_SECONDS: u64 = 3;
/// How often it is looked whether a command has waited for too long.
const TICK: Duration = Duration::from_millis(50);
/// Waited before the next attempt, doubled after each that failed.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Longer messages end the connection, in bytes; devices of others may tell a lot.
const LONGEST_MESSAGE_BYTES: usize = 256 << 10;

/// Connects, again and again, until the home is closed.
pub(super) fn run(broker: &Broker, shared: &Mutex<Shared>, done: &dyn Fn(Followed)) {
    // Two speakers of one home would throw each other out under one name.
    let name = format!("saggar-{:016x}", RandomState::new().hash_one(0));
    let mut pause = FIRST_PAUSE;
    loop {
        let why = connection(broker, &name, shared, done, &mut pause);
        let ended = lock(shared).disconnected(why);
        ended.into_iter().for_each(done);
        let until = Instant::now() + pause;
        while Instant::now() < until && !lock(shared).closed {
            sleep(TICK.min(pause));
        }
        if lock(shared).closed {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One connection, from its beginning to its end, and why it ended.
fn connection(broker: &Broker, name: &str, shared: &Mutex<Shared>, done: &dyn Fn(Followed), pause: &mut Duration) -> String {
    let (client, mut connection) = open(broker, name);
    let told = |error| trouble(broker, &error);
    loop {
        // Connecting cannot be looked up from, and begins anew where that is tried; it has its own limit.
        let connected = lock(shared).client.is_some();
        let event = match connected {
            true => connection.recv_timeout(TICK),
            false => connection.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Ok(Ok(Event::Incoming(Packet::ConnAck(_)))) => {
                *pause = FIRST_PAUSE;
                // The queue is empty yet, so there is room.
                let topics = topic::told().map(|topic| SubscribeFilter::new(topic, QoS::AtLeastOnce));
                let _ = client.try_subscribe_many(topics);
            }
            // Nothing is sent before the answers can be heard.
            Ok(Ok(Event::Incoming(Packet::SubAck(_)))) => {
                let mut shared = lock(shared);
                shared.client = Some(client.clone());
                shared.trouble = None;
            }
            Ok(Ok(Event::Incoming(Packet::Publish(message)))) => {
                let ended = lock(shared).told(&message.topic, &message.payload, message.retain);
                ended.into_iter().for_each(done);
            }
            Ok(Ok(_)) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Err(error)) => return told(error),
            Err(RecvTimeoutError::Disconnected) => return "the connection was closed".to_owned(),
        }
        let late = lock(shared).expired(Instant::now());
        late.into_iter().for_each(done);
        if lock(shared).closed {
            return "the home was closed".to_owned();
        }
    }
}

fn open(broker: &Broker, name: &str) -> (Client, Connection) {
    let mut options = MqttOptions::new(name, &broker.host, broker.port);
    options.set_keep_alive(Duration::from_secs(10)).set_max_packet_size(LONGEST_MESSAGE_BYTES, LONGEST_MESSAGE_BYTES);
    if let Some((user, password)) = &broker.login {
        options.set_credentials(user, password);
    }
    let (client, mut connection) = Client::new(options, 64);
    let mut network = NetworkOptions::new();
    network.set_connection_timeout(CONNECT_SECONDS);
    network.set_tcp_nodelay(true);
    connection.eventloop.set_network_options(network);
    (client, connection)
}

fn trouble(broker: &Broker, error: &ConnectionError) -> String {
    let Broker { host, port, .. } = broker;
    let help = match error {
        ConnectionError::ConnectionRefused(_) => "look after the user and the password",
        _ => "is the broker running there?",
    };
    format!("the home's broker {host}:{port}: {error}; {help}")
}
