//! The instrument itself: whether the ear hears every answer as it is spoken, and no other as that.

use std::collections::BTreeSet;

use saggar_speech::{Espeak, EspeakSettings, Synthesiser, resample};
use saggar_trials::{Answer, Ear, Set};

fn spoken(text: &str) -> Vec<f32> {
    let audio = Espeak::new(EspeakSettings::default()).and_then(|mut espeak| espeak.speak(text)).expect("espeak-ng is installed");
    resample(&audio.to_f32(), audio.rate_hz, 48_000).expect("rates are usual")
}

/// A template with something definite for what is in braces.
fn definite(template: &str) -> String {
    let fill = |text: String, name, value| Answer::new(&text).fill(name, value);
    let text = fill(template.to_owned(), "time", "three twenty in the afternoon");
    let text = fill(text, "date", "thursday march twelfth twenty twenty six");
    let text = fill(text, "duration", "four minutes and fifty two seconds");
    let text = fill(text, "items", "milk and bread");
    fill(text, "joke", "my cookbook has a happy ending it is a dessert")
}

#[test]
fn hears_what_is_answered() {
    let mut ear = Ear::new().expect("pocketsphinx-en-us is installed");
    let (mut wrong, mut all) = (Vec::new(), 0);
    let sets = [Set::work().expect("work.toml"), Set::report().expect("report.toml")];
    let answers: BTreeSet<&str> = sets.iter().flat_map(Set::answers).collect();
    for template in answers {
        let (right, heard) = ear.check(&spoken(&definite(template)), &[template]).expect("hears");
        all += 1;
        if !right {
            wrong.push(format!("{template}: {heard}"));
        }
    }
    println!("{} of {all} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(wrong.len() * 50 <= all, "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn hears_what_is_wrong() {
    let mut ear = Ear::new().expect("pocketsphinx-en-us is installed");
    for (said, template) in [
        ("Your timer is set for nine minutes.", "your timer is set for five minutes"),
        ("The alarm is set for six thirty in the morning.", "the alarm is set for seven thirty in the morning"),
        ("I turned off the fan.", "i turned on the fan"),
        ("Volume thirty percent.", "volume forty percent"),
        ("I did not understand.", "stopped"),
        ("The weather skill failed.", "the weather tomorrow heavy rain nine degrees between four and eleven degrees"),
    ] {
        let (right, heard) = ear.check(&spoken(said), &[template]).expect("hears");
        assert!(!right, "{said}: {heard}");
    }
    let (right, heard) = ear.check(&[0.0; 96_000], &["paused", "{joke}"]).expect("hears");
    assert!(!right && heard.is_empty(), "{heard}");
}
