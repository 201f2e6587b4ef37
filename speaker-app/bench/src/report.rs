//! What is said of a run: tables, and the figures with what is wanted of them, in the form of the speaker's own evaluation.

use crate::chain::Kind;
use crate::engine::{Engine, Guests};
use crate::quantile::Sorted;
use crate::race::Runner;
use serde::Serialize;
use std::fmt::Write as _;

/// 99.9 of 100 frames must take less, in µs.
const LIMIT_MICROS: f64 = 4_000.0;

/// A figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// Which part of the evaluation it is of.
    part: &'static str,
    /// What was measured.
    what: String,
    /// What came out.
    value: f64,
    /// Its unit.
    unit: &'static str,
    /// What is wanted; nothing where the figure is only told.
    wanted: Option<Wanted>,
    /// From how many.
    of: u64,
}

/// What is wanted of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    /// At most.
    AtMost(f64),
}

impl Figure {
    /// Whether it is as wanted.
    pub(crate) fn holds(&self) -> bool {
        self.wanted.is_none_or(|Wanted::AtMost(most)| self.value <= most)
    }
}

/// What the speaker has: fuel, and guests of either kind.
fn product(guests: Guests) -> Engine {
    Engine::Fired { guests, fuel: true }
}

/// All figures; `said` is how often the wake phrase was.
pub(crate) fn figures(runners: &[Runner], said: usize) -> Vec<Figure> {
    let of = runners.first().map_or(0, |runner| runner.clocks.capture.len()) as u64;
    let mut figures = Vec::new();
    let mut tell = |what: String, value: f64, unit, wanted, of| {
        figures.push(Figure { part: "dsp", what, value, unit, wanted, of });
    };
    for runner in runners {
        let limited = [Guests::Simd128, Guests::Scalar].map(product).contains(&runner.engine);
        for (side, times) in [("chain", &runner.clocks.capture), ("playback", &runner.clocks.playback)] {
            let sorted = Sorted::new(times);
            for (name, share) in QUANTILES {
                let wanted = (limited && side == "chain" && share == 999).then_some(Wanted::AtMost(LIMIT_MICROS));
                tell(format!("{side} per frame, {}, {name}", runner.engine), sorted.micros(share), "µs", wanted, of);
            }
        }
        let busy = Sorted::new(&runner.clocks.busy).micros(999);
        tell(format!("chain per frame, {}, p99.9 of processor time", runner.engine), busy, "µs", None, of);
    }
    for (what, fired, rival, wanted) in duels() {
        if let Some((capture, playback)) = ratios(runners, fired, rival) {
            let wanted = wanted.then_some(Wanted::AtMost(1.0));
            tell(format!("chain, {what}, p50"), capture, "of its time", wanted, of);
            tell(format!("playback, {what}, p50"), playback, "of its time", wanted, of);
        }
    }
    let exact = runners.iter().filter(|runner| runner.engine.is_exact());
    let differing = exact.map(|runner| runner.differing).max().unwrap_or(0);
    tell("frames with other bits in an engine that runs WebAssembly".into(), float(differing), "", Some(Wanted::AtMost(0.0)), of);
    if let Some(native) = runners.iter().find(|runner| runner.engine == Engine::Native) {
        tell("frames with other bits in native code".into(), float(native.differing), "", None, of);
        tell("frames in which native code decides otherwise whether somebody speaks".into(), float(native.decided), "", None, of);
        let level = 10.0 * (native.power.0 / native.power.1.max(f64::MIN_POSITIVE)).max(1e-20).log10();
        tell("difference of what is heard, native, beside what is heard".into(), level, "dB", None, of);
        tell("greatest difference of a sample heard, native".into(), f64::from(native.furthest.0), "of full scale", None, of);
        tell("greatest difference of a sample played, native".into(), f64::from(native.furthest.1), "of full scale", None, of);
    }
    if let Some(first) = runners.first() {
        tell(
            "wake phrases recognised, of those said in clean and noise, with music and without".into(),
            float(first.woken),
            "",
            None,
            said as u64,
        );
    }
    figures
}

const QUANTILES: [(&str, usize); 3] = [("p50", 500), ("p99.9", 999), ("maximum", 1_000)];

/// Whom fired modules are compared with, and whether they must be no slower.
fn duels() -> Vec<(String, Engine, Engine, bool)> {
    let mut duels = Vec::new();
    for guests in [Guests::Simd128, Guests::Scalar] {
        for (ours, theirs) in [(false, false), (true, true), (true, false)] {
            let (fired, rival) = (Engine::Fired { guests, fuel: ours }, Engine::Wasmtime { guests, fuel: theirs });
            // With a meter against none is what the speaker pays for its deadlines, and told.
            duels.push((format!("{fired} : {rival}"), fired, rival, ours == theirs));
        }
    }
    duels
}

/// Of the medians: capture side and playback side.
fn ratios(runners: &[Runner], fired: Engine, rival: Engine) -> Option<(f64, f64)> {
    let clocks = |engine| runners.iter().find(|runner| runner.engine == engine).map(|runner| &runner.clocks);
    let (fired, rival) = (clocks(fired)?, clocks(rival)?);
    let ratio = |ours: &[u32], theirs: &[u32]| Sorted::new(ours).micros(500) / Sorted::new(theirs).micros(500);
    Some((ratio(&fired.capture, &rival.capture), ratio(&fired.playback, &rival.playback)))
}

