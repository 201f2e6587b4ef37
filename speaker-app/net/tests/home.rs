//! A home with a real broker and simulated devices.

mod broker;

use broker::{Mosquitto, devices, free_port};
use saggar_net::home::{Broker, Command, Followed, Home, MOST_AT_ONCE};
use serde_json::Value;
use std::net::TcpListener;
use std::sync::mpsc::Receiver;
use std::thread::sleep;
use std::time::Duration;

fn at(port: u16) -> Broker {
    Broker { host: "127.0.0.1".to_owned(), port, login: None }
}

fn home(port: u16) -> (Home, Receiver<Followed>) {
    let (home, results) = Home::channel(at(port)).expect("a thread");
    while !home.is_connected() {
        sleep(Duration::from_millis(10));
    }
    (home, results)
}

fn command<'a>(domain: &'a str, service: &'a str, name: &'a str, area: &'a str) -> Command<'a> {
    Command { domain, service, name, area, value: "" }
}

/// The result of one command.
fn call((home, results): &(Home, Receiver<Followed>), id: i32, command: Command<'_>) -> (bool, String) {
    home.call(id, command);
    let followed = results.recv_timeout(Duration::from_secs(60)).expect("every command ends");
    assert_eq!(followed.id, id);
    (followed.ok, followed.value)
}

fn id_of(payload: &str) -> i64 {
    let value: Value = serde_json::from_str(payload).expect("the speaker sends JSON");
    value["id"].as_i64().expect("with a number")
}

fn ok() -> (bool, String) {
    (true, String::new())
}

fn failed() -> (bool, String) {
    (false, String::new())
}

