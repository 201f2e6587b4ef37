//! Bounds of stack, held against what programs use: by painting the stack before each call.

use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::wast::expect::{self, Expectations};
use saggar_testsuite::wast::{Session, Settings, StackUse, parallel, run_file, suite, summary};

/// Runs scripts on two runners, each call measured; a call that used more than the report says is a failure.
fn measure(settings: &Settings) -> StackUse {
    let mut files = suite::files("spec-2.0").expect("the suite is there");
    files.extend(suite::files("own").expect("the suite is there"));
    let mut sessions = [Session::new(settings.clone()), Session::new(settings.clone())];
    let reports = parallel::run_files(&files, &mut sessions, |file, session| run_file(&file.name, &file.source, session));
    let judgement = Expectations::load(&expect::folder()).expect("the expectations can be read").judge(&reports);
    assert!(judgement.is_good(), "{}{}", summary::summarise(&reports), summary::describe(&judgement));
    let mut all = StackUse::default();
    sessions.iter().for_each(|session| all.add(session.stack_use().clone()));
    all
}

#[test]
fn no_script_uses_more_than_the_report_says() {
    for arch in Arch::ALL {
        let settings = Settings::new(Target::new(arch));
        assert!(settings.measure_stack);
        let all = measure(&settings);
        println!("{}: {all}", arch.name());
        assert!(all.measured.len() > 20_000, "{all}");
        // A bound that nothing comes near would hold as well.
        assert!(all.percent().is_some_and(|[_, median, _]| median <= 125), "{all}");
    }
}

#[test]
fn nor_with_a_check_at_the_entry_only() {
    for arch in Arch::ALL {
        let mut settings = Settings::new(Target::new(arch));
        settings.options.check_stack_at_entry = true;
        let all = measure(&settings);
        println!("{}, checked at the entry: {all}", arch.name());
        assert!(all.measured.len() > 20_000, "{all}");
    }
}
