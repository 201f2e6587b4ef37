//! Bounds of stack, held against what programs used: by painting the stack before each call.

use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::wast::expect::{self, Expectations};
use saggar_testsuite::wast::{FileReport, Session, Settings, StackUse, parallel, run_file, suite, summary};

fn session(arch: Arch) -> Session {
    let mut settings = Settings::new(Target::new(arch));
    settings.measure_stack = std::env::var_os("NOMEASURE").is_none();
    Session::new(settings)
}

#[test]
fn no_script_uses_more_than_the_report_says() {
    let files = suite::files("all").expect("the suite is there");
    for arch in Arch::ALL {
        let start = std::time::Instant::now();
        let mut sessions = [session(arch), session(arch)];
        let reports = parallel::run_files(&files, &mut sessions, |file, session| run_file(&file.name, &file.source, session));
        let judgement = Expectations::load(&expect::folder()).expect("the expectations can be read").judge(&reports);
        assert!(judgement.is_good(), "{}{}", summary::summarise(&reports), summary::describe(&judgement));
        let mut all = StackUse::default();
        sessions.iter().for_each(|session| all.add(session.stack_use().clone()));
        println!("{}: {all} {:?}", arch.name(), start.elapsed());
    }
}
