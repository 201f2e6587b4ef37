//! Whether anything leaves: the system calls of a whole conversation, traced and judged.
//!
//! Only the speaker is traced, a child that hears a recording; weather source, broker and devices belong to this process. What is looked
//! for is planted in a second run, and must be seen there.

use super::running::{enrol, program};
use super::session::trial;
use super::surroundings::{Surroundings, WEATHER};
use super::{Figure, Plan, Wanted};
use crate::program::files::Scratch;
use crate::program::{Failure, doing};
use saggar_speech::Audio;
use saggar_trials::{Noise, Talker};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Commands that reach for everything that the speaker has: network, home, storage, timers, music.
const SAID: [&str; 7] = [
    "what time is it",
    "what is the weather in london",
    "turn on the kitchen lights",
    "add milk to the shopping list",
    "set a timer for five minutes",
    "play some jazz",
    "stop the music",
];
/// System calls by which something leaves, a program starts, or a file changes its place.
const TRACED: &str = "trace=network,execve,execveat,open,openat,openat2,creat,rename,renameat,renameat2,link,linkat";

/// What a run may do.
struct Allowed {
    /// Addresses, `HOST:PORT`.
    addresses: Vec<String>,
    /// Folders and files that may be written.
    folders: Vec<PathBuf>,
    /// Programs that may be started.
    programs: Vec<String>,
}

/// What a run did.
#[derive(Debug, Default)]
struct Seen {
    granted: Vec<String>,
    network: Vec<String>,
    sound: Vec<String>,
    programs: Vec<String>,
    files: Vec<String>,
    calls: u64,
}

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let phrase = set.phrases.first().cloned().unwrap_or_default();
    let talker = Talker::in_turn(&set, 0);
    let mut around = Surroundings::new(&crate::config::Config::default(), &phrase, true)?;
    let state = around.folder().to_owned();
    enrol(&around.config, &state, &trial(talker.enrolment(&phrase))?)?;
    let mut samples = Vec::new();
    for (turn, say) in SAID.iter().enumerate() {
        samples.extend(trial(talker.trial(Some(&phrase), say, turn, Noise::Clean))?.samples);
    }
    let wav = state.join("conversation.wav");
    Audio { rate_hz: saggar_trials::RATE_HZ, samples: saggar_speech::to_i16(&samples) }.write_wav(&wav)?;
    let broker = around.config.home.broker.clone().unwrap_or_default();
    let itself = doing("finding this program", std::env::current_exe())?.display().to_string();
    let allowed = Allowed {
        addresses: vec![WEATHER.to_owned(), broker.clone()],
        // The state, and what a recording's speaker keeps beside it for one run.
        folders: vec![state.clone(), std::env::temp_dir().join("saggar-speaker-"), "/dev/null".into()],
        programs: vec![itself, "espeak-ng".to_owned()],
    };
    let honest = traced(&around, &wav, &state.join("answers.wav"), &allowed)?;
    for line in honest.network.iter().chain(&honest.programs).chain(&honest.files) {
        eprintln!("privacy: {line}");
    }
    // A broker that nobody granted, and a file where nothing may be written.
    let elsewhere =
        doing("listening", TcpListener::bind("127.0.0.1:0").and_then(|listener| Ok((listener.local_addr()?, listener))))?;
    around.config.home.broker = Some(elsewhere.0.to_string());
    let outside = Elsewhere::new()?;
    let planted = traced(&around, &wav, &outside.0.join("answers.wav"), &allowed)?;
    let figure = |what: &str, value: usize, wanted, of| Figure {
        part: "privacy",
        what: what.to_owned(),
        value: super::count(value),
        unit: "",
        wanted: Some(wanted),
        of,
    };
    let (none, some) = (Wanted::AtMost(0.0), Wanted::AtLeast(1.0));
    let reached = |address: &str| honest.granted.iter().filter(|granted| *granted == address).count();
    Ok(vec![
        figure("connections, datagrams and listeners beyond the manifests", honest.network.len(), none, honest.calls),
        figure("programs started beside espeak-ng", honest.programs.len(), none, honest.calls),
        figure("files written outside of the speaker's folders", honest.files.len(), none, honest.calls),
        figure("connections to the weather's source, which is granted", reached(WEATHER), some, honest.calls),
        figure("connections to the home's broker, which is configured", reached(&broker), some, honest.calls),
        Figure {
            wanted: None,
            ..figure("espeak-ng looking for this machine's sound server", honest.sound.len(), none, honest.calls)
        },
        figure("planted connections, seen", planted.network.len(), some, planted.calls),
        figure("planted files, seen", planted.files.len(), some, planted.calls),
    ])
}

/// Runs the speaker on a recording under strace.
fn traced(around: &Surroundings, wav: &Path, out: &Path, allowed: &Allowed) -> Result<Seen, Failure> {
    let folder = Scratch::new()?;
    let trace = folder.0.join("trace");
    let speaker = program(&around.config, around.folder(), &[])?;
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "--seccomp-bpf", "-s", "4096", "-e", TRACED, "-o"]).arg(&trace).arg(speaker.get_program());
    strace.args(speaker.get_args()).arg("--wav").arg(wav).arg("--out").arg(out).arg("--json");
    strace.arg("--at").arg(around.world.clock.start_ms.to_string());
    let output = strace.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = doing("starting strace (Debian: apt install strace)", output)?;
    if !output.status.success() {
        return Err(Failure::Other(format!("the traced speaker failed: {}", output.status)));
    }
    let understood = String::from_utf8_lossy(&output.stdout).matches("\"event\":\"understood\"").count();
    if understood * 2 < SAID.len() {
        return Err(Failure::Other(format!(
            "only {understood} of {} sentences were understood: that is no conversation",
            SAID.len()
        )));
    }
    eprintln!("privacy: {understood} of {} sentences were understood", SAID.len());
    let text = doing("reading the trace", std::fs::read(&trace))?;
    let mut seen = Seen::default();
    String::from_utf8_lossy(&text).lines().for_each(|line| seen.judge(line, allowed));
    Ok(seen)
}

