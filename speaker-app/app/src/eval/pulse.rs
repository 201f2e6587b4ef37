//! A room without hardware: PulseAudio with a microphone that hears what is played into the room, and a loudspeaker of which an echo
//! may reach it.

use crate::priority::{Urgency, raise, raise_process};
use crate::program::files::Scratch;
use crate::program::{Failure, doing};
use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long the server may take to begin.
const PATIENCE: Duration = Duration::from_secs(15);
/// What programs need to begin.
const READY: Duration = Duration::from_millis(500);
/// Format of everything that is played and recorded.
const FORMAT: [&str; 4] = ["--rate=48000", "--channels=1", "--format=float32le", "--raw"];

/// The room; it ends with this value.
pub(crate) struct Pulse {
    folder: Scratch,
    server: Child,
    echo: Vec<Child>,
}

/// What is heard of the loudspeaker, growing while it is heard.
#[derive(Clone, Default)]
pub(crate) struct Recording(Arc<Mutex<Vec<f32>>>);

impl Recording {
    /// Samples so far.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The samples from a place on.
    pub(crate) fn since(&self, begin: usize) -> Vec<f32> {
        self.between(begin, usize::MAX)
    }

    /// The samples from a place to another, or to the newest.
    pub(crate) fn between(&self, begin: usize, end: usize) -> Vec<f32> {
        let samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        samples.get(begin..end.min(samples.len())).unwrap_or_default().to_vec()
    }
}

