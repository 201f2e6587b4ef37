//! The speaker on a recording: hears, answers, and does the same every time.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use saggar_speech::{Audio, to_i16};
use saggar_trials::{Noise, RATE_HZ, Set, Talker};
use support::Folder;

/// What is said: storage, a question, and a clock that is the recording's own.
const SAID: [&str; 3] = ["set a timer for five minutes", "how much time is left", "what time is it"];

#[test]
fn a_recording_gives_the_same_conversation_every_time() {
    let set = Set::work().expect("the working set");
    let talker = Talker::in_turn(&set, 0);
    let phrase = &set.phrases[0];
    let wav = |folder: &Folder, name: &str, samples: &[f32]| {
        let path = folder.0.join(name);
        Audio { rate_hz: RATE_HZ, samples: to_i16(samples) }.write_wav(&path).expect("a recording");
        path
    };
    let said: Vec<f32> = (0..)
        .zip(SAID)
        .flat_map(|(turn, say)| talker.trial(Some(phrase), say, turn, Noise::Clean).expect("espeak-ng is installed").samples)
        .collect();
    let conversation = || {
        let folder = Folder::new();
        let config = format!("[wake]\nphrase = \"{phrase}\"\n");
        let enrolment = talker.enrolment(phrase).expect("espeak-ng is installed");
        let recordings = (0..).zip(&enrolment).map(|(number, samples)| wav(&folder, &format!("{number}.wav"), samples));
        let mut teach = folder.speaker();
        teach.arg("--config").arg(folder.file("taught.toml", config.as_bytes())).arg("--enrol").args(recordings);
        let taught = teach.output().expect("the program starts");
        assert!(taught.status.success(), "{taught:?}");
        let output = folder.hear(&wav(&folder, "said.wav", &said), Some(&config));
        assert!(output.status.success(), "{output:?}");
        let events = String::from_utf8(output.stdout).expect("JSON");
        let understood: Vec<String> =
            events.lines().filter(|line| line.contains("\"event\":\"understood\"")).map(str::to_owned).collect();
        (understood, std::fs::read(folder.0.join("out.wav")).expect("answers"))
    };
    let (understood, played) = conversation();
    assert_eq!(understood.len(), SAID.len(), "{understood:?}");
    let again = conversation();
    assert_eq!(understood, again.0);
    assert!(played == again.1, "the same words, other samples");
}

/// The stages that the configuration leaves out by itself, and in another order: noise suppression by a network, and WebRTC's canceller.
#[test]
fn every_stage_can_be_configured() {
    let set = Set::work().expect("the working set");
    let (talker, phrase) = (Talker::in_turn(&set, 0), &set.phrases[0]);
    let folder = Folder::new();
    let stages = ["denoise", "resample", "canceller", "echo", "wake", "voice"];
    let stages: String = stages.iter().map(|stage| format!("[[capture.stage]]\nmodule = \"{stage}\"\n")).collect();
    let config =
        format!("{stages}[wake]\nphrase = \"{phrase}\"\n[playback]\nequaliser = {{ parameters = {{ 1 = 3.0, 5 = -2.0 }} }}\n");
    let wav = |name: &str, samples: &[f32]| {
        let path = folder.0.join(name);
        Audio { rate_hz: RATE_HZ, samples: to_i16(samples) }.write_wav(&path).expect("a recording");
        path
    };
    let mut teach = folder.speaker();
    teach.arg("--config").arg(folder.file("taught.toml", config.as_bytes())).arg("--enrol");
    for (number, samples) in (0..).zip(talker.enrolment(phrase).expect("espeak-ng is installed")) {
        teach.arg(wav(&format!("{number}.wav"), &samples));
    }
    let taught = teach.output().expect("the program starts");
    assert!(taught.status.success(), "{taught:?}");
    let trial = talker.trial(Some(phrase), "what time is it", 0, Noise::Clean).expect("espeak-ng is installed");
    let output = folder.hear(&wav("said.wav", &trial.samples), Some(&config));
    let events = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && events.contains("HassGetCurrentTime"), "{output:?}");
    assert!(!events.contains("\"bypassed\""), "{events}");
}
