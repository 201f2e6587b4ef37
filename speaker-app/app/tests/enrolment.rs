//! `--enrol`: the wake word is learnt by the microphone, and known from then on.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use saggar_speech::{Audio, to_i16};
use saggar_trials::{Noise, RATE_HZ, Set, Talker};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use support::{Folder, PATIENCE, Server};

/// A program that ends with the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_is_said_five_times_wakes_it() {
    let set = Set::work().expect("the working set");
    let (talker, phrase) = (Talker::in_turn(&set, 0), &set.phrases[0]);
    let folder = Folder::new();
    let wav = |name: String, samples: &[f32]| -> PathBuf {
        let path = folder.0.join(name);
        Audio { rate_hz: RATE_HZ, samples: to_i16(samples) }.write_wav(&path).expect("a recording");
        path
    };
    let enrolment = talker.enrolment(phrase).expect("espeak-ng is installed");
    let recordings: Vec<PathBuf> = (0..).zip(&enrolment).map(|(n, samples)| wav(format!("{n}.wav"), samples)).collect();
    let config = folder.file("speaker.toml", format!("[wake]\nphrase = \"{phrase}\"\n").as_bytes());

    let server = Server::start(&folder);
    let begin = Instant::now();
    while !folder.0.join("run/native").exists() {
        assert!(begin.elapsed() < PATIENCE, "the sound server does not begin");
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut enrols = folder.speaker();
    enrols.arg("--config").arg(&config).arg("--enrol").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut enrols = Killed(enrols.spawn().expect("it starts"));
    let output = enrols.0.stdout.take().expect("piped");
    let (to, lines) = channel();
    std::thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).for_each(|line| _ = to.send(line)));
    let mut printed = Vec::new();
    let mut said = 0;
    let mut player: Option<Child> = None;
    loop {
        let line = match lines.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("it says nothing more: {printed:?}"),
        };
        // A busy machine may have swallowed one, and it is asked for again.
        if line.contains(": say ") {
            let mut plays = Command::new("paplay");
            plays.arg("--device=room").arg(&recordings[said % recordings.len()]).envs(folder.environment());
            // One after the other, also where the last was refused before its end.
            player.take().map(|mut player| player.wait());
            player = Some(plays.spawn().expect("Debian's pulseaudio-utils is installed"));
            said += 1;
        }
        printed.push(line);
    }
    player.take().map(|mut player| player.wait());
    assert!(enrols.0.wait().expect("it is a child").success(), "{printed:?}");
    assert!(printed.iter().any(|line| line.contains("learnt") && line.contains("from 5 recordings")), "{printed:?}");
    drop(server);

    let trial = talker.trial(Some(phrase), "what time is it", 0, Noise::Clean).expect("espeak-ng is installed");
    let output = folder.hear(&wav("said.wav".to_owned(), &trial.samples), Some(&format!("[wake]\nphrase = \"{phrase}\"\n")));
    let events = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && events.contains("\"woken\"") && events.contains("HassGetCurrentTime"), "{output:?}");
}
