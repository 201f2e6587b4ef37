//! Commands in real time, in a PulseAudio room: from somebody's mouth through the microphone to the loudspeaker.

use super::inhabited::Inhabited;
use super::session::{Outcome, Wanted as Right, judge, trial};
use super::{Figure, Plan, Wanted, percent};
use crate::config::Config;
use crate::event::Summary;
use crate::program::Failure;
use saggar_trials::{Ear, Noise, Set, Talker};
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

/// A condition: its name, what is heard beside the voice, whether music plays, and the least share of right answers in percent.
const CONDITIONS: [(&str, Noise, bool, f64); 3] = [
    ("clean", Noise::Clean, false, 95.0),
    ("pink noise, 10 dB", Noise::Pink(10.0), false, 90.0),
    ("own music as loud as the voice", Noise::Clean, true, 85.0),
];
/// Users who share the commands, each with a speaker of its own that knows its voice: of a set's, the first.
const USERS: usize = 4;
/// Commands for a first look, by one of them.
const QUICK: usize = 5;
/// The music's folder is played once; then it has to be told again.
pub(super) const MUSIC_LASTS: Duration = Duration::from_secs(150);
/// The canceller gets used to the music.
pub(super) const USED_TO: Duration = Duration::from_secs(3);

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let mut ear = trial(Ear::new())?;
    let (mut figures, mut times) = (Vec::new(), Vec::new());
    for (name, noise, music, least) in CONDITIONS {
        let (mut outcomes, mut summaries) = (Vec::new(), Vec::new());
        for (user, commands) in shared(plan, &set).into_iter().enumerate() {
            let (said, summary) = condition(&set, user, commands, &mut ear, noise, music)?;
            eprintln!("room, {name}, user {user}: {summary:?}");
            outcomes.extend(said);
            summaries.push(summary);
        }
        times.extend(outcomes.iter().filter_map(|outcome| outcome.after_ms));
        figures.extend(shares(name, &outcomes, least));
        figures.extend(fared(name, &summaries));
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

/// Which commands each user says.
fn shared(plan: &Plan, set: &Set) -> Vec<Range<usize>> {
    let (users, all) = if plan.quick { (1, QUICK) } else { (USERS.min(set.voices.len()), set.commands.len()) };
    (0..users).map(|user| user * all / users..(user + 1) * all / users).collect()
}

/// One user's commands under one condition.
fn condition(
    set: &Set,
    user: usize,
    commands: Range<usize>,
    ear: &mut Ear,
    noise: Noise,
    music: bool,
) -> Result<(Vec<Outcome>, Summary), Failure> {
    let phrase = set.phrases.first().cloned().unwrap_or_default();
    let talker = Talker::in_turn(set, user);
    let mut room = Inhabited::new(&Config::default(), &phrase, &talker, music.then_some(1.0), true)?;
    let (mut outcomes, mut succeeded) = (Vec::new(), vec![false; set.commands.len()]);
    let mut plays: Option<Instant> = None;
    for index in commands {
        let command = &set.commands[index];
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

/// How the threads of all speakers fared: the slowest frame of any, and all that was missed.
fn fared(name: &str, summaries: &[Summary]) -> [Figure; 4] {
    let frames = summaries.iter().map(|summary| summary.frames).sum();
    let figure = |what: &str, value, unit, wanted| Figure {
        part: "room",
        what: format!("{what}, {name}"),
        value,
        unit,
        wanted,
        of: frames,
    };
    let sum = |of: fn(&Summary) -> u64| {
        let whole: u64 = summaries.iter().map(of).sum();
        super::count(usize::try_from(whole).unwrap_or(usize::MAX))
    };
    let slowest = summaries.iter().map(|summary| summary.p999_us).fold(0.0, f64::max);
    let none = Some(Wanted::AtMost(0.0));
    [
        figure("frame of the capture side, 999 of 1000", slowest, "µs", Some(Wanted::AtMost(4_000.0))),
        figure("allocations in audio threads", sum(|summary| summary.allocations), "", none),
        figure("samples that the loudspeaker had nothing to play for", sum(|summary| summary.lost_out), "", None),
        figure("frames that were bypassed", sum(|summary| summary.bypassed), "", none),
    ]
}
