//! The conversation about alarms.

use saggar_skill::{Reply, Sink, Text, host, phrase};

use crate::{Question, Timer, end, when};

/// An alarm that rang longer ago than this is not snoozed, and not what somebody turns off.
const RINGING_MS: i64 = 3_600_000;
/// What one more rest is where nobody says.
const SNOOZE_MINUTES: i64 = 10;

impl Timer {
    pub(crate) fn set_alarm(&mut self, time: Option<when::Time>, reply: &mut Reply<'_>) {
        let Some(time) = time else {
            self.question = Question::WhatTime;
            return reply.ask("For what time?");
        };
        let now = host::now();
        let Some(due_ms) = when::next(time, now, host::local_offset_minutes()) else {
            return reply.fail("It is later than that today.");
        };
        let Some(stored) = self.pending.add(true, due_ms, 0, Text::new()) else {
            return reply.fail("There are too many alarms already.");
        };
        reply.push("The alarm is set for ");
        when::say_with_day(due_ms, now, reply);
        end(stored, reply);
    }

    /// Cancels the alarm of that time. Without a time it is the one that rings, or the next one.
    pub(crate) fn cancel_alarm(&mut self, time: Option<when::Time>, reply: &mut Reply<'_>) {
        let (now, offset) = (host::now(), host::local_offset_minutes());
        if self.take_ringing(now).is_some() && time.is_none() {
            return reply.push("The alarm is off.");
        }
        let wanted = self.pending.alarms().filter(|entry| time.is_none_or(|time| when::means(time, entry.due_ms, now, offset)));
        let Some(entry) = wanted.min_by_key(|entry| entry.due_ms).copied() else {
            return reply.push(if time.is_some() { "There is no such alarm." } else { "No alarm is set." });
        };
        self.pending.cancel(&entry);
        reply.push("The alarm for ");
        when::say_with_day(entry.due_ms, now, reply);
        reply.push(" is cancelled.");
    }

    pub(crate) fn cancel_alarms(&mut self, reply: &mut Reply<'_>) {
        let ringing = self.take_ringing(host::now()).is_some();
        let any = self.pending.alarms().next().is_some();
        self.pending.cancel_all(true);
        reply.push(match (any, ringing) {
            (true, _) => "All alarms are cancelled.",
            (false, true) => "The alarm is off.",
            (false, false) => "No alarm is set.",
        });
    }

    pub(crate) fn alarm_status(&self, reply: &mut Reply<'_>) {
        let now = host::now();
        let count = self.pending.alarms().count();
        match count {
            0 => return reply.push("No alarm is set."),
            1 => reply.push("Your alarm is set for "),
            _ => {
                reply.push("You have ");
                phrase::counted(reply, i64::try_from(count).unwrap_or(0), "alarm");
                reply.push(": ");
            }
        }
        let mut said_ms = i64::MIN;
        for at in 0..count {
            // The next one after that which was said; two of one moment are one to the ear.
            let Some(due_ms) = self.pending.alarms().map(|entry| entry.due_ms).filter(|&due_ms| due_ms > said_ms).min() else {
                break;
            };
            if at > 0 {
                reply.push(", ");
            }
            when::say_with_day(due_ms, now, reply);
            said_ms = due_ms;
        }
        reply.push(".");
    }

    /// Lets the alarm that has just rung do so once more.
    pub(crate) fn snooze(&mut self, minutes: Option<i64>, reply: &mut Reply<'_>) {
        let now = host::now();
        if self.take_ringing(now).is_none() {
            return reply.push("No alarm has rung.");
        }
        let minutes = minutes.unwrap_or(SNOOZE_MINUTES).clamp(1, 24 * 60);
        let Some(stored) = self.pending.add(true, now.saturating_add(minutes * 60_000), 0, Text::new()) else {
            return reply.fail("There are too many alarms already.");
        };
        reply.push("I will wake you again in ");
        phrase::counted(reply, minutes, "minute");
        end(stored, reply);
    }

    fn take_ringing(&mut self, now: i64) -> Option<i64> {
        self.rung_ms.take().filter(|&rung_ms| now.saturating_sub(rung_ms) < RINGING_MS)
    }
}
