//! The speaker's figures as the README has them: what the evaluation printed, kept part by part in a file, and tables made of that.

use crate::files;
use saggar::failure::{Exit, Failure, Outcome};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::PathBuf;

/// What comes before the tables in the README, and after.
const BEGIN: &str = "<!-- `cargo xtask speaker --record eval --set report` writes this -->";
const END: &str = "<!-- up to here -->";

/// The parts, in the README's order, and what they are about.
const PARTS: [(&str, &str); 9] = [
    ("intents", "Commands on files"),
    ("room", "Commands in real time, in the PulseAudio room"),
    ("wake", "Wake word"),
    ("latency", "Delay of the answer, on files"),
    ("faults", "Injected faults while music plays"),
    ("failing", "Faults in real time, in the PulseAudio room"),
    ("allocation", "Allocations in audio threads"),
    ("privacy", "System calls of a conversation"),
    ("dsp", "DSP chain"),
];

/// Ends of names that differ only in these: the figures stand side by side.
const CONDITIONS: [&str; 6] =
    ["clean", "pink noise, 10 dB", "pink 20 dB", "pink 10 dB", "pink 5 dB", "own music as loud as the voice"];

/// Figures that are recorded and stand in no table: the same ones without what else the machine does.
const ONLY_RECORDED: &str = "of processor time";

/// A frame's times by engine: what their names begin with, what they end with, and the column.
const TIMES: [(&str, &str, &str); 6] = [
    ("chain per frame, ", ", p50", "chain, p50"),
    ("chain per frame, ", ", p99.9", "p99.9"),
    ("chain per frame, ", ", maximum", "maximum"),
    ("playback per frame, ", ", p50", "playback, p50"),
    ("playback per frame, ", ", p99.9", "p99.9"),
    ("playback per frame, ", ", maximum", "maximum"),
];

/// A figure, as the evaluation prints it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    part: String,
    what: String,
    value: f64,
    unit: String,
    wanted: Option<Wanted>,
    of: u64,
}

/// What is wanted of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    AtLeast(f64),
    AtMost(f64),
}

impl Wanted {
    fn text(self) -> String {
        match self {
            Wanted::AtLeast(least) => format!("≥ {least}"),
            Wanted::AtMost(most) => format!("≤ {most}"),
        }
    }
}

impl Figure {
    fn holds(&self) -> bool {
        match self.wanted {
            None => true,
            Some(Wanted::AtLeast(least)) => self.value >= least,
            Some(Wanted::AtMost(most)) => self.value <= most,
        }
    }

    /// The value, without its unit.
    fn measured(&self) -> String {
        let text = match self.unit.as_str() {
            "of full scale" => format!("{:.1e}", self.value),
            "of its time" => format!("{:.2}", self.value),
            _ => format!("{:.1}", self.value),
        };
        let text = if self.unit == "of full scale" { &text } else { text.trim_end_matches('0').trim_end_matches('.') };
        if self.holds() { text.to_owned() } else { format!("{text} **falls short**") }
    }

    /// The name without a condition, and the condition.
    fn stem(&self) -> (&str, Option<&'static str>) {
        let split =
            |condition: &&'static str| self.what.strip_suffix(condition)?.strip_suffix(", ").map(|stem| (stem, Some(*condition)));
        CONDITIONS.iter().find_map(split).unwrap_or((&self.what, None))
    }
}

/// The figures in an evaluation's output: its lines of JSON.
pub(crate) fn read(output: &str) -> Outcome<Vec<Figure>> {
    #[derive(Deserialize)]
    struct Line {
        set: Option<String>,
        figures: Vec<Figure>,
    }
    let mut figures = Vec::new();
    for line in output.lines().filter(|line| line.starts_with('{')) {
        let line: Line = serde_json::from_str(line)
            .map_err(|error| Failure::new(Exit::Internal, format!("the evaluation prints what is no JSON: {error}")))?;
        if line.set.is_some_and(|set| set != "report") {
            return Err(Failure::usage("only figures of the reporting set are recorded: add `--set report` after `eval`"));
        }
        figures.extend(line.figures);
    }
    Ok(figures)
}

