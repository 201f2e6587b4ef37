//! One test script in a child process.
//!
//! The child runs compiler and harness, and starts a runner of its own. Its address space cannot be capped, because an
//! emulator inherits the cap and reserves more than that; what it may *fill* can.

use rustix::process::{Resource, Rlimit, setrlimit};
use saggar::failure::{Exit, Failure, Outcome};
use saggar::guard::supervise::{Caps, supervise};
use saggar_compiler::target::Arch;
use saggar_testsuite::wast::report::{Counts, Failure as FileFailure, FileReport, Kind, Place, Skip, Verdict};
use saggar_testsuite::wast::{Session, run_file};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// The name of the hidden subcommand.
pub(crate) const CHILD_COMMAND: &str = "guarded-script";
/// Bytes that the child, or its runner, may fill.
const MEMORY_BYTES: u64 = 4 << 30;
/// Scripts nest deep on purpose, and text parser and validator recurse.
const STACK_BYTES: usize = 256 << 20;

/// What to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// The script.
    pub(crate) file: String,
    /// Architecture, as on the command line.
    pub(crate) arch: String,
    /// CPU row.
    pub(crate) cpu: Option<String>,
    /// CPU model of the emulator.
    pub(crate) emulated_cpu: Option<String>,
}

/// The parent's side. Whatever happens to the child is a failure of the file.
pub(crate) fn run(request: &Request, time: Duration) -> FileReport {
    let engine = request.arch.as_str();
    let report = serde_json::to_vec(request)
        .map_err(|error| Failure::new(Exit::Internal, error.to_string()))
        .and_then(|input| supervise(&[CHILD_COMMAND.into()], input, Caps { time, memory_bytes: MEMORY_BYTES }))
        .and_then(|output| {
            let lost = || Failure::new(Exit::Internal, "the child's report cannot be read");
            serde_json::from_slice(&output).ok().and_then(|value| report_of(&value)).ok_or_else(lost)
        });
    report.unwrap_or_else(|failure| {
        let mut report = FileReport::new(&request.file, engine);
        report.enter(Kind::File, Place::default(), Verdict::Failed(failure.to_string()));
        report
    })
}

/// The child's side.
pub(crate) fn run_child() -> Outcome<Exit> {
    let request: Request = serde_json::from_reader(std::io::stdin())
        .map_err(|error| Failure::usage(format!("this subcommand is for the program itself: {error}")))?;
    for (resource, bytes) in [(Resource::Data, MEMORY_BYTES), (Resource::Core, 0)] {
        setrlimit(resource, Rlimit { current: Some(bytes), maximum: Some(bytes) }).map_err(std::io::Error::from)?;
    }
    let arch = Arch::ALL.into_iter().find(|arch| arch.name() == request.arch).ok_or_else(|| Failure::usage("no such target"))?;
    let settings = crate::commands::wast::settings(arch, request.cpu.as_deref(), request.emulated_cpu.as_deref())?;
    let report = match std::fs::read(&request.file).map(String::from_utf8) {
        Ok(Ok(source)) => {
            let work = move || run_file(&request.file, &source, &mut Session::new(settings));
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work)?;
            thread.join().map_err(|_| Failure::new(Exit::Internal, "the harness panicked"))?
        }
        Ok(Err(error)) => unreadable(&request.file, &settings.target_name(), &error.to_string()),
        Err(error) => {
            unreadable(&request.file, &settings.target_name(), &Failure::io("read", Path::new(&request.file), &error).to_string())
        }
    };
    std::io::stdout().write_all(serde_json::json!(report).to_string().as_bytes())?;
    Ok(Exit::Ok)
}

fn unreadable(file: &str, engine: &str, reason: &str) -> FileReport {
    let mut report = FileReport::new(file, engine);
    report.enter(Kind::File, Place::default(), Verdict::Failed(reason.to_owned()));
    report
}

/// A report back from JSON. The testsuite's own type is written for other tools, and not meant to be read.
fn report_of(value: &Value) -> Option<FileReport> {
    let mut report = FileReport::new(value["file"].as_str()?, value["engine"].as_str()?);
    for (kind, counts) in value["counts"].as_object()? {
        let number = |key: &str| counts[key].as_u64();
        let counts = Counts { passed: number("passed")?, failed: number("failed")?, skipped: number("skipped")? };
        report.counts.insert(kind_of(kind)?, counts);
    }
    for failure in value["failures"].as_array()? {
        let (kind, place) = (kind_of(failure["kind"].as_str()?)?, place_of(&failure["place"])?);
        report.failures.push(FileFailure { kind, place, reason: failure["reason"].as_str()?.to_owned() });
    }
    for skip in value["skips"].as_array()? {
        let (kind, place) = (kind_of(skip["kind"].as_str()?)?, place_of(&skip["place"])?);
        report.skips.push(Skip { kind, place, feature: skip["feature"].as_str()?.to_owned() });
    }
    Some(report)
}

fn kind_of(name: &str) -> Option<Kind> {
    const KINDS: [Kind; 13] = [
        Kind::File,
        Kind::Module,
        Kind::Register,
        Kind::Action,
        Kind::AssertReturn,
        Kind::AssertTrap,
        Kind::AssertExhaustion,
        Kind::AssertUninstantiable,
        Kind::AssertUnlinkable,
        Kind::AssertInvalid,
        Kind::AssertMalformedBinary,
        Kind::AssertMalformedText,
        Kind::Other,
    ];
    KINDS.into_iter().find(|kind| serde_json::json!(kind) == name)
}

fn place_of(value: &Value) -> Option<Place> {
    let number = |key: &str| value[key].as_u64().and_then(|number| u32::try_from(number).ok());
    Some(Place { line: number("line")?, column: number("column")? })
}

#[cfg(test)]
mod tests {
    use super::report_of;
    use saggar_testsuite::wast::FileReport;
    use saggar_testsuite::wast::report::{Kind, Place, Verdict};

    #[test]
    fn a_report_comes_back_as_it_was() {
        let mut report = FileReport::new("a.wast", "x86_64/baseline");
        let place = Place { line: 3, column: 7 };
        for kind in [Kind::File, Kind::AssertMalformedBinary, Kind::AssertReturn, Kind::Other] {
            report.enter(kind, place, Verdict::Passed);
            report.enter(kind, place, Verdict::Failed("wrong".to_owned()));
            report.enter(kind, place, Verdict::Skipped("simd".to_owned()));
        }
        let json = serde_json::json!(report);
        let back = report_of(&json).unwrap();
        assert_eq!(serde_json::json!(back), json);
    }
}
