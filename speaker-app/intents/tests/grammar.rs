//! The grammar: PocketSphinx reads it, and whatever it lets one say is understood.

mod common;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

use common::{corpus, english, english_with_answers};
use saggar_intents::{Dictionary, Grammar, Intents, Warning};

/// From Debian's package pocketsphinx-en-us.
const DICTIONARY: &str = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";

fn grammar(intents: &Intents) -> Grammar {
    let text = std::fs::read_to_string(DICTIONARY)
        .unwrap_or_else(|error| panic!("{DICTIONARY}: {error}; install Debian's package pocketsphinx-en-us"));
    intents.jsgf(Some(&Dictionary::from_cmu(&text)))
}

#[test]
fn pocketsphinx_reads_it() {
    let grammar = grammar(&english());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (file, network) = (folder.join("english.gram"), folder.join("english.fsg"));
    std::fs::write(&file, &grammar.text).expect("target is writable");
    let output = Command::new("sphinx_jsgf2fsg").arg("-jsgf").arg(&file).arg("-fsg").arg(&network).output();
    let output = output.unwrap_or_else(|error| panic!("sphinx_jsgf2fsg: {error}; install Debian's package sphinxbase-utils"));
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !messages.contains("ERROR"), "{messages}");
    let network = std::fs::read_to_string(network).expect("a network was written");
    let states = network.lines().find_map(|line| line.strip_prefix("NUM_STATES ")).expect("a network");
    let states: usize = states.trim().parse().expect("a number");
    println!("{} bytes of grammar, {states} states", grammar.text.len());
    assert!((500..10_000).contains(&states), "{states}");
}

/// The product's sentences can all be said, except what is only for typing.
#[test]
fn warnings() {
    for warning in grammar(&english()).warnings {
        match warning {
            Warning::Wildcard { list } => assert!(list.starts_with("any_"), "{list}"),
            Warning::UnknownWord { word, .. } => {
                assert!(["litre", "litres", "unmute", "unpause"].contains(&word.as_str()), "{word}");
            }
            Warning::Sentence { template, .. } => {
                assert!(template.contains("{any_") || template.starts_with("unmute"), "{template}")
            }
            other => panic!("{other}"),
        }
    }
}

/// A word without pronunciation costs a way to say something, never the thing: "litre" is gone, the liter is not.
#[test]
fn every_value_and_intent_can_be_said() {
    let intents = english_with_answers();
    let grammar = grammar(&intents);
    let rules = rules(&grammar.text);
    for intent in intents.names().filter(|name| *name != "HassMediaSearchAndPlay") {
        let said = rules.keys().any(|name| name.starts_with('i') && name.split_once('_').is_some_and(|(_, name)| name == intent));
        assert!(said, "{intent} cannot be said");
    }
    let (_, units) = saggar_intents::ENGLISH.iter().find(|(file, _)| *file == "units.yaml").expect("units");
    let units: BTreeSet<&str> =
        units.lines().filter_map(|line| line.split_once("out: \"")).map(|(_, out)| out.trim_end_matches("\"}")).collect();
    assert_eq!(units.len(), 27);
    // Without the parts of them that may follow "a" or "an".
    let whole = |name: &str| !name.ends_with("_c") && !name.ends_with("_v");
    let lists: Vec<_> =
        rules.iter().filter(|(name, _)| name.starts_with('l') && name.contains("_unit_") && whole(name)).collect();
    assert_eq!(lists.len(), 5);
    let mut random = fastrand::Rng::with_seed(3);
    let mut meant = BTreeSet::new();
    for branch in lists.into_iter().flat_map(|(_, list)| list).flat_map(|branch| std::iter::repeat_n(branch, 10)) {
        let mut unit = Vec::new();
        say_all(&rules, branch, &mut random, &mut unit);
        let unit = unit.join(" ");
        let sentence = format!("convert two {unit} to {unit}");
        let found = intents.recognise(&sentence).unwrap_or_else(|| panic!("{sentence:?} is not understood"));
        meant.extend(found.slot("from").map(ToString::to_string));
    }
    assert_eq!(meant, units.into_iter().map(str::to_owned).collect());
}

#[test]
fn what_can_be_said_is_understood() {
    for intents in [english(), english_with_answers()] {
        assert_understood(&intents);
    }
}