fn record_file() -> PathBuf {
    files::root().join("speaker-app/figures.json")
}

fn readme_file() -> PathBuf {
    files::root().join("README.md")
}

fn recorded() -> Outcome<Vec<Figure>> {
    let path = record_file();
    serde_json::from_slice(&files::read(&path)?)
        .map_err(|error| Failure::new(Exit::Invalid, format!("{}: {error}", path.display())))
}

/// Takes figures into the record and the README, in place of what these have of the same parts.
pub(crate) fn record(figures: Vec<Figure>) -> Outcome<()> {
    let mut all = if record_file().is_file() { recorded()? } else { Vec::new() };
    all.retain(|old| figures.iter().all(|new| new.part != old.part));
    all.extend(figures);
    all.sort_by_key(|figure| PARTS.iter().position(|(part, _)| *part == figure.part));
    let lines: Vec<String> = all.iter().map(|figure| serde_json::to_string(figure).unwrap_or_default()).collect();
    files::write(&record_file(), format!("[\n{}\n]\n", lines.join(",\n")).as_bytes())?;
    let readme = String::from_utf8_lossy(&files::read(&readme_file())?).into_owned();
    let readme = with(&readme, &tables(&all))
        .ok_or_else(|| Failure::new(Exit::Invalid, format!("README.md has no place for figures: `{BEGIN}`, and `{END}`")))?;
    files::write(&readme_file(), readme.as_bytes())
}

/// The README with these tables.
fn with(readme: &str, tables: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{tables}{END}{after}"))
}

/// A table for each part.
fn tables(figures: &[Figure]) -> String {
    let mut text = String::new();
    for (part, title) in PARTS {
        let shown = |figure: &&Figure| figure.part == part && !figure.what.ends_with(ONLY_RECORDED);
        let figures: Vec<&Figure> = figures.iter().filter(shown).collect();
        let (times, others): (Vec<&Figure>, Vec<&Figure>) = figures.into_iter().partition(|figure| time(figure).is_some());
        if !times.is_empty() {
            text += &matrix(title, &times);
        }
        if !others.is_empty() {
            text += &rows(title, &others);
        }
    }
    text
}

/// One row for figures of one name.
fn rows(title: &str, figures: &[&Figure]) -> String {
    let mut groups: Vec<(&str, Vec<&Figure>)> = Vec::new();
    for figure in figures {
        let (stem, condition) = figure.stem();
        match groups.iter_mut().find(|(name, of)| *name == stem && condition.is_some() && of[0].stem().1.is_some()) {
            Some((_, group)) => group.push(figure),
            None => groups.push((stem, vec![figure])),
        }
    }
    let mut text = format!("| {title} | measured | wanted | of |\n|---|---|---|---|\n");
    for (stem, group) in groups {
        let conditions: Vec<&str> = group.iter().filter_map(|figure| figure.stem().1).collect();
        let name = if conditions.is_empty() { stem.to_owned() } else { format!("{stem}: {}", conditions.join(" / ")) };
        let measured = joined(group.iter().map(|figure| figure.measured()), false);
        let wanted = joined(group.iter().filter_map(|figure| figure.wanted.map(Wanted::text)), true);
        let of = joined(group.iter().map(|figure| figure.of.to_string()), true);
        let unit = if group[0].unit.is_empty() { String::new() } else { format!(" {}", group[0].unit) };
        let _ = writeln!(text, "| {name} | {measured}{unit} | {wanted} | {of} |");
    }
    text + "\n"
}

/// Values side by side; where all may stand for one and are the same, one.
fn joined(values: impl Iterator<Item = String>, once: bool) -> String {
    let mut values: Vec<String> = values.collect();
    if once {
        values.dedup();
    }
    values.join(" / ")
}

/// The engine and the column of a frame's time.
fn time(figure: &Figure) -> Option<(&str, usize)> {
    let place = |(column, (begin, end, _)): (usize, &(&str, &str, &str))| {
        Some((figure.what.strip_prefix(begin)?.strip_suffix(end)?, column))
    };
    TIMES.iter().enumerate().find_map(place)
}

