//! A real broker, and a device that is none.

use rumqttc::{Client, Event, MqttOptions, Packet, QoS};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::Duration;

/// mosquitto on a port of its own, ended with the value.
pub(crate) struct Mosquitto {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Mosquitto {
    pub(crate) fn start(port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = folder.path().join("mosquitto.conf");
        let text = format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        std::fs::write(&settings, text).expect("it is our folder");
        let begin =
            |program: &str| Command::new(program).arg("-c").arg(&settings).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        // Debian keeps it where users other than root do not look.
        let begun = begin("mosquitto").or_else(|_| begin("/usr/sbin/mosquitto"));
        let child = begun.unwrap_or_else(|error| panic!("mosquitto: {error}; this test needs Debian's package `mosquitto`"));
        let mut broker = Self { child, _folder: folder };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(broker.child.try_wait().expect("it is our child").is_none(), "mosquitto did not start on port {port}");
            sleep(Duration::from_millis(20));
        }
        broker
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// Says something to the broker for a device; `true` keeps it there.
pub(crate) type Say<'a> = &'a dyn Fn(&str, &str, bool);

/// Devices that hear everything said under `saggar/home/` by others and answer it by `answer(topic, payload, say)`. What the
/// speaker sent is given, topic and payload. Returns when they hear; they end with the broker.
pub(crate) fn devices(port: u16, answer: impl Fn(&str, &str, Say<'_>) + Send + 'static) -> Receiver<(String, String)> {
    let mut options = MqttOptions::new(format!("devices-{port}"), "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(60)).set_max_packet_size(1 << 20, 1 << 20);
    let (client, mut connection) = Client::new(options, 100);
    client.subscribe("saggar/home/+/+/+/set", QoS::AtLeastOnce).expect("its queue has room");
    client.subscribe("saggar/home/+/+/+/get", QoS::AtLeastOnce).expect("its queue has room");
    let (sender, heard) = channel();
    let (ready, hears) = channel();
    std::thread::spawn(move || {
        for event in connection.iter() {
            match event {
                Ok(Event::Incoming(Packet::SubAck(_))) => _ = ready.send(()),
                Ok(Event::Incoming(Packet::Publish(message))) => {
                    let payload = String::from_utf8_lossy(&message.payload).into_owned();
                    answer(&message.topic, &payload, &|topic: &str, payload: &str, keep| {
                        client.try_publish(topic, QoS::AtLeastOnce, keep, payload).expect("its queue has room");
                    });
                    if sender.send((message.topic, payload)).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
    });
    for _ in 0..2 {
        hears.recv().expect("the broker is there");
    }
    heard
}