impl Seen {
    /// Judges a line of strace: `PID call(arguments) = result`, where the end may come in a later line.
    fn judge(&mut self, line: &str, allowed: &Allowed) {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let Some((name, arguments)) = call.split_once('(') else { return };
        self.calls += 1;
        match name {
            // espeak-ng looks for the machine's sound server whenever it starts, even where it only writes.
            "connect" if arguments.contains("sa_family=AF_UNIX") && arguments.contains("/native\"}") => {
                self.sound.push(call.to_owned())
            }
            "connect" | "sendto" | "sendmsg" | "sendmmsg" if arguments.contains("sa_family=") => match address(arguments) {
                Some(address) if name == "connect" && allowed.addresses.contains(&address) => self.granted.push(address),
                _ => self.network.push(call.to_owned()),
            },
            "bind" | "listen" | "accept" | "accept4" => self.network.push(call.to_owned()),
            "execve" | "execveat" => {
                let path = quoted(arguments).next().unwrap_or_default();
                let own = |program: &String| path == *program || path.rsplit('/').next() == Some(program.as_str());
                if !allowed.programs.iter().any(own) {
                    self.programs.push(call.to_owned());
                }
            }
            "open" | "openat" | "openat2" | "creat" => {
                let writes = ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| arguments.contains(flag));
                if writes || name == "creat" {
                    self.written(call, quoted(arguments).take(1), allowed);
                }
            }
            "rename" | "renameat" | "renameat2" | "link" | "linkat" => self.written(call, quoted(arguments), allowed),
            _ => {}
        }
    }

    fn written<'a>(&mut self, call: &str, mut paths: impl Iterator<Item = &'a str>, allowed: &Allowed) {
        // Folders may be named by their beginning, which strings compare and paths do not.
        let inside = |path: &str| allowed.folders.iter().any(|folder| path.starts_with(&folder.display().to_string()));
        if !paths.all(|path| inside(path) && !path.contains("/../")) {
            self.files.push(call.to_owned());
        }
    }
}

/// `HOST:PORT` of an address as strace writes it.
fn address(arguments: &str) -> Option<String> {
    let port = arguments.split_once("sin_port=htons(")?.1.split_once(')')?.0;
    let host = arguments.split_once("inet_addr(\"")?.1.split_once('"')?.0;
    Some(format!("{host}:{port}"))
}

/// What stands in quotes.
fn quoted(arguments: &str) -> impl Iterator<Item = &str> {
    arguments.split('"').skip(1).step_by(2)
}

/// A folder that is none of the speaker's.
struct Elsewhere(PathBuf);

impl Elsewhere {
    fn new() -> Result<Elsewhere, Failure> {
        let folder = std::env::temp_dir().join(format!("elsewhere-{}", std::process::id()));
        doing("making a folder", std::fs::create_dir_all(&folder))?;
        Ok(Elsewhere(folder))
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowed, Seen};

    #[test]
    fn what_leaves_is_seen() {
        let allowed = Allowed {
            addresses: vec!["127.0.0.1:8089".to_owned()],
            folders: vec!["/tmp/state".into()],
            programs: vec!["espeak-ng".to_owned()],
        };
        let mut seen = Seen::default();
        for line in [
            r#"12 connect(3, {sa_family=AF_INET, sin_port=htons(8089), sin_addr=inet_addr("127.0.0.1")}, 16) = 0"#,
            r#"12 openat(AT_FDCWD, "/tmp/state/store", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = 4"#,
            r#"12 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 4"#,
            r#"12 execve("/usr/bin/espeak-ng", ["espeak-ng"], 0x7ff /* 9 vars */) = 0"#,
        ] {
            seen.judge(line, &allowed);
        }
        assert_eq!((seen.granted.len(), seen.network.len(), seen.programs.len(), seen.files.len()), (1, 0, 0, 0));
        for line in [
            r#"12 connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16 <unfinished ...>"#,
            r#"12 sendto(3, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(8089), sin_addr=inet_addr("127.0.0.1")}, 16) = 1"#,
            r#"12 connect(3, {sa_family=AF_INET6, sin6_port=htons(8089), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = 0"#,
            r#"12 connect(3, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)"#,
            r#"12 bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0"#,
            r#"12 openat(AT_FDCWD, "/home/x/.recording", O_WRONLY|O_CREAT, 0666) = 4"#,
            r#"12 rename("/tmp/state/a", "/home/x/a") = 0"#,
            r#"12 execve("/usr/bin/curl", ["curl"], 0x7ff /* 9 vars */) = 0"#,
        ] {
            seen.judge(line, &allowed);
        }
        assert_eq!((seen.granted.len(), seen.network.len(), seen.programs.len(), seen.files.len()), (1, 5, 1, 2));
    }
}
