//! The corpus means what it says: to us, and to hassil, whose format it is.

mod common;

#[path = "../../python.rs"]
mod python;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{Case, answers, corpus, english, english_with_answers, slots, slots_of};

/// The version that is compared with.
const HASSIL: &str = "hassil==3.13.0";

#[test]
fn size() {
    let all = corpus();
    let nothing = all.iter().filter(|case| case.intent.is_none()).count();
    let ours_only = all.iter().filter(|case| case.ours_only.is_some()).count();
    assert!(all.len() >= 300 && nothing >= 60, "{} sentences, {nothing} of them nothing", all.len());
    assert!(ours_only * 20 < all.len(), "{ours_only} sentences are ours only: too many for an oracle");
}

#[test]
fn ours() {
    assert_ours(&english(), corpus());
}

#[test]
fn ours_after_a_question() {
    assert_ours(&english_with_answers(), answers());
    // Answers take nothing away from commands.
    assert_ours(&english_with_answers(), corpus().into_iter().filter(|case| case.intent.is_some()).collect());
}

fn assert_ours(intents: &saggar_intents::Intents, cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let found = intents.recognise(&case.sentence);
        let meant = found.as_ref().map(|found| (found.intent.clone(), slots(found)));
        if meant != case.intent.map(|intent| (intent, case.slots)) {
            wrong.push(format!("{}: {meant:?}", case.sentence));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hassil_agrees() {
    let commands: Vec<&str> = saggar_intents::ENGLISH.iter().map(|(file, _)| *file).collect();
    assert_hassil_agrees(&commands, corpus());
    let all = [&commands[..], &[saggar_intents::ENGLISH_ANSWERS.0]].concat();
    assert_hassil_agrees(&all, answers());
}

fn assert_hassil_agrees(files: &[&str], cases: Vec<Case>) {
    let meant = hassil(files, &cases);
    let mut wrong = Vec::new();
    for case in cases {
        let expected = case.intent.map(|intent| (intent, case.slots));
        let theirs = meant.get(&case.sentence).unwrap_or_else(|| panic!("hassil did not answer to {:?}", case.sentence));
        match case.ours_only {
            None if *theirs != expected => wrong.push(format!("{}: hassil {theirs:?}, ours {expected:?}", case.sentence)),
            // A mark that is no longer needed would hide what comes next.
            Some(why) if *theirs == expected => wrong.push(format!("{}: not ours only ({why})", case.sentence)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A sentence's intent and slots, or nothing.
type Meaning = Option<(String, BTreeMap<String, String>)>;

/// What hassil makes of sentences, with these files of the locale.
fn hassil(files: &[&str], cases: &[Case]) -> BTreeMap<String, Meaning> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files.iter().map(|file| here.join("locale/en").join(file));
    let mut python = Command::new(python::with(HASSIL))
        .arg(here.join("tests/hassil_oracle.py"))
        .args(files)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    let sentences: String = cases.iter().map(|case| format!("{}\n", case.sentence)).collect();
    let mut input = python.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || input.write_all(sentences.as_bytes()));
    let output = python.wait_with_output().expect("hassil answers");
    writer.join().expect("no panic").expect("hassil reads");
    assert!(output.status.success(), "hassil failed; its message is above");
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    let answers = output.lines().map(|line| {
        let fields: Vec<&str> = line.split(" | ").collect();
        let intent = Some(fields[1]).filter(|intent| *intent != "-");
        let slots = slots_of(fields.get(2).unwrap_or(&"").trim());
        (fields[0].to_owned(), intent.map(|intent| (intent.to_owned(), slots)))
    });
    answers.collect()
}
