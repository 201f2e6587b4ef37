//! The synthesiser speaks whatever it is given, or says why not.

use saggar_speech::{Audio, Espeak, EspeakSettings, Result, SpeechError, Synthesiser};
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn speak(text: &str) -> Audio {
    Espeak::new(EspeakSettings::default()).expect("default settings").speak(text).expect("espeak-ng is installed")
}

/// A program of a few lines of shell; its file is left to the system's temporary folder's cleaning.
fn with_program(name: &str, script: &str, timeout: Duration) -> Result<Audio> {
    let program = std::env::temp_dir().join(format!("saggar-speech-{}-{name}", std::process::id()));
    // Written under another name first: a file that is still open for writing cannot be started.
    let draft = program.with_extension("draft");
    std::fs::write(&draft, format!("#!/bin/sh\n{script}\n")).expect("a temporary file");
    std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(0o755)).expect("our own file");
    std::fs::rename(&draft, &program).expect("the same folder");
    let settings = EspeakSettings { program: program.clone(), timeout, ..EspeakSettings::default() };
    let said = Espeak::new(settings).expect("valid settings").speak("hello");
    std::fs::remove_file(program).expect("our own file");
    said
}

#[test]
fn words_give_sound() {
    let audio = speak("The timer is set.");
    assert_eq!(audio.rate_hz, 22_050);
    assert!((0.5..4.0).contains(&audio.seconds()), "{} s", audio.seconds());
    assert!(audio.samples.iter().any(|sample| sample.unsigned_abs() > 1_000));
}

#[test]
fn odd_texts_are_spoken_or_silent() {
    assert!(speak("").samples.is_empty());
    assert!(speak(" \n\t").samples.is_empty());
    assert!(speak("Zürich, 東京, naïve ☂ 21 °C").seconds() > 1.0);
    assert!(speak("nul \0 inside").seconds() > 0.5);
    assert!(speak("--help").seconds() > 0.2, "a text is never an option");
    assert!(speak("[[ not phonemes ]]; $(reboot) `reboot` | reboot").seconds() > 1.0);
}

#[test]
fn long_text_streams_and_stops() {
    let text = "The quick brown fox jumps over the lazy dog. ".repeat(230);
    assert!(text.len() > 10_000);
    let mut espeak = Espeak::new(EspeakSettings::default()).expect("default settings");
    let started = Instant::now();
    let (mut first, mut total) = (None, 0);
    espeak
        .stream(&text, &mut |rate_hz, samples| {
            assert!(rate_hz > 0 && !samples.is_empty());
            first.get_or_insert_with(|| started.elapsed());
            total += samples.len();
            ControlFlow::Continue(())
        })
        .expect("speaks");
    let all = started.elapsed();
    println!("first chunk after {first:?}, all {total} samples after {all:?}");
    assert!(total > 22_050 * 300, "{total} samples");
    assert!(first.expect("some chunk") < all / 2);
    let mut chunks = 0;
    espeak
        .stream(&text, &mut |_, _| {
            chunks += 1;
            ControlFlow::Break(())
        })
        .expect("stopping is no error");
    assert_eq!(chunks, 1);
}

#[test]
fn settings_change_the_sound() {
    let speak = |change: fn(&mut EspeakSettings)| {
        let mut settings = EspeakSettings::default();
        change(&mut settings);
        Espeak::new(settings).expect("valid").speak("what is the weather today").expect("speaks")
    };
    let usual = speak(|_| {});
    assert!(speak(|settings| settings.words_per_minute = 300).seconds() < usual.seconds() * 0.8);
    assert_ne!(speak(|settings| settings.pitch = 90), usual);
    assert_ne!(speak(|settings| settings.voice = "en-gb+f2".into()), usual);
}

#[test]
fn failures_are_told() {
    let refused = |change: fn(&mut EspeakSettings)| {
        let mut settings = EspeakSettings::default();
        change(&mut settings);
        Espeak::new(settings).and_then(|mut espeak| espeak.speak("hello")).expect_err("a wrong setting")
    };
    let missing = refused(|settings| settings.program = PathBuf::from("/nowhere/espeak-ng"));
    assert!(matches!(missing, SpeechError::MissingProgram { package: "espeak-ng", .. }), "{missing}");
    let voice = refused(|settings| settings.voice = "zz-none".into());
    assert!(matches!(voice, SpeechError::Program { .. }), "{voice}");
    for change in [
        |settings: &mut EspeakSettings| settings.voice = "--help".into(),
        |settings: &mut EspeakSettings| settings.voice = "../../secret".into(),
        |settings: &mut EspeakSettings| settings.voice.clear(),
        |settings: &mut EspeakSettings| settings.words_per_minute = 20,
        |settings: &mut EspeakSettings| settings.pitch = 100,
    ] {
        assert!(matches!(refused(change), SpeechError::Setting { .. }));
    }
}

#[test]
fn a_misbehaving_program_is_ended() {
    let second = Duration::from_secs(1);
    let hangs = with_program("hangs", "exec sleep 60", second / 5).expect_err("hangs");
    assert!(matches!(hangs, SpeechError::Timeout { .. }), "{hangs}");
    let fails = with_program("fails", "echo broken data >&2; exit 3", second * 5).expect_err("fails");
    assert!(fails.to_string().contains("broken data"), "{fails}");
    let mute = with_program("mute", "cat > /dev/null", second * 5).expect_err("no audio");
    assert!(matches!(mute, SpeechError::Program { .. }), "{mute}");
    let babbles = with_program("babbles", "exec head -c 100000 /dev/zero", second * 5).expect_err("no header");
    assert!(matches!(babbles, SpeechError::Program { .. }), "{babbles}");
}
