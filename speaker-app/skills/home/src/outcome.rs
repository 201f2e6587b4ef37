//! What is said once the home has followed, put together when the command is given: the sentence's words are gone by then.

use saggar_skill::{Reply, Sink, Text, heard, phrase};

use crate::command::{Command, Service};

/// What to say when a call comes back.
pub(crate) struct Outcome {
    /// All of the answer, or what a state is told of.
    text: Text<112>,
    /// The state that was asked about.
    asked: Option<Text<16>>,
    /// Whether it is said of more than one: "are" rather than "is".
    many: bool,
}

impl Outcome {
    pub(crate) fn of(command: &Command<'_>) -> Self {
        let mut text = Text::new();
        if command.service == Service::State {
            what(command, &mut text);
            let many = command.name.ends_with('s') && command.domain == "cover";
            return Self { text, asked: Some(Text::of(command.value)), many };
        }
        text.push(match command.service {
            Service::TurnOn => "I turned on ",
            Service::TurnOff => "I turned off ",
            Service::Open => "I opened ",
            Service::Close => "I closed ",
            Service::Lock => "I locked ",
            Service::Unlock => "I unlocked ",
            Service::Brightness => "I dimmed ",
            Service::Color | Service::Temperature | Service::State => "I set ",
        });
        what(command, &mut text);
        match command.service {
            Service::Color => {
                text.push(" to ");
                text.push(command.value);
            }
            Service::Temperature => {
                text.push(" to ");
                phrase::number(&mut text, heard::number(command.value).unwrap_or(0));
                text.push(" degrees");
            }
            _ => {}
        }
        text.push(".");
        Self { text, asked: None, many: false }
    }

    /// `state` is what the home gave.
    pub(crate) fn say(&self, state: &str, reply: &mut Reply<'_>) {
        let Some(asked) = &self.asked else { return reply.push(self.text.as_str()) };
        if state.is_empty() {
            reply.fail("I do not know about ");
            reply.push(self.text.as_str());
            return reply.push(".");
        }
        reply.push(if heard::same(state, asked.as_str()) { "Yes, " } else { "No, " });
        reply.push(self.text.as_str());
        reply.push(if self.many { " are " } else { " is " });
        reply.push(state);
        reply.push(".");
    }
}

/// "the lamp in the kitchen", "the lights in the hall", "the temperature".
fn what(command: &Command<'_>, text: &mut Text<112>) {
    let (name, area) = (command.name, command.area);
    // "the lamp" brings its article along.
    let article = if name.starts_with("the ") || name.starts_with("my ") { "" } else { "the " };
    text.push(article);
    text.push(match name {
        "" if command.domain == "climate" => "temperature",
        "" => "lights",
        name => name,
    });
    if !area.is_empty() {
        text.push(" in the ");
        text.push(area.strip_prefix("the ").unwrap_or(area));
    }
}
