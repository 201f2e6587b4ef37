//! Faults in real time, in the PulseAudio room: stages fail in the threads that hear and play, and skills in the conversation, while music
//! plays. Nothing of that is heard as a gap, and the next command is understood.

use super::inhabited::Inhabited;
use super::room::{MUSIC_LASTS, USED_TO};
use super::session::trial;
use super::{Figure, Plan, Wanted};
use crate::config::Config;
use crate::event::{Event, Happening};
use crate::program::Failure;
use saggar_trials::{Noise, Talker};
use std::thread;
use std::time::{Duration, Instant};

/// How long stages and skills fail.
const LONG: Duration = Duration::from_secs(240);
/// The same for a first look.
const SHORT: Duration = Duration::from_secs(15);
/// Faults of stages that must take effect in that time, and in a first look's.
const FAULTS: (u64, u64) = (10_000, 500);

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let phrase = set.phrases.first().cloned().unwrap_or_default();
    let talker = Talker::in_turn(&set, 0);
    let mut room = Inhabited::new(&Config::default(), &phrase, &talker, Some(1.0), true)?;
    room.type_sentence("play some jazz")?;
    thread::sleep(USED_TO);
    let mut plays = Instant::now();
    room.running.type_line("!faults")?;
    let (begin, long) = (Instant::now(), if plan.quick { SHORT } else { LONG });
    let (mut failed, mut told) = (0, 0);
    while begin.elapsed() < long {
        if plays.elapsed() > MUSIC_LASTS {
            room.type_sentence("play some jazz")?;
            plays = Instant::now();
        }
        room.running.type_line("!fail clock")?;
        let events = room.type_sentence("what time is it")?;
        failed += 1;
        let fails = events.iter().any(|event| matches!(event.what, Happening::SkillFailed { .. }));
        let says = events.iter().any(|event| matches!(event.what, Happening::Says { .. }));
        told += u64::from(fails && says);
    }
    room.running.type_line("!faults")?;
    thread::sleep(USED_TO);
    let sound = trial(talker.trial(Some(&phrase), "what time is it", 0, Noise::Clean))?;
    let (events, _) = room.say(&sound.samples, sound.command.end);
    let meant = |event: &Event| matches!(&event.what, Happening::Understood { intent, .. } if intent == "HassGetCurrentTime");
    let understood = u64::from(events.iter().any(meant));
    let summary = room.end()?;
    eprintln!("failing: {summary:?}");
    let figure = |what: &str, value: u64, wanted, of| Figure {
        part: "failing",
        what: what.to_owned(),
        value: super::count(usize::try_from(value).unwrap_or(usize::MAX)),
        unit: "",
        wanted: Some(wanted),
        of,
    };
    let (none, frames) = (Wanted::AtMost(0.0), summary.frames);
    let least = super::count(usize::try_from(if plan.quick { FAULTS.1 } else { FAULTS.0 }).unwrap_or(usize::MAX));
    Ok(vec![
        figure("restarts of stages", summary.restarts, Wanted::AtLeast(least), frames),
        figure("samples that the loudspeaker had nothing to play for", summary.lost_out + summary.starved, none, frames),
        figure("allocations in audio threads", summary.allocations, none, frames),
        figure("failures of skills that were not told", failed - told, none, failed),
        figure("commands understood afterwards", understood, Wanted::AtLeast(1.0), 1),
    ])
}
