//! A session of gdb with a program that stands before its first instruction in an emulator.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a session may take. One takes a second or two.
const LIMIT: Duration = Duration::from_secs(60);

/// A process that does not outlive its owner.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts an emulator that will listen at a socket, and gdb with these commands; what gdb says.
pub(crate) fn session(emulator: &mut Command, socket: &Path, elf: &Path, commands: &[&str]) -> String {
    let emulator = emulator.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _emulator = Guarded(emulator.spawn().unwrap_or_else(|error| panic!("{emulator:?} does not start: {error}")));
    let end = Instant::now() + LIMIT;
    while !socket.exists() {
        assert!(Instant::now() < end, "the emulator does not listen");
        thread::sleep(Duration::from_millis(10));
    }
    let mut gdb = Command::new("gdb-multiarch");
    gdb.args(["-nx", "-batch", "-iex", "set debuginfod enabled off"]);
    let connect = format!("target remote {}", socket.display());
    for command in ["set pagination off", "set confirm off", "set width 0", &connect].into_iter().chain(commands.iter().copied())
    {
        gdb.args(["-ex", command]);
    }
    let output = socket.with_extension("output");
    let file = std::fs::File::create(&output).unwrap();
    gdb.arg(elf).stdin(Stdio::null()).stdout(file).stderr(Stdio::null());
    let mut gdb = Guarded(gdb.spawn().expect("gdb-multiarch starts"));
    while gdb.0.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "gdb does not end; so far:\n{}", read(&output));
        thread::sleep(Duration::from_millis(10));
    }
    read(&output)
}

/// A text file, whatever is in it.
pub(crate) fn read(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A frame of a backtrace.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The function, without what it is called with.
    pub(crate) function: String,
    /// File and line, where the debugger knows them.
    pub(crate) place: Option<(String, usize)>,
}

/// Reads the lines of backtraces: `#1  0x… in FUNCTION (…) at FILE:LINE`. Each begins with a frame 0.
pub(crate) fn backtraces(output: &str) -> Vec<Vec<Frame>> {
    let mut found: Vec<Vec<Frame>> = Vec::new();
    for line in output.lines() {
        let numbered = line.strip_prefix('#').and_then(|line| line.split_once(' '));
        let Some((Ok(number), rest)) = numbered.map(|(number, rest)| (number.parse::<usize>(), rest.trim_start())) else {
            continue;
        };
        let rest = rest.split_once(" in ").filter(|(address, _)| address.starts_with("0x")).map_or(rest, |(_, rest)| rest);
        let function = rest.split(" (").next().unwrap_or_default().to_string();
        let place = rest.rsplit_once(" at ").and_then(|(_, place)| place.rsplit_once(':'));
        let place = place.and_then(|(file, line)| Some((file.to_string(), line.parse().ok()?)));
        if number == 0 {
            found.push(Vec::new());
        }
        let frames = found.last_mut().expect("a backtrace begins with a frame 0");
        assert_eq!(frames.len(), number, "a frame is missing:\n{output}");
        frames.push(Frame { function, place });
    }
    found
}
