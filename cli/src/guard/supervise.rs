//! Runs this program once more as a child, with a time limit, and says how it ended.

use crate::failure::{Exit, Failure, Outcome};
use std::ffi::OsString;
use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// What a child may cost.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Wall-clock time.
    pub time: Duration,
    /// Address space in bytes, for the message: the child sets its own limit.
    pub memory_bytes: u64,
}

/// How much of a child's last words is kept.
const KEPT_STDERR_BYTES: usize = 64 * 1024;
/// How often a running child is looked at.
const POLL: Duration = Duration::from_millis(2);

/// Gives `input` to a child of this program with these arguments, and takes its standard output.
///
/// # Errors
/// When it cannot be started, exceeds its caps, or dies; the message says of what.
pub fn supervise(arguments: &[OsString], input: Vec<u8>, caps: Caps) -> Outcome<Vec<u8>> {
    let mut child = start(arguments)?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
        return Err(Failure::new(Exit::Internal, "a child without pipes"));
    };
    // A child that dies early closes the pipe; how it died is what counts, not that the rest was not read.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = collect(stdout, usize::MAX);
    let words = collect(stderr, KEPT_STDERR_BYTES);
    let Some(status) = wait(&mut child, caps.time)? else {
        return Err(Failure::new(Exit::Limit, format!("not done after {} s", caps.time.as_secs()))
            .help("raise --time-cap, or lower --max-function-operators to refuse such modules early"));
    };
    // Joining cannot fail: the closure does not panic.
    let _ = writer.join();
    let (output, words) = (output.recv().unwrap_or_default(), words.recv().unwrap_or_default());
    if status.success() { Ok(output) } else { Err(explain(status, &String::from_utf8_lossy(&words), caps)) }
}

fn start(arguments: &[OsString]) -> Outcome<Child> {
    // Not its path: while tests run, Cargo may put a newer program there.
    Command::new("/proc/self/exe")
        .args(arguments)
        // Every thread reserves address space for a heap of its own, which would count against the cap.
        .env("MALLOC_ARENA_MAX", "2")
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(Exit::Io, format!("cannot start the compiling process: {error}")))
}

/// Reads to the end in a thread, and keeps the first `kept` bytes.
fn collect(mut pipe: impl Read + Send + 'static, kept: usize) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut all = Vec::new();
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            let room = kept.saturating_sub(all.len()).min(count);
            all.extend_from_slice(&buffer[..room]);
        }
        // Nobody listens after a timeout.
        let _ = sender.send(all);
    });
    receiver
}

/// Waits for the end; `None`: it did not come in time, and the child was stopped.
fn wait(child: &mut Child, time: Duration) -> Outcome<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= time {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// What the death of a child means.
fn explain(status: ExitStatus, words: &str, caps: Caps) -> Failure {
    if words.contains("memory allocation of") || words.contains("Cannot allocate memory") {
        let mib = caps.memory_bytes >> 20;
        return Failure::new(Exit::Limit, format!("needs more memory than the cap of {mib} MiB"))
            .help("raise --memory-cap, or compile with fewer --threads");
    }
    if words.contains("has overflowed its stack") {
        return Failure::new(Exit::Limit, "nested more deeply than the compiling process's stack allows");
    }
    let how = match (status.code(), status.signal()) {
        (_, Some(signal)) => format!("the compiling process was ended by signal {signal}"),
        (Some(101), _) => "the compiling process panicked".to_owned(),
        (Some(code), _) => format!("the compiling process ended with exit code {code}"),
        (None, None) => "the compiling process ended".to_owned(),
    };
    let last = words.trim();
    Failure::new(Exit::Internal, if last.is_empty() { how } else { format!("{how}: {last}") })
}

#[cfg(test)]
mod tests {
    use super::{Caps, explain};
    use crate::failure::Exit;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;
    use std::time::Duration;

    const CAPS: Caps = Caps { time: Duration::from_secs(1), memory_bytes: 1 << 30 };

    #[test]
    fn deaths_are_told_apart() {
        let aborted = ExitStatus::from_raw(6);
        for (status, words, expected) in [
            (aborted, "memory allocation of 99 bytes failed", Exit::Limit),
            (aborted, "thread 'main' has overflowed its stack", Exit::Limit),
            (ExitStatus::from_raw(101 << 8), "panicked at somewhere", Exit::Internal),
            (ExitStatus::from_raw(11), "", Exit::Internal),
        ] {
            assert_eq!(explain(status, words, CAPS).exit(), expected, "{words}");
        }
    }
}
