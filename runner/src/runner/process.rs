//! The runner's process and the pipes to it. Whoever waits for an answer waits for a limited time, and then kills.

use super::{RunnerError, RunnerOptions, words};
use crate::protocol as p;
use crate::toolchain::{Tools, emulator};
use saggar_compiler::target::Arch;
use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Why there is no answer. The process is gone in either case.
#[derive(Debug)]
pub(super) enum Failure {
    Hung,
    Died(String),
}

#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// `None` when the process was told to end.
    input: Option<ChildStdin>,
    /// What a thread reads from the process, so that waiting can be limited.
    output: Receiver<Vec<u8>>,
    received: Vec<u8>,
    taken: usize,
    timeout: Duration,
}

impl Process {
    pub(super) fn start(arch: Arch, tools: &Tools, options: &RunnerOptions) -> Result<Process, RunnerError> {
        let mut command = match emulator(arch) {
            None => Command::new(&tools.runner),
            Some(emulator) => {
                let mut command = Command::new(emulator);
                if let Some(cpu) = &options.cpu {
                    command.args(["-cpu", cpu]);
                }
                command.args(&options.emulator_arguments).arg(&tools.runner);
                command
            }
        };
        let start_error = |reason: String| RunnerError::Start { program: command_name(arch), reason };
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| start_error(error.to_string()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(start_error("it has no pipes".to_owned()));
        };
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || pass_on(output, &sender));
        let timeout = options.timeout;
        let mut process = Process { child, input: Some(input), output: receiver, received: Vec::new(), taken: 0, timeout };
        process.send(&words(&[p::PING]))?;
        match process.receive_word()? {
            p::GREETING => Ok(process),
            other => Err(RunnerError::Failed(format!("it greets with {other:#x}"))),
        }
    }

    pub(super) fn send(&mut self, request: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.input {
            Some(input) => input.write_all(request),
            None => return Err(Failure::Died("it was told to end".to_owned())),
        };
        written.map_err(|_| self.death())
    }

    pub(super) fn receive(&mut self, length: usize) -> Result<Vec<u8>, Failure> {
        let deadline = Instant::now() + self.timeout;
        while self.received.len() - self.taken < length {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(chunk) => {
                    self.received.drain(..self.taken);
                    self.taken = 0;
                    self.received.extend(chunk);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.death()),
                Err(RecvTimeoutError::Timeout) => {
                    // It may have ended a moment ago; in either case it is gone afterwards.
                    let _ = self.child.kill();
                    let _ = self.child.wait();
                    return Err(Failure::Hung);
                }
            }
        }
        let bytes = self.received[self.taken..self.taken + length].to_vec();
        self.taken += length;
        Ok(bytes)
    }

    pub(super) fn receive_words(&mut self, count: usize) -> Result<Vec<u64>, Failure> {
        let bytes = self.receive(8 * count)?;
        let (words, _) = bytes.as_chunks::<8>();
        Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    pub(super) fn receive_word(&mut self) -> Result<u64, Failure> {
        let bytes = self.receive(8)?;
        let word = bytes.first_chunk().copied().unwrap_or_default();
        Ok(u64::from_le_bytes(word))
    }

    /// Closes the pipe and waits for the process to end by itself.
    pub(super) fn finish(mut self) -> Result<(), RunnerError> {
        self.input = None;
        match self.receive(usize::MAX) {
            Err(Failure::Died(_)) if self.child.wait().is_ok_and(|status| status.success()) => Ok(()),
            Err(failure) => Err(failure.into()),
            Ok(_) => Err(RunnerError::Failed("it does not end".to_owned())),
        }
    }

    /// How the process ended, when its pipes are closed.
    fn death(&mut self) -> Failure {
        let _ = self.child.kill();
        let status = self.child.wait();
        let reason = match status.as_ref().map(|status| status.code()) {
            Ok(Some(101)) => "it panicked",
            Ok(Some(102)) => "a fault outside a call",
            Ok(Some(103)) => "its pipe broke",
            Ok(Some(104)) => "it has no memory",
            Ok(Some(105)) => "it did not understand a request",
            _ => "it ended by itself",
        };
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        Failure::Died(format!("{reason} ({status})"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that ended already cannot be killed, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command_name(arch: Arch) -> String {
    emulator(arch).unwrap_or("the runner").to_owned()
}

/// Passes on what the process writes, until it ends or nobody listens any more.
fn pass_on(mut output: ChildStdout, sender: &mpsc::Sender<Vec<u8>>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count) = output.read(&mut buffer) {
        if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
            return;
        }
    }
}
