//! What the weather is going to be, from a server that the owner chose.
//!
//! The server is asked for `SOURCE?day=DAY&place=PLACE` (both empty where nothing was said) and answers with a JSON object:
//!
//! ```json
//! {"place": "Berlin", "condition": "light rain", "temperature": 12.5, "low": 8, "high": 15, "rain_percent": 70}
//! ```
//!
//! Only `condition` is required; temperatures are in degrees, in the unit that the owner is used to, and `rain_percent` is how likely
//! rain is. `SOURCE` is what the storage
//! holds under `source`, or else a server on the speaker itself; its host must be among those that the manifest grants.
#![cfg_attr(target_arch = "wasm32", no_std)]

use saggar_skill::{Event, Intent, Reply, Sink, Skill, Text, host, json::Value, phrase};

saggar_skill::exports!(Weather, message = 4096, reply = 512);

const DEFAULT_SOURCE: &str = "http://127.0.0.1:8089/weather";

/// The skill, with the day and place of the last question.
pub struct Weather {
    /// The request that is awaited; a newer question replaces an older one.
    request: Option<i32>,
    day: Text<24>,
    place: Text<40>,
    kind: Kind,
}

/// What of the weather was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    All,
    Rain,
    Temperature,
}

impl Skill for Weather {
    fn new() -> Self {
        Self { request: None, day: Text::new(), place: Text::new(), kind: Kind::All }
    }

    fn on_intent(&mut self, intent: &Intent<'_>, reply: &mut Reply<'_>) {
        if intent.name() != "HassGetWeather" {
            return;
        }
        self.day = Text::of(intent.slot("day").unwrap_or(""));
        self.place = Text::of(intent.slot("place").unwrap_or(""));
        self.kind = match intent.slot("kind") {
            Some("rain") => Kind::Rain,
            Some("temperature") => Kind::Temperature,
            _ => Kind::All,
        };
        let mut url = Text::<320>::of(host::kv_get("source", &mut [0; 128]).unwrap_or(DEFAULT_SOURCE));
        for (key, value) in [("?day=", self.day.as_str()), ("&place=", self.place.as_str())] {
            url.push(key);
            percent_encode(&mut url, value);
        }
        self.request = host::http_fetch(url.as_str());
        if self.request.is_none() {
            reply.fail("I may not ask the weather service.");
        }
    }

    fn on_event(&mut self, event: &Event<'_>, reply: &mut Reply<'_>) {
        let Event::Http { id, status, body } = event else { return };
        if self.request.take_if(|request| *request == *id).is_none() {
            return;
        }
        if *status != 200 || !self.tell(Value::of(body), reply) {
            reply.fail("I could not get the weather.");
        }
    }
}

impl Weather {
    /// Says what the server answered; false, and nothing said, where that makes no sense.
    fn tell(&self, answer: Value<'_>, reply: &mut Reply<'_>) -> bool {
        let mut condition = Text::<80>::new();
        if !answer.get("condition").is_some_and(|value| value.write(&mut condition)) || condition.is_empty() {
            return false;
        }
        let mut place = self.place;
        if let Some(value) = answer.get("place") {
            place.clear();
            value.write(&mut place);
        }
        let number = |key| answer.get(key).and_then(Value::rounded);
        let rain = number("rain_percent");
        let (now, range) = (number("temperature"), number("low").zip(number("high")));
        match (self.kind, rain) {
            (Kind::Rain, Some(percent)) => {
                self.tell_rain(percent, condition.as_str(), place.as_str(), reply);
                return true;
            }
            (Kind::Temperature, _) if now.is_some() || range.is_some() => {
                reply.push("The temperature");
                self.say_where(place.as_str(), reply);
                reply.push(": ");
                say_degrees(now, range, reply);
            }
            // Whether it will rain is not guessed from words.
            _ => {
                reply.push("The weather");
                self.say_where(place.as_str(), reply);
                reply.push(": ");
                reply.push(condition.as_str());
                if now.is_some() || range.is_some() {
                    reply.push(", ");
                    say_degrees(now, range, reply);
                }
            }
        }
        reply.push(".");
        true
    }

    fn tell_rain(&self, percent: i64, condition: &str, place: &str, reply: &mut Reply<'_>) {
        reply.push(if percent >= 50 { "Yes, rain is likely" } else { "No, rain is not likely" });
        self.say_where(place, reply);
        reply.push(": ");
        reply.push(condition);
        reply.push(", ");
        phrase::number(reply, percent);
        reply.push(" percent.");
    }

