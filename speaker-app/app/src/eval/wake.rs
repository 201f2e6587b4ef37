//! The wake word: hits, and false alarms over hours of other speech, through the fired chain.

use super::session::trial;
use super::surroundings::Surroundings;
use super::{Figure, Plan, SetName, Wanted, children, percent};
use crate::config::Config;
use crate::dsp::chain::{Chain, FRAME};
use crate::program::Failure;
use crate::program::enrolling::learn;
use crate::program::files::frames;
use crate::speaker::SpeakerError;
use saggar_trials::{Noise, OtherSpeech, RATE_HZ, Talker};
use serde::{Deserialize, Serialize};

/// One user's wake word
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The set
    #[arg(long, value_enum)]
    set: SetName,
    /// Index of the user
    #[arg(long)]
    voice: usize,
    /// The wake phrase: index in the set
    #[arg(long, default_value_t = 0)]
    phrase: usize,
    /// Hours of other speech
    #[arg(long)]
    hours: f64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Outcome {
    /// Of each condition: hits, and of how many.
    hits: Vec<(String, usize, usize)>,
    alarms: usize,
    hours: f64,
}

/// Hours of other speech, over all users.
const HOURS: f64 = 2.1;
/// Seconds after the phrase within which it counts as recognised.
const PATIENCE: f64 = 0.7;

/// Runs one user's part, and prints its outcome as JSON.
pub(crate) fn run(config: &Config, args: &Args) -> Result<u8, Failure> {
    let set = args.set.load()?;
    let phrase = set.phrases.get(args.phrase).cloned().unwrap_or_default();
    let talker = Talker::in_turn(&set, args.voice);
    let around = Surroundings::new(config, &phrase, false)?;
    let mut chain = Chain::take(&around.config.capture, &[], None).map_err(SpeakerError::from)?;
    for recording in trial(talker.enrolment(&phrase))? {
        learn(&mut chain, &recording)?;
    }
    let mut outcome = Outcome::default();
    let mut conditions = vec![Noise::Clean];
    conditions.extend(set.noises_db.iter().map(|decibels| Noise::Pink(*decibels)));
    for noise in conditions {
        let (mut hits, mut count) = (0, 0);
        for index in 0..set.commands.len() {
            let sound = trial(talker.command(&phrase, index, noise))?;
            let Some(wake) = &sound.wake else { continue };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than a second")]
            let due = wake.start..wake.end + (PATIENCE * f64::from(RATE_HZ)) as usize;
            let until = sound.command.end.max(due.end);
            let woken = detections(&mut chain, &sound.samples[..until.min(sound.samples.len())]);
            hits += usize::from(woken.iter().any(|at| due.contains(at)));
            count += 1;
        }
        outcome.hits.push((noise.to_string(), hits, count));
    }
    let mut speech = trial(OtherSpeech::hours(&set, args.hours))?;
    // Each user hears another part of it.
    let mut alarms = 0;
    for passage in speech.by_ref() {
        alarms += detections(&mut chain, &trial(passage)?.samples).len();
    }
    outcome.alarms = alarms;
    outcome.hours = speech.hours_so_far();
    println!("{}", serde_json::to_string(&outcome).unwrap_or_default());
    Ok(0)
}

/// Where the chain says that it was woken, in samples.
fn detections(chain: &mut Chain, samples: &[f32]) -> Vec<usize> {
    let woken = |(index, frame): (usize, [f32; FRAME])| chain.process(&frame, &[0.0; FRAME]).woken.then_some((index + 1) * FRAME);
    frames(samples).enumerate().filter_map(woken).collect()
}

pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let set = plan.set.load()?;
    let voices = if plan.quick { 1 } else { set.voices.len() };
    let hours = if plan.quick { 0.1 } else { HOURS };
    let mut figures = Vec::new();
    // The wake word of the speaker is the first; the others are measured too.
    for (index, phrase) in set.phrases.iter().enumerate().take(if plan.quick { 1 } else { usize::MAX }) {
        let job = |voice: usize| {
            let (voice, phrase, hours) = (voice.to_string(), index.to_string(), hours.to_string());
            ["wake", "--set", plan.set.name(), "--voice", &voice, "--phrase", &phrase, "--hours", &hours]
                .map(str::to_owned)
                .into()
        };
        let jobs: Vec<Vec<String>> = (0..voices).map(job).collect();
        let mut all = Vec::new();
        for line in children(&jobs)?.into_iter().flatten() {
            let outcome: Outcome =
                serde_json::from_str(&line).map_err(|error| Failure::Other(format!("a child printed `{line}`: {error}")))?;
            all.push(outcome);
        }
        for (nth, (condition, ..)) in all.first().map(|first| first.hits.clone()).unwrap_or_default().into_iter().enumerate() {
            let hits = all.iter().map(|outcome| outcome.hits[nth].1).sum();
            let count = all.iter().map(|outcome| outcome.hits[nth].2).sum();
            let wanted = match condition.as_str() {
                "clean" => Some(Wanted::AtLeast(95.0)),
                "pink 10 dB" => Some(Wanted::AtLeast(85.0)),
                _ => None,
            };
            let what = format!("`{phrase}` heard, {condition}");
            figures.push(Figure { part: "wake", what, value: percent(hits, count), unit: "%", wanted, of: count as u64 });
        }
        let total: f64 = all.iter().map(|outcome| outcome.hours).sum();
        let alarms: usize = all.iter().map(|outcome| outcome.alarms).sum();
        figures.push(Figure {
            part: "wake",
            what: format!("`{phrase}`: false alarms an hour, over {:.1} hours", total),
            value: super::count(alarms) / total.max(f64::MIN_POSITIVE),
            unit: "/h",
            wanted: Some(Wanted::AtMost(4.0)),
            of: alarms as u64,
        });
    }
    Ok(figures)
}
