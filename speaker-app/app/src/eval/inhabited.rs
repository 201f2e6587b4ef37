//! The PulseAudio room with the speaker and somebody in it: says sentences in real time, and hears what comes of them.

use super::pulse::{Pulse, Recording, Somebody};
use super::running::{Running, enrol};
use super::session::trial;
use super::surroundings::Surroundings;
use crate::config::Config;
use crate::event::{Event, Happening, State, Summary};
use crate::program::Failure;
use saggar_trials::Talker;
use std::time::{Duration, Instant};

/// After the last word: how long to wait for a speaker that has not woken.
const ASLEEP: Duration = Duration::from_millis(2_500);
/// For an answer of one that has understood.
const ANSWER: Duration = Duration::from_secs(9);
/// For the end of everything.
const LONGEST: Duration = Duration::from_secs(30);
/// How long it must be quiet to be done.
const QUIET: Duration = Duration::from_millis(700);

/// The room, inhabited.
pub(crate) struct Inhabited {
    // In this order they end.
    pub(crate) running: Running,
    pub(crate) somebody: Somebody,
    pub(crate) heard: Recording,
    /// The room itself.
    pub(crate) pulse: Pulse,
    _around: Surroundings,
}

impl Inhabited {
    /// Sets it up: the speaker has learnt the phrase from its user. `echo`: the loudspeaker's factor in the microphone.
    pub(crate) fn new(config: &Config, phrase: &str, talker: &Talker<'_>, echo: Option<f32>) -> Result<Inhabited, Failure> {
        let mut pulse = Pulse::start(echo)?;
        let around = Surroundings::new(config, phrase, true)?;
        enrol(&around.config, around.folder(), &trial(talker.enrolment(phrase))?)?;
        let heard = pulse.listen()?;
        let somebody = pulse.somebody()?;
        let running = Running::start(&around.config, around.folder(), &pulse.environment())?;
        running.until_ready()?;
        // What listens adapts for a moment.
        std::thread::sleep(Duration::from_secs(1));
        Ok(Inhabited { running, somebody, heard, pulse, _around: around })
    }

    /// Says something whose last word ends with sample `end`, and waits until what comes of it is over. What happened, and what the
    /// loudspeaker played since the first answer.
    pub(crate) fn say(&mut self, samples: &[f32], end: usize) -> (Vec<Event>, Vec<f32>) {
        while self.running.next(Duration::ZERO).is_some() {}
        self.somebody.say(samples);
        let rest = Duration::from_micros((samples.len() - end) as u64 * 1_000 / 48);
        let spoken = Instant::now() + self.somebody.left().saturating_sub(rest);
        let (events, begin) = self.follow(spoken);
        self.somebody.hush();
        let answer = begin.map(|begin| self.heard.since(begin)).unwrap_or_default();
        (events, answer)
    }

    /// Types a sentence, and waits until what comes of it is over.
    pub(crate) fn type_sentence(&mut self, text: &str) -> Result<Vec<Event>, Failure> {
        while self.running.next(Duration::ZERO).is_some() {}
        self.running.type_line(text)?;
        Ok(self.follow(Instant::now()).0)
    }

    /// Ends it; how the speaker fared.
    pub(crate) fn end(self) -> Result<Summary, Failure> {
        self.running.end()
    }

    /// Events until the story of what was said is over, and where the answer begins in what was heard.
    fn follow(&self, spoken: Instant) -> (Vec<Event>, Option<usize>) {
        let mut story = Story::default();
        let mut events = Vec::new();
        let mut begin = None;
        loop {
            if let Some(event) = self.running.next(Duration::from_millis(50)) {
                story.take(&event.what);
                if begin.is_none() && matches!(event.what, Happening::Says { .. }) {
                    begin = Some(self.heard.len());
                }
                events.push(event);
            }
            if story.is_over(spoken) {
                return (events, begin);
            }
        }
    }
}

/// How far the story of a sentence has come.
struct Story {
    woken: bool,
    understood: Option<Instant>,
    said: bool,
    state: State,
    changed: Instant,
}

impl Default for Story {
    fn default() -> Story {
        Story { woken: false, understood: None, said: false, state: State::Idle, changed: Instant::now() }
    }
}

impl Story {
    fn take(&mut self, what: &Happening) {
        self.changed = Instant::now();
        match what {
            Happening::Woken { .. } => self.woken = true,
            Happening::Understood { .. } => {
                self.woken = true;
                self.understood = Some(Instant::now());
            }
            Happening::Says { .. } => self.said = true,
            Happening::State { state } => self.state = *state,
            _ => {}
        }
    }

    fn is_over(&self, spoken: Instant) -> bool {
        // The last word is not out yet.
        let Some(since) = Instant::now().checked_duration_since(spoken) else { return false };
        if since > LONGEST {
            return true;
        }
        if !self.woken && !self.said {
            return self.state == State::Idle && since > ASLEEP;
        }
        let quiet = self.changed.elapsed() > QUIET;
        match self.state {
            // A question was asked, or it waits for a sentence that may still come.
            State::Listening => self.said && quiet,
            State::Speaking => false,
            State::Idle if self.said => quiet,
            // Understood, but the answer comes from outside; or there is none.
            State::Idle => self.understood.map_or(since > ASLEEP, |understood| understood.elapsed() > ANSWER) && quiet,
        }
    }
}