#[test]
fn devices_follow_and_the_speaker_hears_of_it() {
    let port = free_port();
    let _broker = Mosquitto::start(port);
    let heard = devices(port, |topic, payload, say| {
        let (device, last) = topic.rsplit_once('/').expect("a topic of ours");
        let (ack, state, id) = (format!("{device}/ack"), format!("{device}/state"), id_of(payload));
        match (device.rsplit('/').next(), last) {
            (Some("lamp" | "-"), "set") => say(&ack, &format!("{{\"id\":{id},\"ok\":true}}"), false),
            (Some("plain"), "set") => say(&ack, &id.to_string(), false),
            (Some("broken"), "set") => say(&ack, &format!("{{\"id\":{id},\"ok\":false}}"), false),
            (Some("telling"), "set") => {
                // Others speak too, and a lamp may say first how it was.
                say(&ack, &format!("{{\"id\":{}}}", id + 1), false);
                say(&ack, "no JSON {", false);
                say("saggar/home/light/-/other/state", "ON", true);
                say(&state, "OFF", true);
                say(&state, r#"{"state":"ON","brightness":120}"#, true);
            }
            (Some("stubborn"), "set") => say(&state, "OFF", true),
            (Some("asked"), "get") => say(&state, "LOCK", false),
            _ => {}
        }
    });
    let home = home(port);
    assert_eq!(call(&home, 1, command("light", "turn_on", "the lamp", "Living Room")), ok());
    let (topic, payload) = heard.recv().expect("it was sent");
    assert_eq!(topic, "saggar/home/light/living_room/lamp/set");
    let wanted = serde_json::json!({"service": "turn_on", "value": null, "id": 1});
    assert_eq!(serde_json::from_str::<Value>(&payload).expect("JSON"), wanted);

    for (id, value, wanted) in [(2, "40", Value::from(40)), (3, "warm white", "warm white".into()), (4, "21.5", 21.5.into())] {
        assert_eq!(call(&home, id, Command { value, ..command("light", "set", "", "") }), ok());
        let (topic, payload) = heard.recv().expect("it was sent");
        assert_eq!(topic, "saggar/home/light/-/-/set");
        assert_eq!(serde_json::from_str::<Value>(&payload).expect("JSON")["value"], wanted);
    }
    assert_eq!(call(&home, 5, command("switch", "turn_on", "plain", "")), ok());
    assert_eq!(call(&home, 6, command("switch", "turn_on", "broken", "")), failed());
    assert_eq!(call(&home, 7, command("light", "turn_on", "telling", "hall")), ok());
    assert_eq!(call(&home, 8, command("light", "turn_on", "stubborn", "")), failed());
    assert_eq!(call(&home, 9, command("light", "turn_on", "silent", "")), failed());

    // What was told is known; where there is one of the name, its area need not be said.
    assert_eq!(call(&home, 10, command("light", "get", "telling", "hall")), (true, "on".to_owned()));
    assert_eq!(call(&home, 11, command("light", "get", "telling", "")), (true, "on".to_owned()));
    assert_eq!(call(&home, 12, command("lock", "get", "asked", "")), (true, "locked".to_owned()));
    assert_eq!(call(&home, 13, command("lock", "get", "silent", "")), failed());
    while heard.try_recv().is_ok() {}
    assert_eq!(call(&home, 14, command("light", "turn_on", "telling", "")), ok());
    assert_eq!(heard.recv().expect("it was sent").0, "saggar/home/light/hall/telling/set");

    // Another speaker that comes later knows it from what the broker kept.
    let later = self::home(port);
    assert_eq!(call(&later, 1, command("light", "get", "telling", "hall")), (true, "on".to_owned()));
}

#[test]
fn a_broker_goes_and_comes_back() {
    let port = free_port();
    let broker = Mosquitto::start(port);
    let home = home(port);
    // Nobody answers this one; the broker dies before its time is over.
    home.0.call(1, command("light", "turn_on", "lamp", ""));
    drop(broker);
    let followed = home.1.recv_timeout(Duration::from_secs(60)).expect("every command ends");
    assert_eq!(followed, Followed { id: 1, ok: false, value: String::new() });
    while home.0.is_connected() {
        sleep(Duration::from_millis(10));
    }
    assert_eq!(call(&home, 2, command("light", "turn_on", "lamp", "")), failed());
    let trouble = home.0.trouble().expect("there is some");
    assert!(trouble.contains(&format!("127.0.0.1:{port}")) && trouble.contains("is the broker running there?"), "{trouble}");

    let _broker = Mosquitto::start(port);
    let heard = devices(port, |topic, payload, say| say(&topic.replace("/set", "/ack"), &id_of(payload).to_string(), false));
    while !home.0.is_connected() {
        sleep(Duration::from_millis(10));
    }
    assert_eq!(home.0.trouble(), None);
    assert_eq!(call(&home, 3, command("light", "turn_on", "lamp", "")), ok());
    let (_, payload) = heard.recv().expect("it was sent");
    assert_eq!(id_of(&payload), 3, "commands from before are not sent late");
    assert!(heard.try_recv().is_err());
}

#[test]
fn no_broker_at_all_fails_at_once() {
    let (home, results) = Home::channel(at(free_port())).expect("a thread");
    home.call(1, command("light", "turn_on", "lamp", ""));
    // In the call itself: there is nothing to wait for.
    assert_eq!(results.try_recv(), Ok(Followed { id: 1, ok: false, value: String::new() }));
    while home.trouble().is_none() {
        sleep(Duration::from_millis(10));
    }
    drop(home);
    assert!(results.recv_timeout(Duration::from_secs(60)).is_err(), "its thread ends, and with it the channel");

    // Somebody who listens and is no broker.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (home, results) = Home::channel(at(port)).expect("a thread");
    drop(listener.accept().expect("the speaker connects").0);
    home.call(2, command("light", "turn_on", "lamp", ""));
    assert_eq!(results.try_recv().map(|followed| followed.ok), Ok(false));
}

#[test]
fn only_so_many_wait_and_each_ends_once() {
    let port = free_port();
    let _broker = Mosquitto::start(port);
    let (home, results) = home(port);
    let most = i32::try_from(MOST_AT_ONCE).expect("few");
    for id in 0..most {
        home.call(id, command("light", "turn_on", "silent", ""));
    }
    home.call(0, command("light", "turn_on", "again", ""));
    home.call(most, command("light", "turn_on", "one too many", ""));
    let mut ended: Vec<i32> =
        (0..most + 2).map(|_| results.recv_timeout(Duration::from_secs(60)).expect("each ends").id).collect();
    ended.sort_unstable();
    assert_eq!(ended, [0].into_iter().chain(0..=most).collect::<Vec<_>>());
}

#[test]
fn hostile_messages_do_no_harm() {
    let port = free_port();
    let _broker = Mosquitto::start(port);
    let _heard = devices(port, |topic, payload, say| {
        let device = topic.trim_end_matches("/set");
        say(&format!("{device}/state"), &"x".repeat(100_000), true);
        for number in 0..50 {
            say(&format!("saggar/home/light/flood/{number}/state"), "\0\u{1b}[2J", true);
        }
        say(&format!("{device}/ack"), &format!("{{\"id\":{},\"ok\":true}}", id_of(payload)), false);
    });
    let home = home(port);
    assert_eq!(call(&home, 1, command("light", "turn_on", "lamp/+/#", "a\0b")), ok());
    assert_eq!(call(&home, 2, command("light", "get", "0", "flood")), (true, "[2j".to_owned()));
}

#[test]
fn brokers_are_named_by_host_and_port() {
    let of = |host: &str, port| Some(Broker { host: host.to_owned(), port, login: None });
    for (text, wanted) in [
        ("broker.local", of("broker.local", 1883)),
        ("10.0.0.2:1884", of("10.0.0.2", 1884)),
        ("[::1]:1884", of("::1", 1884)),
        ("::1", of("::1", 1883)),
        ("", None),
        (":1883", None),
        ("host:port", None),
        ("host:0", None),
        ("a b", None),
    ] {
        assert_eq!(Broker::parse(text), wanted, "{text}");
    }
    let secret = Broker { login: Some(("me".to_owned(), "hunter".to_owned())), ..at(1) };
    assert!(!format!("{secret:?}").contains("hunter"));
}
