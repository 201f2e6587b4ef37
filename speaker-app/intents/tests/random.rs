//! Random templates: every sentence made from a template is understood as its intent, with its slots.

use std::fmt::Write;

use fastrand::Rng;
use saggar_intents::{ErrorKind, Intents};

const WORDS: [&str; 12] = ["red", "lamp", "garden", "north", "please", "the", "a", "quick", "café", "don't", "kilo", "berries"];
const VALUES: [&str; 4] = ["hall", "big room", "attic", "room at the top"];

/// A template, and one sentence of it.
#[derive(Default)]
struct Sample {
    template: String,
    said: Vec<String>,
}

/// Bodies of the rules `<r0>`…, with what a sentence says for each.
fn part(random: &mut Rng, depth: usize, rules: usize, sample: &mut Sample) {
    let choice = if depth == 0 { random.usize(0..3) } else { random.usize(0..9) };
    let write = |sample: &mut Sample, text: &str| sample.template.push_str(text);
    match choice {
        0..=1 => {
            let word = WORDS[random.usize(0..WORDS.len())];
            write(sample, word);
            sample.said.push(word.to_owned());
        }
        2 => {
            if random.bool() {
                write(sample, "{where}");
                sample.said.push(VALUES[random.usize(0..VALUES.len())].to_owned());
            } else {
                write(sample, "{count:number}");
                let number = random.i64(-20..1200);
                sample.said.push(number.to_string());
            }
        }
        3 if rules > 0 => {
            let rule = random.usize(0..rules);
            let _ = write!(sample.template, "<r{rule}>");
            // The rule's own sentence.
            sample.said.push(format!("\u{1}{rule}"));
        }
        3..=5 => group(random, depth, rules, sample, ('(', ')'), "|"),
        6..=7 => {
            if random.bool() {
                group(random, depth, rules, sample, ('[', ']'), "|");
            } else {
                let mut unsaid = Sample::default();
                group(random, depth, rules, &mut unsaid, ('[', ']'), "|");
                write(sample, &unsaid.template);
            }
        }
        _ => {
            let mut parts: Vec<Sample> = (0..random.usize(2..4)).map(|_| sequence(random, depth - 1, rules)).collect();
            let templates: Vec<&str> = parts.iter().map(|part| part.template.as_str()).collect();
            let _ = write!(sample.template, "({})", templates.join(";"));
            random.shuffle(&mut parts);
            sample.said.extend(parts.into_iter().flat_map(|part| part.said));
        }
    }
}

fn group(random: &mut Rng, depth: usize, rules: usize, sample: &mut Sample, around: (char, char), between: &str) {
    let branches: Vec<Sample> = (0..random.usize(1..4)).map(|_| sequence(random, depth - 1, rules)).collect();
    let templates: Vec<&str> = branches.iter().map(|branch| branch.template.as_str()).collect();
    let _ = write!(sample.template, "{}{}{}", around.0, templates.join(between), around.1);
    let taken = random.usize(0..branches.len());
    sample.said.extend(branches[taken].said.iter().cloned());
}

fn sequence(random: &mut Rng, depth: usize, rules: usize) -> Sample {
    let mut sample = Sample::default();
    for index in 0..random.usize(1..4) {
        if index > 0 {
            sample.template.push(' ');
        }
        part(random, depth, rules, &mut sample);
    }
    sample
}

#[test]
fn every_sentence_of_a_template_is_understood() {
    let mut random = Rng::with_seed(2026);
    let mut checked = 0;
    for round in 0..400 {
        // A rule may contain the rules before it.
        let mut rules: Vec<Sample> = Vec::new();
        for index in 0..3 {
            rules.push(sequence(&mut random, 2, index));
        }
        let mut yaml = String::from("language: en\nlists:\n  where:\n    values: [");
        yaml.push_str(&VALUES.join(", "));
        yaml.push_str("]\n  count:\n    range: {from: -20, to: 1200}\nexpansion_rules:\n");
        for (index, rule) in rules.iter().enumerate() {
            let _ = writeln!(yaml, "  r{index}: \"{}\"", rule.template);
        }
        yaml.push_str("intents:\n");
        let mut samples = Vec::new();
        for index in 0..3 {
            let mut sample = sequence(&mut random, 3, rules.len());
            // A word of its own keeps an intent apart from the others, and its sentence from being empty.
            let marker = ["alpha", "bravo", "delta"][index];
            let _ = write!(sample.template, " {marker}");
            sample.said.push(marker.to_owned());
            let _ = writeln!(yaml, "  {marker}:\n    data:\n      - sentences: [\"{}\"]", sample.template);
            samples.push((marker, sample));
        }
        let intents = match Intents::from_yaml("random", &yaml) {
            // Orders within orders in rules within orders: rare, and rightly refused.
            Err(error) if matches!(error.kind(), ErrorKind::TooLarge { .. }) => continue,
            loaded => loaded.unwrap_or_else(|error| panic!("round {round}: {error}\n{yaml}")),
        };
        checked += 1;
        for (marker, sample) in samples {
            let sentence = expanded(&sample.said, &rules).join(" ");
            if sentence.split_whitespace().count() > 60 {
                continue;
            }
            let found = intents.recognise(&sentence);
            let intent = found.as_ref().map(|found| found.intent.as_str());
            assert_eq!(intent, Some(marker), "round {round}: {sentence:?}\n{yaml}");
        }
    }
    assert!(checked > 380, "{checked} rounds");
}

fn expanded(said: &[String], rules: &[Sample]) -> Vec<String> {
    let parts = said.iter().flat_map(|part| match part.strip_prefix('\u{1}') {
        Some(rule) => expanded(&rules[rule.parse::<usize>().expect("a rule's number")].said, rules),
        None => vec![part.clone()],
    });
    parts.collect()
}

/// Numbers and list values come back as they were said.
#[test]
fn slots_come_back() {
    let yaml = "
language: en
lists:
  count: {range: {from: -999, to: 9999}}
  where: {values: [hall, {in: 'big room[s]', out: 7}, {in: (attic|loft), out: attic}]}
intents:
  Go: {data: [{sentences: ['go to {where} [number] {count}', 'go {count} times (to;in) {where}']}]}
";
    let intents = Intents::from_yaml("t", yaml).unwrap();
    let mut random = Rng::with_seed(9);
    for _ in 0..2000 {
        let count = random.i64(-999..=9999);
        let (said, meant) = [("hall", "hall"), ("Big Room", "7"), ("big rooms", "7"), ("loft", "attic")][random.usize(0..4)];
        let found = intents.recognise(&format!("go to the {said}, number {count}!")).expect("understood");
        assert_eq!(found.slot("count").and_then(|value| value.as_integer()), Some(count));
        assert_eq!(found.slot("where").map(ToString::to_string).as_deref(), Some(meant));
    }
}
