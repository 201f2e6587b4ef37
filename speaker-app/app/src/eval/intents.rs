//! Commands from the wake word to the spoken answer, conversations, and foreign speech; and how soon the answer comes.

use super::session::Outcome;
use super::{Figure, Plan, Wanted, children, percent};
use crate::program::Failure;

/// What is measured under which name: arguments of the session, and the least share of right intents in percent.
const CONDITIONS: [(&str, &[&str], Option<f64>); 3] = [
    ("clean", &[], Some(95.0)),
    ("pink noise, 10 dB", &["--noise", "10"], Some(90.0)),
    ("own music as loud as the voice", &["--music"], Some(85.0)),
];

/// How much of each a first look takes.
const QUICK: &str = "20";
/// By how many percent such a look, in which a single sentence weighs five, may fall below what is wanted of all: it is there to notice
/// what has become worse.
const QUICK_LESS: f64 = 10.0;
/// Whose: clean, in noise, over music, conversations, foreign speech.
const QUICK_VOICES: [usize; 5] = [0, 1, 2, 1, 2];

/// A user's session as arguments of this program.
fn job(plan: &Plan, voice: usize, more: &[&str]) -> Vec<String> {
    let set = plan.set.name();
    let mut job: Vec<String> = ["session", "--set", set, "--voice", &voice.to_string()].map(str::to_owned).into();
    job.extend(more.iter().map(|argument| (*argument).to_owned()));
    if plan.quick {
        job.extend(["--first", QUICK].map(str::to_owned));
    }
    job
}

/// What the sessions of each group printed; all run beside each other.
fn outcomes<const N: usize>(groups: [Vec<Vec<String>>; N]) -> Result<[Vec<Outcome>; N], Failure> {
    let mut lines = children(&groups.concat())?.into_iter();
    let mut found = [const { Vec::new() }; N];
    for (group, found) in groups.iter().zip(&mut found) {
        for line in lines.by_ref().take(group.len()).flatten() {
            let read = |error| Failure::Other(format!("a session printed `{line}`: {error}"));
            found.push(serde_json::from_str(&line).map_err(read)?);
        }
    }
    Ok(found)
}

/// The sessions of a kind: of every user, or of one, another for every kind.
fn jobs(plan: &Plan, kind: usize, more: &[&str]) -> Result<Vec<Vec<String>>, Failure> {
    let all = plan.set.load()?.voices.len();
    let voices = if plan.quick { QUICK_VOICES[kind]..QUICK_VOICES[kind] + 1 } else { 0..all };
    Ok(voices.map(|voice| job(plan, voice, more)).collect())
}

/// Prints what went wrong, for who wants to make it better.
fn explain(name: &str, outcomes: &[Outcome]) {
    for outcome in outcomes.iter().filter(|outcome| !outcome.understood || !outcome.answered) {
        let Outcome { said, woken, heard, meaning, answer, .. } = outcome;
        eprintln!("{name}: `{said}`: woken {woken}, heard `{heard}`, understood {meaning}, answered `{answer}`");
    }
}

/// What is wanted, of this plan.
fn at_least(plan: &Plan, percent: f64) -> Wanted {
    Wanted::AtLeast(if plan.quick { percent - QUICK_LESS } else { percent })
}

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let [clean, noise, music] = CONDITIONS.map(|(_, arguments, _)| arguments);
    let [clean, noise, music, steps, foreign] = outcomes([
        jobs(plan, 0, clean)?,
        jobs(plan, 1, noise)?,
        jobs(plan, 2, music)?,
        jobs(plan, 3, &["--say", "conversations"])?,
        jobs(plan, 4, &["--say", "foreign"])?,
    ])?;
    let mut figures = Vec::new();
    for ((name, _, least), outcomes) in CONDITIONS.into_iter().zip([clean, noise, music]) {
        explain(name, &outcomes);
        let count =
            |right: fn(&Outcome) -> bool| percent(outcomes.iter().filter(|outcome| right(outcome)).count(), outcomes.len());
        let wanted = least.map(|least| at_least(plan, least));
        let figure = |what: &str, value, wanted| Figure {
            part: "intents",
            what: format!("{what}, {name}"),
            value,
            unit: "%",
            wanted,
            of: outcomes.len() as u64,
        };
        figures.push(figure("woken", count(|outcome| outcome.woken), None));
        figures.push(figure("right skill, intent and slots", count(|outcome| outcome.understood), wanted));
        figures.push(figure("right spoken answer too", count(|outcome| outcome.understood && outcome.answered), wanted));
    }
    explain("conversations", &steps);
    let right = steps.iter().filter(|outcome| outcome.understood && outcome.answered).count();
    figures.push(Figure {
        part: "intents",
        what: "steps of conversations".to_owned(),
        value: percent(right, steps.len()),
        unit: "%",
        wanted: Some(at_least(plan, 90.0)),
        of: steps.len() as u64,
    });
    let woken: Vec<_> = foreign.iter().filter(|outcome| outcome.woken).collect();
    let refused = woken.iter().filter(|outcome| outcome.refused && outcome.meaning.is_empty()).count();
    for outcome in woken.iter().filter(|outcome| !outcome.refused) {
        eprintln!("foreign: `{}`: heard `{}`, {}", outcome.said, outcome.heard, outcome.meaning);
    }
    figures.push(Figure {
        part: "intents",
        what: "foreign speech answered by `I did not understand`".to_owned(),
        value: percent(refused, woken.len()),
        unit: "%",
        wanted: Some(at_least(plan, 90.0)),
        of: woken.len() as u64,
    });
    Ok(figures)
}

/// From the end-of-speech decision to the first sample of the answer, as far as computing takes it: a recording has no devices.
pub(super) fn latency(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let [outcomes] = outcomes([vec![job(plan, 0, &[])]])?;
    let mut faster: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.faster).collect();
    faster.sort_by(f64::total_cmp);
    let mut times: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.after_ms).collect();
    times.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index")]
        let index = (share * (times.len().saturating_sub(1)) as f64) as usize;
        times.get(index).copied().unwrap_or(f64::INFINITY)
    };
    let figure = |what: &str, value, wanted| Figure {
        part: "latency",
        what: what.to_owned(),
        value,
        unit: "ms",
        wanted,
        of: times.len() as u64,
    };
    let hang_over = f64::from(crate::config::Dialog::default().hang_over_ms);
    Ok(vec![
        figure("silence that ends a sentence", hang_over, Some(Wanted::AtMost(700.0))),
        figure("decision to first sample mixed, median", quantile(0.5), Some(Wanted::AtMost(300.0))),
        figure("the same, 95 of 100", quantile(0.95), None),
        Figure {
            unit: "times as fast",
            of: faster.len() as u64,
            ..figure(
                "a recording beside real time, median",
                faster.get(faster.len() / 2).copied().unwrap_or(0.0),
                Some(Wanted::AtLeast(1.0)),
            )
        },
    ])
}
