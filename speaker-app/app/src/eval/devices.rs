//! A home for the evaluation: Debian's broker on a port of its own, and devices that follow by MQTT as real ones do.

use crate::program::files::Scratch;
use crate::program::{Failure, doing};
use rumqttc::{Client, Event, MqttOptions, Packet, QoS};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long the broker may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// Broker and devices; they end with this value.
pub(crate) struct Devices {
    broker: Child,
    _folder: Scratch,
    /// `HOST:PORT` of the broker.
    pub(crate) address: String,
}

impl Devices {
    /// Starts them. `known`: area and name of each device, as they are spoken of.
    pub(crate) fn start(known: Vec<(String, String)>) -> Result<Devices, Failure> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = doing("looking for a free port", free)?.port();
        let folder = Scratch::new()?;
        let settings = folder.0.join("mosquitto.conf");
        let text = format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        doing("writing the broker's settings", std::fs::write(&settings, text))?;
        // Also where Debian keeps it, and users other than root do not look.
        let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
        // So that it ends with an evaluation that is killed.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "mosquitto", "-c"]).arg(&settings).env("PATH", path);
        let broker =
            doing("starting setpriv (package `util-linux`)", command.stdout(Stdio::null()).stderr(Stdio::null()).spawn())?;
        let mut devices = Devices { broker, _folder: folder, address: format!("127.0.0.1:{port}") };
        let begun = Instant::now();
        while TcpStream::connect(&devices.address).is_err() {
            if let Ok(Some(status)) = devices.broker.try_wait() {
                let text = format!("Debian's mosquitto (package `mosquitto`) did not begin: {status}");
                return Err(Failure::Other(text));
            }
            if begun.elapsed() > PATIENCE {
                return Err(Failure::Other("mosquitto did not begin to listen".to_owned()));
            }
            thread::sleep(Duration::from_millis(20));
        }
        follow(port, known)?;
        Ok(devices)
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        let _ = self.broker.kill();
        let _ = self.broker.wait();
    }
}

/// Devices that follow whatever they are told, until the broker ends.
fn follow(port: u16, known: Vec<(String, String)>) -> Result<(), Failure> {
    let mut options = MqttOptions::new("devices", "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(60));
    let (client, mut connection) = Client::new(options, 100);
    let subscribed = client.subscribe("saggar/home/+/+/+/set", QoS::AtLeastOnce);
    subscribed.map_err(|error| Failure::Other(format!("the broker of the evaluation: {error}")))?;
    let (ready, hears) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for event in connection.iter() {
            match event {
                Ok(Event::Incoming(Packet::SubAck(_))) => _ = ready.send(()),
                Ok(Event::Incoming(Packet::Publish(message))) => {
                    let Some(device) = message.topic.strip_suffix("/set") else { continue };
                    let levels: Vec<&str> = device.split('/').collect();
                    let (area, name) = (levels.get(3).copied().unwrap_or(""), levels.get(4).copied().unwrap_or(""));
                    let ok = known.iter().any(|(at, called)| level(at) == area && level(called) == name);
                    let told: serde_json::Value = serde_json::from_slice(&message.payload).unwrap_or_default();
                    let answer = serde_json::json!({ "id": told["id"], "ok": ok }).to_string();
                    let _ = client.try_publish(format!("{device}/ack"), QoS::AtLeastOnce, false, answer);
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
    });
    hears.recv_timeout(PATIENCE).map_err(|_| Failure::Other("the broker of the evaluation does not answer".to_owned()))
}

/// Spoken words as a level of a topic, as saggar-net has them.
fn level(spoken: &str) -> String {
    if spoken.is_empty() { "-".to_owned() } else { spoken.to_lowercase().replace(' ', "_") }
}
