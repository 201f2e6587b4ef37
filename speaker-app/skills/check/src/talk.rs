//! A sentence to a skill, as the speaker hands it over, and what comes back in the end.
//!
//! The servers and devices behind a skill are played here: a weather server with one weather, and a home that follows everything.

use std::fmt::Write;

use saggar_intents::{Builder, Intents, Match};

use crate::{Built, Host, NOW, Running};

/// What the server of the weather says, where nobody wants it otherwise.
const WEATHER: &str = r#"{"condition": "light rain", "temperature": 7.4, "low": 3, "high": 9, "rain_percent": 80}"#;

/// The message of a sentence: values are those of the sentences' lists, numbers in digits.
#[must_use]
pub fn message(found: &Match, text: &str) -> String {
    let mut message = format!("intent={}\nlocale=en\ntext={}", found.intent, escaped(text));
    for (name, value) in &found.slots {
        let _ = write!(message, "\nslot.{name}={}", escaped(&value.to_string()));
    }
    message
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

/// What is spoken of a reply, and behind it ` [ask]` or ` [error]` where it is a question or an apology.
#[must_use]
pub fn said(reply: &str) -> String {
    let mut lines = reply.lines();
    let mut said = lines.next().unwrap_or_default().trim_start_matches("say=").to_owned();
    for mark in lines {
        let _ = write!(said, " [{}]", mark.trim_end_matches("=1"));
    }
    said
}

/// The product's sentences, those that answer a question, and skills' own.
///
/// # Errors
/// What is wrong with the skills'.
pub fn sentences<'a>(own: impl IntoIterator<Item = &'a str>) -> Result<Intents, saggar_intents::Error> {
    let builder = Builder::new().english()?.english_answers()?;
    own.into_iter().try_fold(builder, |builder, own| builder.yaml("intents.en.yaml", own))?.build()
}

/// A skill that one talks to.
pub struct Talk {
    /// The skill.
    pub skill: Running,
    /// What the server of the weather says.
    pub weather: String,
    /// The manifest grants the microphone: it may ask.
    may_ask: bool,
    asked: bool,
}

impl Talk {
    /// Starts a skill, on a Friday, a quarter past eleven in the morning.
    ///
    /// # Errors
    /// What keeps it from linking or starting.
    pub fn start(built: &Built) -> Result<Self, String> {
        Self::start_at(built, NOW, 60)
    }

    /// The same at another time: milliseconds since 1970, and local time's minutes ahead of UTC.
    ///
    /// # Errors
    /// What keeps it from linking or starting.
    pub fn start_at(built: &Built, now: i64, offset_minutes: i32) -> Result<Self, String> {
        let host = Host { now, offset_minutes, ..Host::default() };
        let mut skill = built.link(host).map_err(|error| format!("it does not link with what it is granted: {error}"))?;
        match skill.init() {
            0 => Ok(Self { skill, weather: WEATHER.to_owned(), may_ask: built.manifest.permissions.microphone, asked: false }),
            code => Err(format!("`skill_init` gave {code}, not 0")),
        }
    }

    /// Says something that was understood, and gives what is spoken in the end. After a question it is the answer.
    pub fn say(&mut self, found: &Match, text: &str) -> String {
        self.send(&message(found, text))
    }

    /// Whether it has just asked something.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked
    }

    /// The same of a message without its kind.
    pub fn send(&mut self, fields: &str) -> String {
        let before = self.skill.store.data().calls.len();
        let reply = if std::mem::take(&mut self.asked) {
            self.skill.send("skill_on_event", &format!("event=answer\n{fields}"))
        } else {
            self.skill.send("skill_on_intent", fields)
        };
        let reply = if reply.is_empty() { self.outcome(before) } else { reply };
        self.asked = self.may_ask && reply.contains("\nask=1");
        said(&reply)
    }

    /// Lets what the skill has asked for since then happen.
    fn outcome(&mut self, before: usize) -> String {
        let calls = &self.skill.store.data().calls;
        let Some(call) = calls[before..].last() else { return String::new() };
        let id = calls.len();
        let event = if call.starts_with("http_fetch ") {
            format!("event=http\nid={id}\nstatus=200\nbody={}", self.weather)
        } else if call.starts_with("home_call ") {
            let state = match call {
                call if call.contains("domain=cover") => "open",
                call if call.contains("domain=lock") => "locked",
                _ => "on",
            };
            format!("event=home\nid={id}\nok=1\nvalue={state}")
        } else {
            return String::new();
        };
        self.skill.send("skill_on_event", &event)
    }

    /// Lets the last timer that was set run out, where its tag is this.
    pub fn ring(&mut self, tag: &str) -> String {
        said(&self.skill.send("skill_on_event", &format!("event=timer\nid=1\ntag={tag}")))
    }
}
