//! A list of checks, with the time each took and what it counted. They run one after another, but for neighbours that keep a single
//! processor busy: those share the processors, each as a process of its own, whose output comes when it has ended.

use saggar::console::{self, table};
use saggar::failure::{Exit, Failure, Outcome};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;
use std::{collections::VecDeque, thread};

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

    /// A single check, which is named in the end where it failed.
    pub(crate) fn check(name: &str, passed: bool) -> Tally {
        if !passed {
            note(name.to_owned());
        }
        Tally::one(passed)
    }

    /// Adds another.
    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// What failed, for the end, where nobody has to look for it.
static FAILED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The beginning of a line that names it.
const NAMED: &str = "failed: ";

/// Notes something that failed.
pub(crate) fn note(name: String) {
    lock(&FAILED).push(name);
}

/// A named check.
pub(crate) struct Stage {
    name: &'static str,
    body: Box<dyn FnOnce() -> Outcome<Tally>>,
    light: bool,
}

impl Stage {
    /// A check of this name.
    pub(crate) fn new(name: &'static str, body: impl FnOnce() -> Outcome<Tally> + 'static) -> Stage {
        Stage { name, body: Box::new(body), light: false }
    }

    /// A check that keeps one processor busy, so that others of the kind can run beside it: as the command `test --only NAME`, of which it
    /// must be the only stage.
    pub(crate) fn light(name: &'static str, body: impl FnOnce() -> Outcome<Tally> + 'static) -> Stage {
        Stage { light: true, ..Stage::new(name, body) }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }
}

/// A stage that has ended.
struct Done {
    name: &'static str,
    tally: Tally,
    seconds: f64,
}

/// Runs all, also after a failure; a stage that cannot run counts as one failed check.
pub(crate) fn run(stages: Vec<Stage>) -> Exit {
    let begin = Instant::now();
    let mut total = Tally::default();
    let mut rows = vec![["stage", "passed", "failed", "time"].map(str::to_owned).to_vec()];
    for done in run_groups(stages.into()) {
        let Done { name, tally, seconds } = done;
        rows.push(vec![name.to_owned(), tally.passed.to_string(), tally.failed.to_string(), format!("{seconds:.1} s")]);
        total.add(tally);
    }
    println!("\n{}", table(&rows));
    for name in lock(&FAILED).iter() {
        println!("{NAMED}{name}");
    }
    println!("all stages: {:.1} s", begin.elapsed().as_secs_f64());
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 && total.passed > 0 { Exit::Ok } else { Exit::Failed }
}

fn run_groups(mut stages: VecDeque<Stage>) -> Vec<Done> {
    let mut done = Vec::new();
    while let Some(stage) = stages.pop_front() {
        let mut names = vec![stage.name];
        while stage.light && stages.front().is_some_and(|next| next.light) {
            names.extend(stages.pop_front().map(|next| next.name));
        }
        // Alone it needs no process of its own, and its output comes as it is made.
        if names.len() == 1 { done.push(stage.run()) } else { done.extend(side_by_side(&names)) }
    }
    done
}

impl Stage {
    fn run(self) -> Done {
        eprintln!("=== {}", self.name);
        let start = Instant::now();
        let tally = (self.body)().unwrap_or_else(|failure: Failure| {
            console::print_failure(&failure);
            Tally::check(&format!("{}: {}", self.name, failure.line()), false)
        });
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("=== {}: {} passed, {} failed, {seconds:.1} s", self.name, tally.passed, tally.failed);
        Done { name: self.name, tally, seconds }
    }
}

/// Runs stages in as many processes as there are processors; in the order of `names`.
fn side_by_side(names: &[&'static str]) -> Vec<Done> {
    eprintln!("=== side by side: {}", names.join(", "));
    let lanes = thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(names.iter().copied().enumerate());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                while let Some((at, name)) = lock(&waiting).next() {
                    let one = process(name);
                    lock(&done).push((at, one));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, done)| done).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A stage as a process of its own. What it printed is passed on in one piece.
fn process(name: &'static str) -> Done {
    let start = Instant::now();
    let output = Command::new("/proc/self/exe").args(["test", "--only", name]).stdin(Stdio::null()).output();
    let tally = match &output {
        Ok(output) => {
            let mut screen = std::io::stderr().lock();
            // A screen that is gone does not change what was found.
            let _ = screen.write_all(&output.stderr);
            let printed = String::from_utf8_lossy(&output.stdout);
            let named: Vec<&str> = printed.lines().filter_map(|line| line.strip_prefix(NAMED)).collect();
            let tally = tally_of_stages(&printed, output.status.success());
            if tally.failed > 0 && named.is_empty() {
                note(name.to_owned());
            }
            named.into_iter().for_each(|name| note(name.to_owned()));
            tally
        }
        Err(error) => Tally::check(&format!("{name}: {error}"), false),
    };
    Done { name, tally, seconds: start.elapsed().as_secs_f64() }
}

/// What the last line of [`run`] says. A process that did not come so far, or says one thing and exits with another, has failed.
fn tally_of_stages(output: &str, success: bool) -> Tally {
    let counted = output.lines().last().and_then(|line| {
        let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
        Some(Tally { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
    });
    match counted {
        Some(tally) if success == (tally.failed == 0) => tally,
        _ => Tally::one(false),
    }
}

/// Adds up the lines in which Rust's test harness states its results.
pub(crate) fn tally_of_cargo_test(output: &str) -> Tally {
    let mut tally = Tally::default();
    output.lines().filter_map(failed_test).for_each(|name| note(name.to_owned()));
    for line in output.lines().filter_map(|line| line.trim_start().strip_prefix("test result: ")) {
        let number = |what: &str| {
            let before = line.split(what).next().unwrap_or_default().trim_end();
            before.rsplit([' ', ';', '.']).next().and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        tally.add(Tally { passed: number(" passed"), failed: number(" failed") });
    }
    tally
}

/// The test that a line of Rust's test harness says has failed.
fn failed_test(line: &str) -> Option<&str> {
    line.trim().strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::{Tally, failed_test, tally_of_cargo_test, tally_of_stages};

    #[test]
    fn failed_tests_are_named() {
        assert_eq!(failed_test("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(failed_test("test a::b ... ok"), None);
        assert_eq!(failed_test("test result: FAILED. 1 passed; 1 failed"), None);
    }

    #[test]
    fn processes_say_what_they_counted() {
        let table = "\nstage  passed\n\nall stages: 1.0 s\n";
        let of = |last: &str, success| tally_of_stages(&format!("{table}{last}"), success);
        assert_eq!(of("12 passed, 0 failed\n", true), Tally { passed: 12, failed: 0 });
        assert_eq!(of("12 passed, 3 failed\n", false), Tally { passed: 12, failed: 3 });
        // It died, or was killed after it had printed.
        for (last, success) in [("", false), ("", true), ("12 passed, 0 failed\n", false), ("12 passed, 3 failed\n", true)] {
            assert_eq!(of(last, success), Tally { passed: 0, failed: 1 });
        }
    }

    #[test]
    fn results_of_rusts_harness_add_up() {
        let output = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\n\
                      test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured\ntest x ... ok\n";
        assert_eq!(tally_of_cargo_test(output), Tally { passed: 13, failed: 2 });
    }
}
