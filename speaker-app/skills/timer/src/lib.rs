//! Timers and alarms: several at once, by name or by length, across restarts.
//!
//! What is pending lives in `pending.rs`, when an alarm is due in `when.rs`; here is the conversation.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod pending;
mod when;

use pending::{Entry, Pending};
use saggar_skill::{Event, Intent, Reply, Sink, Skill, Text, heard, host, phrase};

saggar_skill::exports!(Timer);

/// The longest timer, in seconds; beyond it an alarm is what was meant.
const LONGEST: i64 = 100 * 3600;

/// What the skill has just asked.
enum Question {
    Nothing,
    HowLong(pending::Name),
    WhichTimer,
    WhatTime,
}

/// The skill.
pub struct Timer {
    pending: Pending,
    question: Question,
}

impl Skill for Timer {
    fn new() -> Self {
        Self { pending: Pending::restore(), question: Question::Nothing }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        self.question = Question::Nothing;
        let name = intent.slot("name");
        match intent.name() {
            "HassStartTimer" => self.start(length(intent), Text::of(name.unwrap_or("")), reply),
            "HassCancelTimer" => self.cancel(name, reply),
            "HassTimerStatus" => self.status(name, reply),
            "SetAlarm" => self.set_alarm(when::of_slots(intent), reply),
            "CancelAlarm" => self.cancel_alarm(when::of_slots(intent), reply),
            _ => {}
        }
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        match event {
            // A tag that is not known was cancelled in the same moment.
            Event::Timer { tag, .. } => {
                if let Some(entry) = self.pending.take(tag) {
                    ring(&entry, reply);
                }
            }
            Event::Answer(answer) if !answer.name().is_empty() => self.on_intent(answer, reply),
            Event::Answer(answer) => self.on_answer(answer.text(), reply),
            _ => {}
        }
    }
}

impl Timer {
    fn on_answer(&mut self, text: &str, reply: &mut Reply<'_>) {
        match core::mem::replace(&mut self.question, Question::Nothing) {
            Question::Nothing => {}
            _ if heard::yes(text) == Some(false) => reply.push("All right."),
            Question::HowLong(name) => self.start(heard::duration(text), name, reply),
            Question::WhichTimer => self.cancel(Some(text), reply),
            Question::WhatTime => self.set_alarm(when::of_words(text), reply),
        }
    }

    fn start(&mut self, seconds: Option<i64>, name: pending::Name, reply: &mut Reply<'_>) {
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
        reply.push(if name.is_empty() { "Your" } else { "Your " });
        reply.push(name.as_str());
        reply.push(" timer is set for ");
        phrase::duration(reply, seconds);
        end(stored, reply);
    }

    fn cancel(&mut self, name: Option<&str>, reply: &mut Reply<'_>) {
        let running = self.pending.timers().count();
        let all = name.is_some_and(|name| heard::words(name).any(|word| matches!(word, "all" | "both" | "every")));
        let found = self.pending.timers().find(|entry| name.is_none_or(|name| entry.is_called(name))).copied();
        match (running, found) {
            (0, _) => reply.push("No timer is running."),
            _ if all => {
                self.pending.cancel_timers();
                reply.push("All timers are cancelled.");
            }
            (_, None) => reply.fail("There is no such timer."),
            (2.., _) if name.is_none() => {
                self.question = Question::WhichTimer;
                reply.push("You have ");
                self.pending.timers().enumerate().for_each(|(at, entry)| {
                    reply.push(article(entry));
                    describe(entry, reply);
                    reply.push(phrase::between(running - at - 1));
                });
                reply.ask(" timer. Which one should I cancel?");
            }
            (_, Some(entry)) => {
                self.pending.cancel(&entry);
                reply.push("The ");
                describe(&entry, reply);
                reply.push(" timer is cancelled.");
            }
        }
    }

    fn status(&self, name: Option<&str>, reply: &mut Reply<'_>) {
        let now = host::now();
        let mut any = false;
        for entry in self.pending.timers().filter(|entry| name.is_none_or(|name| entry.is_called(name))) {
            reply.push(if any { " The " } else { "The " });
            describe(entry, reply);
            reply.push(" timer has ");
            // Rounded up: a timer that still runs has something left.
            phrase::duration(reply, (entry.due_ms - now).max(1).saturating_add(999) / 1000);
            reply.push(" left.");
            any = true;
        }
        if !any {
            let none = self.pending.timers().next().is_none();
            reply.push(if none { "No timer is running." } else { "There is no such timer." });
        }
    }

    fn set_alarm(&mut self, time: Option<when::Time>, reply: &mut Reply<'_>) {
        let Some(time) = time else {
            self.question = Question::WhatTime;
            return reply.ask("For what time?");
        };
        let due_ms = when::next(time, host::now(), host::local_offset_minutes());
        let Some(stored) = self.pending.add(true, due_ms, 0, Text::new()) else {
            return reply.fail("There are too many alarms already.");
        };
        reply.push("The alarm is set for ");
        when::say(due_ms, reply);
        end(stored, reply);
    }

    /// Cancels the alarm of that time, or the next one.
    fn cancel_alarm(&mut self, time: Option<when::Time>, reply: &mut Reply<'_>) {
        let due_ms = time.map(|time| when::next(time, host::now(), host::local_offset_minutes()));
        let wanted = self.pending.alarms().filter(|entry| due_ms.is_none_or(|due_ms| entry.due_ms == due_ms));
        let Some(entry) = wanted.min_by_key(|entry| entry.due_ms).copied() else {
            return reply.push(if due_ms.is_some() { "There is no such alarm." } else { "No alarm is set." });
        };
        self.pending.cancel(&entry);
        reply.push("The alarm for ");
        when::say(entry.due_ms, reply);
        reply.push(" is cancelled.");
    }
}

/// The length that an intent's slots add up to.
fn length(intent: &Intent<'_>) -> Option<i64> {
    [("hours", 3600), ("minutes", 60), ("seconds", 1)].iter().try_fold(0_i64, |sum, &(slot, seconds)| {
        let count = intent.slot_number(slot).unwrap_or(0);
        sum.checked_add(count.clamp(0, i64::from(u32::MAX)).checked_mul(seconds)?)
    })
}

/// "an egg", but "a pasta"; unnamed timers of eight and eleven units begin with a vowel as well.
fn article(entry: &Entry) -> &'static str {
    let first = entry.name.as_str().bytes().next();
    let unnamed = [3600, 60, 1].iter().find(|&&unit| entry.seconds >= unit).map_or(0, |unit| entry.seconds / unit);
    let vowel = first.map_or(matches!(unnamed, 8 | 11 | 18 | 80..=89), |first| b"aeiouAEIOU".contains(&first));
    if vowel { "an " } else { "a " }
}

/// "pasta", or "five minute" where the timer has no name.
fn describe(entry: &Entry, reply: &mut Reply<'_>) {
    if entry.name.is_empty() {
        phrase::duration_of(reply, entry.seconds);
    } else {
        reply.push(entry.name.as_str());
    }
}

fn ring(entry: &Entry, reply: &mut Reply<'_>) {
    if entry.alarm {
        reply.push("This is your alarm. It is ");
        when::say(entry.due_ms, reply);
        reply.push(".");
    } else {
        reply.push("Your ");
        describe(entry, reply);
        reply.push(" timer is done.");
    }
}

/// Ends a promise, with a warning where it would not outlive the power.
fn end(stored: bool, reply: &mut Reply<'_>) {
    reply.push(if stored { "." } else { ". I could not save it, so do not switch me off." });
}

#[cfg(test)]
mod tests;
