//! The evaluation: every figure that the project claims, measured.
//!
//! Each part says what it measured, what it wants, and whether that holds. A conversation is run by a child process
//! ([`session`]), because the linked modules are one of each in a process. Words, voices and noises are those of `saggar-trials`.

mod allocation;
mod devices;
mod failing;
mod faults;
pub(crate) mod inhabited;
mod intents;
mod privacy;
pub(crate) mod pulse;
mod recordings;
mod room;
pub(crate) mod running;
pub(crate) mod session;
mod surroundings;
pub(crate) mod wake;

use crate::program::Failure;
use serde::Serialize;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Measures what the speaker can do, and compares it with what it shall
///
/// Exit code 1 where a figure falls short.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this part
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// The set of sentences and voices to measure with
    #[arg(long, value_enum, default_value = "work")]
    set: SetName,
    /// Fewer voices, and less other speech, for a first look
    #[arg(long)]
    quick: bool,
    /// Print JSON in place of tables
    #[arg(long)]
    json: bool,
    /// Recordings of one's own: a folder with `sentences.toml` (see README)
    #[arg(long, value_name = "FOLDER")]
    speech: Option<std::path::PathBuf>,
}

/// A part of the evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Hits and false alarms of the wake word.
    Wake,
    /// Commands, from the wake word to the spoken answer.
    Intents,
    /// From the end of speech to the answer.
    Latency,
    /// Thousands of injected faults while music plays.
    Faults,
    /// The same in real time, in a PulseAudio room.
    Failing,
    /// Allocations within frames.
    Allocation,
    /// Commands in real time, in a PulseAudio room.
    Room,
    /// What leaves: the system calls of a conversation.
    Privacy,
}

impl Part {
    const ALL: [Part; 8] =
        [Part::Wake, Part::Intents, Part::Latency, Part::Faults, Part::Allocation, Part::Privacy, Part::Room, Part::Failing];

    fn measure(self, plan: &Plan) -> Result<Vec<Figure>, Failure> {
        match self {
            Part::Wake => wake::measure(plan),
            Part::Intents => intents::measure(plan),
            Part::Latency => intents::latency(plan),
            Part::Faults => faults::measure(plan),
            Part::Failing => failing::measure(plan),
            Part::Allocation => allocation::measure(plan),
            Part::Room => room::measure(plan),
            Part::Privacy => privacy::measure(plan),
        }
    }
}

/// Which of the two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SetName {
    /// The one that was worked with.
    Work,
    /// The one that only gives figures.
    Report,
}

impl SetName {
    fn name(self) -> &'static str {
        match self {
            SetName::Work => "work",
            SetName::Report => "report",
        }
    }

    pub(crate) fn load(self) -> Result<saggar_trials::Set, Failure> {
        let set = match self {
            SetName::Work => saggar_trials::Set::work(),
            SetName::Report => saggar_trials::Set::report(),
        };
        set.map_err(|error| Failure::Other(error.to_string()))
    }
}

/// A figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Which part it is of.
    pub part: &'static str,
    /// What was measured.
    pub what: String,
    /// What came out.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What is wanted: at least or at most so much; nothing where the figure is only told.
    pub wanted: Option<Wanted>,
    /// From how many.
    pub of: u64,
}

/// What is wanted of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
}

impl Figure {
    /// Whether it is as wanted.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.wanted {
            None => true,
            Some(Wanted::AtLeast(least)) => self.value >= least,
            Some(Wanted::AtMost(most)) => self.value <= most,
        }
    }
}

/// What a part needs to know.
pub(crate) struct Plan {
    pub(crate) set: SetName,
    pub(crate) quick: bool,
    pub(crate) speech: Option<std::path::PathBuf>,
}

/// Runs the evaluation; its exit code.
///
/// # Errors
/// When something is missing that it needs.
pub(crate) fn run(args: &Args) -> Result<u8, Failure> {
    let plan = Plan { set: args.set, quick: args.quick, speech: args.speech.clone() };
    if let Some(folder) = &plan.speech {
        let figures = recordings::measure(folder, &plan)?;
        return Ok(report(&figures, "recordings", args.json));
    }
    // For all children: one of them, which ends sooner or later than the others, must not be whom these ask.
    surroundings::serve_weather(&session::trial(saggar_trials::World::new())?)?;
    let parts = args.only.map_or(Part::ALL.to_vec(), |part| vec![part]);
    let (mut figures, mut failure) = (Vec::new(), None);
    for part in parts {
        match part.measure(&plan) {
            Ok(measured) => figures.extend(measured),
            // What hours have measured is not lost for what one part misses.
            Err(error) if args.only.is_none() => {
                eprintln!("{part:?} could not be measured: {error}");
                failure.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    let code = report(&figures, args.set.name(), args.json);
    failure.map_or(Ok(code), Err)
}

/// Prints figures; the exit code that they make.
fn report(figures: &[Figure], set: &str, json: bool) -> u8 {
    if json {
        println!("{}", serde_json::json!({ "set": set, "figures": figures }));
    } else {
        print!("{}", table(figures));
    }
    u8::from(figures.iter().any(|figure| !figure.holds()))
}

/// The figures as the README has them.
fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| part | figure | measured | wanted | of |\n|---|---|---|---|---|\n");
    for figure in figures {
        let wanted = match figure.wanted {
            None => String::new(),
            Some(Wanted::AtLeast(least)) => format!("≥ {least}"),
            Some(Wanted::AtMost(most)) => format!("≤ {most}"),
        };
        let verdict = if figure.holds() { "" } else { " **falls short**" };
        text += &format!(
            "| {} | {} | {} {}{verdict} | {wanted} | {} |\n",
            figure.part,
            figure.what,
            round(figure.value),
            figure.unit,
            figure.of
        );
    }
    text
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts of trials")]
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}

/// A share in percent.
pub(crate) fn percent(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { count(part) * 100.0 / count(of) }
}

/// What a child printed.
type Lines = Result<Vec<String>, Failure>;

/// Runs this program with each of these arguments, two at a time; the lines that each printed, in order.
pub(crate) fn children(jobs: &[Vec<String>]) -> Result<Vec<Vec<String>>, Failure> {
    let program = crate::program::doing("finding this program", std::env::current_exe())?;
    // By number, since jobs may be alike.
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Lines)>> = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    eprintln!("{}", job.join(" "));
                    let lines = child(&program, job);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, lines));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, lines)| lines).collect()
}

fn child(program: &std::path::Path, arguments: &[String]) -> Lines {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = crate::program::doing("starting a child", output)?;
    if !output.status.success() {
        return Err(Failure::Other(format!("`{}` failed: {}", arguments.join(" "), output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
