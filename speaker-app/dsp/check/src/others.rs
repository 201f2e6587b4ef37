//! False alarms in hours of other speech, no text of which comes twice.
//!
//! All users of a set are enrolled, each in a detector of its own, and all hear the same speech: what counts is hours heard,
//! so that ten detections by eight users in two hours are ten in sixteen.

use std::error::Error;

use saggar_dsp_contract::Stage;
use saggar_dsp_wake::{Wake, detector::DETECTED, features::HOP};
use saggar_speech::{RECOGNISER_HZ, resample};
use saggar_trials::{Kind, OtherSpeech, Passage, RATE_HZ as MADE_HZ, Set, Talker};

use crate::speech::RATE_HZ;
use crate::trial::{feed, fresh};

/// What went wrong.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What was heard and detected.
#[derive(Clone, Debug, Default)]
pub struct Alarms {
    /// Hours of speech, pauses between passages not counted.
    pub spoken_hours: f64,
    /// Hours with those pauses.
    pub hours: f64,
    /// Users, each of whom heard all of it.
    pub users: usize,
    /// Detections, by all of them.
    pub count: usize,
    /// Of these, how many in passages that have a near miss.
    pub near_misses: usize,
    /// Of these, how many while the enrolled voice itself was talking.
    pub own: usize,
    /// Who heard what: the user, the voice, the text.
    pub heard: Vec<(String, String, String)>,
}

impl Alarms {
    /// False alarms in an hour of speech that one user's speaker hears.
    pub fn an_hour(&self) -> f64 {
        self.count as f64 / (self.spoken_hours * self.users as f64)
    }

    /// The same without the passages that have a near miss.
    pub fn an_hour_otherwise(&self) -> f64 {
        (self.count - self.near_misses) as f64 / (self.spoken_hours * self.users as f64)
    }
}

/// Speech of the trials, at the detector's rate.
///
/// # Errors
/// When it cannot be converted.
pub fn at_detectors_rate(samples: &[f32]) -> Result<Vec<f32>, Failure> {
    Ok(resample(samples, MADE_HZ, RECOGNISER_HZ)?)
}

/// A detector that a user of a set has enrolled, with parameters other than its own.
///
/// # Errors
/// When speech cannot be made, and when the detector refuses a recording.
pub fn enrolled(talker: Talker<'_>, phrase: &str, parameters: &[(u32, f32)]) -> Result<Box<Wake>, Failure> {
    let mut wake = fresh();
    for recording in talker.enrolment(phrase)? {
        wake.begin();
        for frame in at_detectors_rate(&recording)?.as_chunks().0 {
            feed(&mut wake, frame);
        }
        let count = wake.end();
        if count < 1 {
            return Err(format!("{}: recording refused ({count})", talker.name()).into());
        }
    }
    for &(id, value) in parameters {
        wake.set_parameter(id, value);
    }
    Ok(wake)
}

/// Lets all users of a set hear so many hours of other speech.
///
/// # Errors
/// When speech cannot be made, and when the detector refuses a recording.
pub fn listen(set: &Set, phrase: &str, parameters: &[(u32, f32)], hours: f64) -> Result<Alarms, Failure> {
    let users = Talker::all(set).map(|talker| Ok((talker.name(), enrolled(talker, phrase, parameters)?)));
    let mut users: Vec<(&str, Box<Wake>)> = users.collect::<Result<_, Failure>>()?;
    let mut alarms = Alarms { users: users.len(), ..Alarms::default() };
    let mut speech = OtherSpeech::hours(set, hours)?;
    let (mut frames, mut rest) = (0, Vec::new());
    for passage in speech.by_ref() {
        let passage = passage?;
        rest.extend(at_detectors_rate(&passage.samples)?);
        let whole = rest.len() / HOP * HOP;
        for (name, wake) in &mut users {
            let heard = rest[..whole].as_chunks().0.iter().filter(|frame| feed(wake, frame) & DETECTED != 0).count();
            alarms.note(name, &passage, heard);
        }
        rest.drain(..whole);
        frames += whole / HOP;
    }
    alarms.spoken_hours = speech.hours_so_far();
    alarms.hours = (frames * HOP) as f64 / (RATE_HZ * 3_600) as f64;
    Ok(alarms)
}

impl Alarms {
    fn note(&mut self, user: &str, passage: &Passage, count: usize) {
        self.count += count;
        self.near_misses += if passage.kind == Kind::NearMiss { count } else { 0 };
        self.own += if passage.voice == user { count } else { 0 };
        for _ in 0..count {
            self.heard.push((user.to_owned(), passage.voice.clone(), passage.text.clone()));
        }
    }
}
