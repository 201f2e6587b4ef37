//! PyPI's Wyoming client drives the speaker. What comes to it is checked by it (`wyoming_client.py`), with its own types.

mod common;
#[path = "../../python.rs"]
mod python;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use common::{Seen, config, server};
use saggar_wyoming::{Config, Handle, Stage};
use serde_json::{Value, json};

/// The version that is compared with.
const WYOMING: &str = "wyoming==1.10.2";
/// The Python that has it; the tests beside each other make it once.
static PYTHON: OnceLock<PathBuf> = OnceLock::new();

#[test]
fn describe() {
    scenario("describe", config());
}

#[test]
fn satellite() {
    scenario("satellite", config());
}

#[test]
fn ended_by_client() {
    scenario("ended_by_client", config());
}

#[test]
fn barge_in() {
    scenario("barge_in", config());
}

#[test]
fn wake_stage() {
    scenario("wake_stage", Config { start_stage: Stage::Wake, end_stage: Stage::Handle, ..config() });
}

#[test]
fn services() {
    scenario("services", config());
}

#[test]
fn timers() {
    scenario("timers", config());
}

#[test]
fn ping() {
    scenario("ping", config());
}

/// Runs one of the script's functions against a server of its own, and does what it asks of the speaker.
fn scenario(name: &str, config: Config) {
    let (server, handle, seen) = server(config);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wyoming_client.py");
    let mut python = Command::new(PYTHON.get_or_init(|| python::with(WYOMING)))
        .arg(script)
        .args([&server.address().port().to_string(), name])
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    let mut answers = python.stdin.take().expect("a pipe");
    for line in BufReader::new(python.stdout.take().expect("a pipe")).lines() {
        let answer = act(&line.expect("UTF-8"), &handle, &seen);
        // It fails where the script is gone, and then its status says why.
        let _ = writeln!(answers, "{answer}");
    }
    assert!(python.wait().expect("it ends").success(), "the scenario failed; its message is above");
}

/// What the script asks of the speaker.
fn act(line: &str, handle: &Handle, seen: &Seen) -> Value {
    let words: Vec<&str> = line.split(' ').collect();
    let number = || words.last().and_then(|word| word.parse().ok()).expect("a number");
    match words[0] {
        "state" => json!(format!("{:?}", handle.state())),
        "wake" => json!(handle.wake(words[1], Some(number()))),
        // In pieces of ten milliseconds, as the microphone has them.
        "audio" => {
            let samples: Vec<i16> = (0..).take(usize::try_from(number()).expect("not negative")).collect();
            json!(samples.chunks(160).all(|piece| handle.audio(piece)))
        }
        "voice-started" => json!(handle.voice_started(Some(number()))),
        "voice-stopped" => json!(handle.voice_stopped(Some(number()))),
        "end" => json!(handle.end_of_speech()),
        "played" => json!(handle.played()),
        "seen" => json!(std::mem::take(&mut *seen.lock().unwrap())),
        other => panic!("the script asks for '{other}'"),
    }
}
