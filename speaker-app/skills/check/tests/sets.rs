//! The sets of the speaker's evaluation, typed instead of spoken: whatever is right there is said here, so that what an evaluation
//! loses is lost by ears and voices alone.

use std::collections::BTreeMap;

use check::{Built, Talk, sentences, skills};
use saggar_intents::Intents;
use toml::{Table, Value};

fn read(name: &str) -> Table {
    let path = format!("{}/../../trials/sets/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn tables<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    table[key].as_array().expect("a list").iter().filter_map(Value::as_table)
}

/// A speaker that knows nothing yet.
struct Speaker {
    intents: Intents,
    world: Table,
    talks: BTreeMap<String, Talk>,
}

impl Speaker {
    fn new() -> Self {
        let world = read("world.toml");
        let clock = |key: &str| world["clock"][key].as_integer().expect("a number");
        let start = |skill: &String| {
            let offset_minutes = i32::try_from(clock("offset_minutes")).expect("minutes");
            Talk::start_at(&Built::read(skill), clock("start_ms"), offset_minutes).expect("it starts")
        };
        let talks = skills().into_iter().map(|skill| (skill.clone(), start(&skill))).collect();
        Self { intents: sentences(None).expect("the product's sentences"), world, talks }
    }

    /// What one step of a set gets for an answer; its intent and slots are right.
    fn say(&mut self, step: &Table) -> String {
        let said = text(step, "say");
        let found = self.intents.recognise(said).unwrap_or_else(|| panic!("{said} is not understood"));
        assert_eq!(found.intent, text(step, "intent"), "{said}");
        let slots: BTreeMap<String, String> = found.slots.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let wanted = step.get("slots").and_then(Value::as_table).into_iter().flatten();
        let wanted = wanted.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()));
        assert_eq!(slots, wanted.collect(), "{said}");
        let talk = self.talks.get_mut(text(step, "skill")).expect("a skill");
        let slot = |name: &str| slots.get(name).map_or("", String::as_str);
        let mut weathers = tables(&self.world, "weather");
        if let Some(weather) = weathers.find(|one| text(one, "place") == slot("place") && text(one, "day") == slot("day")) {
            text(weather, "json").clone_into(&mut talk.weather);
        }
        talk.say(&found, said)
    }
}

/// Whether an answer is that of the template: its words in order, with any words for what is in braces.
fn fits(template: &str, answer: &str) -> bool {
    let plain: String = answer.replace(['[', ']'], " ").to_lowercase();
    let plain: String = plain.chars().filter(|c| !".,:?!".contains(*c)).collect();
    let words: Vec<&str> = plain.split_whitespace().filter(|word| *word != "ask").collect();
    let template: Vec<&str> = template.split_whitespace().collect();
    fn rest(template: &[&str], words: &[&str]) -> bool {
        match (template.split_first(), words.split_first()) {
            (None, None) => true,
            (Some((first, after)), Some((word, behind))) if first.starts_with('{') => {
                !word.is_empty() && (rest(after, behind) || rest(template, behind))
            }
            (Some((first, after)), Some((word, behind))) => first == word && rest(after, behind),
            _ => false,
        }
    }
    rest(&template, &words)
}

#[test]
fn the_sets_are_answered_as_they_say() {
    let (mut answered, mut wrong) = (0, Vec::new());
    for name in ["work.toml", "report.toml"] {
        let set = read(name);
        let mut speaker = Speaker::new();
        let mut judge = |speaker: &mut Speaker, step: &Table| {
            let answer = speaker.say(step);
            answered += 1;
            if !fits(text(step, "answer"), &answer) {
                wrong.push(format!("{name}: {}: {answer:?}, not {:?}", text(step, "say"), text(step, "answer")));
            }
        };
        tables(&set, "commands").for_each(|command| judge(&mut speaker, command));
        for conversation in tables(&set, "conversations") {
            let mut speaker = Speaker::new();
            tables(conversation, "steps").for_each(|step| judge(&mut speaker, step));
        }
    }
    assert!(wrong.is_empty(), "{} of {answered}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(answered >= 80, "{answered}");
}

#[test]
fn templates_are_not_met_by_anything() {
    assert!(fits("it is {time}", "It is eleven fifteen in the morning."));
    assert!(!fits("it is {time}", "It is.") && !fits("paused", "Stopped.") && !fits("you need {items}", "The list is empty."));
}
