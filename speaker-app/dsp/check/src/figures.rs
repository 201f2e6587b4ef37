//! All users of a set: hits by noise, and false alarms an hour.

use std::io;
use std::time::{Duration, Instant};

use saggar_dsp_contract::Stage;
use saggar_dsp_wake::features::HOP;

use crate::speech::{RATE_HZ, say};
use crate::trial::{detections, enrolled, hears, noisy, utterances};
use crate::voices::{ENROLMENT, FACTORY, REPORT, REPORT_TALKERS, WORK, WORK_TALKERS};

/// Noise of the trials: decibels below the phrase.
pub const SNRS_DB: [Option<f64>; 4] = [None, Some(20.0), Some(10.0), Some(5.0)];

/// Who is tested, and who says something else meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Voices to tune on.
    Work,
    /// Voices only to report.
    Report,
}

/// Whose recordings the detector knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Templates {
    /// Five of the very voice that is tested.
    Own,
    /// One of each of eight others.
    Factory,
}

/// What was measured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Phrases said, for each noise.
    pub said: usize,
    /// Of these recognised, in the order of [`SNRS_DB`].
    pub hits: [usize; 4],
    /// Detections in other speech.
    pub false_alarms: usize,
    /// Of these, how many while the enrolled voice itself was talking.
    pub own_false_alarms: usize,
    /// Samples of other speech.
    pub other: usize,
    /// Of these, how many the enrolled voices themselves said.
    pub own: usize,
    /// Time the detector took for the other speech.
    pub busy: Duration,
}

impl Figures {
    /// Part of the phrases that were recognised, by the index of [`SNRS_DB`].
    pub fn rate(&self, noise: usize) -> f64 {
        self.hits[noise] as f64 / self.said as f64
    }

    /// Hours of other speech.
    pub fn hours(&self) -> f64 {
        self.other as f64 / (RATE_HZ * 3_600) as f64
    }

    /// False alarms an hour, whoever talks.
    pub fn alarms_an_hour(&self) -> f64 {
        self.false_alarms as f64 / self.hours()
    }

    /// False alarms in an hour of others' speech.
    pub fn alarms_an_hour_of_others(&self) -> f64 {
        let hours = (self.other - self.own) as f64 / (RATE_HZ * 3_600) as f64;
        (self.false_alarms - self.own_false_alarms) as f64 / hours
    }

    /// False alarms in an hour of the enrolled voices' own other sentences.
    pub fn own_alarms_an_hour(&self) -> f64 {
        self.own_false_alarms as f64 / (self.own as f64 / (RATE_HZ * 3_600) as f64)
    }

    /// Microseconds a frame of 10 ms, while others talk.
    pub fn micros_a_frame(&self) -> f64 {
        self.busy.as_secs_f64() * 1e6 / (self.other / HOP) as f64
    }

    fn add(&mut self, other: &Figures) {
        self.said += other.said;
        for (sum, hits) in self.hits.iter_mut().zip(other.hits) {
            *sum += hits;
        }
        self.false_alarms += other.false_alarms;
        self.own_false_alarms += other.own_false_alarms;
        self.other += other.other;
        self.own += other.own;
        self.busy += other.busy;
    }
}

/// Measures a set with a phrase, and with parameters of the detector other than its own; every user is a thread's.
///
/// # Errors
/// When speech cannot be made.
///
/// # Panics
/// When a thread does.
pub fn measure(set: Set, templates: Templates, phrase: &str, parameters: &[(u32, f32)]) -> io::Result<Figures> {
    let (users, talkers, text) = match set {
        Set::Work => (WORK, WORK_TALKERS, include_str!("text-work.txt")),
        Set::Report => (REPORT, REPORT_TALKERS, include_str!("text-report.txt")),
    };
    let others = talkers.map(|talker| say(talker, (165, 50), text));
    let others = others.into_iter().collect::<io::Result<Vec<_>>>()?;
    let mut sum = Figures::default();
    // Two at a time: the speech of a user takes 16 MB.
    for (pair, users) in users.chunks(2).enumerate() {
        let measured = std::thread::scope(|scope| {
            let threads: Vec<_> = users
                .iter()
                .enumerate()
                .map(|(index, user)| {
                    let (others, seed) = (&others, (2 * pair + index) as u64 * 100);
                    scope.spawn(move || one(user, (templates, parameters), phrase, text, others, seed))
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no trial panics")).collect::<Vec<_>>()
        });
        for figures in measured {
            sum.add(&figures?);
        }
    }
    Ok(sum)
}

fn one(
    user: &str,
    (templates, parameters): (Templates, &[(u32, f32)]),
    phrase: &str,
    text: &str,
    others: &[Vec<f32>],
    seed: u64,
) -> io::Result<Figures> {
    let mut wake = match templates {
        Templates::Own => enrolled(ENROLMENT.map(|how| (user, how)), phrase)?,
        Templates::Factory => enrolled(FACTORY.map(|voice| (voice, ENROLMENT[0])), phrase)?,
    };
    for &(id, value) in parameters {
        wake.set_parameter(id, value);
    }
    let mut figures = Figures::default();
    for (index, utterance) in utterances(user, phrase)?.iter().enumerate() {
        figures.said += 1;
        for (hits, snr_db) in figures.hits.iter_mut().zip(SNRS_DB) {
            let samples = noisy(utterance, snr_db, seed + index as u64 + 1);
            *hits += usize::from(hears(&mut wake, &samples, &utterance.phrase));
        }
    }
    let own = say(user, (165, 50), text)?;
    let begin = Instant::now();
    figures.own_false_alarms = detections(&mut wake, &own).len();
    figures.false_alarms =
        figures.own_false_alarms + others.iter().map(|other| detections(&mut wake, other).len()).sum::<usize>();
    figures.busy = begin.elapsed();
    figures.own = own.len();
    figures.other = own.len() + others.iter().map(Vec::len).sum::<usize>();
    Ok(figures)
}
