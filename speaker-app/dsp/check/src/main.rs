//! Prints the wake word's figures: `saggar-dsp-check [work|report] [own|factory] [ID=VALUE…]`, where
//! the last set parameters of the detector.

use std::process::ExitCode;

use saggar_dsp_check::figures::{Figures, Set, Templates, measure};
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

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let set = if arguments.iter().any(|argument| argument == "report") { Set::Report } else { Set::Work };
    let templates = if arguments.iter().any(|argument| argument == "factory") { Templates::Factory } else { Templates::Own };
    let parameters: Vec<(u32, f32)> = arguments
        .iter()
        .filter_map(|argument| argument.split_once('='))
        .filter_map(|(id, value)| Some((id.parse().ok()?, value.parse().ok()?)))
        .collect();
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
