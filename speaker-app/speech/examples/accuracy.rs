//! Prints how well commands are heard and foreign speech is refused.
//!
//! `accuracy [work|report] [--each]`: the set (else both), and a line for every utterance.

use saggar_speech::evaluate::{self, Condition, Figures, Row, Set};
use saggar_speech::{Evidence, PocketSphinx, PocketSphinxSettings, Recogniser, Result};

/// The noise of a run; another seed gives other noise of the same kind.
const SEED: u64 = 1;

const CONDITIONS: [Condition; 4] = [Condition::Clean, Condition::Pink(20.0), Condition::Pink(10.0), Condition::Pink(5.0)];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wants = |word: &str| arguments.iter().any(|argument| argument == word);
    let both = !wants("work") && !wants("report");
    for (name, set) in [("work", Set::work()), ("report", Set::report())] {
        if both || wants(name) {
            run(name, &set, wants("--each"))?;
        }
    }
    Ok(())
}

/// Hears one set in every condition, by one recogniser that lives on as a speaker's does.
fn run(name: &str, set: &Set, each: bool) -> Result<()> {
    let spoken = evaluate::utterances(set)?;
    let mut recogniser = PocketSphinx::new(&PocketSphinxSettings::default())?;
    recogniser.set_grammar("commands", evaluate::GRAMMAR)?;
    println!("{name} set: {} voices, {} commands, {} utterances", set.voices.len(), set.commands.len(), spoken.len());
    println!(
        "{:<12} {:>9} {:>6} {:>9} {:>9} {:>7} {:>12} {:>6} {:>10}",
        "noise", "exact", "%", "refused", "misheard", "WER %", "foreign in", "RTF", "answer ms"
    );
    for condition in CONDITIONS {
        let figures = evaluate::evaluate(&mut recogniser, &spoken, condition, SEED, |row, recogniser| {
            if each {
                tell(row, recogniser.evidence());
            }
        })?;
        print(condition, &figures);
    }
    Ok(())
}

fn print(condition: Condition, figures: &Figures) {
    println!(
        "{:<12} {:>5}/{:<3} {:>6.1} {:>9} {:>9} {:>7.1} {:>8}/{:<3} {:>6.3} {:>5.1}/{:<4.0}",
        condition.to_string(),
        figures.exact,
        figures.commands,
        100.0 * figures.exact_share(),
        figures.wrongly_foreign,
        figures.misheard,
        100.0 * figures.word_error_rate(),
        figures.false_accepts,
        figures.foreign,
        figures.real_time_factor(),
        1e3 * figures.median_answer().as_secs_f64(),
        1e3 * figures.slowest_answer().as_secs_f64(),
    );
}

/// One line about an utterance, for tuning: what was said and heard, and the evidence.
fn tell(row: &Row<'_>, evidence: Option<&Evidence>) {
    let (said, heard) = (row.utterance, &row.heard);
    let right = if said.foreign { heard.command().is_none() } else { heard.command() == Some(said.text) };
    let mark = if right { "right" } else { "WRONG" };
    let (fit, language) = evidence.map_or((0.0, 0.0), |evidence| (evidence.fit, evidence.language));
    println!(
        "  {mark} {} {}{}: {:?} as {:?}, confidence {:.2}, fit {fit:.1}, language {language:.0}",
        row.condition,
        said.voice,
        if said.foreign { " foreign" } else { "" },
        said.text,
        heard.text,
        heard.confidence
    );
}
