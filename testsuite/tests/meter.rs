//! Fuel against the replay: the replay itself against costs that were counted by hand, and compiled code against the replay on
//! the shapes that were written for it. Generated modules, guests and the specification's are a stage of the test command.

use saggar_compiler::target::{Arch, Target};
use saggar_testsuite::meter::{Report, shapes, subject};
use saggar_testsuite::target::{Runner, RunnerOptions};

#[test]
fn the_replay_charges_what_was_counted_by_hand() {
    let shapes = shapes::all().expect("the shapes can be read");
    let wrong: Vec<String> = shapes.iter().flat_map(|shape| shape.miscounted().expect("the shape can be replayed")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let counted = shapes.iter().flat_map(|shape| &shape.wanted).filter(|wanted| wanted.expected.is_some()).count();
    assert!(counted > 150, "only {counted} costs were counted by hand");
}

#[test]
fn shapes_run_out_of_fuel_where_the_replay_does() {
    let shapes = shapes::all().expect("the shapes can be read");
    let cases: Vec<_> = shapes.iter().flat_map(|shape| shape.cases(1, 20).expect("the shape can be replayed")).collect();
    for arch in Arch::ALL {
        let mut runner = Runner::start(arch, RunnerOptions::default()).expect("the runner starts");
        let report: Report = subject::run(&mut runner, Target::new(arch), &cases).expect("the cases run");
        println!("{}: {report}", arch.name());
        assert!(report.agrees(), "{}: {report}", arch.name());
        assert!(report.exhausted > 1000 && report.returned > 300 && report.trapped > 50, "{}: {report}", arch.name());
        assert!(report.dropped.is_empty(), "{}: {report}", arch.name());
    }
}

#[test]
fn plan() {
    use saggar_testsuite::meter::sources::Source;
    let all = saggar_testsuite::meter::Plan::of_every_commit(Arch::ALL.map(Target::new).to_vec()).unwrap();
    for kind in 0..6 {
        let start = std::time::Instant::now();
        let mut plan = all.clone();
        plan.sources.retain(|s| match s { Source::Guest("c") => kind == 0, Source::Guest("denoise") => kind == 1, Source::Guest(_) => kind == 2, Source::Smith(_) => kind == 3, Source::Shape(_) => kind == 4, _ => kind == 5 });
        let targets = plan.targets.clone();
        for t in [vec![], targets] {
            plan.targets = t;
        let start = std::time::Instant::now();
        let report = saggar_testsuite::meter::run(&plan).unwrap();
        println!("{kind} {:?} {report}", start.elapsed());
        }
    }
}
