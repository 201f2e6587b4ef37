//! The conversation about timers.

use saggar_skill::{Reply, Sink, host, phrase};

use crate::pending::{Entry, Name};
use crate::{Question, Timer, end};

/// The longest timer, in seconds; beyond it an alarm is what was meant.
const LONGEST: i64 = 100 * 3600;

/// What is to be done with a timer.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    Cancel,
    /// So many seconds more, or fewer.
    Change(i64),
    Pause,
    Resume,
}

impl Action {
    fn verb(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Change(_) => "change",
            Self::Pause => "pause",
            Self::Resume => "resume",
        }
    }

    /// Whether there is anything to do.
    fn suits(self, entry: &Entry) -> bool {
        match self {
            Self::Cancel | Self::Change(_) => true,
            Self::Pause => entry.paused_ms == 0,
            Self::Resume => entry.paused_ms > 0,
        }
    }
}

/// Which timer somebody means: by a name, by its length, or just the timer.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) seconds: Option<i64>,
}

impl Wanted<'_> {
    fn is(&self, entry: &Entry) -> bool {
        self.name.is_none_or(|name| entry.is_called(name)) && self.seconds.is_none_or(|seconds| entry.seconds == seconds)
    }

    fn is_any(&self) -> bool {
        self.name.is_none() && self.seconds.is_none()
    }
}

impl Timer {
    pub(crate) fn start(&mut self, seconds: Option<i64>, name: Name, reply: &mut Reply<'_>) {
        let Some(seconds) = seconds.filter(|&seconds| seconds > 0) else {
            self.question = Question::HowLong(name);
            return reply.ask("For how long?");
        };
        if seconds > LONGEST {
            return reply.fail("That is too long for a timer.");
        }
        let due_ms = host::now().saturating_add(seconds * 1000);
        let Some(stored) = self.pending.add(false, due_ms, seconds, name) else {
            return reply.fail("There are too many timers already.");
        };
        reply.push("Your");
        if !name.is_empty() {
            reply.push(" ");
            reply.push(name.as_str());
        }
        reply.push(" timer is set for ");
        phrase::duration(reply, seconds);
        end(stored, reply);
    }

    /// Does something with the timer that is meant, or asks which one it is.
    pub(crate) fn act(&mut self, action: Action, wanted: Wanted<'_>, reply: &mut Reply<'_>) {
        if self.pending.timers().next().is_none() {
            return reply.push("No timer is running.");
        }
        if !self.pending.timers().any(|entry| wanted.is(entry)) {
            return reply.fail("There is no such timer.");
        }
        let suiting = |entry: &&Entry| wanted.is(entry) && action.suits(entry);
        let count = self.pending.timers().filter(suiting).count();
        let Some(entry) = self.pending.timers().find(suiting).copied() else {
            let paused = matches!(action, Action::Pause);
            return reply.push(if paused { "The timer is paused already." } else { "The timer is running." });
        };
        if count > 1 && wanted.is_any() {
            self.question = Question::WhichTimer(action);
            reply.push("You have ");
            self.pending.timers().filter(suiting).enumerate().for_each(|(at, entry)| {
                reply.push(article(entry));
                describe(entry, reply);
                reply.push(phrase::between(count - at - 1));
            });
            reply.push(" timer. Which one should I ");
            reply.push(action.verb());
            return reply.ask("?");
        }
        match action {
            Action::Cancel => {
                self.pending.cancel(&entry);
                reply.push("The ");
                describe(&entry, reply);
                reply.push(" timer is cancelled.");
            }
            Action::Change(seconds) => self.change(entry, seconds, reply),
            Action::Pause => {
                let mut paused = entry;
                paused.paused_ms = entry.left_ms(host::now());
                let stored = self.pending.change(paused);
                tell(&paused, " timer is paused with ", reply);
                reply.push(" left");
                end(stored == Some(true), reply);
            }
            Action::Resume => {
                let mut running = entry;
                running.due_ms = host::now().saturating_add(entry.paused_ms);
                running.paused_ms = 0;
                self.set_again(running, &running, " timer goes on for ", reply);
            }
        }
    }

    fn change(&mut self, entry: Entry, seconds: i64, reply: &mut Reply<'_>) {
        if seconds == 0 {
            return reply.fail("I did not hear by how much.");
        }
        // Nobody shortens a timer to nothing.
        if entry.left_ms(host::now()).saturating_add(seconds.saturating_mul(1000)) <= 0 {
            tell(&entry, " timer has only ", reply);
            return reply.fail(" left.");
        }
        let length = entry.seconds.saturating_add(seconds);
        if length > LONGEST {
            return reply.fail("That is too long for a timer.");
        }
        let mut changed = entry;
        changed.seconds = length.max(1);
        changed.due_ms = entry.due_ms.saturating_add(seconds * 1000);
        if entry.paused_ms > 0 {
            changed.paused_ms = entry.paused_ms.saturating_add(seconds * 1000);
        }
        // It is told by the length that it had when the change was asked for.
        let mut told = changed;
        told.seconds = entry.seconds;
        self.set_again(changed, &told, " timer now runs for ", reply);
    }

    fn set_again(&mut self, entry: Entry, told: &Entry, words: &str, reply: &mut Reply<'_>) {
        match self.pending.change(entry) {
            Some(stored) => {
                tell(told, words, reply);
                reply.push(" more");
                end(stored, reply);
            }
            None => reply.fail("I could not set the timer again."),
        }
    }

    pub(crate) fn cancel_timers(&mut self, reply: &mut Reply<'_>) {
        let any = self.pending.timers().next().is_some();
        self.pending.cancel_all(false);
        reply.push(if any { "All timers are cancelled." } else { "No timer is running." });
    }

    pub(crate) fn status(&self, name: Option<&str>, reply: &mut Reply<'_>) {
        let mut any = false;
        for entry in self.pending.timers().filter(|entry| name.is_none_or(|name| entry.is_called(name))) {
            if any {
                reply.push(" ");
            }
            tell(entry, if entry.paused_ms > 0 { " timer is paused with " } else { " timer has " }, reply);
            reply.push(" left.");
            any = true;
        }
        if !any {
            let none = self.pending.timers().next().is_none();
            reply.push(if none { "No timer is running." } else { "There is no such timer." });
        }
    }
}

/// "The pasta timer has five minutes", with these words between the timer's name and what is left of it.
fn tell(entry: &Entry, words: &str, reply: &mut Reply<'_>) {
    reply.push("The ");
    describe(entry, reply);
    reply.push(words);
    // Rounded up: a timer that still runs has something left.
    phrase::duration(reply, entry.left_ms(host::now()).saturating_add(999) / 1000);
}

/// "an egg", but "a pasta"; unnamed timers of eight and eleven units begin with a vowel as well.
fn article(entry: &Entry) -> &'static str {
    let first = entry.name.as_str().bytes().next();
    let unnamed = [3600, 60, 1].iter().find(|&&unit| entry.seconds >= unit).map_or(0, |unit| entry.seconds / unit);
    let vowel = first.map_or(matches!(unnamed, 8 | 11 | 18 | 80..=89), |first| b"aeiouAEIOU".contains(&first));
    if vowel { "an " } else { "a " }
}

/// "pasta", or "five minute" where the timer has no name.
pub(crate) fn describe(entry: &Entry, reply: &mut Reply<'_>) {
    if entry.name.is_empty() {
        phrase::duration_of(reply, entry.seconds);
    } else {
        reply.push(entry.name.as_str());
    }
}
