//! What is missing, broken or impossible: a message that says what to do, an exit code, and the rest works.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

mod support;

use saggar_speaker::event::Happening;
use std::fs;
use std::process::{Command, Stdio};
use support::{Folder, Server, problems, wav};

/// Half a second of silence that a speaker can hear.
fn silence(folder: &Folder) -> std::path::PathBuf {
    folder.file("silence.wav", &wav(1, 48_000, 16, 24_000))
}

#[test]
fn without_a_model_it_is_told_what_to_install() {
    let folder = Folder::new();
    let output = folder.hear(&silence(&folder), Some("[speech]\nmodel_folder = \"/nowhere/model\"\n"));
    assert!(output.status.success(), "{output:?}");
    let told = problems(&output);
    assert!(told.contains("pocketsphinx-en-us") && told.contains("/nowhere/model"), "{told}");
}

#[test]
fn without_the_second_recogniser_the_first_hears_alone() {
    let folder = Folder::new();
    let output = folder.hear(&silence(&folder), Some("[speech]\nmoonshine = \"/nowhere/moonshine\"\n"));
    assert!(output.status.success(), "{output:?}");
    let told = problems(&output);
    assert!(told.contains("/nowhere/moonshine/libonnxruntime.so") && told.contains("cargo xtask setup"), "{told}");
    assert!(!told.contains("pocketsphinx-en-us"), "{told}");
}

#[test]
fn without_a_music_folder_the_rest_works() {
    let folder = Folder::new();
    let output = folder.hear(&silence(&folder), Some("[music]\nfolder = \"/nowhere/music\"\n"));
    assert!(output.status.success(), "{output:?}");
    assert!(problems(&output).contains("/nowhere/music"), "{}", problems(&output));
}

#[test]
fn a_broken_configuration_is_refused_with_its_place() {
    for (text, part) in [
        ("[wake\nphrase = 1", "line 1"),
        ("[wake]\nphrse = \"hello\"", "phrse"),
        ("[dialog]\nhang_over_ms = \"long\"", "hang_over_ms"),
        ("[dialog]\nhang_over_ms = 3", "200 and 2000"),
        ("[[capture.stage]]\nmodule = \"reverb\"", "reverb"),
    ] {
        let folder = Folder::new();
        let output = folder.hear(&silence(&folder), Some(text));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{text}: {said}");
        assert!(said.contains(part), "{text}: {said}");
    }
}

#[test]
fn recordings_of_any_rate_and_width_are_heard() {
    for (channels, rate_hz, bits) in [(2, 44_100, 16), (1, 8_000, 16), (2, 48_000, 24)] {
        let folder = Folder::new();
        let path = folder.file("in.wav", &wav(channels, rate_hz, bits, rate_hz / 2));
        let output = folder.hear(&path, None);
        assert!(output.status.success(), "{channels} channels, {rate_hz} Hz, {bits} bits: {output:?}");
        // Half a second came in, so at least as much goes out: 48,000 samples of 2 bytes a second.
        let out = fs::metadata(folder.0.join("out.wav")).expect("it was written");
        assert!(out.len() >= 44 + 48_000, "{}", out.len());
    }
}

#[test]
fn recordings_that_are_none_are_refused() {
    let whole = wav(1, 48_000, 16, 24_000);
    for (name, bytes) in [("empty", &[][..]), ("truncated", &whole[..30]), ("text", b"this is no recording")] {
        let folder = Folder::new();
        let path = folder.file("in.wav", bytes);
        let output = folder.hear(&path, None);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains("in.wav"), "{name}: {said}");
    }
    let folder = Folder::new();
    let output = folder.hear(&folder.0.join("nowhere.wav"), None);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere.wav"));
}

#[test]
fn without_espeak_it_says_so_and_still_does_what_it_is_told() {
    let folder = Folder::new();
    let empty = folder.0.join("run");
    let mut live = folder.live(|command| _ = command.env("PATH", empty));
    live.type_line("what time is it");
    live.until_problem("espeak-ng");
    live.type_line("set a timer for one second");
    live.until("the timer", |event| matches!(event, Happening::Rings { .. }));
    live.end();
}