fn assert_understood(intents: &Intents) {
    let grammar = grammar(intents);
    let rules = rules(&grammar.text);
    let mut names: Vec<&String> = rules.keys().filter(|name| name.starts_with('i')).collect();
    // A map's order is another one in every run.
    names.sort();
    let mut random = fastrand::Rng::with_seed(11);
    let (mut said, mut other) = (0, Vec::new());
    for name in names {
        let intent = name.split_once('_').expect("i0_Name").1;
        for _ in 0..200 {
            let mut sentence = Vec::new();
            say(&rules, &rules[name], &mut random, &mut sentence);
            let sentence = sentence.join(" ");
            let found = intents.recognise(&sentence).unwrap_or_else(|| panic!("{intent}: {sentence:?} is not understood"));
            said += 1;
            if found.intent != intent {
                other.push(format!("{intent} was said, {} understood: {sentence}", found.intent));
            }
        }
    }
    assert!(other.is_empty(), "{} of {said}:\n{}", other.len(), other.join("\n"));
}

#[test]
fn fast() {
    let started = std::time::Instant::now();
    let intents = english();
    let loaded = started.elapsed();
    let started = std::time::Instant::now();
    let grammar = intents.jsgf(None);
    let written = started.elapsed();
    let cases = corpus();
    let sentences: Vec<&str> = cases.iter().map(|case| case.sentence.as_str()).cycle().take(1000).collect();
    let started = std::time::Instant::now();
    let understood = sentences.iter().filter(|sentence| intents.recognise(sentence).is_some()).count();
    let elapsed = started.elapsed();
    println!(
        "{} templates loaded in {loaded:?}, {} bytes of grammar in {written:?}",
        intents.sentence_count(),
        grammar.text.len()
    );
    println!("1000 sentences in {elapsed:?}, {understood} understood");
    // Ten times what was measured in a debug build on a loaded machine.
    assert!(elapsed.as_millis() < 1000, "{elapsed:?}");
}

/// A JSGF expression.
enum Part {
    Word(String),
    Rule(String),
    Optional(Vec<Vec<Part>>),
    Group(Vec<Vec<Part>>),
}

/// The rules of a grammar of ours.
fn rules(text: &str) -> HashMap<String, Vec<Vec<Part>>> {
    let definitions = text.split(';').map(str::trim).filter(|definition| definition.contains(" = "));
    definitions
        .map(|definition| {
            let (name, body) = definition.split_once(" = ").expect("a definition");
            let name = name.trim_start_matches("public ").trim_matches(['<', '>']);
            let mut spaced = String::new();
            for c in body.chars() {
                if "()[]|".contains(c) { spaced.extend([' ', c, ' ']) } else { spaced.push(c) }
            }
            // Weights say nothing.
            let words: Vec<&str> = spaced.split_whitespace().filter(|word| !word.starts_with('/')).collect();
            let (branches, end) = branches(&words, 0);
            assert_eq!(end, words.len(), "{definition}");
            (name.to_owned(), branches)
        })
        .collect()
}

fn branches(words: &[&str], mut at: usize) -> (Vec<Vec<Part>>, usize) {
    let mut all = vec![Vec::new()];
    while let Some(&word) = words.get(at) {
        let part = match word {
            ")" | "]" => break,
            "|" => {
                all.push(Vec::new());
                at += 1;
                continue;
            }
            "(" | "[" => {
                let (inside, end) = branches(words, at + 1);
                at = end;
                if word == "(" { Part::Group(inside) } else { Part::Optional(inside) }
            }
            rule if rule.starts_with('<') => Part::Rule(rule.trim_matches(['<', '>']).to_owned()),
            word => Part::Word(word.to_owned()),
        };
        all.last_mut().expect("one branch").push(part);
        at += 1;
    }
    (all, at)
}

fn say(rules: &HashMap<String, Vec<Vec<Part>>>, branches: &[Vec<Part>], random: &mut fastrand::Rng, out: &mut Vec<String>) {
    say_all(rules, &branches[random.usize(0..branches.len())], random, out);
}

/// One branch.
fn say_all(rules: &HashMap<String, Vec<Vec<Part>>>, branch: &[Part], random: &mut fastrand::Rng, out: &mut Vec<String>) {
    for part in branch {
        match part {
            Part::Word(word) => out.push(word.clone()),
            Part::Rule(name) => say(rules, rules.get(name).unwrap_or_else(|| panic!("<{name}>")), random, out),
            Part::Group(inside) => say(rules, inside, random, out),
            Part::Optional(inside) => {
                if random.bool() {
                    say(rules, inside, random, out);
                }
            }
        }
    }
}