/// A row for each engine; with `stages`, one for each stage too.
pub(crate) fn tables(runners: &[Runner], stages: bool) -> String {
    let mut text = String::from(
        "| µs per frame | chain p50 | p99.9 | maximum | p99.9 busy | playback p50 | p99.9 | maximum | other bits | furthest |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for runner in runners {
        let _ = write!(text, "| {} |", runner.engine);
        for times in [&runner.clocks.capture, &runner.clocks.playback] {
            let sorted = Sorted::new(times);
            for (_, share) in QUANTILES {
                let _ = write!(text, " {:.1} |", sorted.micros(share));
            }
            if std::ptr::eq(times, &runner.clocks.capture) {
                let _ = write!(text, " {:.1} |", Sorted::new(&runner.clocks.busy).micros(999));
            }
        }
        let _ = writeln!(text, " {} | {:.1e} |", runner.differing, runner.furthest.0.max(runner.furthest.1));
    }
    if stages {
        text.push('\n');
        text += &stage_table(runners);
    }
    text
}

/// Medians by stage, and each as a share of wasmtime's with the same guests and meter.
fn stage_table(runners: &[Runner]) -> String {
    let mut text = String::from("| p50 in µs (of wasmtime's) |");
    Kind::ALL.iter().for_each(|kind| text += &format!(" {} |", kind.name()));
    text += "\n|---|---|---|---|---|---|---|\n";
    for runner in runners {
        let rival = match runner.engine {
            Engine::Fired { guests, fuel } => Some(Engine::Wasmtime { guests, fuel }),
            _ => None,
        };
        let rival = rival.and_then(|rival| runners.iter().find(|other| other.engine == rival));
        let _ = write!(text, "| {} |", runner.engine);
        for (index, times) in runner.clocks.stages.iter().enumerate() {
            let median = Sorted::new(times).micros(500);
            let _ = write!(text, " {median:.2}");
            if let Some(rival) = rival {
                let _ = write!(text, " ({:.2})", median / Sorted::new(&rival.clocks.stages[index]).micros(500));
            }
            text += " |";
        }
        text.push('\n');
    }
    text
}

/// The figures of which something is wanted, and those that are ratios or counts.
pub(crate) fn verdicts(figures: &[Figure]) -> String {
    let mut text = String::from("\n| figure | measured | wanted | of |\n|---|---|---|---|\n");
    for figure in figures.iter().filter(|figure| figure.wanted.is_some() || figure.unit != "µs") {
        let wanted = figure.wanted.map_or(String::new(), |Wanted::AtMost(most)| format!("≤ {most}"));
        let verdict = if figure.holds() { "" } else { " **falls short**" };
        let value = if figure.unit == "of full scale" { format!("{:.1e}", figure.value) } else { rounded(figure.value) };
        let _ = writeln!(text, "| {} | {value} {}{verdict} | {wanted} | {} |", figure.what, figure.unit, figure.of);
    }
    text
}

fn rounded(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "counts of frames")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{Engine, Guests, figures, verdicts};
    use crate::chain::Clocks;
    use crate::race::Runner;

    fn runner(engine: Engine, micros: u32, differing: u64) -> Runner {
        let clocks = Clocks { capture: vec![micros * 1_000; 10], playback: vec![2_000; 10], ..Clocks::default() };
        Runner { clocks, differing, ..Runner::new(engine) }
    }

    fn fired(fuel: bool) -> Engine {
        Engine::Fired { guests: Guests::Scalar, fuel }
    }

    fn wasmtime(fuel: bool) -> Engine {
        Engine::Wasmtime { guests: Guests::Scalar, fuel }
    }

    fn short(runners: &[Runner]) -> Vec<String> {
        figures(runners, 0).into_iter().filter(|figure| !figure.holds()).map(|figure| figure.what).collect()
    }

    #[test]
    fn what_falls_short_is_named() {
        let good = [runner(fired(true), 100, 0), runner(wasmtime(true), 100, 0)];
        assert_eq!(short(&good), Vec::<String>::new());
        let slower = [runner(fired(true), 101, 0), runner(wasmtime(true), 100, 0)];
        assert_eq!(short(&slower), ["chain, fired scalar, fuel : wasmtime scalar, fuel, p50"]);
        let late = [runner(fired(true), 4_001, 0)];
        assert_eq!(short(&late), ["chain per frame, fired scalar, fuel, p99.9"]);
        let other = [runner(fired(true), 100, 0), runner(Engine::Wasmi, 9_000, 1)];
        assert_eq!(short(&other), ["frames with other bits in an engine that runs WebAssembly"]);
        let native = [runner(fired(true), 100, 0), runner(Engine::Native, 50, 10)];
        assert_eq!(short(&native), Vec::<String>::new());
        assert!(verdicts(&figures(&slower, 0)).contains("1.01 of its time **falls short** | ≤ 1 |"));
    }

    #[test]
    fn a_meter_against_none_is_only_told() {
        let runners = [runner(fired(true), 200, 0), runner(fired(false), 90, 0), runner(wasmtime(false), 100, 0)];
        assert_eq!(short(&runners), Vec::<String>::new());
    }
}
