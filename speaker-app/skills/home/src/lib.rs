//! Lights, switches and fans of the home.
//!
//! Nothing is said before the home has followed: a speaker that says "done" in the dark is worse than one that says nothing.
#![cfg_attr(target_arch = "wasm32", no_std)]

use saggar_skill::{Event, Intent, Reply, Sink, Skill, Text, heard, host};

saggar_skill::exports!(Home);

/// Commands that may be on their way at once.
const MOST: usize = 4;

/// A command whose outcome is awaited, with what to say then.
struct Call {
    id: i32,
    done: Text<96>,
}

/// The skill.
pub struct Home {
    calls: [Option<Call>; MOST],
    /// Where the next call is kept; the oldest is forgotten first.
    next: usize,
}

impl Skill for Home {
    fn new() -> Self {
        Self { calls: [const { None }; MOST], next: 0 }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        let (service, verb) = match intent.name() {
            "HassTurnOn" => ("turn_on", "turned on "),
            "HassTurnOff" => ("turn_off", "turned off "),
            "HassLightSet" => ("set", "dimmed "),
            _ => return,
        };
        let (name, area) = (intent.slot("name").unwrap_or(""), intent.slot("area").unwrap_or(""));
        if name.is_empty() && area.is_empty() {
            return reply.fail("I did not hear which one.");
        }
        let brightness = intent.slot_number("brightness");
        if service == "set" && !brightness.is_some_and(|percent| (0..=100).contains(&percent)) {
            return reply.fail("The brightness goes from zero to one hundred.");
        }
        let mut call = Text::<256>::new();
        let domain = if service == "set" { "light" } else { domain(name) };
        for (key, value) in [("domain=", domain), ("service=", service), ("name=", name), ("area=", area)] {
            field(&mut call, key, value);
        }
        if let Some(percent) = brightness.filter(|_| service == "set") {
            call.push("value=");
            call.push_number(percent);
            call.push("\n");
        }
        let Some(id) = host::home_call(call.as_str()) else { return reply.fail("I may not control that.") };
        self.calls[self.next] = Some(Call { id, done: done(verb, name, area) });
        self.next = (self.next + 1) % MOST;
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        let Event::Home { id, ok } = event else { return };
        let place = self.calls.iter_mut().find(|call| call.as_ref().is_some_and(|call| call.id == *id));
        match place.and_then(Option::take) {
            Some(call) if *ok => reply.push(call.done.as_str()),
            Some(_) => reply.fail("That did not work."),
            None => {}
        }
    }
}

/// What kind of thing is meant: a name says so itself, and a room alone means its lights.
fn domain(name: &str) -> &'static str {
    let has = |kind| heard::words(name).any(|word| heard::same(word, kind));
    if name.is_empty() || has("light") || has("lamp") {
        "light"
    } else if has("fan") {
        "fan"
    } else {
        "switch"
    }
}

/// "I turned on the kitchen light."
fn done(verb: &str, name: &str, area: &str) -> Text<96> {
    let mut text = Text::of("I ");
    text.push(verb);
    // "the lamp" brings its article along.
    let article = if name.starts_with("the ") || name.starts_with("my ") { "" } else { "the " };
    match (name, area) {
        ("", area) => {
            text.push("the lights in the ");
            text.push(bare(area));
        }
        (name, "") => {
            text.push(article);
            text.push(name);
        }
        (name, area) => {
            text.push(article);
            text.push(name);
            text.push(" in the ");
            text.push(bare(area));
        }
    }
    text.push(".");
    text
}

fn bare(area: &str) -> &str {
    area.strip_prefix("the ").unwrap_or(area)
}

/// Appends a field; an empty one is left out. A name never has a line's end in it, and would end there.
fn field(call: &mut Text<256>, key: &str, value: &str) {
    if let Some(line) = value.lines().next() {
        call.push(key);
        for piece in line.split_inclusive('\\') {
            call.push(piece);
            call.push(if piece.ends_with('\\') { "\\" } else { "" });
        }
        call.push("\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::mock::{self, event, intent};

    #[test]
    fn the_home_follows() {
        mock::reset();
        let skill = &mut Home::new();
        for (id, (fields, call, said)) in [
            (
                "intent=HassTurnOn\nslot.name=the lamp\nslot.area=kitchen",
                "home_call domain=light service=turn_on name=the lamp area=kitchen",
                "I turned on the lamp in the kitchen.",
            ),
            (
                "intent=HassTurnOff\nslot.area=the bedroom",
                "home_call domain=light service=turn_off area=the bedroom",
                "I turned off the lights in the bedroom.",
            ),
            (
                "intent=HassTurnOff\nslot.name=coffee machine",
                "home_call domain=switch service=turn_off name=coffee machine",
                "I turned off the coffee machine.",
            ),
            (
                "intent=HassLightSet\nslot.name=desk light\nslot.brightness=forty",
                "home_call domain=light service=set name=desk light value=40",
                "I dimmed the desk light.",
            ),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(intent(skill, fields), "");
            assert_eq!(mock::calls(), [call]);
            assert_eq!(event(skill, &format!("event=home\nid={}\nok=1", id + 1)), said);
        }
    }

    #[test]
    fn failures_are_told() {
        mock::reset();
        let skill = &mut Home::new();
        intent(skill, "intent=HassTurnOn\nslot.name=fan");
        assert_eq!(event(skill, "event=home\nid=1\nok=0"), "That did not work. [error=1]");
        assert_eq!(event(skill, "event=home\nid=1\nok=1"), "");
        assert_eq!(intent(skill, "intent=HassTurnOn"), "I did not hear which one. [error=1]");
        let bright = "intent=HassLightSet\nslot.area=hall\nslot.brightness=300";
        assert_eq!(intent(skill, bright), "The brightness goes from zero to one hundred. [error=1]");
        mock::with(|mock| mock.refuse = true);
        assert_eq!(intent(skill, "intent=HassTurnOn\nslot.name=front door"), "I may not control that. [error=1]");
    }
}
