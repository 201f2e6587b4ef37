//! Commands in real time, in a PulseAudio room: from somebody's mouth through the microphone to the loudspeaker.

use super::inhabited::Inhabited;
use super::session::{Outcome, Wanted as Right, judge, trial};
use super::{Figure, Plan, Wanted, percent};
use crate::config::Config;
use crate::event::Summary;
use crate::program::Failure;
use saggar_trials::{Ear, Noise, Set, Talker};
use std::thread;
use std::time::{Duration, Instant};

/// A condition: its name, what is heard beside the voice, whether music plays, and the least share of right answers in percent.
const CONDITIONS: [(&str, Noise, bool, f64); 3] = [
    ("clean", Noise::Clean, false, 95.0),
    ("pink noise, 10 dB", Noise::Pink(10.0), false, 90.0),
    ("own music as loud as the voice", Noise::Clean, true, 85.0),
];
/// Commands for a first look.
const QUICK: usize = 5;
/// The music's folder is played once; then it has to be told again.
const MUSIC_LASTS: Duration = Duration::from_secs(150);
/// The canceller gets used to the music.
const USED_TO: Duration = Duration::from_secs(3);

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let mut ear = trial(Ear::new())?;
    let (mut figures, mut times) = (Vec::new(), Vec::new());
    for (name, noise, music, least) in CONDITIONS {
        let (outcomes, summary) = condition(plan, &set, &mut ear, noise, music)?;
        eprintln!("room, {name}: {summary:?}");
        times.extend(outcomes.iter().filter_map(|outcome| outcome.after_ms));
        figures.extend(shares(name, &outcomes, least));
        figures.extend(fared(name, &summary));
    }
    times.sort_by(f64::total_cmp);
    let figure = |what: &str, value: Option<&f64>, wanted| Figure {
        part: "room",
        what: what.to_owned(),
        value: value.copied().unwrap_or(f64::INFINITY),
        unit: "ms",
        wanted,
        of: times.len() as u64,
    };
    let (median, late) = (times.get(times.len() / 2), times.get(times.len() * 95 / 100));
    figures.push(figure(
        "decision to the answer's first sample taken by the loudspeaker, median",
        median,
        Some(Wanted::AtMost(300.0)),
    ));
    figures.push(figure("the same, 95 of 100", late, None));
    Ok(figures)
}

/// One user's commands under one condition.
fn condition(plan: &Plan, set: &Set, ear: &mut Ear, noise: Noise, music: bool) -> Result<(Vec<Outcome>, Summary), Failure> {
    let phrase = set.phrases.first().cloned().unwrap_or_default();
    let talker = Talker::in_turn(set, 0);
    let mut room = Inhabited::new(&Config::default(), &phrase, &talker, music.then_some(1.0), true)?;
    let count = if plan.quick { QUICK } else { set.commands.len() };
    let (mut outcomes, mut succeeded) = (Vec::new(), vec![false; set.commands.len()]);
    let mut plays: Option<Instant> = None;
    for (index, command) in set.commands.iter().enumerate().take(count) {
        if music && plays.is_none_or(|since| since.elapsed() > MUSIC_LASTS) {
            room.type_sentence("set the volume to one hundred percent")?;
            room.type_sentence("play some jazz")?;
            thread::sleep(USED_TO);
            plays = Some(Instant::now());
        }
        let sound = trial(talker.command(&phrase, index, noise))?;
        let right = Right {
            say: &command.say,
            skill: &command.skill,
            intent: &command.intent,
            slots: &command.slots,
            answers: command.right_answers(&succeeded),
        };
        let (events, answer) = room.say(&sound.samples, sound.command.end);
        let outcome = judge(ear, &right, &events, &answer, 0)?;
        tell(&outcome);
        succeeded[index] = outcome.understood;
        outcomes.push(outcome);
        if command.skill == "music" {
            // Whatever plays now, it is not what this condition is about.
            plays = None;
        }
    }
    Ok((outcomes, room.end()?))
}

/// Prints what became of a sentence, for who wants to make it better.
fn tell(outcome: &Outcome) {
    let Outcome { said, woken, heard, meaning, answer, after_ms, .. } = outcome;
    let verdict = if outcome.understood && outcome.answered { "right" } else { "WRONG" };
    eprintln!(
        "room: {verdict}: `{said}`: woken {woken}, heard `{heard}`, understood {meaning}, answered `{answer}` after {:.0} ms",
        after_ms.unwrap_or(f64::NAN)
    );
}

fn shares(name: &str, outcomes: &[Outcome], least: f64) -> [Figure; 3] {
    let count = |right: fn(&Outcome) -> bool| percent(outcomes.iter().filter(|outcome| right(outcome)).count(), outcomes.len());
    let figure = |what: &str, value, wanted| Figure {
        part: "room",
        what: format!("{what}, {name}"),
        value,
        unit: "%",
        wanted,
        of: outcomes.len() as u64,
    };
    let least = Some(Wanted::AtLeast(least));
    [
        figure("woken", count(|outcome| outcome.woken), None),
        figure("right skill, intent and slots", count(|outcome| outcome.understood), least),
        figure("right spoken answer too", count(|outcome| outcome.understood && outcome.answered), least),
    ]
}

/// How the threads fared.
fn fared(name: &str, summary: &Summary) -> [Figure; 4] {
    let figure = |what: &str, value, unit, wanted| Figure {
        part: "room",
        what: format!("{what}, {name}"),
        value,
        unit,
        wanted,
        of: summary.frames,
    };
    let count = |value: u64| super::count(usize::try_from(value).unwrap_or(usize::MAX));
    [
        figure("frame of the capture side, 999 of 1000", summary.p999_us, "µs", Some(Wanted::AtMost(4_000.0))),
        figure("allocations in audio threads", count(summary.allocations), "", Some(Wanted::AtMost(0.0))),
        figure("samples that the loudspeaker had nothing to play for", count(summary.lost_out), "", None),
        figure("frames that were bypassed", count(summary.bypassed), "", Some(Wanted::AtMost(0.0))),
    ]
}
