//! The built program with a folder of its own, and without the sound server of whoever runs the tests.

use saggar_speaker::event::{Event, Happening};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long something may take on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(50);

/// A folder that is removed at its end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("speaker-test-{}-{number}", std::process::id()));
        // What a killed process of the same number has left.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("run")).expect("a folder for the test");
        Folder(path)
    }

    /// Writes a file; its path.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file for the test");
        path
    }

    /// The program, with its state in this folder and no device.
    pub(crate) fn speaker(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_saggar-speaker"));
        command.arg("--state").arg(self.0.join("state")).args(["--json"]).envs(self.environment());
        command
    }

    /// A program that finds only the sound server of this folder.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let run = self.0.join("run");
        let server = PathBuf::from(format!("unix:{}", run.join("native").display()));
        // ALSA's own devices are none either: this machine's must not be heard by tests.
        let alsa = self.file("asound.conf", b"");
        vec![
            ("XDG_RUNTIME_DIR", run.clone()),
            ("PULSE_RUNTIME_PATH", run),
            ("PULSE_SERVER", server),
            ("HOME", self.0.clone()),
            ("ALSA_CONFIG_PATH", alsa),
        ]
    }

    /// Runs it on a recording.
    pub(crate) fn hear(&self, wav: &Path, config: Option<&str>) -> Output {
        let mut command = self.speaker();
        if let Some(text) = config {
            command.arg("--config").arg(self.file("speaker.toml", text.as_bytes()));
        }
        command.arg("--wav").arg(wav).arg("--out").arg(self.0.join("out.wav")).output().expect("the program starts")
    }

    /// Starts it in real time.
    pub(crate) fn live(&self, configure: impl FnOnce(&mut Command)) -> Live {
        let mut command = self.speaker();
        configure(&mut command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let (input, output) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        let (to, events) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let event: Event = serde_json::from_str(&line).unwrap_or_else(|error| panic!("`{line}` is no event: {error}"));
                let _ = to.send(event.what);
            }
        });
        Live { child, input, events }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running speaker.
pub(crate) struct Live {
    child: Child,
    input: ChildStdin,
    events: Receiver<Happening>,
}

impl Live {
    pub(crate) fn type_line(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it reads");
    }

    /// Waits until something happens.
    pub(crate) fn until(&self, what: &str, mut wanted: impl FnMut(&Happening) -> bool) {
        let begin = Instant::now();
        let mut seen = Vec::new();
        while let Ok(event) = self.events.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
            if wanted(&event) {
                return;
            }
            seen.push(event);
        }
        panic!("{what} did not happen, but {seen:?}");
    }

    /// Waits for a problem whose words have this in them.
    pub(crate) fn until_problem(&self, part: &str) {
        self.until(part, |event| matches!(event, Happening::Problem { text } if text.contains(part)));
    }

    /// Waits until it says something with this in it.
    pub(crate) fn until_says(&self, part: &str) {
        self.until(part, |event| matches!(event, Happening::Says { text } if text.contains(part)));
    }

    /// Ends it, which must go well; until then no audio thread has allocated.
    pub(crate) fn end(mut self) {
        self.type_line("q");
        self.until("its summary", |event| {
            let Happening::Ends(summary) = event else { return false };
            assert_eq!(summary.allocations, 0, "in audio threads: {summary:?}");
            true
        });
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                return assert!(status.success(), "{status}");
            }
            assert!(begin.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A sound server of this folder.
pub(crate) struct Server(Child);

impl Server {
    /// Starts it: what is played to its sink `room` is what its microphone hears, stereo at 44.1 kHz.
    pub(crate) fn start(folder: &Folder) -> Server {
        let socket = folder.0.join("run/native");
        let script = format!(
            "load-module module-native-protocol-unix auth-anonymous=1 socket={}\nload-module module-null-sink sink_name=room\n",
            socket.display()
        );
        let script = folder.file("room.pa", script.as_bytes());
        let mut command = Command::new("pulseaudio");
        command.args(["-n", "--exit-idle-time=-1", "--daemonize=no", "-F"]).arg(script).envs(folder.environment());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Server(child.expect("Debian's pulseaudio is installed (apt install pulseaudio)"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What it printed as problems.
pub(crate) fn problems(output: &Output) -> String {
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    lines.lines().filter(|line| line.contains("\"problem\"")).collect::<Vec<_>>().join("\n")
}

/// A WAV file of silence.
pub(crate) fn wav(channels: u16, rate_hz: u32, bits: u16, frames: u32) -> Vec<u8> {
    let block = channels * bits / 8;
    let bytes = frames * u32::from(block);
    let mut file = b"RIFF".to_vec();
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    file.extend(channels.to_le_bytes());
    file.extend(rate_hz.to_le_bytes());
    file.extend((rate_hz * u32::from(block)).to_le_bytes());
    file.extend(block.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    file.resize(file.len() + bytes as usize, 0);
    file
}
