//! Prints the wake word's figures: `saggar-dsp-check [work|report] [own|factory] [ID=VALUE…]`, where
//! the last set parameters of the detector. With `trials` they are those of the trials' users and hours of other speech
//! (`hours=2` by itself, `hours=0` for hits only), with `list` and every false alarm's text.

use std::process::ExitCode;

use saggar_dsp_check::figures::{Figures, Set, Templates, measure};
use saggar_dsp_check::hits::hits;
use saggar_dsp_check::others::{Failure, listen};
use saggar_dsp_check::voices::PHRASES;

fn row(phrase: &str, figures: &Figures) {
    let percent = |noise| 100.0 * figures.rate(noise);
    println!(
        "{phrase:14} {:5} {:6.1} {:6.1} {:6.1} {:6.1} {:6} {:6} {:7.2} {:8.2} {:8.1}",
        figures.said,
        percent(0),
        percent(1),
        percent(2),
        percent(3),
        figures.false_alarms,
        figures.own_false_alarms,
        figures.hours(),
        figures.alarms_an_hour(),
        figures.micros_a_frame(),
    );
}

/// Hits and false alarms of a set of the trials; every phrase is a thread's.
fn trials(set: Set, parameters: &[(u32, f32)], hours: f64, list: bool) -> Result<(), Failure> {
    let set = match set {
        Set::Work => saggar_trials::Set::work()?,
        Set::Report => saggar_trials::Set::report()?,
    };
    println!("{} voices, own templates; alarms (near: in passages with a near miss; own: the enrolled voice talking)", set.name);
    let phrase = |phrase: &str| {
        let alarms = if hours > 0.0 { Some(listen(&set, phrase, parameters, hours)?) } else { None };
        Ok::<_, Failure>((hits(&set, phrase, parameters)?, alarms))
    };
    let measured: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = set.phrases.iter().map(|name| (name, scope.spawn(|| phrase(name)))).collect();
        threads.into_iter().map(|(name, thread)| (name, thread.join().expect("no trial panics"))).collect()
    });
    for (name, measured) in measured {
        let (hits, alarms) = measured?;
        for hits in hits {
            println!("{name:14} {:12} {:4} of {:4} {:6.1} %", hits.noise.to_string(), hits.heard, hits.said, 100.0 * hits.rate());
        }
        let Some(alarms) = alarms else { continue };
        println!(
            "{name:14} {} alarms (near {}, own {}) by {} users in {:.3} h of speech ({:.3} h with pauses): {:.2} an hour, {:.2} without near misses",
            alarms.count,
            alarms.near_misses,
            alarms.own,
            alarms.users,
            alarms.spoken_hours,
            alarms.hours,
            alarms.an_hour(),
            alarms.an_hour_otherwise(),
        );
        for (user, voice, text) in alarms.heard.iter().filter(|_| list) {
            println!("  {user} heard {voice}: {text}");
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let set = if arguments.iter().any(|argument| argument == "report") { Set::Report } else { Set::Work };
    let templates = if arguments.iter().any(|argument| argument == "factory") { Templates::Factory } else { Templates::Own };
    let parameters: Vec<(u32, f32)> = arguments
        .iter()
        .filter_map(|argument| argument.split_once('='))
        .filter_map(|(id, value)| Some((id.parse().ok()?, value.parse().ok()?)))
        .collect();
    if arguments.iter().any(|argument| argument == "trials") {
        let hours = arguments.iter().find_map(|argument| argument.strip_prefix("hours=")?.parse().ok()).unwrap_or(2.0);
        return match trials(set, &parameters, hours, arguments.iter().any(|argument| argument == "list")) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        };
    }
    println!("{set:?} voices, {templates:?} templates; hits in percent, alarms (own: the enrolled voice talking)");
    println!("phrase          said  clean  20 dB  10 dB   5 dB alarms    own   hours an hour µs/frame");
    for phrase in PHRASES {
        match measure(set, templates, phrase, &parameters) {
            Ok(figures) => row(phrase, &figures),
            Err(error) => {
                eprintln!("{error}: espeak-ng and sox must be installed");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
