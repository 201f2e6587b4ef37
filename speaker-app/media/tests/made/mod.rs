//! Files to play, made by sox and lame.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a program of Debian's; the test fails with the package's name where it is missing.
fn run(program: &str, arguments: &[&str]) {
    let run = Command::new(program).args(arguments).output();
    let output = run.unwrap_or_else(|error| panic!("{program}: {error}; this test needs Debian's package `{program}`"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A sine at half of full scale (lame makes it up to 5 % quieter, by the rate): `channels` are the tones of the channels, in Hz, 0 for silence.
pub(crate) fn sine(path: &Path, rate_hz: u32, seconds: f64, channels: &[u32], tags: &[(&str, &str)]) -> PathBuf {
    if path.extension().is_some_and(|extension| extension == "mp3") {
        let wav = sine(&path.with_extension("for-mp3.wav"), rate_hz, seconds, channels, &[]);
        let mut arguments = vec!["--quiet", "-b", "128"];
        for (name, value) in tags {
            let option = match *name {
                "TITLE" => "--tt",
                "ARTIST" => "--ta",
                "ALBUM" => "--tl",
                other => panic!("{other} is no tag of these tests"),
            };
            arguments.extend([option, *value]);
        }
        run("lame", &[&arguments[..], &[text(&wav), text(path)]].concat());
        std::fs::remove_file(wav).expect("it was just made");
        return path.to_owned();
    }
    let comments: Vec<String> = tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (rate, count, seconds) = (rate_hz.to_string(), channels.len().to_string(), seconds.to_string());
    let tones: Vec<String> = channels.iter().map(|hz| hz.to_string()).collect();
    let mut arguments = vec!["-R", "-n", "-r", &rate, "-c", &count];
    if tags.is_empty() {
        arguments.extend(["--comment", ""]);
    }
    for comment in &comments {
        arguments.extend(["--add-comment", comment]);
    }
    // sox writes 32 bits otherwise, which lame misreads where the file is mono; Vorbis has no such setting.
    if path.extension().is_none_or(|extension| extension != "ogg") {
        arguments.extend(["-b", "16"]);
    }
    arguments.extend([text(path), "synth", &seconds]);
    for (tone, hz) in tones.iter().zip(channels) {
        // sox has no tone of 0 Hz: a sine at its zero.
        arguments.extend(["sine", if *hz == 0 { "0.001" } else { tone }]);
    }
    arguments.extend(["vol", "0.5"]);
    run("sox", &arguments);
    path.to_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// Level of a tone within samples at 48 kHz: 1 for a sine at full scale.
pub(crate) fn level(samples: &[f32], hz: f64) -> f64 {
    let step = std::f64::consts::TAU * hz / 48_000.0;
    let (mut re, mut im, mut angle) = (0.0, 0.0, 0.0_f64);
    for sample in samples {
        re += f64::from(*sample) * angle.cos();
        im += f64::from(*sample) * angle.sin();
        angle += step;
    }
    2.0 * f64::hypot(re, im) / f64::from(u32::try_from(samples.len()).expect("short"))
}

pub(crate) fn rms(samples: &[f32]) -> f64 {
    let energy: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (energy / f64::from(u32::try_from(samples.len()).expect("short"))).sqrt()
}
