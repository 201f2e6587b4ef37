//! Times on x86_64. All engines take turns in one run (A B C D, A B C D, …); a figure is the median, over the
//! rounds, of the ratio between two engines in the same round, so that a machine that is busy or changes its clock
//! rate slows both sides of it. Nanoseconds are shown for orientation only.

use super::contestants::{CLANG, SAGGAR, WASMTIME, Workshop};
use super::engine::Engine;
use super::error::Error;
use super::programs::{Family, Program};
use super::statistics::{geometric_mean, median};
use super::weight::{self, Weight};
use super::{Options, weight::HeavyCompile};
use serde::Serialize;
use std::collections::BTreeMap;

/// Each engine is given about this much time in a round, in nanoseconds, but at least [`LEAST_CALLS`] calls.
const TURN_NS: u64 = 5_000_000;
/// Of the calls of a turn the shortest counts, so there must be some.
const LEAST_CALLS: u32 = 3;

/// The outcome of a whole run.
#[derive(Clone, Debug, Serialize)]
pub struct Times {
    /// Turns each engine had with each program.
    pub rounds: usize,
    /// Engines in the order of their turns.
    pub engines: Vec<&'static str>,
    /// Programs in the order of their table.
    pub programs: Vec<ProgramTimes>,
    /// Geometric mean over the programs of each engine's time relative to clang's.
    pub to_clang: BTreeMap<&'static str, f64>,
    /// Geometric mean over the programs of our time relative to each engine's.
    pub saggar_to: BTreeMap<&'static str, f64>,
    /// Compilation of a large module, where one was given.
    pub heavy: Option<HeavyCompile>,
}

/// The times of one program.
#[derive(Clone, Debug, Serialize)]
pub struct ProgramTimes {
    /// Its name.
    pub name: &'static str,
    /// What it stresses.
    pub family: Family,
    /// Median time of one call, by engine, in nanoseconds.
    pub nanoseconds: BTreeMap<&'static str, f64>,
    /// Median ratio to clang in the same round, by engine.
    pub to_clang: BTreeMap<&'static str, f64>,
    /// Median ratio of our time to an engine's in the same round, by engine.
    pub saggar_to: BTreeMap<&'static str, f64>,
    /// Code size and compile time.
    pub weight: Weight,
}

/// Whether the bar is met.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Our geometric mean is no worse than wasmtime's with explicit checks.
    Met,
    /// It is worse.
    Missed,
    /// wasmtime did not take part.
    NotMeasured,
}

impl Times {
    /// The bar: the geometric mean of time is no worse than that of wasmtime with explicit checks in the same run.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.saggar_to.get(WASMTIME) {
            Some(&ratio) if ratio <= 1.0 => Verdict::Met,
            Some(_) => Verdict::Missed,
            None => Verdict::NotMeasured,
        }
    }
}

/// Builds every chosen program for all engines and times them by turns.
///
/// # Errors
/// When a tool is missing, a program cannot be built, an engine fails, or a checksum differs from clang's.
pub fn times(options: &Options) -> Result<Times, Error> {
    let workshop = Workshop::open(options)?;
    let mut programs = Vec::new();
    let mut names = Vec::new();
    for program in options.chosen() {
        let built = workshop.build(program)?;
        let mut engines = workshop.start(program, &built)?;
        names = engines.iter().map(|engine| engine.name).collect();
        let samples = take_turns(program, &mut engines, options.rounds)?;
        drop(engines);
        let timed = summary(program, &samples, weight::weigh(program, &built, workshop.wasmtime.as_deref())?);
        options.say(&progress(&timed));
        programs.push(timed);
    }
    let heavy = options.heavy_module.as_deref().map(|module| weight::heavy(module, options)).transpose()?;
    let mean = |ratios: fn(&ProgramTimes) -> &BTreeMap<&'static str, f64>, name: &str| {
        geometric_mean(programs.iter().filter_map(|program| ratios(program).get(name).copied()))
    };
    let others = names.iter().copied().filter(|&name| name != SAGGAR);
    Ok(Times {
        rounds: options.rounds,
        to_clang: names.iter().map(|&name| (name, mean(|program| &program.to_clang, name))).collect(),
        saggar_to: others.map(|name| (name, mean(|program| &program.saggar_to, name))).collect(),
        engines: names,
        programs,
        heavy,
    })
}

