//! The speaker with microphone and loudspeaker, until it is told to end.

use super::{Failure, state_folder};
use crate::config::Config;
use crate::live::Live;
use crate::view::{self, View};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

pub(super) fn run(config: &Config, seconds: Option<u64>, json: bool) -> Result<(), Failure> {
    let mut live = Live::start(config, &state_folder(config)?)?;
    let (begin, lines) = (Instant::now(), typed());
    let terminal = std::io::stdout().is_terminal() && !json;
    let mut view = View::default();
    if !terminal && !json {
        println!("running; say `{}`. `m` mutes, `q` ends, any other line is taken as a sentence", config.wake.phrase);
    }
    loop {
        live.step();
        for event in live.take_events() {
            if json {
                println!("{}", serde_json::to_string(&event).unwrap_or_default());
            } else if terminal {
                view.add(&event);
            } else if let Some(line) = view::line(&event) {
                println!("{line}");
            }
        }
        if terminal && let Some(text) = view.renew(&live) {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
        match lines.try_recv().as_deref().map(str::trim) {
            Ok("q") => return Ok(()),
            Ok("m") => live.mute(!live.is_muted()),
            Ok("") | Err(_) => {}
            Ok(text) => live.dialog.tell(text),
        }
        if seconds.is_some_and(|seconds| begin.elapsed() >= Duration::from_secs(seconds)) {
            return Ok(());
        }
    }
}

/// Lines of the standard input.
fn typed() -> Receiver<String> {
    let (to, from) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if to.send(line).is_err() {
                return;
            }
        }
    });
    from
}
