//! Two recognisers together: what they agree on, what one of them is needed for, and what neither takes for a command.
//!
//! The second lies where `SAGGAR_SPEAKER_MOONSHINE` says; `cargo xtask` brings it.
#![expect(clippy::tests_outside_test_module, reason = "integration tests are")]

#[expect(dead_code, reason = "the other tests have recognisers of their own")]
mod common;

use common::{bare, is_send, spoken};
use saggar_speech::evaluate::{self, Set};
use saggar_speech::{Audio, Moonshine, Noise, Paired, RECOGNISER_HZ, Recogniser, SpeechError, moonshine_folder, to_i16};
use std::fs;

fn paired(jsgf: &str) -> Paired {
    let second = Moonshine::new(&moonshine_folder()).expect("cargo xtask setup has brought it");
    let mut made = Paired::new(bare(), second);
    made.set_grammar("test", jsgf).expect("valid");
    made
}

#[test]
fn commands_are_heard_and_foreign_speech_is_not() {
    let mut recogniser = paired(evaluate::GRAMMAR);
    is_send(&recogniser);
    for command in Set::work().commands {
        let heard = recogniser.hear(&spoken(command)).expect("open and fed");
        assert_eq!(heard.command(), Some(command), "{heard:?}: {:?}", recogniser.weighed());
    }
    for (language, text) in Set::work().foreign {
        if language.is_none() {
            let heard = recogniser.hear(&spoken(text)).expect("open and fed");
            assert_eq!(heard.command(), None, "{text}: {heard:?}: {:?}", recogniser.weighed());
        }
    }
}

#[test]
fn short_words_are_told_apart() {
    let genres =
        "#JSGF V1.0; grammar g; public <g> = [okay jarvis] play some (pop | jazz | piano | rock | blues | songs | dance);";
    let mut recogniser = paired(genres);
    recogniser.set_lead(&["okay".into(), "jarvis".into()]);
    for genre in ["pop", "jazz", "piano", "rock", "blues"] {
        for lead in ["", "okay jarvis, "] {
            let heard = recogniser.hear(&spoken(&format!("{lead}play some {genre}"))).expect("open and fed");
            let expected = format!("{}play some {genre}", lead.replace(',', ""));
            assert_eq!(heard.command(), Some(expected.as_str()), "{heard:?}: {:?}", recogniser.weighed());
        }
    }
    let alone = recogniser.hear(&spoken("okay jarvis, banana")).expect("open and fed");
    assert_eq!(alone.command(), None, "{alone:?}: {:?}", recogniser.weighed());
}

#[test]
fn silence_and_noise_are_no_commands() {
    let mut recogniser = paired(evaluate::GRAMMAR);
    for samples in [vec![], vec![0; 48_000]] {
        let heard = recogniser.hear(&Audio { rate_hz: RECOGNISER_HZ, samples }).expect("hears");
        assert_eq!((heard.text.as_str(), heard.foreign), ("", false));
    }
    for level in [0.01, 0.1, 0.3] {
        let samples: Vec<f32> = Noise::new(3).pink_samples(160_000).iter().map(|sample| sample * level).collect();
        let heard = recogniser.hear(&Audio { rate_hz: RECOGNISER_HZ, samples: to_i16(&samples) }).expect("hears");
        assert_eq!(heard.command(), None, "level {level}: {heard:?}");
    }
    // Longer than the second recogniser listens.
    let mut samples = spoken("what time is it").samples;
    samples.resize(RECOGNISER_HZ as usize * 35, 0);
    let heard = recogniser.hear(&Audio { rate_hz: RECOGNISER_HZ, samples }).expect("hears");
    assert_eq!((heard.command(), recogniser.weighed()), (Some("what time is it"), None));
}

#[test]
fn the_same_is_heard_the_same_and_grammars_are_swapped() {
    let audio = spoken("set a timer for fifteen minutes");
    let heard = paired(evaluate::GRAMMAR).hear(&audio).expect("hears");
    let mut recogniser = paired(evaluate::GRAMMAR);
    assert_eq!(recogniser.hear(&audio).expect("hears"), heard);
    let first = recogniser.weighed().copied();
    assert!(first.is_some());
    recogniser.set_grammar("other", "#JSGF V1.0; grammar g; public <g> = stop | volume up;").expect("valid");
    assert_eq!(recogniser.hear(&audio).expect("hears").command(), None);
    recogniser.set_grammar("bad", "#JSGF V1.0; grammar g; public <g> = (stop;").expect_err("unclosed");
    assert_eq!(recogniser.hear(&spoken("volume up")).expect("hears").command(), Some("volume up"));
    recogniser.begin().expect("has a grammar");
    recogniser.feed(&audio.samples).expect("open");
    recogniser.cancel();
    // Only the room has been learnt since: what the second says is the same to the last bit.
    recogniser.set_grammar("test", evaluate::GRAMMAR).expect("valid");
    assert_eq!(recogniser.hear(&audio).expect("hears").text, heard.text);
    assert_eq!(recogniser.weighed().map(|weighed| weighed.written), first.map(|weighed| weighed.written));
}

#[test]
fn a_pause_changes_nothing() {
    let mut recogniser = paired(evaluate::GRAMMAR);
    recogniser.pause().expect_err("nothing is open");
    let audio = spoken("set a timer for fifteen minutes").to_f32();
    let quiet = vec![0.0; 4_800];
    // At the end, where what was prepared is used; within the sentence, where more is said after it; and never.
    for at in [audio.len(), audio.len() / 2, 0] {
        recogniser.attune(&[0.0; 16_000], &audio).expect("nothing is open");
        recogniser.begin().expect("has a grammar");
        recogniser.feed_f32(&audio[..at]).expect("open");
        recogniser.pause().expect("open");
        recogniser.feed_f32(&audio[at..]).expect("open");
        recogniser.feed_f32(&quiet).expect("open");
        let heard = recogniser.finish().expect("open");
        assert_eq!(heard.command(), Some("set a timer for fifteen minutes"), "{at}: {heard:?}: {:?}", recogniser.weighed());
    }
}

#[test]
fn missing_and_broken_files_are_told() {
    let missing = Moonshine::new("/nowhere/moonshine".as_ref()).expect_err("nothing is there");
    assert!(matches!(missing, SpeechError::MissingOpinion { .. }));
    let told = missing.to_string();
    assert!(told.contains("/nowhere/moonshine/libonnxruntime.so") && told.contains("cargo xtask setup"), "{told}");
    let folder = std::env::temp_dir().join(format!("saggar-moonshine-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let real = moonshine_folder();
    for broken in ["libonnxruntime.so", "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"] {
        for file in ["libonnxruntime.so", "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"] {
            let mut bytes = fs::read(real.join(file)).expect("cargo xtask setup has brought it");
            if file == broken {
                bytes.truncate(bytes.len() / 2 + 1);
            }
            fs::write(folder.join(file), bytes).expect("written");
        }
        let error = Moonshine::new(&folder).expect_err(broken);
        assert!(matches!(error, SpeechError::BadOpinion { .. }), "{broken}: {error}");
        assert!(error.to_string().contains(&folder.display().to_string()), "{error}");
    }
    fs::remove_dir_all(folder).expect("removed");
}
