//! `--speech FOLDER`: recordings of one's own in place of the sets, with a list of what is said in them.
//!
//! ```toml
//! # sentences.toml
//! phrase = "okay jarvis"
//! enrolment = ["one.wav", "two.wav", "three.wav", "four.wav", "five.wav"]
//!
//! [[recording]]
//! file = "timer.wav"              # wake phrase and command; any rate, mono or stereo
//! say = "set a timer for five minutes"
//! skill = "timer"
//! intent = "HassStartTimer"
//! slots = { minutes = "5" }
//! answer = "your timer is set for five minutes"      # may be left out
//! ```

use super::session::{Outcome, Room, Wanted as Right};
use super::{Figure, Plan, Wanted, percent};
use crate::config::Config;
use crate::program::{Failure, doing};
use saggar_speech::Audio;
use saggar_trials::{RATE_HZ, Slots, Trial};
use serde::Deserialize;
use std::path::Path;

/// Silence for the answer: 10 s.
const AFTER: usize = 10 * RATE_HZ as usize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    phrase: String,
    enrolment: Vec<String>,
    recording: Vec<Recording>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    file: String,
    say: String,
    skill: String,
    intent: String,
    #[serde(default)]
    slots: Slots,
    #[serde(default)]
    answer: String,
}

fn samples(folder: &Path, file: &str) -> Result<Vec<f32>, Failure> {
    let audio = Audio::read_wav(&folder.join(file))?;
    Ok(audio.at_rate(RATE_HZ)?.to_f32())
}

/// The figures of `intents` for the recordings.
pub(super) fn measure(folder: &Path, _: &Plan) -> Result<Vec<Figure>, Failure> {
    let path = folder.join("sentences.toml");
    let text = doing(format!("reading {}", path.display()), std::fs::read_to_string(&path))?;
    let list: List = toml::from_str(&text).map_err(|error| Failure::Other(format!("{}: {error}", path.display())))?;
    let mut enrolment = Vec::new();
    for file in &list.enrolment {
        enrolment.push(samples(folder, file)?);
    }
    let mut room = Room::taught(&Config::default(), &list.phrase, &enrolment)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for recording in &list.recording {
        let mut samples = samples(folder, &recording.file)?;
        let command = 0..samples.len();
        samples.resize(samples.len() + AFTER, 0.0);
        let answers = if recording.answer.is_empty() { Vec::new() } else { vec![recording.answer.as_str()] };
        let Recording { say, skill, intent, slots, .. } = recording;
        let right = Right { say, skill, intent, slots, answers };
        let outcome = room.say(&Trial { samples, wake: None, command }, &right)?;
        if !outcome.understood {
            eprintln!("{}: heard `{}`, understood {}", recording.file, outcome.heard, outcome.meaning);
        }
        outcomes.push(outcome);
    }
    let figure = |what: &str, right: usize, of: usize, wanted| Figure {
        part: "recordings",
        what: what.to_owned(),
        value: percent(right, of),
        unit: "%",
        wanted,
        of: of as u64,
    };
    let count = |right: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| right(outcome)).count();
    let asked = list.recording.iter().filter(|recording| !recording.answer.is_empty()).count();
    Ok(vec![
        figure("woken", count(|outcome| outcome.woken), outcomes.len(), None),
        figure("right skill, intent and slots", count(|outcome| outcome.understood), outcomes.len(), Some(Wanted::AtLeast(95.0))),
        figure("right spoken answer, where one is listed", count(|outcome| outcome.answered), asked, None),
    ])
}
