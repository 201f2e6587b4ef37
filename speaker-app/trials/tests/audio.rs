//! What is made: the same every time, where and as loud as it says.

use saggar_trials::{Noise, OtherSpeech, Set, Talker, VOICE_RMS, active_rms, rms};

const PHRASE: &str = "okay jarvis";

#[test]
fn a_trial_has_its_parts() {
    let set = Set::work().expect("work.toml");
    let talker = Talker::in_turn(&set, 1);
    let clean = talker.command(PHRASE, 0, Noise::Clean).expect("espeak-ng is installed");
    let wake = clean.wake.clone().expect("a phrase");
    assert!(wake.start == 48_000 && (24_000..72_000).contains(&wake.len()), "{wake:?}");
    assert_eq!(clean.command.start - wake.end, 48 * 300);
    assert!(clean.samples.len() == clean.command.end + 480_000);
    for part in [wake.clone(), clean.command.clone()] {
        let level = active_rms(&clean.samples[part]);
        assert!((level / VOICE_RMS - 1.0).abs() < 0.01, "{level}");
    }
    for silence in [0..wake.start, wake.end..clean.command.start, clean.command.end..clean.samples.len()] {
        assert!(clean.samples[silence].iter().all(|&sample| sample == 0.0));
    }
    assert_eq!(clean, talker.command(PHRASE, 0, Noise::Clean).expect("as before"));
    let step = talker.trial(None, "yes", 0, Noise::Clean).expect("as before");
    assert!(step.wake.is_none() && step.command.start == 48_000);
}

#[test]
fn noise_is_as_loud_as_it_says() {
    let set = Set::work().expect("work.toml");
    let talker = Talker::in_turn(&set, 0);
    let clean = talker.command(PHRASE, 2, Noise::Clean).expect("espeak-ng is installed");
    for noise in [Noise::Pink(10.0), Noise::Babble(10.0)] {
        let noisy = talker.command(PHRASE, 2, noise).expect("espeak-ng is installed");
        assert_eq!((&noisy.wake, &noisy.command), (&clean.wake, &clean.command));
        let alone: Vec<f32> = noisy.samples.iter().zip(&clean.samples).map(|(noisy, clean)| noisy - clean).collect();
        let below_db = 20.0 * (VOICE_RMS / rms(&alone)).log10();
        assert!((below_db - 10.0).abs() < 0.7, "{noise}: {below_db} dB");
        assert_eq!(noisy, talker.command(PHRASE, 2, noise).expect("as before"), "{noise}");
        assert_ne!(noisy.samples[..9_600], talker.command(PHRASE, 3, noise).expect("as before").samples[..9_600], "{noise}");
    }
}

#[test]
fn five_recordings_that_differ() {
    let set = Set::work().expect("work.toml");
    let recordings = Talker::in_turn(&set, 2).enrolment(PHRASE).expect("espeak-ng is installed");
    assert_eq!(recordings.len(), 5);
    for (index, recording) in recordings.iter().enumerate() {
        assert!(recordings[..index].iter().all(|other| other != recording));
        assert!(recording[..24_000].iter().chain(&recording[recording.len() - 24_000..]).all(|&sample| sample == 0.0));
    }
}

#[test]
fn foreign_speech_is_in_its_language() {
    let set = Set::work().expect("work.toml");
    let talker = Talker::in_turn(&set, 0);
    let german = set.foreign.iter().find(|foreign| foreign.voice.as_deref() == Some("de")).expect("one is German");
    let said = talker.foreign(PHRASE, german, 0, Noise::Clean).expect("espeak-ng knows German");
    let as_english = talker.trial(Some(PHRASE), &german.say, 0, Noise::Clean).expect("espeak-ng is installed");
    assert_eq!(said.samples[said.wake.clone().expect("a phrase")], as_english.samples[as_english.wake.expect("a phrase")]);
    assert_ne!(said.samples[said.command], as_english.samples[as_english.command]);
}

#[test]
fn other_speech_lasts_as_long_as_it_says_and_is_the_same_again() {
    let set = Set::work().expect("work.toml");
    let hours = 0.05;
    let mut speech = OtherSpeech::hours(&set, hours).expect("pocketsphinx-en-us is installed");
    let passages: Vec<_> = speech.by_ref().map(|passage| passage.expect("espeak-ng is installed")).collect();
    let spoken: usize = passages.iter().map(|passage| passage.spoken).sum();
    assert!(spoken >= 48 * 3_600 * 50);
    let seconds: f64 = passages.iter().map(|passage| f64::from(u32::try_from(passage.spoken).expect("short")) / 48_000.0).sum();
    assert!((speech.hours_so_far() * 3_600.0 - seconds).abs() < 1e-6);
    assert!(passages.iter().all(|passage| passage.samples.len() == passage.spoken + 14_400 && passage.spoken > 96_000));
    assert!(
        passages.iter().any(|passage| passage.noise_db.is_some()) && passages.iter().any(|passage| passage.noise_db.is_none())
    );
    let again = OtherSpeech::hours(&set, hours).expect("as before").take(6);
    for (passage, again) in passages.iter().zip(again) {
        assert_eq!(*passage, again.expect("as before"));
    }
}
