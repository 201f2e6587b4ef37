//! The harness itself, and a sample of scripts on every target; `cargo xtask wast --suite all` runs everything.

use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::oracle;
use saggar_testsuite::wast::expect::{self, Expectations};
use saggar_testsuite::wast::report::Kind;
use saggar_testsuite::wast::suite::{self, TestFile};
use saggar_testsuite::wast::{FileReport, Session, Settings, parallel, run_file, summary};

/// wasmi's relaxed operators make choices that are allowed, but not those of the deterministic profile: it fuses, and its dot product wraps.
const OTHER_CHOICES: &str = "own/relaxed-deterministic.wast";

fn session(arch: Arch) -> Session {
    Session::new(Settings::new(Target::new(arch)))
}

fn run(source: &str) -> FileReport {
    run_file("test.wast", source, &mut session(Arch::X86_64))
}

fn failures(report: &FileReport) -> Vec<(Kind, u32)> {
    report.failures.iter().map(|failure| (failure.kind, failure.place.line)).collect()
}

fn check(arch: Arch, files: &[TestFile]) {
    let reports = parallel::run_files(files, &mut [session(arch), session(arch)], |file, session| {
        run_file(&file.name, &file.source, session)
    });
    assert_eq!(reports.len(), files.len());
    let judgement = Expectations::load(&expect::folder()).unwrap().judge(&reports);
    assert!(judgement.is_good(), "{}{}", summary::summarise(&reports), summary::describe(&judgement));
    let theirs: Vec<FileReport> = files.iter().map(|file| oracle::run_file(&file.name, &file.source)).collect();
    let mut disagreements = oracle::disagreements(&reports, &theirs);
    disagreements.retain(|note| note.file != OTHER_CHOICES);
    assert_eq!(disagreements, []);
}

#[test]
fn our_own_scripts_pass_on_every_target() {
    let files = suite::files("own").unwrap();
    for arch in Arch::ALL {
        check(arch, &files);
    }
}

#[test]
fn the_specification_passes_natively() {
    check(Arch::X86_64, &suite::files("spec-2.0").unwrap());
}

/// wasmi passes every file but for the negatives that are listed, so the harness asks for what the scripts mean.
#[test]
fn the_oracle_passes_everything() {
    let mut files = suite::files("all").unwrap();
    files.retain(|file| file.name != OTHER_CHOICES);
    let mut nobody = [(), ()];
    let reports = parallel::run_files(&files, &mut nobody, |file, ()| oracle::run_file(&file.name, &file.source));
    assert_eq!(reports.len(), files.len());
    let judgement = Expectations::load(&expect::folder()).unwrap().judge(&reports);
    assert!(judgement.unexpected.is_empty() && judgement.fallen.is_empty(), "{}", summary::describe(&judgement));
}

#[test]
fn the_oracle_chooses_otherwise_where_it_is_said_to() {
    let files = suite::files("own").unwrap();
    let file = files.iter().find(|file| file.name == OTHER_CHOICES).expect("the script is there");
    let report = oracle::run_file(&file.name, &file.source);
    let chosen = |line: u32| {
        let text = file.source.lines().nth(line as usize - 1).unwrap_or_default();
        ["madd\"", "dot\"", "dot_add\""].iter().any(|end| text.contains(end))
    };
    let lines: Vec<u32> = report.failures.iter().map(|failure| failure.place.line).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| chosen(*line)), "{lines:?}");
}

/// A harness that cannot fail proves nothing: each of these assertions is wrong.
#[test]
fn wrong_assertions_fail() {
    let report = run(r#"(module
          (memory (export "memory") 1)
          (global (export "global") i32 (i32.const 1))
          (func (export "one") (result i32) (i32.const 1))
          (func (export "nan") (result f32) (f32.const nan:0x1))
          (func (export "trap") (unreachable)))
        (assert_return (invoke "one") (i32.const 2))
        (assert_return (invoke "one") (i64.const 1))
        (assert_return (invoke "one"))
        (assert_return (invoke "nan") (f32.const nan:canonical))
        (assert_return (invoke "trap"))
        (assert_return (get "global") (i32.const 2))
        (assert_return (invoke "absent"))
        (assert_return (invoke "one" (i32.const 1)) (i32.const 1))
        (assert_trap (invoke "one") "unreachable")
        (assert_trap (invoke "trap") "out of bounds memory access")
        (assert_exhaustion (invoke "one") "call stack exhausted")
        (assert_trap (module (func)) "unreachable")
        (assert_unlinkable (module (func)) "unknown import")
        (assert_invalid (module (func)) "type mismatch")
        (assert_malformed (module quote "(func)") "unexpected token")
        (invoke "trap")
        (invoke $absent "one")
        (register "x" $absent)
        (module (import "nowhere" "f" (func $f)) (func (export "call") (call $f)))
        (module (func (result i32)))"#);
    let lines: Vec<u32> = report.failures.iter().map(|failure| failure.place.line).collect();
    assert_eq!(lines, (7..=26).collect::<Vec<u32>>(), "{}", summary::summarise(&[report]));
}

#[test]
fn what_needs_a_feature_is_skipped_by_module() {
    let report = run(r#"(module $shared (memory 1) (func (export "f") (result i32) (i32.atomic.load (i32.const 0))))
        (assert_return (invoke "f") (i32.const 0))
        (register "shared" $shared)
        (module (import "shared" "f" (func $f)) (func (export "g")))
        (assert_return (invoke "g"))
        (module (func (export "h")))
        (assert_return (invoke "h"))"#);
    let skipped: Vec<(u32, &str)> = report.skips.iter().map(|skip| (skip.place.line, skip.feature.as_str())).collect();
    assert_eq!(skipped, [(1, "threads"), (2, "threads"), (3, "threads"), (4, "threads"), (5, "threads")]);
    assert!(report.failures.is_empty());
    assert_eq!(report.counts[&Kind::AssertReturn].passed, 1);
}

#[test]
fn what_cannot_be_parsed_is_a_failure_of_its_file() {
    let report = run("(module)\n(assert_return (invoke");
    assert_eq!(failures(&report), [(Kind::File, 2)]);
    for source in
        ["", "\0", "(", ")", "(module", "(assert_return)", "\u{202e}", "(module binary \"\\00asm\\01\\00\\00\\00\\ff\")"]
    {
        let report = run(source);
        assert!(report.failures.len() <= 1, "{source:?}: {:?}", report.failures);
    }
}

#[test]
fn a_loop_without_end_is_stopped_and_the_next_file_runs() {
    let mut settings = Settings::new(Target::new(Arch::X86_64));
    settings.runner.timeout = std::time::Duration::from_millis(300);
    let mut session = Session::new(settings);
    let source = r#"(module (func (export "spin") (loop $again (br $again))) (func (export "one") (result i32) (i32.const 1)))
        (assert_return (invoke "one") (i32.const 1))
        (invoke "spin")
        (assert_return (invoke "one") (i32.const 1))"#;
    let report = run_file("test.wast", source, &mut session);
    assert_eq!(failures(&report), [(Kind::Action, 3), (Kind::AssertReturn, 4)]);
    let report = run_file("test.wast", "(module (func (export \"f\")))\n(invoke \"f\")", &mut session);
    assert_eq!(failures(&report), []);
}
