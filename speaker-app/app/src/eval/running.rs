//! This program as a child: the speaker in real time, with the devices that its environment names.

use crate::config::Config;
use crate::event::{Event, Happening, Summary};
use crate::program::files::Scratch;
use crate::program::{Failure, doing};
use saggar_speech::Audio;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running speaker; it ends with this value.
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    events: Receiver<Event>,
}

impl Running {
    /// Starts a speaker of a configuration, written into its state folder.
    pub(crate) fn start(config: &Config, state: &Path, environment: &[(&'static str, PathBuf)]) -> Result<Running, Failure> {
        let mut command = program(config, state, environment)?;
        let mut child =
            doing("starting the speaker", command.arg("--json").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn())?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (to, events) = channel();
        thread::spawn(move || {
            for line in output.into_iter().flat_map(|output| BufReader::new(output).lines().map_while(Result::ok)) {
                match serde_json::from_str(&line) {
                    // Nobody listens any more when the speaker is about to be ended.
                    Ok(event) => _ = to.send(event),
                    Err(error) => eprintln!("the speaker printed `{line}`: {error}"),
                }
            }
        });
        Ok(Running { child, input, events })
    }

    /// The next event, if one comes in time.
    pub(crate) fn next(&self, patience: Duration) -> Option<Event> {
        self.events.recv_timeout(patience).ok()
    }

    /// Events until one is as wanted, that one included; `None` where it does not come in time.
    pub(crate) fn until(&self, patience: Duration, mut wanted: impl FnMut(&Happening) -> bool) -> Option<Vec<Event>> {
        let (begin, mut events) = (Instant::now(), Vec::new());
        while let Some(event) = self.next(patience.saturating_sub(begin.elapsed())) {
            let found = wanted(&event.what);
            events.push(event);
            if found {
                return Some(events);
            }
        }
        None
    }

    /// Waits until it has both devices.
    pub(crate) fn until_ready(&self) -> Result<(), Failure> {
        let both = |what: &Happening| matches!(what, Happening::Devices { microphone: Some(_), loudspeaker: Some(_) });
        let found = self.until(Duration::from_secs(30), both);
        found.map(drop).ok_or_else(|| Failure::Other("the speaker did not find the devices of the room".to_owned()))
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) -> Result<(), Failure> {
        let Some(input) = &mut self.input else { return Ok(()) };
        doing("typing", writeln!(input, "{line}"))
    }

    /// Ends it as a person would; how it fared.
    pub(crate) fn end(mut self) -> Result<Summary, Failure> {
        self.type_line("q")?;
        let mut summary = None;
        self.until(PATIENCE, |what| {
            if let Happening::Ends(figures) = what {
                summary = Some(*figures);
            }
            summary.is_some()
        });
        summary.ok_or_else(|| Failure::Other("the speaker did not end".to_owned()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let begin = Instant::now();
        // Closing takes a moment; whoever hangs is ended.
        self.input = None;
        let ended = |child: &mut Child| child.try_wait().is_ok_and(|ended| ended.is_some());
        while !ended(&mut self.child) && begin.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program with a configuration, a state and an environment.
pub(crate) fn program(config: &Config, state: &Path, environment: &[(&'static str, PathBuf)]) -> Result<Command, Failure> {
    let file = state.join("speaker.toml");
    let text = toml::to_string(config).map_err(|error| Failure::Other(format!("writing the configuration: {error}")))?;
    doing("writing the configuration", std::fs::write(&file, text))?;
    let mut command = Command::new(doing("finding this program", std::env::current_exe())?);
    command.arg("--config").arg(file).arg("--state").arg(state).envs(environment.iter().cloned());
    Ok(command)
}

/// Lets it learn the wake word from recordings at 48 kHz, as a user would by files.
pub(crate) fn enrol(config: &Config, state: &Path, recordings: &[Vec<f32>]) -> Result<(), Failure> {
    let folder = Scratch::new()?;
    let mut command = program(config, state, &[])?;
    command.arg("--enrol");
    for (index, samples) in recordings.iter().enumerate() {
        let path = folder.0.join(format!("{index}.wav"));
        Audio { rate_hz: saggar_trials::RATE_HZ, samples: saggar_speech::to_i16(samples) }.write_wav(&path)?;
        command.arg(path);
    }
    let status = doing("starting the speaker", command.stdin(Stdio::null()).stdout(Stdio::null()).status())?;
    if status.success() { Ok(()) } else { Err(Failure::Other("the wake word was not learnt".to_owned())) }
}
