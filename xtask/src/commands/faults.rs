//! `test --seeded-faults`: deliberate bugs, one at a time; each must be caught by the suite.
//!
//! The bugs of the compiler exist only in a build with the feature `seeded-faults`, which a shipped tool never has: so without
//! it, this builds such a program and runs that.

use saggar::failure::{Exit, Outcome};

/// Runs every fault, in a program that has them.
#[cfg(not(feature = "seeded-faults"))]
pub(super) fn run() -> Outcome<Exit> {
    use saggar::failure::Failure;
    eprintln!("building this program again, with deliberate bugs in its compiler");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["run", "--quiet", "--package", "xtask", "--features", "seeded-faults", "--", "test", "--seeded-faults"];
    let status = std::process::Command::new(cargo).args(arguments).current_dir(crate::files::root()).status()?;
    match status.code() {
        Some(0) => Ok(Exit::Ok),
        Some(1) => Ok(Exit::Failed),
        _ => Err(Failure::new(Exit::Io, format!("the build with seeded faults: {status}"))),
    }
}

/// Runs every fault.
#[cfg(feature = "seeded-faults")]
pub(super) fn run() -> Outcome<Exit> {
    use crate::tools;
    use saggar::console::words;
    use saggar::failure::Failure;
    use saggar_testsuite::faults::{self, Row};

    tools::ensure(&[tools::TARGETS, tools::QEMU])?;
    let name = |row: &Row| row.bug.clone().unwrap_or_else(|| "(no bug)".to_owned());
    let caught = |row: &Row| row.catch.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let tell = |row: &Row| eprintln!("{}: {}", name(row), caught(row));
    let rows = faults::run(tell).map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
    let mut lines = vec![["bug", "", "time", "caught by"].map(str::to_owned).to_vec()];
    for row in &rows {
        let verdict = if row.passed() { "ok" } else { "FAILED" }.to_owned();
        // The list is for reading; the whole message was told above.
        let by: String = caught(row).chars().take(140).collect();
        lines.push(vec![name(row), verdict, format!("{:.1} s", row.time.as_secs_f64()), by]);
    }
    println!("{}", words(&lines));
    let failed = rows.iter().filter(|row| !row.passed()).count();
    println!("{} passed, {failed} failed", rows.len() - failed);
    Ok(if failed == 0 { Exit::Ok } else { Exit::Failed })
}
