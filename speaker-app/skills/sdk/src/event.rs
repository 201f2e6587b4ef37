//! What a skill is told: a sentence that was heard, or something that it had asked for.

use crate::{Message, heard};

/// A sentence that was heard, as what it means.
pub struct Intent<'a>(Message<'a>);

impl<'a> Intent<'a> {
    /// The intent that a message carries.
    #[must_use]
    pub const fn of(message: Message<'a>) -> Self {
        Self(message)
    }

    /// The intent's name, such as `HassStartTimer`; empty where an answer was understood as words only.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.0.get("intent").unwrap_or("")
    }

    /// The language, such as `en`.
    #[must_use]
    pub fn locale(&self) -> &'a str {
        self.0.get("locale").unwrap_or("en")
    }

    /// The words that were heard.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.0.get("text").unwrap_or("")
    }

    /// What was said for a slot; an empty slot is the same as none.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<&'a str> {
        let mut slots = self.0.iter().filter_map(|(key, value)| Some((key.strip_prefix("slot.")?, value.trim())));
        slots.find(|&(key, value)| key == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// A slot as a number, which may be in digits or in words.
    #[must_use]
    pub fn slot_number(&self, name: &str) -> Option<i64> {
        heard::number(self.slot(name)?)
    }

    /// The seconds that the slots `hours`, `minutes` and `seconds` add up to; none where there are none of them, or far too many.
    #[must_use]
    pub fn slot_duration(&self) -> Option<i64> {
        [("hours", 3600), ("minutes", 60), ("seconds", 1)]
            .iter()
            .try_fold(0_i64, |sum, &(slot, seconds)| {
                let count = self.slot_number(slot).unwrap_or(0);
                sum.checked_add(count.clamp(0, i64::from(u32::MAX)).checked_mul(seconds)?)
            })
            .filter(|&seconds| seconds > 0)
    }

    /// Whether it is what follows a question, rather than a command of its own: words without an intent, a yes or a no, or one of the
    /// intents `SaggarAnswer…`.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        let name = self.name();
        matches!(name, "" | "SaggarYes" | "SaggarNo" | "HassNevermind") || name.starts_with("SaggarAnswer")
    }

    /// Whether the answer agrees; none where it does neither.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        match self.name() {
            "SaggarYes" => Some(true),
            "SaggarNo" | "HassNevermind" => Some(false),
            _ => heard::yes(self.text()),
        }
    }
}

/// Something that has happened.
#[allow(clippy::large_enum_variant, reason = "there is no heap to box into, and an event lives for one call")]
pub enum Event<'a> {
    /// A timer has run out.
    Timer {
        /// What `timer_set` gave.
        id: i32,
        /// What it was set with.
        tag: &'a str,
    },
    /// The reply to a question of the skill's.
    Answer(Intent<'a>),
    /// A request has come back.
    Http {
        /// What `http_fetch` gave.
        id: i32,
        /// The status; 0 where there was no answer at all.
        status: i32,
        /// What the server sent.
        body: &'a str,
    },
    /// A piece of music has come to its end.
    PlaybackEnd {
        /// What `play` gave.
        id: i32,
    },
    /// A device of the home has followed or answered, or has not.
    Home {
        /// What `home_call` gave.
        id: i32,
        /// Whether it followed.
        ok: bool,
        /// The state that was asked for, such as `on` or `open`; empty where none was.
        value: &'a str,
    },
    /// Something that this version does not know.
    Unknown,
}

impl<'a> Event<'a> {
    /// The event that a message carries.
    #[must_use]
    pub fn of(message: Message<'a>) -> Self {
        let id = message.number("id").unwrap_or(-1);
        let text = |key| message.get(key).unwrap_or("");
        match text("event") {
            "timer" => Self::Timer { id, tag: text("tag") },
            "answer" => Self::Answer(Intent(message)),
            "http" => Self::Http { id, status: message.number("status").unwrap_or(0), body: text("body") },
            "playback_end" => Self::PlaybackEnd { id },
            "home" => Self::Home { id, ok: text("ok") == "1" || text("ok") == "true", value: text("value") },
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_read() {
        let mut bytes = *b"intent=HassStartTimer\nslot.minutes=twenty five\nslot.name=\nslot.seconds=30";
        let intent = Intent::of(Message::parse(&mut bytes));
        assert_eq!((intent.name(), intent.locale()), ("HassStartTimer", "en"));
        assert_eq!((intent.slot_number("minutes"), intent.slot_number("seconds")), (Some(25), Some(30)));
        assert_eq!((intent.slot("name"), intent.slot("hours")), (None, None));
        assert_eq!(intent.slot_duration(), Some(1_530));
        let mut bytes = *b"slot.hours=99999999999999999999";
        assert_eq!(Intent::of(Message::parse(&mut bytes)).slot_duration(), Some(i64::from(u32::MAX) * 3600));
    }

    #[test]
    fn answers_are_told_from_commands() {
        for (fields, answer, agrees) in [
            ("intent=SaggarYes\ntext=okay", true, Some(true)),
            ("intent=HassNevermind\ntext=forget it", true, Some(false)),
            ("text=no thanks", true, Some(false)),
            ("intent=SaggarAnswerDuration\ntext=five minutes", true, None),
            ("intent=SaggarSetAlarm\ntext=wake me at six", false, None),
        ] {
            let mut bytes = fields.as_bytes().to_vec();
            let intent = Intent::of(Message::parse(&mut bytes));
            assert_eq!((intent.is_answer(), intent.agrees()), (answer, agrees), "{fields}");
        }
    }

    #[test]
    fn events_are_read() {
        let mut bytes = *b"event=http\nid=3\nstatus=200\nbody={}\\n";
        assert!(matches!(Event::of(Message::parse(&mut bytes)), Event::Http { id: 3, status: 200, body: "{}\n" }));
        let mut bytes = *b"event=timer\nid=x\ntag=t1";
        assert!(matches!(Event::of(Message::parse(&mut bytes)), Event::Timer { id: -1, tag: "t1" }));
        let mut bytes = *b"event=later";
        assert!(matches!(Event::of(Message::parse(&mut bytes)), Event::Unknown));
    }
}