    /// " in Berlin tomorrow"
    fn say_where(&self, place: &str, reply: &mut Reply<'_>) {
        for (before, word) in [(" in ", place), (" ", self.day.as_str())] {
            if !word.is_empty() {
                reply.push(before);
                reply.push(word);
            }
        }
    }
}

/// "twelve degrees, between eight and fifteen degrees"
fn say_degrees(now: Option<i64>, range: Option<(i64, i64)>, reply: &mut Reply<'_>) {
    if let Some(now) = now {
        phrase::counted(reply, now, "degree");
    }
    if let Some((low, high)) = range {
        reply.push(if now.is_some() { ", between " } else { "between " });
        phrase::number(reply, low);
        reply.push(" and ");
        phrase::counted(reply, high, "degree");
    }
}

/// Appends `text` as RFC 3986 wants it within a query: all but unreserved characters as their bytes' values.
fn percent_encode(out: &mut dyn Sink, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        let encoded = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => &[byte][..],
            _ => &[b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]],
        };
        out.push(core::str::from_utf8(encoded).unwrap_or(""));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use saggar_skill::mock::{self, event, intent};

    const GOOD: &str =
        r#"event=http\nid=1\nstatus=200\nbody={"place":"Köln","condition":"light rain","temperature":12.5,"low":-1,"high":15}"#;

    #[test]
    fn the_weather_is_told() {
        mock::reset();
        let skill = &mut Weather::new();
        assert_eq!(intent(skill, "intent=HassGetWeather\nslot.day=tomorrow\nslot.place=New Köln"), "");
        assert_eq!(mock::calls(), ["http_fetch http://127.0.0.1:8089/weather?day=tomorrow&place=New%20K%C3%B6ln"]);
        let told = "The weather in Köln tomorrow: light rain, thirteen degrees, between minus one and fifteen degrees.";
        assert_eq!(event(skill, &GOOD.replace(r"\n", "\n")), told);
        assert_eq!(event(skill, &GOOD.replace(r"\n", "\n")), "", "nobody asked again");
        mock::with(|mock| mock.stored.insert("source".into(), "http://10.0.0.2/w".into()));
        intent(skill, "intent=HassGetWeather");
        assert_eq!(mock::calls(), ["http_fetch http://10.0.0.2/w?day=&place="]);
        let little = "event=http\nid=2\nstatus=200\nbody={\"condition\":\"fog\"}";
        assert_eq!(event(skill, little), "The weather: fog.");
    }

    #[test]
    fn only_what_was_asked_is_told() {
        mock::reset();
        let skill = &mut Weather::new();
        for (id, (slots, body, said)) in [
            ("kind=rain\nslot.day=monday", r#"{"condition":"cloudy"}"#, "The weather monday: cloudy."),
            ("kind=rain", r#"{"condition":"showers","rain_percent":50}"#, "Yes, rain is likely: showers, fifty percent."),
            (
                "kind=rain\nslot.place=rome",
                r#"{"condition":"sun","rain_percent":20}"#,
                "No, rain is not likely in rome: sun, twenty percent.",
            ),
            ("kind=temperature", r#"{"condition":"sun","temperature":-1}"#, "The temperature: minus one degrees."),
            (
                "kind=temperature\nslot.day=tomorrow",
                r#"{"condition":"sun","low":1,"high":2}"#,
                "The temperature tomorrow: between one and two degrees.",
            ),
            ("kind=temperature", r#"{"condition":"sun"}"#, "The weather: sun."),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(intent(skill, &format!("intent=HassGetWeather\nslot.{slots}")), "");
            assert_eq!(event(skill, &format!("event=http\nid={}\nstatus=200\nbody={body}", id + 1)), said);
        }
    }

    #[test]
    fn any_answer_is_survived() {
        mock::reset();
        let skill = &mut Weather::new();
        for body in ["", "{", "null", "[]", "{\"condition\":3}", "{\"condition\":\"\"}", "{\"condition\":\"a\\\\", "<html>"] {
            intent(skill, "intent=HassGetWeather");
            let id = skill.request.unwrap();
            let said = event(skill, &format!("event=http\nid={id}\nstatus=200\nbody={body}"));
            assert_eq!(said, "I could not get the weather. [error=1]", "{body}");
        }
        intent(skill, "intent=HassGetWeather");
        let id = skill.request.unwrap();
        assert_eq!(event(skill, &format!("event=http\nid={id}\nstatus=0")), "I could not get the weather. [error=1]");
        mock::with(|mock| mock.refuse = true);
        assert_eq!(intent(skill, "intent=HassGetWeather"), "I may not ask the weather service. [error=1]");
    }
}