#[test]
fn without_any_device_timers_go_on() {
    let folder = Folder::new();
    let mut live = folder.live(|_| ());
    let (mut microphone, mut loudspeaker) = (false, false);
    live.until("both are missed", |event| {
        if let Happening::Problem { text } = event {
            microphone |= text.contains("microphone");
            loudspeaker |= text.contains("loudspeaker");
        }
        microphone && loudspeaker
    });
    live.type_line("set a timer for one second");
    live.until_says("timer is set");
    live.until("the timer", |event| matches!(event, Happening::Rings { .. }));
    live.end();
}

#[test]
fn an_output_that_cannot_be_written_is_told() {
    let folder = Folder::new();
    let file = folder.file("file", b"");
    let mut command = folder.speaker();
    // A folder below a file, which nobody can make.
    let output = command.args(["--seconds", "1", "--config"]).arg(folder.file("speaker.toml", b"")).env("HOME", "/dev/null");
    let output = output.arg("--wav").arg(silence(&folder)).arg("--out").arg(file.join("out.wav")).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("file/out.wav"), "{said}");
}

/// A disk of 64 KB, which root can mount; else a folder that may not be written.
struct Disk(std::path::PathBuf, bool);

impl Disk {
    fn new(path: std::path::PathBuf) -> Disk {
        fs::create_dir_all(&path).expect("a folder");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&path).stderr(Stdio::null()).status();
        Disk(path, mount.is_ok_and(|status| status.success()))
    }

    /// From now on nothing has room there.
    fn fill(&self) {
        if self.1 {
            let _ = fs::write(self.0.join("ballast"), vec![0; 1 << 20]);
        } else {
            for folder in [self.0.join("store"), self.0.clone()] {
                let mut permissions = fs::metadata(&folder).expect("it exists").permissions();
                permissions.set_readonly(true);
                fs::set_permissions(&folder, permissions).expect("they are ours");
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.1 {
            let _ = Command::new("umount").args(["-l"]).arg(&self.0).status();
        }
    }
}

#[test]
fn on_a_full_disk_it_says_that_it_cannot_remember_and_goes_on() {
    let folder = Folder::new();
    let disk = Disk::new(folder.0.join("state"));
    let mut live = folder.live(|_| ());
    live.type_line("what time is it");
    live.until_says("It is");
    disk.fill();
    // More than the rest of a block could hold.
    for _ in 0..40 {
        live.type_line("add orange marmalade to the shopping list");
    }
    let failed = |event: &Happening| match event {
        Happening::Says { text } => !text.starts_with("I added"),
        Happening::Problem { text } => text.contains("space") || text.contains("permitted") || text.contains("denied"),
        _ => false,
    };
    live.until("that it was told", failed);
    live.type_line("what time is it");
    live.until_says("It is");
    live.end();
    drop(disk);
}

#[test]
fn devices_that_are_gone_are_used_again_when_they_are_back() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut live = folder.live(|_| ());
    let both = |event: &Happening| matches!(event, Happening::Devices { microphone: Some(_), loudspeaker: Some(_) });
    live.until("both devices", both);
    drop(server);
    live.until_problem("is gone");
    live.type_line("set a timer for one second");
    live.until("the timer", |event| matches!(event, Happening::Rings { .. }));
    let _ = fs::remove_file(folder.0.join("run/native"));
    let server = Server::start(&folder);
    live.until("both devices again", both);
    // All devices are pulled out, the server lives on.
    let pactl = |arguments: &[&str]| {
        let done = Command::new("pactl").args(arguments).envs(folder.environment()).stdout(Stdio::null()).status();
        assert!(done.is_ok_and(|status| status.success()), "pactl {arguments:?}");
    };
    pactl(&["load-module", "module-null-sink", "sink_name=other"]);
    pactl(&["set-default-source", "other.monitor"]);
    pactl(&["set-default-sink", "other"]);
    pactl(&["unload-module", "module-null-sink"]);
    pactl(&["load-module", "module-null-sink", "sink_name=room"]);
    live.until_problem("is gone");
    live.until("both devices once more", both);
    live.type_line("m");
    live.until("that it is muted", |event| matches!(event, Happening::Muted { muted: true }));
    live.end();
    drop(server);
}