/// Nanoseconds of one call: engine → round.
type Samples = BTreeMap<&'static str, Vec<f64>>;

#[expect(clippy::cast_precision_loss, reason = "nanoseconds of one turn are far below 2^52")]
fn take_turns(program: &Program, engines: &mut [Engine], rounds: usize) -> Result<Samples, Error> {
    let mut expected = None;
    let mut call = |engine: &mut Engine, repeats| {
        let answer = engine.call(program.n, repeats)?;
        let (found, expected) = (answer.checksum, *expected.get_or_insert(answer.checksum));
        if found != expected {
            return Err(Error::Checksum { program: program.name.into(), engine: engine.name.into(), found, expected });
        }
        Ok(answer.nanoseconds)
    };
    let mut repeats = Vec::new();
    for engine in engines.iter_mut() {
        // The first call warms caches up, the second one says how many fill a turn.
        call(engine, 1)?;
        let nanoseconds = call(engine, 1)?.max(1);
        repeats.push(u32::try_from(TURN_NS / nanoseconds).unwrap_or(u32::MAX).max(LEAST_CALLS));
    }
    let mut samples = Samples::new();
    for _ in 0..rounds {
        for (engine, &repeats) in engines.iter_mut().zip(&repeats) {
            let nanoseconds = call(engine, repeats)?;
            samples.entry(engine.name).or_default().push(nanoseconds as f64);
        }
    }
    Ok(samples)
}

fn summary(program: &Program, samples: &Samples, weight: Weight) -> ProgramTimes {
    let ratio = |above: &str, below: &str| {
        let (above, below) = (samples.get(above)?, samples.get(below)?);
        Some(median(&above.iter().zip(below).map(|(above, below)| above / below).collect::<Vec<f64>>()))
    };
    let names = || samples.keys().copied();
    ProgramTimes {
        name: program.name,
        family: program.family,
        nanoseconds: samples.iter().map(|(&name, times)| (name, median(times))).collect(),
        to_clang: names().filter_map(|name| Some((name, ratio(name, CLANG)?))).collect(),
        saggar_to: names().filter(|&name| name != SAGGAR).filter_map(|name| Some((name, ratio(SAGGAR, name)?))).collect(),
        weight,
    }
}

fn progress(times: &ProgramTimes) -> String {
    let ratios: Vec<String> = times.to_clang.iter().map(|(name, ratio)| format!("{name} {ratio:.2}")).collect();
    format!("timed {}: {}", times.name, ratios.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_round_by_round() {
        // The machine is three times slower in the second round; the ratios do not notice.
        let samples: Samples =
            [(CLANG, vec![100.0, 300.0, 100.0]), (SAGGAR, vec![150.0, 450.0, 160.0]), (WASMTIME, vec![200.0, 600.0, 200.0])]
                .into();
        let times = summary(&super::super::programs::PROGRAMS[0], &samples, Weight::default());
        assert!((times.to_clang[SAGGAR] - 1.5).abs() < 1e-12);
        assert!((times.saggar_to[WASMTIME] - 0.75).abs() < 1e-12);
        assert!(!times.saggar_to.contains_key(SAGGAR));
    }

    #[test]
    fn the_bar_is_wasmtime() {
        let times = |ratio: Option<f64>| Times {
            rounds: 1,
            engines: Vec::new(),
            programs: Vec::new(),
            to_clang: BTreeMap::new(),
            saggar_to: ratio.map(|ratio| (WASMTIME, ratio)).into_iter().collect(),
            heavy: None,
        };
        assert_eq!(times(Some(1.0)).verdict(), Verdict::Met);
        assert_eq!(times(Some(1.01)).verdict(), Verdict::Missed);
        assert_eq!(times(None).verdict(), Verdict::NotMeasured);
    }
}
