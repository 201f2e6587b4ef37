//! A list of checks that run one after another, with the time each took and what it counted.

use saggar::console::{self, table};
use saggar::failure::{Exit, Failure, Outcome};
use std::time::Instant;

/// What a stage counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Checks that passed.
    pub(crate) passed: u64,
    /// Checks that failed.
    pub(crate) failed: u64,
}

impl Tally {
    /// A single check.
    pub(crate) fn one(passed: bool) -> Tally {
        Tally { passed: passed.into(), failed: (!passed).into() }
    }

    /// Adds another.
    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A named check.
pub(crate) struct Stage {
    name: &'static str,
    body: Box<dyn FnOnce() -> Outcome<Tally>>,
}

impl Stage {
    /// A check of this name.
    pub(crate) fn new(name: &'static str, body: impl FnOnce() -> Outcome<Tally> + 'static) -> Stage {
        Stage { name, body: Box::new(body) }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }
}

/// Runs all, also after a failure; a stage that cannot run counts as one failed check.
pub(crate) fn run(stages: Vec<Stage>) -> Exit {
    let begin = Instant::now();
    let mut total = Tally::default();
    let mut rows = Vec::new();
    for Stage { name, body } in stages {
        eprintln!("=== {name}");
        let start = Instant::now();
        let tally = body().unwrap_or_else(|failure: Failure| {
            console::print_failure(&failure);
            Tally::one(false)
        });
        let seconds = format!("{:.1} s", start.elapsed().as_secs_f64());
        eprintln!("=== {name}: {} passed, {} failed, {seconds}", tally.passed, tally.failed);
        rows.push(vec![name.to_owned(), tally.passed.to_string(), tally.failed.to_string(), seconds]);
        total.add(tally);
    }
    let header = ["stage", "passed", "failed", "time"].map(str::to_owned).to_vec();
    rows.insert(0, header);
    println!("\n{}", table(&rows));
    println!("all stages: {:.1} s", begin.elapsed().as_secs_f64());
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 && total.passed > 0 { Exit::Ok } else { Exit::Failed }
}

/// Adds up the lines in which Rust's test harness states its results.
pub(crate) fn tally_of_cargo_test(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines().filter_map(|line| line.trim_start().strip_prefix("test result: ")) {
        let number = |what: &str| {
            let before = line.split(what).next().unwrap_or_default().trim_end();
            before.rsplit([' ', ';', '.']).next().and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        tally.add(Tally { passed: number(" passed"), failed: number(" failed") });
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::{Tally, tally_of_cargo_test};

    #[test]
    fn results_of_rusts_harness_add_up() {
        let output = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\n\
                      test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured\ntest x ... ok\n";
        assert_eq!(tally_of_cargo_test(output), Tally { passed: 13, failed: 2 });
    }
}
