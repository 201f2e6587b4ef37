//! Engines under the clock: processes that stay up and answer requests, all with the protocol of
//! `testsuite/bench/drivers/timed.c`.

use super::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running engine with one program.
pub(super) struct Engine {
    /// Its name in reports.
    pub(super) name: &'static str,
    program: &'static str,
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// An engine's answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Time of the shortest call.
    pub(super) nanoseconds: u64,
    /// What `run` returned.
    pub(super) checksum: u32,
}

impl Engine {
    /// Starts an engine.
    pub(super) fn start(name: &'static str, program: &'static str, mut command: Command) -> Result<Engine, Error> {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = spawned.map_err(|error| Error::program(program, name, format!("{command:?}: {error}")))?;
        let (requests, answers) = (process.stdin.take(), process.stdout.take());
        let Some(answers) = answers else {
            return Err(Error::program(program, name, "has no standard output"));
        };
        Ok(Engine { name, program, process, requests, answers: BufReader::new(answers) })
    }

    /// Has `run(n)` called `repeats` times.
    pub(super) fn call(&mut self, n: u32, repeats: u32) -> Result<Answer, Error> {
        let mut line = String::new();
        let exchanged = self.requests.as_mut().ok_or_else(|| std::io::ErrorKind::BrokenPipe.into()).and_then(|requests| {
            requests.write_all(format!("{n} {repeats}\n").as_bytes())?;
            self.answers.read_line(&mut line)
        });
        exchanged.ok().and_then(|_| parse(&line)).ok_or_else(|| {
            let status =
                self.process.try_wait().ok().flatten().map_or_else(|| "still running".to_owned(), |status| status.to_string());
            Error::program(self.program, self.name, format!("answered {line:?} ({status})"))
        })
    }
}

impl Drop for Engine {
    /// Ends the process by closing its input, and by force should that not do.
    fn drop(&mut self) {
        self.requests = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn parse(line: &str) -> Option<Answer> {
    let (nanoseconds, checksum) = line.trim().split_once(' ')?;
    Some(Answer { nanoseconds: nanoseconds.parse().ok()?, checksum: u32::from_str_radix(checksum, 16).ok()? })
}

#[cfg(test)]
mod tests {
    use super::{Answer, Engine, parse};
    use std::process::Command;

    #[test]
    fn answers() {
        assert_eq!(parse("1500 0000002a\n"), Some(Answer { nanoseconds: 1500, checksum: 42 }));
        for bad in ["", "\n", "1500\n", "x 2a\n", "1500 zz\n"] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }

    /// An engine that ends early is an error, not a wait without end.
    #[test]
    fn a_silent_engine_is_an_error() {
        let mut engine = Engine::start("true", "none", Command::new("true")).unwrap();
        assert!(engine.call(1, 1).is_err());
    }
}
