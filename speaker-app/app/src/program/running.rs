//! The speaker with microphone and loudspeaker, until it is told to end.

use super::{Failure, state_folder};
use crate::config::Config;
use crate::event::{Event, Happening};
use crate::live::Live;
use crate::priority::{Urgency, raise};
use crate::view::{self, View};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

pub(super) fn run(config: &Config, seconds: Option<u64>, json: bool) -> Result<(), Failure> {
    raise(Urgency::Answer);
    let mut live = Live::start(config, &state_folder(config)?)?;
    let (begin, lines) = (Instant::now(), typed());
    let terminal = std::io::stdout().is_terminal() && !json;
    let mut view = View::default();
    if !terminal && !json {
        println!("running; say `{}`. `m` mutes, `q` ends, any other line is taken as a sentence", config.wake.phrase);
    }
    let mut shown = |live: &mut Live, events: Vec<Event>| {
        for event in events {
            if json {
                println!("{}", serde_json::to_string(&event).unwrap_or_default());
            } else if terminal {
                view.add(&event);
            } else if let Some(line) = view::line(&event) {
                println!("{line}");
            }
        }
        if terminal && let Some(text) = view.renew(live) {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
    };
    loop {
        live.step();
        let events = live.take_events();
        shown(&mut live, events);
        match lines.try_recv().as_deref().map(str::trim) {
            Ok("q") => break,
            Ok("m") => {
                let muted = !live.is_muted();
                live.mute(muted);
            }
            #[cfg(feature = "faults")]
            Ok("!faults") => crate::dsp::trouble::toggle(),
            #[cfg(feature = "faults")]
            Ok(line) if line.starts_with("!fail ") => {
                let mut skills = live.dialog.skills_mut().iter_mut();
                if let Some(skill) = skills.find(|skill| line.ends_with(&skill.manifest.id)) {
                    skill.plant(crate::dsp::stage::LOOPS);
                }
            }
            Ok("") | Err(_) => {}
            Ok(text) => live.dialog.tell(text),
        }
        if seconds.is_some_and(|seconds| begin.elapsed() >= Duration::from_secs(seconds)) {
            break;
        }
    }
    let at_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    live.dialog.close();
    let events = live.take_events();
    shown(&mut live, events);
    let ends = Event { at_ms, what: Happening::Ends(live.summary()) };
    shown(&mut live, vec![ends]);
    Ok(())
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
