//! PyPI's Wyoming client drives the whole speaker: what it hears are voices, what it plays is listened to. What comes to the client is
//! checked by it (`app/tests/satellite_client.py`), with its own types.

use crate::config::{Config, Satellite as Settings};
use crate::eval::SetName;
use crate::eval::session::Room;
use crate::event::Happening;
use saggar_trials::{Noise, Talker, rms};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

#[path = "../../../python.rs"]
mod python;

/// The version that is compared with; the same as in saggar-wyoming's tests.
const WYOMING: &str = "wyoming==1.10.2";
/// How long a frame of 10 ms takes here: the client has to keep up, not to wait.
const PACE: Duration = Duration::from_millis(4);

#[test]
fn a_client_drives_the_speaker() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let settings = Settings {
        listen: format!("127.0.0.1:{port}"),
        clients: vec!["127.0.0.1".into()],
        name: "kitchen speaker".into(),
        area: Some("Küche".into()),
    };
    let config = Config { satellite: Some(settings), ..Config::default() };
    let set = SetName::Work.load().expect("the set is part of the program");
    let (phrase, talker) = (set.phrases[0].clone(), Talker::in_turn(&set, 1));
    let mut room = Room::new(&config, &phrase, &talker, false).expect("a room");
    // Here, where all skills are at hand, which can be had once in a process.
    assert!(
        saggar_speech::moonshine_follows(&room.speaker.parts.dialog.grammar()),
        "the second recogniser follows all sentences"
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/satellite_client.py");
    let mut python = Command::new(python::with(WYOMING))
        .arg(script)
        .arg(port.to_string())
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    let mut answers = python.stdin.take().expect("a pipe");
    for line in BufReader::new(python.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("UTF-8");
        let (what, number) = line.split_once(' ').expect("a word and a number");
        let number: usize = number.parse().expect("a number");
        let answer = match what {
            // A command with its wake word, and a second of silence.
            "say" => {
                let sound = talker.command(&phrase, number, Noise::Clean).expect("a voice");
                let end = (sound.command.end + 48_000).min(sound.samples.len());
                hear(&mut room, sound.samples[..end].chunks_exact(480))
            }
            "listen" => hear(&mut room, std::iter::repeat_n([0.0; 480].as_slice(), number * 100)),
            other => panic!("the script asks for '{other}'"),
        };
        // It fails where the script is gone, and then its status says why.
        let _ = writeln!(answers, "{answer}");
    }
    assert!(python.wait().expect("it ends").success(), "the client is not content; its message is above");
}

/// Lets the speaker hear; the loudest 100 ms of what it plays, as RMS of full scale, and what happened.
fn hear<'a>(room: &mut Room, frames: impl Iterator<Item = &'a [f32]>) -> Value {
    let mut played: Vec<f32> = Vec::new();
    for frame in frames {
        room.frame(frame.try_into().expect("10 ms"));
        played.extend(room.played());
        thread::sleep(PACE);
    }
    let loudest = played.chunks(4_800).map(rms).fold(0.0, f32::max);
    let said = |event: crate::event::Event| match event.what {
        Happening::State { .. } | Happening::Devices { .. } => None,
        what => Some(serde_json::to_value(what).expect("data")),
    };
    json!({ "loudest": loudest, "events": room.speaker.take_events().into_iter().filter_map(said).collect::<Vec<_>>() })
}
