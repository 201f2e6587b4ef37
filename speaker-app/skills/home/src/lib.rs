//! Lights, switches, covers, locks and the heating of the home.
//!
//! Nothing is said before the home has followed: a speaker that says "done" in the dark is worse than one that says nothing.
//! What is asked of the host is in `command.rs`, what is said afterwards in `outcome.rs`.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod command;
mod outcome;

use command::Command;
use outcome::Outcome;
use saggar_skill::{Event, Intent, Reply, Skill, host};

saggar_skill::exports!(Home);

/// Commands that may be on their way at once.
const MOST: usize = 4;

/// The skill.
pub struct Home {
    /// The calls whose outcome is awaited, with their numbers.
    calls: [Option<(i32, Outcome)>; MOST],
    /// Where the next call is kept; the oldest is forgotten first.
    next: usize,
}

impl Skill for Home {
    fn new() -> Self {
        Self { calls: [const { None }; MOST], next: 0 }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        let command = match Command::of(intent) {
            Ok(Some(command)) => command,
            Ok(None) => return,
            Err(excuse) => return reply.fail(excuse),
        };
        let Some(id) = host::home_call(command.message().as_str()) else { return reply.fail("I may not control that.") };
        self.calls[self.next] = Some((id, Outcome::of(&command)));
        self.next = (self.next + 1) % MOST;
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        let Event::Home { id, ok, value } = event else { return };
        let place = self.calls.iter_mut().find(|call| call.as_ref().is_some_and(|call| call.0 == *id));
        match place.and_then(Option::take) {
            Some((_, outcome)) if *ok => outcome.say(value, reply),
            Some(_) => reply.fail("That did not work."),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