impl Pulse {
    /// Starts the server. `echo`: the loudspeaker's factor in the microphone, by sox. What records, scales and plays it
    /// again takes some 60 ms, as buffers, converters and air do.
    pub(crate) fn start(echo: Option<f32>) -> Result<Pulse, Failure> {
        // The room has to go on in real time whatever else the machine does, and so do the people in it.
        raise(Urgency::Answer);
        let folder = Scratch::new()?;
        let run = folder.0.join("run");
        doing("making a folder", std::fs::create_dir_all(&run))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            doing("closing a folder", std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o700)))?;
        }
        let socket = run.join("native");
        // Loudspeaker and microphone are two channels of one device, as of one codec: two devices of this kind are two clocks, 0.02 %
        // apart, and an echo that moves so fast is none that any canceller follows.
        let script = format!(
            "load-module module-native-protocol-unix auth-anonymous=1 socket={}\n\
             load-module module-null-sink sink_name=card rate=48000 channels=2 channel_map=front-left,front-right\n\
             load-module module-remap-sink sink_name=spk master=card remix=no channels=1 channel_map=mono \
             master_channel_map=front-left\n\
             load-module module-remap-sink sink_name=room master=card remix=no channels=1 channel_map=mono \
             master_channel_map=front-right\n\
             load-module module-remap-source source_name=mic master=card.monitor remix=no channels=1 channel_map=mono \
             master_channel_map=front-right\n\
             load-module module-remap-source source_name=air master=card.monitor remix=no channels=1 channel_map=mono \
             master_channel_map=front-left\n\
             set-default-sink spk\nset-default-source mic\n",
            socket.display()
        );
        doing("writing the room", std::fs::write(folder.0.join("room.pa"), script))?;
        // By itself it lets the system kill it where it is late, as after a moment in which the machine did something else.
        doing("writing the room", std::fs::write(folder.0.join("daemon.conf"), "rlimit-rttime = -1\n"))?;
        let server = serve(&folder)?;
        let mut pulse = Pulse { folder, server, echo: Vec::new() };
        pulse.wait()?;
        // It makes only the threads of its devices urgent, and whoever records loses what its first thread is late with.
        raise_process(pulse.server.id());
        if let Some(factor) = echo {
            pulse.echo(factor)?;
        }
        Ok(pulse)
    }

    /// Waits until the server answers.
    fn wait(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        loop {
            let mut tool = self.tool("pactl");
            let asked = tool.arg("info").stdout(Stdio::null()).stderr(Stdio::null()).status();
            if doing(missing("pactl", "pulseaudio-utils"), asked)?.success() {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE || self.server.try_wait().is_ok_and(|ended| ended.is_some()) {
                return Err(Failure::Other("PulseAudio did not begin: is another one in its way?".to_owned()));
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// What a program needs to find the room.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        environment(&self.folder)
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.envs(self.environment()).stdin(Stdio::null());
        command
    }

    /// Lets the loudspeaker be heard by the microphone.
    fn echo(&mut self, factor: f32) -> Result<(), Failure> {
        // From its end on, each waiting for the next: what is recorded before anybody plays it would be late for ever.
        let mut play = self.tool("pacat");
        play.args(["--playback", "--device=room", "--latency-msec=20"]).args(FORMAT).stdin(Stdio::piped());
        let mut play = doing(missing("pacat", "pulseaudio-utils"), play.stdout(Stdio::null()).stderr(Stdio::null()).spawn())?;
        let raw = ["-t", "raw", "-e", "floating-point", "-b", "32", "-c", "1", "-r", "48000", "-"];
        let mut sox = Command::new("sox");
        sox.args(["--buffer", "1920", "-V0"]).args(raw).args(raw).args(["vol", &factor.to_string()]);
        if let Some(to) = play.stdin.take() {
            sox.stdout(to);
        }
        let mut sox = doing(missing("sox", "sox"), sox.stdin(Stdio::piped()).stderr(Stdio::null()).spawn())?;
        thread::sleep(READY);
        let mut record = self.tool("parec");
        record.args(["--device=air", "--latency-msec=10"]).args(FORMAT).stderr(Stdio::null());
        if let Some(to) = sox.stdin.take() {
            record.stdout(to);
        }
        let record = doing(missing("parec", "pulseaudio-utils"), record.spawn())?;
        // Air is never late: who listens and answers must not keep the echo waiting, since what has waited once is late from then on.
        for process in [&record, &sox, &play] {
            raise_process(process.id());
        }
        self.echo = vec![record, sox, play];
        Ok(())
    }

    /// Records the loudspeaker from now on.
    pub(crate) fn listen(&mut self) -> Result<Recording, Failure> {
        let mut command = self.tool("parec");
        command.args(["--device=air", "--latency-msec=20"]).args(FORMAT).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = doing(missing("parec", "pulseaudio-utils"), command.spawn())?;
        let recording = Recording::default();
        let (to, from) = (recording.clone(), child.stdout.take());
        self.echo.push(child);
        thread::spawn(move || {
            let Some(mut from) = from else { return };
            let mut bytes = [0; 4_800];
            while from.read_exact(&mut bytes).is_ok() {
                let samples = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
                to.0.lock().unwrap_or_else(PoisonError::into_inner).extend(samples);
            }
        });
        Ok(recording)
    }

    /// Somebody in the room, who says what is given to it, and is silent else.
    pub(crate) fn somebody(&mut self) -> Result<Somebody, Failure> {
        let mut command = self.tool("pacat");
        command.args(["--playback", "--device=room", "--latency-msec=50"]).args(FORMAT).stdin(Stdio::piped());
        let mut child = doing(missing("pacat", "pulseaudio-utils"), command.stdout(Stdio::null()).stderr(Stdio::null()).spawn())?;
        let mouth = child.stdin.take();
        self.echo.push(child);
        let to_say = Arc::<Mutex<VecDeque<f32>>>::default();
        let from = Arc::clone(&to_say);
        thread::spawn(move || mouth.map(|mouth| speak(mouth, &from)));
        Ok(Somebody { to_say })
    }
}

/// Samples of 10 ms.
const BLOCK: usize = 480;
/// Blocks that are written ahead of their time, so that whoever writes may be kept waiting.
const AHEAD: u32 = 15;

/// Writes 10 ms every 10 ms: what is to be said, else silence. Ends when nobody listens any more.
fn speak(mut mouth: ChildStdin, to_say: &Mutex<VecDeque<f32>>) {
    let begin = Instant::now();
    for block in 0_u32.. {
        let due = begin + Duration::from_millis(10) * block.saturating_sub(AHEAD);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let mut bytes = Vec::with_capacity(4 * BLOCK);
        let mut waiting = to_say.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..BLOCK {
            bytes.extend(waiting.pop_front().unwrap_or(0.0).to_le_bytes());
        }
        drop(waiting);
        if mouth.write_all(&bytes).is_err() {
            return;
        }
    }
}

/// A mouth in the room.
pub(crate) struct Somebody {
    to_say: Arc<Mutex<VecDeque<f32>>>,
}

impl Somebody {
    /// Says samples after what it is saying. They are heard [`AHEAD`] blocks and 50 ms later.
    pub(crate) fn say(&self, samples: &[f32]) {
        self.to_say.lock().unwrap_or_else(PoisonError::into_inner).extend(samples);
    }

    /// Falls silent.
    pub(crate) fn hush(&self) {
        self.to_say.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How long until everything has been said.
    pub(crate) fn left(&self) -> Duration {
        let samples = self.to_say.lock().unwrap_or_else(PoisonError::into_inner).len();
        Duration::from_micros(samples as u64 * 1_000 / 48) + Duration::from_millis(10) * AHEAD + Duration::from_millis(50)
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        for child in self.echo.iter_mut().chain([&mut self.server]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts the server of a room.
fn serve(folder: &Scratch) -> Result<Child, Failure> {
    let mut command = Command::new("pulseaudio");
    command
        .args(["-n", "--exit-idle-time=-1", "--daemonize=no", "--realtime=yes", "--high-priority=yes", "--log-level=error", "-F"])
        .arg(folder.0.join("room.pa"));
    command
        .env("PULSE_CONFIG", folder.0.join("daemon.conf"))
        .envs(environment(folder))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    doing(missing("pulseaudio", "pulseaudio"), command.spawn())
}

/// What is said when a program cannot be started.
fn missing(program: &str, package: &str) -> String {
    format!("starting {program} (Debian: apt install {package})")
}

fn environment(folder: &Scratch) -> Vec<(&'static str, PathBuf)> {
    let run = folder.0.join("run");
    let server = PathBuf::from(format!("unix:{}", run.join("native").display()));
    vec![("XDG_RUNTIME_DIR", run.clone()), ("PULSE_RUNTIME_PATH", run), ("HOME", folder.0.clone()), ("PULSE_SERVER", server)]
}
