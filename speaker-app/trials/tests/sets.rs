//! The sets mean what they say, share nobody, and know the jokes as they are.

use std::collections::{BTreeMap, BTreeSet};

use saggar_intents::Builder;
use saggar_trials::{Set, World};

fn sets() -> [Set; 2] {
    [Set::work().expect("work.toml"), Set::report().expect("report.toml")]
}

#[test]
fn sentences_have_their_intents_and_slots() {
    let intents = Builder::new().english().and_then(Builder::build).unwrap_or_else(|error| panic!("{error}"));
    for set in sets() {
        assert!(set.commands.len() >= 30);
        let commands = set.commands.iter().map(|command| (&command.say, &command.intent, &command.slots));
        let steps = set.conversations.iter().flat_map(|conversation| &conversation.steps);
        for (say, intent, slots) in commands.chain(steps.map(|step| (&step.say, &step.intent, &step.slots))) {
            let found = intents.recognise(say).unwrap_or_else(|| panic!("{say} means nothing"));
            let meant: BTreeMap<String, String> =
                found.slots.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
            assert_eq!((&found.intent, &meant), (intent, slots), "{say}");
        }
        for foreign in &set.foreign {
            // What is sung for would be played; nothing else may be understood.
            assert!(intents.recognise(&foreign.say).is_none(), "{}", foreign.say);
        }
    }
}

#[test]
fn every_skill_is_asked_in_every_set() {
    for set in sets() {
        let asked: BTreeSet<&str> = set.commands.iter().map(|command| command.skill.as_str()).collect();
        assert_eq!(asked, BTreeSet::from(["clock", "convert", "home", "jokes", "music", "shopping", "timer", "weather"]));
        let intents: BTreeSet<&str> = set.commands.iter().map(|command| command.intent.as_str()).collect();
        assert!(intents.contains("SaggarSetAlarm") && intents.contains("HassGetCurrentDate"));
        assert!(set.conversations.len() >= 3 && set.conversations.iter().all(|one| one.steps.iter().any(|step| !step.wake)));
    }
}

#[test]
fn the_sets_share_nobody() {
    let [work, report] = sets();
    let timbres = |set: &Set| -> BTreeSet<String> {
        let all = set.voices.iter().map(|voice| &voice.id).chain(&set.talkers);
        all.map(|voice| voice.split_once('+').map_or(voice.as_str(), |(_, timbre)| timbre).to_owned()).collect()
    };
    assert_eq!(timbres(&work).intersection(&timbres(&report)).count(), 0);
    let said = |set: &Set| -> BTreeSet<String> {
        set.commands
            .iter()
            .map(|command| command.say.clone())
            .chain(set.foreign.iter().map(|foreign| foreign.say.clone()))
            .collect()
    };
    assert_eq!(said(&work).intersection(&said(&report)).count(), 0);
    // Nobody is enrolled as he is tested.
    for set in [work, report] {
        assert!(set.speaking.iter().all(|manner| !set.enrolment.contains(manner)));
        assert_eq!(set.enrolment.len(), 5);
    }
}

#[test]
fn the_world_has_what_the_sets_ask_for() {
    let world = World::new().expect("world.toml");
    for set in sets() {
        for command in &set.commands {
            let slot = |name| command.slots.get(name).map_or("", String::as_str);
            match command.skill.as_str() {
                "weather" => assert!(world.weather(slot("place"), slot("day")).is_some(), "{}", command.say),
                "home" => {
                    let follows = world.home.iter().any(|device| device.name == slot("name") && device.area == slot("area"));
                    assert!(follows, "{}", command.say);
                }
                "music" => assert!(slot("genre").is_empty() || world.music.genres.iter().any(|genre| genre == slot("genre"))),
                _ => {}
            }
        }
    }
}

/// The skill's jokes, as they are spoken.
#[test]
fn the_jokes_are_those_of_the_skill() {
    let skill = include_str!("../../skills/jokes/jokes.c");
    let told: Vec<String> = skill
        .lines()
        .filter_map(|line| line.strip_prefix("    TEXT(\"")?.strip_suffix("\"),"))
        .map(|joke| {
            let words = joke.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert!(told.len() >= 10);
    assert_eq!(told, include_str!("../sets/jokes.txt").lines().collect::<Vec<_>>());
}
