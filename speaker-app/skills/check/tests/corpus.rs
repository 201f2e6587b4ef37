//! The corpus of sentences through the built skills: every one of them is answered, by the one skill that is for it.

use std::collections::{BTreeMap, BTreeSet};

use check::{Built, Talk, sentences, skills};
use saggar_intents::Intents;

/// What the host answers itself: about the conversation rather than in it.
const HOSTS: [&str; 7] = ["SaggarHelp", "SaggarStop", "HassNevermind", "SaggarRepeat", "SaggarYes", "SaggarNo", "SaggarGreeting"];

/// What a skill says where nothing is there that could be talked about. The corpus is said with something there.
const NOTHING_THERE: [&str; 9] = [
    "No timer is running.",
    "There is no such timer.",
    "The timer is running.",
    "No alarm is set.",
    "There is no such alarm.",
    "No alarm has rung.",
    "Nothing is playing.",
    "The shopping list is empty.",
    "It is later than that today.",
];

fn corpus() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../intents/tests/corpus.txt");
    let text = std::fs::read_to_string(path).expect("the corpus");
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').next().unwrap_or_default().trim().to_owned()).collect()
}

/// The product's sentences with those of every skill, as a speaker has them that runs all skills.
fn all_sentences() -> Intents {
    let own: Vec<String> = skills().iter().filter_map(|skill| Built::read(skill).sentences).collect();
    sentences(own.iter().map(String::as_str)).unwrap_or_else(|error| panic!("{error}"))
}

fn owners() -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for skill in skills() {
        for intent in Built::read(&skill).manifest.intents {
            if let Some(other) = owners.insert(intent.clone(), skill.clone()) {
                panic!("{intent} is listed by {other} and {skill}");
            }
        }
    }
    owners
}

#[test]
fn every_intent_is_somebodys() {
    let owners = owners();
    let answers = |name: &str| name.starts_with("SaggarAnswer");
    let known = all_sentences();
    let known: BTreeSet<String> = known.names().filter(|name| !answers(name)).map(str::to_owned).collect();
    let handled: BTreeSet<String> = owners.keys().cloned().chain(HOSTS.map(str::to_owned)).collect();
    assert_eq!(known, handled);
    assert_eq!(handled.len(), owners.len() + HOSTS.len(), "the host and a skill both answer to an intent");
}

/// What a module does is what its manifest says: a sentence of anybody else's is met by silence.
#[test]
fn manifests_list_what_modules_handle() {
    let all = all_sentences();
    for skill in skills() {
        let built = Built::read(&skill);
        let mut handled = BTreeSet::new();
        for intent in all.names().map(str::to_owned).chain(built.manifest.intents.clone()) {
            let mut talk = Talk::start(&built).expect("it starts");
            let reply = talk.send(&format!("intent={intent}\nlocale=en"));
            if !reply.is_empty() || !talk.skill.store.data().calls.is_empty() {
                handled.insert(intent);
            }
        }
        assert_eq!(built.manifest.intents.iter().cloned().collect::<BTreeSet<_>>(), handled, "{skill}");
    }
}

#[test]
fn every_sentence_is_answered() {
    let intents = all_sentences();
    let owners = owners();
    let built: BTreeMap<String, Built> = skills().into_iter().map(|skill| (skill.clone(), Built::read(&skill))).collect();
    let (mut answered, mut hosts, mut wrong) = (0, 0, Vec::new());
    for sentence in corpus() {
        let Some(found) = intents.recognise(&sentence).filter(|found| !found.intent.starts_with("SaggarAnswer")) else {
            continue;
        };
        if HOSTS.contains(&found.intent.as_str()) {
            hosts += 1;
            continue;
        }
        let mut talk = Talk::start(&built[&owners[&found.intent]]).expect("it starts");
        prepare(&mut talk, &found);
        let answer = talk.say(&found, &sentence);
        if answer.is_empty() || answer.ends_with("[error]") || NOTHING_THERE.contains(&answer.as_str()) {
            wrong.push(format!("{sentence}: {} {:?}: {answer:?}", found.intent, found.slots));
        }
        answered += 1;
    }
    println!("{answered} sentences are answered by skills, {hosts} are the host's");
    assert!(wrong.is_empty(), "{} of {answered}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(answered >= 300 && hosts >= 20, "{answered} and {hosts}");
}

/// Lets there be what the sentence is about.
fn prepare(talk: &mut Talk, found: &saggar_intents::Match) {
    let slots = |names: &[&str]| -> String {
        let slots = found.slots.iter().filter(|(name, _)| names.contains(&name.as_str()));
        slots.map(|(name, value)| format!("\nslot.{name}={value}")).collect()
    };
    let start = |slots: &str| format!("intent=HassStartTimer{slots}");
    match found.intent.as_str() {
        "HassCancelTimer" => {
            let length = slots(&["hours", "minutes", "seconds"]);
            let length = if length.is_empty() { "\nslot.minutes=5" } else { &length };
            talk.send(&start(&format!("{length}{}", slots(&["name"]))));
        }
        "HassCancelAllTimers" | "HassTimerStatus" | "HassIncreaseTimer" | "HassDecreaseTimer" | "HassPauseTimer" => {
            talk.send(&start(&format!("\nslot.hours=1{}", slots(&["name"]))));
        }
        "HassUnpauseTimer" => {
            talk.send(&start(&format!("\nslot.hours=1{}", slots(&["name"]))));
            talk.send("intent=HassPauseTimer");
        }
        "SaggarCancelAlarm" | "SaggarCancelAllAlarms" | "SaggarAlarmStatus" | "SaggarSnooze" => {
            let time = slots(&["hour", "minute", "minutes_before", "half_day", "time", "day"]);
            talk.send(&format!("intent=SaggarSetAlarm{}", if time.is_empty() { "\nslot.hour=7" } else { &time }));
            if found.intent == "SaggarSnooze" {
                assert!(talk.ring("t1").starts_with("This is your alarm."));
            }
        }
        "HassMediaPause"
        | "HassMediaUnpause"
        | "SaggarMediaStop"
        | "HassMediaNext"
        | "HassMediaPrevious"
        | "SaggarWhatIsPlaying" => {
            talk.send("intent=SaggarPlayMusic\nslot.genre=folk");
        }
        "HassShoppingListCompleteItem" => {
            talk.send(&format!("intent=HassShoppingListAddItem{}", slots(&["item"])));
        }
        "SaggarShoppingListRead" | "SaggarShoppingListClear" => {
            talk.send("intent=HassShoppingListAddItem\nslot.item=milk");
        }
        _ => {}
    }
}

/// What is in every `tests.txt`: a conversation with the skill, word for word.
#[test]
fn answers_are_exact() {
    let mut tests = 0;
    for skill in skills() {
        let built = Built::read(&skill);
        if let Some(text) = &built.tests {
            tests += text.lines().filter(|line| line.contains('|')).count();
            let report = check::report(&built).unwrap_or_else(|error| panic!("{skill}: {error}"));
            println!("{skill}\n{report}");
        }
    }
    assert!(tests >= 40, "{tests}");
}
