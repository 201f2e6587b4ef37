//! Timers and alarms: several at once, by name or by length, across restarts.
//!
//! What is pending lives in `pending.rs`, when an alarm is due in `when.rs`; the conversations about the two are in `timers.rs` and
//! `alarms.rs`. Here is who takes part in which.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod alarms;
mod pending;
mod timers;
mod when;

use pending::Pending;
use saggar_skill::{Event, Intent, Reply, Sink, Skill, Text};
use timers::{Action, Wanted};

saggar_skill::exports!(Timer);

/// What the skill has just asked.
enum Question {
    Nothing,
    HowLong(pending::Name),
    WhichTimer(Action),
    WhatTime,
}

/// The skill.
pub struct Timer {
    pending: Pending,
    question: Question,
    /// When the last alarm was due that has rung, until it is snoozed or turned off.
    rung_ms: Option<i64>,
}

impl Skill for Timer {
    fn new() -> Self {
        Self { pending: Pending::restore(), question: Question::Nothing, rung_ms: None }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        self.question = Question::Nothing;
        let name = intent.slot("name");
        let seconds = intent.slot_duration();
        match intent.name() {
            "HassStartTimer" => self.start(seconds, Text::of(name.unwrap_or("")), reply),
            "HassCancelTimer" => self.act(Action::Cancel, Wanted { name, seconds }, reply),
            "HassCancelAllTimers" => self.cancel_timers(reply),
            "HassTimerStatus" => self.status(name, reply),
            "HassIncreaseTimer" => self.act(Action::Change(seconds.unwrap_or(0)), Wanted { name, seconds: None }, reply),
            "HassDecreaseTimer" => self.act(Action::Change(-seconds.unwrap_or(0)), Wanted { name, seconds: None }, reply),
            "HassPauseTimer" => self.act(Action::Pause, Wanted { name, seconds: None }, reply),
            "HassUnpauseTimer" => self.act(Action::Resume, Wanted { name, seconds: None }, reply),
            "SaggarSetAlarm" => self.set_alarm(when::of_slots(intent), reply),
            "SaggarCancelAlarm" => self.cancel_alarm(when::of_slots(intent), reply),
            "SaggarCancelAllAlarms" => self.cancel_alarms(reply),
            "SaggarAlarmStatus" => self.alarm_status(reply),
            "SaggarSnooze" => self.snooze(intent.slot_number("minutes"), reply),
            _ => {}
        }
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        match event {
            // A tag that is not known was cancelled in the same moment.
            Event::Timer { tag, .. } => {
                if let Some(entry) = self.pending.take(tag) {
                    self.ring(&entry, reply);
                }
            }
            Event::Answer(answer) if !answer.is_answer() => self.on_intent(answer, reply),
            Event::Answer(answer) => self.on_answer(answer, reply),
            _ => {}
        }
    }
}

impl Timer {
    fn on_answer(&mut self, answer: &Intent<'_>, reply: &mut Reply<'_>) {
        let text = answer.text();
        let length = answer.slot_duration();
        match core::mem::replace(&mut self.question, Question::Nothing) {
            Question::Nothing => {}
            _ if answer.agrees() == Some(false) => reply.push("All right."),
            Question::HowLong(name) => self.start(length.or_else(|| saggar_skill::heard::duration(text)), name, reply),
            Question::WhichTimer(action) => {
                let name = answer.slot("name").or_else(|| length.is_none().then_some(text));
                self.act(action, Wanted { name, seconds: length }, reply);
            }
            Question::WhatTime => self.set_alarm(when::of_slots(answer).or_else(|| when::of_words(text)), reply),
        }
    }

    fn ring(&mut self, entry: &pending::Entry, reply: &mut Reply<'_>) {
        if entry.alarm {
            self.rung_ms = Some(entry.due_ms);
            reply.push("This is your alarm. It is ");
            when::say(entry.due_ms, reply);
            reply.push(".");
        } else {
            reply.push("Your ");
            timers::describe(entry, reply);
            reply.push(" timer is done.");
        }
    }
}

/// Ends a promise, with a warning where it would not outlive the power.
fn end(stored: bool, reply: &mut Reply<'_>) {
    reply.push(if stored { "." } else { ". I could not save it, so do not switch me off." });
}

#[cfg(test)]
mod tests;