/// A row for each engine.
fn matrix(title: &str, figures: &[&Figure]) -> String {
    let of = figures.first().map_or(0, |figure| figure.of);
    let columns: Vec<&str> = TIMES.iter().map(|(_, _, column)| *column).collect();
    let mut text = format!("| {title}, µs per frame, of {of} | {} |\n|---|{}\n", columns.join(" | "), "---|".repeat(TIMES.len()));
    let mut engines: Vec<&str> = figures.iter().filter_map(|figure| Some(time(figure)?.0)).collect();
    engines.dedup();
    for engine in engines {
        let cell = |column| {
            let figure = figures.iter().find(|figure| time(figure) == Some((engine, column)))?;
            let wanted = figure.wanted.map_or(String::new(), |wanted| format!(" ({})", wanted.text()));
            Some(figure.measured() + &wanted)
        };
        let cells: Vec<String> = (0..TIMES.len()).map(|column| cell(column).unwrap_or_default()).collect();
        let _ = writeln!(text, "| {engine} | {} |", cells.join(" | "));
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, Figure, read, readme_file, recorded, tables, with};
    use crate::files;

    #[test]
    fn the_readme_has_what_was_recorded() {
        let readme = String::from_utf8(files::read(&readme_file()).expect("README.md")).expect("UTF-8");
        let made = with(&readme, &tables(&recorded().expect("figures.json"))).expect("a place for figures");
        assert!(
            readme == made,
            "README.md has other figures than speaker-app/figures.json: `cargo xtask speaker --record` writes both"
        );
    }

    fn figures(lines: &[&str]) -> Vec<Figure> {
        read(&format!("noise\n{{\"set\":\"report\",\"figures\":[{}]}}\n", lines.join(","))).expect("figures")
    }

    #[test]
    fn conditions_stand_side_by_side_and_what_falls_short_says_so() {
        let made = tables(&figures(&[
            r#"{"part":"room","what":"right, clean","value":100.0,"unit":"%","wanted":{"at_least":95.0},"of":30}"#,
            r#"{"part":"room","what":"missing, clean","value":0.0,"unit":"","wanted":null,"of":9}"#,
            r#"{"part":"room","what":"right, pink noise, 10 dB","value":86.66,"unit":"%","wanted":{"at_least":90.0},"of":30}"#,
            r#"{"part":"room","what":"missing, pink noise, 10 dB","value":0.0,"unit":"","wanted":null,"of":8}"#,
        ]));
        let rows: Vec<&str> = made.lines().skip(2).collect();
        assert_eq!(rows[0], "| right: clean / pink noise, 10 dB | 100 / 86.7 **falls short** % | ≥ 95 / ≥ 90 | 30 |");
        assert_eq!(rows[1], "| missing: clean / pink noise, 10 dB | 0 / 0 |  | 9 / 8 |");
    }

    #[test]
    fn engines_have_a_row_each() {
        let made = tables(&figures(&[
            r#"{"part":"dsp","what":"chain per frame, fired scalar, fuel, p50","value":682.14,"unit":"µs","wanted":null,"of":12}"#,
            r#"{"part":"dsp","what":"chain per frame, fired scalar, fuel, p99.9","value":900.0,"unit":"µs","wanted":{"at_most":4000.0},"of":12}"#,
            r#"{"part":"dsp","what":"chain, fired : wasmtime, p50","value":0.904,"unit":"of its time","wanted":{"at_most":1.0},"of":12}"#,
        ]));
        assert!(made.contains("| fired scalar, fuel | 682.1 | 900 (≤ 4000) |  |  |  |  |\n"), "{made}");
        assert!(made.contains("| chain, fired : wasmtime, p50 | 0.9 of its time | ≤ 1 | 12 |\n"), "{made}");
    }

    #[test]
    fn the_working_set_is_not_recorded_and_the_rest_of_a_readme_stays() {
        assert!(read("{\"set\":\"work\",\"figures\":[]}").is_err());
        assert_eq!(with("no place", ""), None);
        let readme = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        assert_eq!(with(&readme, "new\n"), Some(format!("before\n{BEGIN}\n\nnew\n{END}\nafter\n")));
    }
}
