//! Floors under the wake word's figures, on the WORK voices; the REPORT voices are for reports only.

use std::time::Duration;

use saggar_dsp_check::figures::{Set, Templates, measure};
use saggar_dsp_check::others::listen;
use saggar_dsp_check::trial::{detections, enrolled, utterances};
use saggar_dsp_check::voices::{ENROLMENT, FACTORY, PHRASES, REPORT, REPORT_TALKERS, WORK, WORK_TALKERS};

#[test]
fn a_user_is_heard_and_others_are_not() {
    for phrase in PHRASES {
        let figures = measure(Set::Work, Templates::Own, phrase, &[]).expect("espeak-ng and sox are installed");
        assert!(figures.rate(0) >= 0.95, "{phrase}, clean: {figures:?}");
        assert!(figures.rate(2) >= 0.85, "{phrase}, 10 dB: {figures:?}");
        assert!(figures.hours() >= 2.0, "{phrase}: {} hours of other speech", figures.hours());
        assert!(figures.alarms_an_hour_of_others() <= 4.0, "{phrase}: {figures:?}");
        // A user's own other sentences are most like the phrase. Of eight voices one, whose every sound is a rattle, has 23 of 31 alarms; what
        // its recordings differ by among themselves does not show it.
        let most = if phrase == PHRASES[0] { 8.0 } else { 70.0 };
        assert!(
            figures.own_alarms_an_hour() <= most,
            "{phrase}: {} an hour of its users' own speech",
            figures.own_alarms_an_hour()
        );
        // The sum over threads of two each, still faster than real time.
        assert!(figures.busy < Duration::from_secs_f64(figures.hours() * 3_600.0), "{figures:?}");
    }
}

/// What was saved recognises what the original does; forgetting ends it.
#[test]
fn a_restored_detector_hears_the_same() {
    let said = utterances(WORK[0], PHRASES[0]).expect("espeak-ng and sox are installed");
    let mut original = enrolled(ENROLMENT.map(|how| (WORK[0], how)), PHRASES[0]).expect("five recordings");
    let bytes = original.bank().seal();
    let mut restored = saggar_dsp_check::trial::fresh();
    restored.bank().words()[..bytes / 2].copy_from_slice(&original.bank().words()[..bytes / 2]);
    assert_eq!(restored.restore(bytes), 5);
    for utterance in &said {
        let heard = detections(&mut original, &utterance.samples);
        assert_eq!(heard.len(), 1);
        assert_eq!(detections(&mut restored, &utterance.samples), heard);
    }
    restored.clear();
    assert!(said.iter().all(|utterance| detections(&mut restored, &utterance.samples).is_empty()));
}

/// Two minutes of the hours that `saggar-dsp-check trials` listens to: nothing wakes a detector as it is, anything one that is deaf to
/// differences.
#[test]
fn false_alarms_are_counted() {
    let set = saggar_trials::Set::work().expect("the set is committed");
    let alarms = listen(&set, PHRASES[0], &[], 0.03).expect("espeak-ng and pocketsphinx-en-us are installed");
    assert!(alarms.users == set.voices.len() && (0.03..0.04).contains(&alarms.spoken_hours), "{alarms:?}");
    assert!(alarms.hours > alarms.spoken_hours && alarms.count <= 1, "{alarms:?}");
    let deaf = listen(&set, PHRASES[0], &[(0, 0.2)], 0.03).expect("as before");
    assert!(deaf.count > 20 && deaf.heard.len() == deaf.count && deaf.an_hour() > 100.0, "{deaf:?}");
}

/// Nobody whose voice a factory's templates would have is one whom anything is tried with.
#[test]
fn the_factorys_voices_are_in_no_set() {
    let timbre = |voice: &str| voice.split_once('+').map_or(String::new(), |(_, timbre)| timbre.to_lowercase());
    let mut tried: Vec<String> = [&WORK[..], &REPORT, &WORK_TALKERS, &REPORT_TALKERS].concat().into_iter().map(timbre).collect();
    for set in [saggar_trials::Set::work(), saggar_trials::Set::report()] {
        tried.extend(set.expect("the sets are committed").voices.iter().map(|voice| timbre(&voice.id)));
    }
    for list in [include_str!("../../../speech/eval/work.txt"), include_str!("../../../speech/eval/report.txt")] {
        let voices = list.lines().skip_while(|line| *line != "[voices]").skip(1).take_while(|line| !line.starts_with('['));
        tried.extend(voices.filter(|line| !line.is_empty()).map(timbre));
    }
    assert!(tried.len() > 40);
    for voice in FACTORY {
        assert!(!tried.contains(&timbre(voice)), "{voice}");
    }
}
