//! `test --seeded-faults`: deliberate bugs in the compiler, one at a time; each must be caught by the suite.
//!
//! The bugs exist only in a build with the feature `seeded-faults`, which a shipped tool never has: so without it,
//! this builds such a program and runs that.

use crate::failure::{Exit, Outcome};

/// Runs every fault, in a program that has them.
#[cfg(not(feature = "seeded-faults"))]
pub(super) fn run() -> Outcome<Exit> {
    use crate::failure::Failure;
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
    seeded::run()
}

#[cfg(feature = "seeded-faults")]
mod seeded {
    use super::super::wast;
    use crate::console::words;
    use crate::failure::{Exit, Failure, Outcome};
    use crate::tools::{self, Need};
    use saggar_compiler::compile;
    use saggar_compiler::fault::Fault;
    use saggar_compiler::target::Arch;
    use saggar_testsuite::target::{self, LinkInput, LinkOptions, Runner, link};
    use saggar_testsuite::wast::suite::{self, TestFile};
    use saggar_testsuite::wast::{Session, Settings, parallel, run_file};
    use std::time::{Duration, Instant};

    /// Files that run before anybody looks whether the fault was caught.
    const TOGETHER: usize = 16;

    /// Runs every fault.
    pub(super) fn run() -> Outcome<Exit> {
        tools::ensure(&[Need::Targets, Need::Qemu])?;
        let files = files()?;
        // A suite that fails without a fault would seem to catch them all.
        if let Some(caught) = caught_by(None, &files)? {
            return Err(Failure::new(Exit::Failed, format!("the suite fails without any fault: {caught}")));
        }
        let mut rows = vec![["fault", "time", "caught by"].map(str::to_owned).to_vec()];
        let mut missed = 0;
        for &fault in Fault::ALL {
            let start = Instant::now();
            let caught = caught_by(Some(fault), &files)?;
            missed += u64::from(caught.is_none());
            let by = caught.unwrap_or_else(|| "NOTHING".to_owned());
            eprintln!("{}: {by}", fault.name());
            rows.push(vec![fault.name().to_owned(), format!("{:.1} s", start.elapsed().as_secs_f64()), by]);
        }
        println!("{}", words(&rows));
        let all = u64::try_from(Fault::ALL.len()).unwrap_or(u64::MAX);
        println!("{} passed, {missed} failed", all - missed);
        Ok(if missed == 0 { Exit::Ok } else { Exit::Failed })
    }

    /// Our own scripts, then the specification's: the ones made for a purpose first.
    fn files() -> Outcome<Vec<TestFile>> {
        let mut files = Vec::new();
        for name in ["own", "spec-2.0"] {
            files.extend(suite::files(name).map_err(|error| Failure::new(Exit::Io, error.to_string()))?);
        }
        Ok(files)
    }

    /// The first unexpected failure that a fault causes on any target.
    fn caught_by(fault: Option<Fault>, files: &[TestFile]) -> Outcome<Option<String>> {
        for arch in Arch::ALL {
            let mut settings = wast::settings(arch, None, None)?;
            settings.options.fault = fault;
            settings.runner.timeout = Duration::from_secs(5);
            if let Some(caught) = caught_on(&settings, files)? {
                return Ok(Some(caught));
            }
            if let Some(caught) = caught_by_restart(&settings)? {
                return Ok(Some(caught));
            }
        }
        Ok(None)
    }

    /// Scripts instantiate a module once; what a second instantiation forgets shows only here.
    fn caught_by_restart(settings: &Settings) -> Outcome<Option<String>> {
        const TEXT: &str = r#"(module (memory 1) (table 2 funcref) (global $g (mut i32) (i32.const 5)) (data (i32.const 8) "\07")
            (elem (i32.const 1) $spoil)
            (func $spoil (export "spoil")
                (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 60000) (i32.const 200))
                (global.set $g (i32.const 300)) (table.set (i32.const 1) (ref.null func)))
            (func (export "look") (result i32)
                (i32.add (i32.add (i32.load (i32.const 8)) (i32.load (i32.const 60000)))
                    (i32.add (global.get $g) (ref.is_null (table.get (i32.const 1)))))))"#;
        let internal = |error: &dyn std::fmt::Display| Failure::new(Exit::Internal, format!("the restart check: {error}"));
        let mut options = settings.options.clone();
        options.name = "restart".to_owned();
        let wasm = wat::parse_str(TEXT).map_err(|error| internal(&error))?;
        let artifact = compile(&wasm, &options).map_err(|error| internal(&error))?;
        let arch = options.target.arch();
        let input = LinkInput { name: "restart", bytes: &artifact.object };
        let image = link(arch, &[input], &LinkOptions::default()).map_err(|error| internal(&error))?;
        let mut runner = Runner::start(arch, settings.runner.clone()).map_err(|error| internal(&error))?;
        runner.load(&image).map_err(|error| internal(&error))?;
        let interface = &artifact.interface;
        let symbol = |name: &str| interface.exports.iter().find(|export| export.name == name).map(|export| &export.symbol);
        let again = Some(&interface.instantiate_symbol);
        let mut slots = Vec::new();
        for symbol in [again, symbol("spoil"), again, symbol("look")] {
            let address = symbol.and_then(|symbol| image.symbol(symbol)).ok_or_else(|| internal(&"a symbol is missing"))?;
            match runner.call(address, &[], 1, options.stack_bytes).map_err(|error| internal(&error))? {
                target::Outcome::Completed { code: 0, slots: now, .. } => slots = now,
                other => return Ok(Some(format!("{} restart: {other:?}", settings.target_name()))),
            }
        }
        let sum = slots.first().map_or(0, |slot| slot & 0xffff_ffff);
        Ok((sum != 12).then(|| format!("{} restart: a second instantiation leaves {sum}, not 12", settings.target_name())))
    }

    fn caught_on(settings: &Settings, files: &[TestFile]) -> Outcome<Option<String>> {
        let threads = std::thread::available_parallelism().map_or(1, Into::into);
        let mut sessions: Vec<Session> = (0..threads).map(|_| Session::new(settings.clone())).collect();
        for some in files.chunks(TOGETHER) {
            let reports = parallel::run_files(some, &mut sessions, |file, session| run_file(&file.name, &file.source, session));
            if let Some(note) = wast::judge(&reports)?.unexpected.first() {
                return Ok(Some(format!("{} {}:{}: {}", settings.target_name(), note.file, note.place.line, note.text)));
            }
        }
        Ok(None)
    }
}
