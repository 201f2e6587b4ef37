//! The PulseAudio room with the speaker and somebody in it: says sentences in real time, and hears what comes of them.

use super::pulse::{Pulse, Recording, Somebody};
use super::running::{Running, enrol};
use super::session::trial;
use super::surroundings::Surroundings;
use crate::config::Config;
use crate::event::{Event, Happening, State, Summary};
use crate::program::Failure;
use saggar_trials::Talker;
use std::cell::Cell;
use std::ops::Range;
use std::time::{Duration, Instant};

/// After the last word: how long to wait for a speaker that has not woken.
const ASLEEP: Duration = Duration::from_secs(5);
/// For an answer of one that has understood.
const ANSWER: Duration = Duration::from_secs(9);
/// For the end of everything.
const LONGEST: Duration = Duration::from_secs(30);
/// What belongs to an answer after the speaker has said that it has stopped speaking, in samples: a quarter of a second on its way to
/// whoever hears. Then its music is loud again.
const TAIL: usize = 12_000;
/// How long it must be quiet to be done.
const QUIET: Duration = Duration::from_millis(700);

/// The room, inhabited.
pub(crate) struct Inhabited {
    // In this order they end.
    pub(crate) running: Running,
    pub(crate) somebody: Somebody,
    pub(crate) heard: Recording,
    /// Is told everything that happens.
    pub(crate) watcher: fn(&Event),
    /// A timer has rung, and something was said after that.
    rang: Cell<(bool, bool)>,
    _pulse: Pulse,
    _around: Surroundings,
}

impl Inhabited {
    /// Sets it up: the speaker has learnt the phrase from its user. `echo`: the loudspeaker's factor in the microphone. `devices`: with a
    /// home to command.
    pub(crate) fn new(
        config: &Config,
        phrase: &str,
        talker: &Talker<'_>,
        echo: Option<f32>,
        devices: bool,
    ) -> Result<Inhabited, Failure> {
        let mut pulse = Pulse::start(echo)?;
        let around = Surroundings::new(config, phrase, devices)?;
        enrol(&around.config, around.folder(), &trial(talker.enrolment(phrase))?)?;
        let heard = pulse.listen()?;
        let somebody = pulse.somebody()?;
        let running = Running::start(&around.config, around.folder(), &pulse.environment())?;
        running.until_ready()?;
        // What listens adapts for a moment.
        std::thread::sleep(Duration::from_secs(1));
        Ok(Inhabited { running, somebody, heard, watcher: |_| (), rang: Cell::default(), _pulse: pulse, _around: around })
    }

    /// Says something whose last word ends with sample `end`, and waits until what comes of it is over. What happened, and what the
    /// loudspeaker played from the first answer to the end of the last.
    pub(crate) fn say(&mut self, samples: &[f32], end: usize) -> (Vec<Event>, Vec<f32>) {
        self.catch_up();
        self.somebody.say(samples);
        let rest = Duration::from_micros((samples.len() - end) as u64 * 1_000 / 48);
        let spoken = Instant::now() + self.somebody.left().saturating_sub(rest);
        let (events, answer) = self.follow(spoken);
        self.somebody.hush();
        let heard = answer.as_ref().map(|answer| self.heard.between(answer.start, answer.end + TAIL));
        (events, heard.unwrap_or_default())
    }

    /// Types a sentence, and waits until what comes of it is over.
    pub(crate) fn type_sentence(&mut self, text: &str) -> Result<Vec<Event>, Failure> {
        self.catch_up();
        self.running.type_line(text)?;
        Ok(self.follow(Instant::now()).0)
    }

    /// Says something, and waits until something has happened; whether it did in time.
    pub(crate) fn say_until(&self, samples: &[f32], patience: Duration, wanted: impl FnMut(&Happening) -> bool) -> bool {
        self.catch_up();
        self.somebody.say(samples);
        self.wait_until(self.somebody.left() + patience, wanted)
    }

    /// Waits until something has happened; whether it did in time.
    pub(crate) fn wait_until(&self, patience: Duration, mut wanted: impl FnMut(&Happening) -> bool) -> bool {
        let begin = Instant::now();
        while let Some(event) = self.running.next(patience.saturating_sub(begin.elapsed())) {
            self.note(&event);
            if wanted(&event.what) {
                return true;
            }
        }
        false
    }

    /// Waits until a timer has rung and its skill has spoken, if that has not happened before; whether it did in time.
    pub(crate) fn wait_for_timer(&self, patience: Duration) -> bool {
        self.catch_up();
        self.rang.get().1 || self.wait_until(patience, |_| self.rang.get().1)
    }

    fn note(&self, event: &Event) {
        (self.watcher)(event);
        let (rang, said) = self.rang.get();
        let rings = matches!(event.what, Happening::Rings { .. });
        let says = matches!(&event.what, Happening::Says { .. });
        self.rang.set((rang || rings, said || (rang && says)));
    }

    /// What happened before the next sentence is no part of its story.
    fn catch_up(&self) {
        while let Some(event) = self.running.next(Duration::ZERO) {
            self.note(&event);
        }
    }

    /// Ends it; how the speaker fared.
    pub(crate) fn end(self) -> Result<Summary, Failure> {
        self.running.end()
    }

    /// Events until the story of what was said is over, and where the answer is in what was heard.
    fn follow(&self, spoken: Instant) -> (Vec<Event>, Option<Range<usize>>) {
        let mut story = Story::default();
        let mut events = Vec::new();
        let mut answer: Option<Range<usize>> = None;
        loop {
            if let Some(event) = self.running.next(Duration::from_millis(50)) {
                self.note(&event);
                story.take(&event.what);
                if matches!(event.what, Happening::Says { .. }) {
                    answer.get_or_insert_with(|| self.heard.len()..self.heard.len());
                }
                events.push(event);
            }
            if story.state == State::Speaking
                && let Some(answer) = &mut answer
            {
                answer.end = self.heard.len();
            }
            if story.is_over(spoken) {
                return (events, answer);
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
            State::Thinking | State::Speaking => false,
            State::Idle if self.said => quiet,
            // Understood, and there may be no answer.
            State::Idle => self.understood.map_or(since > ASLEEP, |understood| understood.elapsed() > ANSWER) && quiet,
        }
    }
}
