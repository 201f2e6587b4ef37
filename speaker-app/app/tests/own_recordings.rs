//! `eval --speech FOLDER`: somebody's own recordings, as JSON, and an exit code that says whether they hold.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use saggar_speech::{Audio, to_i16};
use saggar_trials::{Noise, RATE_HZ, Set, Talker};
use std::fmt::Write as _;
use std::process::{Command, Output};
use support::Folder;

fn evaluate(folder: &Folder, json: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saggar-speaker"));
    command.envs(folder.environment()).args(["eval", "--speech"]).arg(&folder.0).args(json.then_some("--json"));
    command.output().expect("the program starts")
}

#[test]
fn what_falls_short_ends_with_one() {
    let set = Set::work().expect("the working set");
    let (talker, phrase) = (Talker::in_turn(&set, 0), &set.phrases[0]);
    let folder = Folder::new();
    let wav = |name: &str, samples: &[f32]| {
        Audio { rate_hz: RATE_HZ, samples: to_i16(samples) }.write_wav(&folder.0.join(name)).expect("a recording");
    };
    let mut list = format!("phrase = \"{phrase}\"\nenrolment = [");
    for (number, samples) in (0..).zip(talker.enrolment(phrase).expect("espeak-ng is installed")) {
        wav(&format!("{number}.wav"), &samples);
        let _ = write!(list, "\"{number}.wav\", ");
    }
    list += "]\n";
    let trial = talker.trial(Some(phrase), "what time is it", 0, Noise::Clean).expect("espeak-ng is installed");
    wav("time.wav", &trial.samples[..trial.command.end]);
    let recording = |intent: &str| {
        format!("[[recording]]\nfile = \"time.wav\"\nsay = \"what time is it\"\nskill = \"clock\"\nintent = \"{intent}\"\n")
    };
    folder.file("sentences.toml", format!("{list}{}", recording("HassGetCurrentTime")).as_bytes());
    let right = evaluate(&folder, true);
    assert_eq!(right.status.code(), Some(0), "{right:?}");
    let figures: serde_json::Value = serde_json::from_slice(&right.stdout).expect("nothing but JSON");
    let understood = &figures["figures"][1];
    assert_eq!((&understood["part"], understood["value"].as_f64()), (&"recordings".into(), Some(100.0)), "{figures}");

    folder.file("sentences.toml", format!("{list}{}", recording("HassGetCurrentDate")).as_bytes());
    let wrong = evaluate(&folder, false);
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("**falls short**"), "{wrong:?}");

    folder.file("sentences.toml", format!("{list}[[recording]]\nfile = \"nothing.wav\"\n").as_bytes());
    let broken = evaluate(&folder, true);
    assert_eq!(broken.status.code(), Some(2), "{broken:?}");
    assert!(String::from_utf8_lossy(&broken.stderr).contains("sentences.toml"), "{broken:?}");
}
